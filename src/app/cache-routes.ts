import type { ControlReply, Route } from "../control/control-server.ts";
import type { CacheLine } from "../forward/answer-cache.ts";
import type { Forwarder } from "../forward/forwarder.ts";
import { type DomainName, ROOT } from "../name/domain-name.ts";
import { displayName, parseName } from "../name/name-text.ts";
import { typeName } from "../record/type-names.ts";
import type { ReadyStore } from "../serve/ready-store.ts";

/** Answers that are listed unless somebody wants more. */
const DEFAULT_LIMIT = 1000;

/** What can be asked of the answers of real servers that a server keeps. */
export function cacheRoutes(forwarder: Forwarder, ready: ReadyStore, now: () => number): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/cache",
      answer: ({ query }) => withName(query, (name) => list(forwarder, name, limitOf(query), now())),
    },
    {
      method: "DELETE",
      path: "/v1/cache",
      answer: ({ query }) =>
        withName(query, (name) => {
          if (name === undefined)
            return { status: 400, body: { error: "name is missing: whose answers are forgotten? . for all" } };
          const flushed = forwarder.flush(name);
          ready.clear(); // Some replies were made of them.
          return { status: 200, body: { schema: "privlink/cache-flush/v1", name: displayName(name), flushed } };
        }),
    },
  ];
}

function list({ cache }: Forwarder, name: DomainName | undefined, limit: number, now: number): ControlReply {
  const answers: unknown[] = [];
  let more = 0;
  for (const line of cache.list(now, name)) {
    if (answers.length < limit) answers.push(lineOf(line));
    else more += 1;
  }
  const { octets, maxOctets } = cache;
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
  const limit = Number(query.get("limit") ?? DEFAULT_LIMIT);
  return Number.isSafeInteger(limit) && limit >= 0 ? limit : DEFAULT_LIMIT;
}

function withName(query: URLSearchParams, use: (name: DomainName | undefined) => ControlReply): ControlReply {
  const text = query.get("name");
  if (text === null) return use(undefined);
  const parsed = parseName(text, ROOT, "unicode");
  return parsed.kind === "name"
    ? use(parsed.name)
    : { status: 400, body: { error: `${text} ${parsed.problem}, expected a domain name` } };
}
