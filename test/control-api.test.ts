import { readFileSync, writeFileSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { join } from "node:path";
import { default as ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { serve } from "../src/app/serve-app.ts";
import { modelRoutes } from "../src/cli/model-routes.ts";
import { here } from "./loopback.ts";
import { makeFolder, memoryIo, run } from "./support/memory-io.ts";
import { EXAMPLE, loadHere } from "./support/serving.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";
const MODEL = `
networks:
  hub: { prefixes: 10.0.0.0/16 }
  spoke: { prefixes: 10.1.0.0/16, peers: [hub] }
zones:
  corp.example: { links: [hub], records: "www 60 A 10.0.0.1" }
`;
const folder = makeFolder({ "privlink.yaml": MODEL, token: `${TOKEN}\n`, short: "hunter2\n" });
const memory = memoryIo(folder.path);
let ended: Promise<unknown> = Promise.resolve();
let port = 0;
let dns = "";

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the request once this much came: streams do not end by themselves. */
  readonly until?: RegExp;
}

function ask(path: string, { method = "GET", headers = {}, body, until }: Sent = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path, method, headers, agent: false, timeout: 5000 };
    const asked = request(options, (response) => {
      let text = "";
      const end = (): void => resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        if (until?.test(text) !== true) return;
        asked.destroy();
        end();
      });
      response.on("end", end);
      response.on("error", reject);
    });
    asked.on("timeout", () => asked.destroy(new Error(`${method} ${path} hung`)));
    asked.on("error", reject);
    asked.end(body);
  });
}

const withToken = { authorization: `Bearer ${TOKEN}` };

beforeAll(async () => {
  const { version, stderr, onSignal } = memory.io;
  const request = { paths: [], networks: [] };
  ended = serve(
    {
      order: { request, folder: folder.path, exampleFolder: EXAMPLE, listen: [{ at: here() }] },
      queryLog: false,
      logFormat: "json",
      logLevel: "silent",
      probes: {},
      lameduckMs: 0,
      runtime: "node test",
      version,
      control: { kind: "address", at: here(), token: TOKEN },
    },
    {
      stderr,
      color: false,
      platform: process.platform,
      onSignal,
      thread: loadHere(), // A worker of this Node may not know TypeScript.
      modelRoutes: (snapshots) => modelRoutes(snapshots, version),
    },
  );
  await vi.waitFor(() => expect(memory.stderr()).toMatch(/\nReady\.\n/), 10_000);
  port = Number(/control http +127\.0\.0\.1:(\d+)/.exec(memory.stderr())?.[1]);
  dns = /udp\+tcp (127\.0\.0\.1:\d+)/.exec(memory.stderr())?.[1] ?? "";
});
afterAll(async () => {
  memory.send("SIGTERM");
  await ended;
  folder.remove();
});

interface Operation {
  readonly parameters: readonly { readonly name: string; readonly required: boolean }[];
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: { readonly $ref: string } }>> }>
  >;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

async function documentOf(): Promise<Document> {
  const document: Document = JSON.parse((await ask("/v1/openapi.json")).text);
  return document;
}

/** Says what of a body is not as the document promises for that status. */
async function checker(): Promise<(operation: Operation, status: number, body: unknown) => string> {
  const ajv = new ajv2020.default({ strict: false, allErrors: true });
  ajv.addSchema({ $id: "document", ...(await documentOf()) });
  return ({ responses }, status, body) => {
    const content = (responses[status] ?? responses["default"])?.content ?? {};
    const [media] = Object.values(content);
    const check = ajv.getSchema(`document${media?.schema.$ref}`);
    if (check === undefined) return "no schema";
    return check(body) === true ? "" : ajv.errorsText(check.errors);
  };
}

/** What each field may well say: the first is right everywhere. */
const FITTING: Readonly<Record<string, readonly string[]>> = {
  name: ["www.corp.example", "corp.example", ".", "*.corp.example", "localhost", "elsewhere.example"],
  type: ["A", "AAAA", "SOA", "ANY", "AXFR", "OPT", "TYPE65535", "TSIG"],
  from: ["hub", "spoke", "internet", "all", "*", "10.0.0.4", "10.0.0.0/8", "0.0.0.0/0", "x@hub"],
  ask: ["platform", "hub/platform", "internet", "10.0.0.4", "[::1]:0"],
  network: ["hub", "internet"],
  outcome: ["NOERROR", "nxdomain", "dropped"],
  limit: ["0", "10", "999999999"],
};

function operationsOf({ paths }: Document) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
}

/** A reply, or the first line of one that does not end by itself. */
function askFully(path: string, method: string, query: URLSearchParams): Promise<Reply> {
  const until = path === "/v1/queries" ? { until: /\n/ } : {};
  return ask(`${path}?${query.toString()}`, { method, headers: withToken, ...until });
}

describe("the document", () => {
  test("is docs/openapi.json, but for the version", async () => {
    const served = (await ask("/v1/openapi.json")).text.replace(/"version": "[^"]*"/, '"version": "0.1.0"');
    const path = join(import.meta.dirname, "..", "docs", "openapi.json");
    if (process.env["UPDATE_DOCUMENTS"] === "1") writeFileSync(path, served);
    expect(served).toBe(readFileSync(path, "utf8"));
  });

  test("has every route that a 404 names, and each of its routes is served", async () => {
    const { paths } = await documentOf();
    const { text } = await ask("/nowhere");
    const { error }: { error: string } = JSON.parse(text);
    const named = error.replace(/^.*there are /, "").split(", ");
    expect(named.toSorted()).toEqual(Object.keys(paths).toSorted());
    for (const [path, operations] of Object.entries(paths)) {
      const { status, headers } = await ask(path, { method: "PATCH", headers: withToken });
      expect(status).toBe(405);
      expect(headers.allow?.toLowerCase().split(", ")).toEqual(Object.keys(operations));
    }
  });

  test("is a promise: each route gives what it says, where it is asked rightly", async () => {
    const problems = await checker();
    for (const { path, method, operation } of operationsOf(await documentOf())) {
      const query = new URLSearchParams();
      for (const { name } of operation.parameters) query.append(name, FITTING[name]?.[0] ?? "");
      const { status, text } = await askFully(path, method, query);
      expect([path, status]).toEqual([path, 200]);
      expect(problems(operation, status, JSON.parse(text))).toBe("");
    }
  });

  test("is a promise: whatever is asked gets a reply in time, of its schema, and none is a bug", async () => {
    const problems = await checker();
    const operations = operationsOf(await documentOf());
    const anything = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.string({ unit: "binary", maxLength: 30 }),
      fc.nat().map(String),
    );
    const fieldFor = (name: string) =>
      fc.tuple(
        fc.constant(name),
        fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...(FITTING[name] ?? [""])) }, anything),
      );
    const sent = fc.constantFrom(...operations).chain((one) => {
      const fields = one.operation.parameters.map(({ name, required }) =>
        required ? fieldFor(name) : fc.option(fieldFor(name), { freq: 2 }),
      );
      const strange = fc.option(fc.tuple(fc.string(), anything), { freq: 8 });
      return fc.tuple(fc.constant(one), fc.tuple(...fields, strange));
    });
    await fc.assert(
      fc.asyncProperty(sent, async ([{ path, method, operation }, fields]) => {
        const query = new URLSearchParams();
        for (const field of fields) if (field !== null) query.append(field[0], field[1]);
        const { status, text } = await askFully(path, method, query);
        expect(status).toBeLessThan(500);
        expect(problems(operation, status, JSON.parse(text))).toBe("");
      }),
      { numRuns: 300 },
    );
  });
});

describe("a reading of the model", () => {
  test.each([
    { path: "/v1/networks", command: "list networks -o json" },
    { path: "/v1/zones", command: "list zones -o json" },
    {
      path: "/v1/resolve?name=www.corp.example&from=hub&from=spoke",
      command: "query www.corp.example --from hub --from spoke -o json",
    },
    { path: "/v1/explain?name=www.corp.example&from=hub", command: "explain www.corp.example --from hub -o json" },
  ])("$path is what privlink $command writes", async ({ path, command }) => {
    const { stdout } = await run(command, folder.path);
    expect((await ask(path)).text).toBe(stdout);
  });
});

describe("what cannot be asked so", () => {
  test.each<{ what: string; sent?: Sent; status: number; says: RegExp }>([
    { what: "/v1/resolve", status: 400, says: /^name is missing: / },
    { what: "/v1/resolve?nmae=x&name=y", status: 400, says: /^"nmae" is no field here: did you mean name\?$/ },
    { what: "/v1/resolve?name=a&name=b", status: 400, says: /^name stands 2 times: say it once$/ },
    { what: "/v1/resolve?name=a&type=AX", status: 400, says: /^type: AX is no record type/ },
    { what: "/v1/resolve?name=a&from=hubb", status: 400, says: /^from: nobody is called hubb: did you mean hub\?$/ },
    { what: "/v1/explain?name=a&from=all", status: 400, says: /^from: all are 2 askers: name one$/ },
    { what: "/v1/cache?limit=-1", status: 400, says: /^limit: "-1" is no number/ },
    { what: "/v1/queries?name=a..b", status: 400, says: /has an empty label/ },
    {
      what: "/v1/networks",
      sent: { headers: { host: "evil.example" } },
      status: 421,
      says: /^evil\.example is not who answers here/,
    },
    { what: "/v1/reload", sent: { method: "POST" }, status: 401, says: /Authorization: Bearer TOKEN/ },
    {
      what: "/v1/reload",
      sent: { method: "POST", headers: withToken, body: "{}" },
      status: 413,
      says: /takes no body/,
    },
  ])("$what: $status, $says", async ({ what, sent, status, says }) => {
    const reply = await ask(what, sent);
    const { error }: { error: string } = JSON.parse(reply.text);
    expect(error).toMatch(says);
    expect(reply.status).toBe(status);
  });

  test("HEAD is GET without its body", async () => {
    const reply = await ask("/v1/networks", { method: "HEAD" });
    expect(reply).toMatchObject({ status: 200, text: "" });
    expect((await ask("/v1/queries", { method: "HEAD" })).status).toBe(200);
  });
});

test("questions are seen as they are answered, and only those that were asked for", async () => {
  const watched = ask("/v1/queries?name=corp.example&network=internet&outcome=nxdomain", { until: /"name":/ });
  const all = ask("/v1/queries", { until: /www\.corp\.example/ });
  const snapshot = () => ask("/v1/snapshot");
  await snapshot(); // Both streams are open: they came before.
  await run(`query www.other.example @${dns} +short`, folder.path);
  await run(`query www.corp.example @${dns} +short`, folder.path);
  const [first = "", ...lines] = (await watched).text.trimEnd().split("\n");
  expect(JSON.parse(first)).toEqual({ schema: "privlink/queries/v1" });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { name: "www.corp.example", type: "A", network: "internet", rcode: "NXDOMAIN", transport: "udp" },
  ]);
  const problems = await checker();
  const { paths } = await documentOf();
  const operation = paths["/v1/queries"]?.["get"];
  if (operation === undefined) throw new Error("no such operation");
  for (const line of (await all).text.trimEnd().split("\n"))
    expect(problems(operation, 200, JSON.parse(line))).toBe("");
});

test("a reload says how it ended, and a wrong model does not take over", async () => {
  const reload = async (): Promise<{ status: number; body: Record<string, unknown> }> => {
    const { status, text } = await ask("/v1/reload", { method: "POST", headers: withToken });
    const body: Record<string, unknown> = JSON.parse(text);
    return { status, body };
  };
  const file = join(folder.path, "privlink.yaml");
  expect(await reload()).toMatchObject({ status: 200, body: { result: "unchanged" } });
  writeFileSync(file, MODEL.replace("links: [hub]", "links: [hubb]"));
  const wrong = await reload();
  expect(wrong).toMatchObject({ status: 422, body: { result: "failed", error: expect.stringContaining("1 error") } });
  expect(wrong.body["diagnostics"]).toMatchObject([{ severity: "error", path: "privlink.yaml", line: 6 }]);
  expect((await ask("/v1/resolve?name=www.corp.example&from=hub")).text).toContain("10.0.0.1");
  writeFileSync(file, MODEL.replace("10.0.0.1", "10.0.0.2"));
  const { status, body } = await reload();
  expect(status).toBe(200);
  expect(["loaded", "unchanged"]).toContain(body["result"]); // The watcher may have been first.
  expect((await ask("/v1/resolve?name=www.corp.example&from=hub")).text).toContain("10.0.0.2");
  const { text } = await ask("/v1/snapshot");
  expect(JSON.parse(text)).toMatchObject({ generation: 2, digest: body["digest"], counts: { networks: 2, zones: 1 } });
});

test.each([
  {
    flags: "--control localhost:0",
    says: "--control: localhost:0 is neither a path nor an ADDR:PORT: write 127.0.0.1:0",
  },
  { flags: "--control 127.0.0.1", says: "--control: 127.0.0.1 has no port: write ADDR:PORT" },
  {
    flags: "--control 127.0.0.1:0 --control-token-file short",
    says: "short holds a token of 7 characters, at least 32 are needed",
  },
  { flags: "--control 127.0.0.1:0 --control-token-file none", says: "none cannot be read: ENOENT" },
  { flags: "--control-token-file token", says: "--control ADDR:PORT is missing" },
  { flags: "--control a.sock --control-token-file token", says: "a socket needs no token" },
  { flags: "--control 0.0.0.0:0", says: "--control-token-file FILE is needed" },
])("serve $flags: $says", async ({ flags, says }) => {
  const { stderr, code } = await run(`serve --listen 127.0.0.1:0 ${flags}`, folder.path);
  expect(stderr).toContain(says);
  expect(code).toBe(1);
});
