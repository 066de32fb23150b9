import { type ControlReply, type Parameter, type Route, refused } from "../control/route.ts";
import type { CacheLine } from "../forward/answer-cache.ts";
import { type DomainName, ROOT } from "../name/domain-name.ts";
import { displayName, parseName } from "../name/name-text.ts";
import { typeName } from "../record/type-names.ts";
import type { CacheDesk, CacheListing } from "./cache-desk.ts";
import { COUNT, listOf, objectOf, optional, STRING, STRINGS, versioned } from "./reply-schemas.ts";

/** Answers that are listed unless somebody wants more. */
const DEFAULT_LIMIT = 1000;

const NAME: Parameter = { name: "name", describe: "For this name and the names below it" };

const CACHE = versioned("privlink/cache/v1", {
  octets: COUNT,
  maxOctets: COUNT,
  answers: listOf(
    objectOf({
      name: STRING,
      type: STRING,
      resolver: STRING,
      servers: STRINGS,
      client: optional(STRING),
      outcome: STRING,
      secondsLeft: { type: "number" },
      dnssecOk: { type: "boolean" },
      checkingDisabled: { type: "boolean" },
      octets: COUNT,
    }),
  ),
  more: COUNT,
});
const FLUSH = versioned("privlink/cache-flush/v1", { name: STRING, flushed: COUNT });

/** What can be asked of the answers of real servers that a server keeps. */
export function cacheRoutes(desk: CacheDesk): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/cache",
      describe: "The answers of real servers that are kept",
      parameters: [NAME, { name: "limit", form: "count", describe: `How many at most: ${DEFAULT_LIMIT} unless said` }],
      reply: { name: "Cache", schema: CACHE },
      answer: ({ query }) => withName(query, async (name) => listed(await desk.list(name, limitOf(query)))),
    },
    {
      method: "DELETE",
      path: "/v1/cache",
      describe:
        "Forgets the answers for a name and the names below it, and all that lead through such a name; . is all",
      parameters: [{ ...NAME, required: true, describe: "whose answers are forgotten? . for all" }],
      reply: { name: "CacheFlush", schema: FLUSH },
      answer: ({ query }) =>
        withName(query, async (name = ROOT) => {
          const flushed = await desk.flush(name);
          return { status: 200, body: { schema: "privlink/cache-flush/v1", name: displayName(name), flushed } };
        }),
    },
  ];
}

function listed({ octets, maxOctets, lines, more }: CacheListing): ControlReply {
  const answers = lines.map(lineOf);
  return { status: 200, body: { schema: "privlink/cache/v1", octets, maxOctets, answers, more } };
}

function lineOf({ asker, servers, name, type, terms, client, outcome, secondsLeft, octets }: CacheLine): unknown {
  return {
    name: displayName(name),
    type: typeName(type),
    resolver: asker,
    servers,
    ...(client === "" ? {} : { client }),
    outcome,
    secondsLeft,
    dnssecOk: terms.dnssecOk,
    checkingDisabled: terms.checkingDisabled,
    octets,
  };
}

function limitOf(query: URLSearchParams): number {
  const text = query.get("limit");
  return text === null ? DEFAULT_LIMIT : Number.parseInt(text, 10);
}

async function withName(
  query: URLSearchParams,
  use: (name: DomainName | undefined) => Promise<ControlReply>,
): Promise<ControlReply> {
  const text = query.get("name");
  if (text === null) return use(undefined);
  const parsed = parseName(text, ROOT, "unicode");
  return parsed.kind === "name" ? use(parsed.name) : refused(400, `${text} ${parsed.problem}, expected a domain name`);
}
