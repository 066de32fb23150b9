import { openApiOf } from "../control/openapi.ts";
import type { Route } from "../control/route.ts";
import { formatAddressPort } from "../net/address.ts";
import { diagnosticEntry } from "../report/json.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Listener } from "../topology/model.ts";
import { answersAs } from "./banner.ts";
import type { ReloadReport } from "./reload.ts";
import { COUNT, listOf, nullable, objectOf, STRING, STRINGS, versioned } from "./reply-schemas.ts";

/** What a server tells of itself. */
export interface Standing {
  readonly version: string;
  /** How the user would name the topology. */
  readonly config: string;
  /** 1 at the start, one more with each swap. */
  readonly generation: number;
  readonly digest: string;
  readonly loadedAt: Date;
  readonly snapshot: Snapshot;
  /** Open listeners, with the ports they got. */
  readonly listeners: readonly Listener[];
  /** What keeps it from being ready. */
  readonly missing: readonly string[];
}

const COUNTS = ["networks", "zones", "endpoints", "services", "resolvers", "rulesets"] as const;

/** The server itself: what it answers from, and reading it anew. */
export function serverRoutes(standing: () => Standing, reload: () => Promise<ReloadReport>): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/snapshot",
      describe: "What is answered from: which generation, since when, how much of what, and where",
      parameters: [],
      reply: { name: "Snapshot", schema: SNAPSHOT },
      answer: () => ({ status: 200, body: standingJson(standing()) }),
    },
    {
      method: "POST",
      path: "/v1/reload",
      describe: "Reads every file again, and answers at the end",
      parameters: [],
      reply: { name: "Reload", schema: RELOAD },
      alsoWith: { 422: "The files are wrong, and the old model goes on answering" },
      async answer() {
        const report = await reload();
        return { status: report.result === "failed" ? 422 : 200, body: reloadJson(report, standing()) };
      },
    },
  ];
}

/** The document of all routes, itself included. */
export function withDocument(routes: readonly Route[], version: string): readonly Route[] {
  const all: readonly Route[] = [
    ...routes,
    {
      method: "GET",
      path: "/v1/openapi.json",
      describe: "This document",
      parameters: [],
      reply: { name: "Document", schema: { type: "object", required: ["openapi", "info", "paths", "components"] } },
      answer: () => ({ status: 200, body: openApiOf(all, version) }),
    },
  ];
  return all;
}

function standingJson({
  version,
  config,
  generation,
  digest,
  loadedAt,
  snapshot,
  listeners,
  missing,
}: Standing): object {
  return {
    schema: "privlink/snapshot/v1",
    version,
    config,
    generation,
    digest,
    loadedAt: loadedAt.toISOString(),
    counts: Object.fromEntries(COUNTS.map((kind) => [kind, snapshot.topology[kind].size])),
    listeners: listeners.map((listener) => ({ at: formatAddressPort(listener.at), answersAs: answersAs(listener) })),
    missing,
  };
}

function reloadJson({ result, error, diagnostics, untold }: ReloadReport, { generation, digest }: Standing): object {
  return {
    schema: "privlink/reload/v1",
    result,
    error: error ?? null,
    generation,
    digest,
    diagnostics: diagnostics.map(diagnosticEntry),
    more: untold,
  };
}

const SNAPSHOT = versioned("privlink/snapshot/v1", {
  version: STRING,
  config: STRING,
  generation: { type: "integer", minimum: 1 },
  digest: STRING,
  loadedAt: { type: "string", pattern: "Z$" },
  counts: objectOf(Object.fromEntries(COUNTS.map((kind) => [kind, COUNT]))),
  listeners: listOf(objectOf({ at: STRING, answersAs: STRING })),
  missing: STRINGS,
});

const RELOAD = versioned("privlink/reload/v1", {
  result: { enum: ["loaded", "unchanged", "failed"] },
  error: nullable(STRING),
  generation: { type: "integer", minimum: 1 },
  digest: STRING,
  diagnostics: listOf({
    type: "object",
    required: ["code", "severity", "message", "path", "line", "column", "related"],
    properties: { code: STRING, severity: { enum: ["error", "warning", "info"] }, message: STRING, path: STRING },
  }),
  more: COUNT,
});
