import { listOf, nullable, objectOf, optional, STRING, STRINGS, versioned } from "../app/reply-schemas.ts";
import { type ControlReply, type JsonSchema, type Parameter, type Route, refused } from "../control/route.ts";
import { EXPLANATION_SCHEMA, explain, explanationJson } from "../explain/explain.ts";
import type { SnapshotHolder } from "../snapshot/holder.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Answered } from "./answered.ts";
import { askFiles } from "./ask-files.ts";
import { type DigQuestion, readDigWords } from "./dig-words.ts";
import { resolutionFor } from "./explained.ts";
import { LIST_SCHEMA, TOPICS, type Topic } from "./model-entries.ts";
import { QUERY_SCHEMA, queryDocument } from "./query-forms.ts";
import { everybody, findWho, type Who } from "./who.ts";

/** Askers of one request: each is a walk of its own, on the thread that answers. */
const MAX_ASKERS = 100;

const QUESTION: readonly Parameter[] = [
  { name: "name", required: true, describe: "The name that is asked" },
  { name: "type", describe: "The type: A unless said" },
];
const WHO = "a network, HOST@NETWORK, an address, a prefix, a pattern, all, internet";
const ASK: Parameter = { name: "ask", describe: "Who is asked: the DNS servers of whoever asks unless said" };

/**
 * What can be asked of the model that a server answers from: the same documents as `list`, `query` and `explain` write, of
 * the generation of the moment. Nothing is sent to real servers.
 */
export function modelRoutes(snapshots: SnapshotHolder, version: string): readonly Route[] {
  // Names may be a million, and listing them would keep questions waiting.
  const listed = TOPICS.filter(({ name }) => name !== "names").map((topic) => listRoute(snapshots, topic));
  return [...listed, resolveRoute(snapshots, version), explainRoute(snapshots)];
}

function listRoute(snapshots: SnapshotHolder, topic: Topic): Route {
  const { name, keys } = topic;
  return {
    method: "GET",
    path: `/v1/${name}`,
    describe: `The ${name} of the model, as privlink list ${name} -o json`,
    parameters: [],
    reply: {
      name: name.charAt(0).toUpperCase() + name.slice(1),
      schema: versioned(LIST_SCHEMA, {
        [name]: listOf(objectOf(Object.fromEntries(keys.map((key) => [key, CELL])))),
      }),
    },
    answer: () => ({ status: 200, body: { schema: LIST_SCHEMA, [name]: topic.entries(snapshots.current) } }),
  };
}

function resolveRoute(snapshots: SnapshotHolder, version: string): Route {
  return {
    method: "GET",
    path: "/v1/resolve",
    describe: "What a name resolves to, for each asker, as privlink query -o json; no real server is asked",
    parameters: [
      ...QUESTION,
      { name: "from", repeatable: true, describe: `Who asks: ${WHO}; everybody unless said` },
      ASK,
    ],
    reply: { name: "Query", schema: QUERY },
    answer({ query }) {
      const snapshot = snapshots.current;
      const asked = readAsked(snapshot, query);
      if ("status" in asked) return asked;
      const answers: Answered[] = [];
      for (const who of asked.who) {
        const answered = askFiles(snapshot, who, query.get("ask") ?? undefined, asked.question, version);
        if (answered.kind === "problem") return refused(400, `ask: ${answered.message}`);
        answers.push(answered.answered);
      }
      return { status: 200, body: queryDocument(asked.question, answers) };
    },
  };
}

function explainRoute(snapshots: SnapshotHolder): Route {
  return {
    method: "GET",
    path: "/v1/explain",
    describe: "Why a name resolves as it does for one asker, as privlink explain -o json; no real server is asked",
    parameters: [...QUESTION, { name: "from", required: true, describe: `Who asks, one of them: ${WHO}` }, ASK],
    reply: { name: "Explanation", schema: EXPLANATION },
    answer({ query }) {
      const snapshot = snapshots.current;
      const asked = readAsked(snapshot, query);
      if ("status" in asked) return asked;
      const [who, ...others] = asked.who;
      if (who === undefined || others.length > 0)
        return refused(400, `from: ${query.get("from")} are ${asked.who.length} askers: name one`);
      const resolution = resolutionFor(snapshot, who, query.get("ask") ?? undefined, asked.question);
      if (typeof resolution === "string") return refused(400, `ask: ${resolution}`);
      return { status: 200, body: explanationJson(explain(snapshot, who.text, resolution, who.client)) };
    },
  };
}

/** The question and who asks it; a refusal that says what is wrong with them. */
function readAsked(
  snapshot: Snapshot,
  query: URLSearchParams,
): { readonly question: DigQuestion; readonly who: readonly Who[] } | ControlReply {
  const read = readDigWords([], { name: query.get("name") ?? "", type: query.get("type") ?? "A" });
  if (read.kind === "problem") return refused(400, read.message.replace(/^-t: /, "type: "));
  const from = query.getAll("from");
  const found = from.length === 0 ? { kind: "found" as const, who: everybody(snapshot) } : findWho(snapshot, from);
  if (found.kind === "problem") return refused(400, `from: ${found.message}`);
  if (found.who.length > MAX_ASKERS)
    return refused(400, `from: ${found.who.length} askers at once: name at most ${MAX_ASKERS}`);
  return { question: read.question, who: found.who };
}

const CELL: JsonSchema = {
  anyOf: [{ type: ["string", "number", "boolean", "null"] }, STRINGS],
};

const INTEGER: JsonSchema = { type: "integer", minimum: 0 };
const ORIGIN = nullable({ enum: ["private", "public", "built-in"] });
const RECORD = objectOf({ name: STRING, type: STRING, class: STRING, ttl: INTEGER, data: STRING });
const RECORDS = optional(listOf(RECORD));

const QUERY = versioned(QUERY_SCHEMA, {
  question: objectOf({ name: STRING, type: STRING, class: STRING }),
  responses: listOf(
    objectOf({
      from: STRING,
      server: nullable(STRING),
      status: STRING,
      error: optional({ ...STRING, description: "Why there is no reply." }),
      id: optional(INTEGER),
      rcode: optional(INTEGER),
      flags: optional(STRINGS),
      answers: RECORDS,
      authorities: RECORDS,
      additionals: RECORDS,
      extendedErrors: optional(listOf(objectOf({ code: INTEGER, name: STRING, text: STRING }))),
      size: optional(INTEGER),
      durationMs: { type: "number" },
      outcome: optional(STRING),
      origin: optional(ORIGIN),
      zone: optional(nullable(STRING)),
      reason: optional(nullable(objectOf({ sentence: STRING, change: STRING, places: STRINGS }))),
    }),
  ),
});

const PLACES = listOf(objectOf({ file: STRING, line: INTEGER, column: INTEGER }));

const EXPLANATION = versioned(EXPLANATION_SCHEMA, {
  question: objectOf({ name: STRING, type: STRING }),
  from: STRING,
  resolver: nullable(STRING),
  outcome: STRING,
  origin: ORIGIN,
  ending: STRING,
  records: STRINGS,
  connection: nullable(STRING),
  steps: listOf(objectOf({ kind: STRING, text: STRING, places: PLACES })),
  reason: nullable(objectOf({ sentence: STRING, change: STRING, places: PLACES })),
});
