import { type ControlStream, type Route, refused } from "../control/route.ts";
import { type DomainName, isAtOrBelow, ROOT } from "../name/domain-name.ts";
import { parseName } from "../name/name-text.ts";
import { endOf, queryFields } from "../observe/query-log.ts";
import type { QueryEvent } from "../serve/query-event.ts";
import { objectOf, optional, STRING, STRINGS, versioned } from "./reply-schemas.ts";

/** Streams at a time: people who look, and not what a server is for. */
const MAX_READERS = 8;

/** Those who watch questions as they are answered. */
export interface LiveQueries {
  /** Whether there is anybody; while there is not, a question costs nothing. */
  hasReaders(this: void): boolean;
  write(event: QueryEvent): void;
  readonly route: Route;
}

/** What somebody wants to see. */
interface Reader {
  readonly network: string | undefined;
  readonly below: DomainName | undefined;
  readonly outcome: string | undefined;
  readonly push: (line: object) => void;
}

/** `onWatch` is told when the first one comes, and when the last one leaves. */
export function openLiveQueries(onWatch: (isWatched: boolean) => void): LiveQueries {
  const readers = new Set<Reader>();
  const streamFor = (wanted: Omit<Reader, "push">): ControlStream => ({
    first: { schema: "privlink/queries/v1" },
    follow(push) {
      const reader = { ...wanted, push };
      readers.add(reader);
      if (readers.size === 1) onWatch(true);
      return () => {
        if (readers.delete(reader) && readers.size === 0) onWatch(false);
      };
    },
  });
  return {
    hasReaders: () => readers.size > 0,
    write(event) {
      let line: object | undefined;
      for (const reader of readers) {
        if (wants(reader, event)) reader.push((line ??= queryFields(event)));
      }
    },
    route: {
      method: "GET",
      path: "/v1/queries",
      describe: "Questions as they are answered, a line of JSON each, until somebody ends it",
      parameters: [
        { name: "network", describe: "Only those of this network, or of internet" },
        { name: "name", describe: "Only for this name and the names below it" },
        { name: "outcome", describe: "Only those that ended so: NOERROR, NXDOMAIN, …, dropped" },
      ],
      reply: { name: "QueriesLine", schema: LINE, streams: true },
      answer({ query }) {
        if (readers.size >= MAX_READERS)
          return refused(503, `${MAX_READERS} others watch already: end one of those requests`);
        const text = query.get("name");
        const below = text === null ? undefined : parseName(text, ROOT, "unicode");
        if (below?.kind === "problem") return refused(400, `name: ${text} ${below.problem}, expected a domain name`);
        const outcome = query.get("outcome")?.toLowerCase();
        return streamFor({ network: query.get("network") ?? undefined, below: below?.name, outcome });
      },
    },
  };
}

function wants({ network, below, outcome }: Reader, event: QueryEvent): boolean {
  if (network !== undefined && event.network !== network) return false;
  if (below !== undefined && (event.name === undefined || !isAtOrBelow(event.name, below))) return false;
  return outcome === undefined || endOf(event).toLowerCase() === outcome;
}

const QUESTION = objectOf({
  time: STRING,
  client: STRING,
  port: { type: "integer" },
  network: STRING,
  transport: { enum: ["udp", "tcp"] },
  name: STRING,
  type: STRING,
  rcode: STRING,
  resolver: optional(STRING),
  zone: optional(STRING),
  chain: STRINGS,
  durationMs: { type: "number" },
  querySize: { type: "integer" },
  replySize: { type: "integer" },
});

const LINE = {
  oneOf: [
    { ...versioned("privlink/queries/v1", {}), description: "The first line: the stream is open." },
    { ...QUESTION, description: "A question." },
    {
      ...objectOf({ lost: { type: "integer", minimum: 1 } }),
      description: "So many lines are missing here: the reader was too slow for them.",
    },
  ],
};
