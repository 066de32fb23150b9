import type { JsonSchema, Parameter, Route } from "./route.ts";

const ERROR: JsonSchema = {
  type: "object",
  required: ["error"],
  properties: { error: { type: "string", description: "A sentence that says what to do." } },
};

/** The routes of a server as an OpenAPI 3.1 document: the table that is served is the table that is told. */
export function openApiOf(routes: readonly Route[], version: string): JsonSchema {
  const paths: Record<string, Record<string, unknown>> = {};
  const schemas: Record<string, unknown> = { Error: ERROR };
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
    schemas[route.reply.name] = route.reply.schema;
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "privlink, a running server",
      version,
      description: "What serve --control SOCKET or --control ADDR:PORT opens. HEAD is answered wherever GET is.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    paths,
    components: {
      schemas,
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "That of --control-token-file; not over a socket." },
      },
    },
  };
}

function operationOf({ method, path, describe, parameters, reply, alsoWith = {} }: Route): JsonSchema {
  const schema = { $ref: `#/components/schemas/${reply.name}` };
  const content = { [reply.streams === true ? "application/x-ndjson" : "application/json"]: { schema } };
  const others = Object.entries(alsoWith).map(([status, description]) => [status, { description, content }]);
  return {
    operationId: `${method.toLowerCase()}-${path.replace(/^\/v1\//, "").replaceAll(/\W/g, "-")}`,
    summary: describe,
    parameters: parameters.map(parameterOf),
    security: method === "GET" ? [{}, { token: [] }] : [{ token: [] }, {}],
    responses: {
      200: { description: reply.streams === true ? "A line for each, until somebody ends it" : "Done", content },
      ...Object.fromEntries(others),
      default: {
        description: "Refused, and why",
        content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
      },
    },
  };
}

function parameterOf({ name, describe, required = false, repeatable = false, form = "text" }: Parameter): JsonSchema {
  const one = form === "count" ? { type: "integer", minimum: 0, maximum: 999_999_999 } : { type: "string" };
  return {
    name,
    in: "query",
    description: describe,
    required,
    schema: repeatable ? { type: "array", items: one } : one,
  };
}
