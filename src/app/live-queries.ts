import { type ControlStream, type Route, refused } from "../control/route.ts";
import { type DomainName, isAtOrBelow, ROOT } from "../name/domain-name.ts";
import { parseName } from "../name/name-text.ts";
import { endOf, queryFields } from "../observe/query-fields.ts";
import type { QueryEvent } from "../serve/query-event.ts";
import { objectOf, optional, STRING, STRINGS, versioned } from "./reply-schemas.ts";

/** Streams at a time: people who look, and not what a server is for. */
const MAX_READERS = 8;

/** Who is told of questions as they are answered. */
export interface LiveWatch {
  /** Whether there is anybody; while there is not, a question costs nothing. */
  hasReaders(this: void): boolean;
  write(event: QueryEvent): void;
}

/** A question as those who watch see it, with what they choose by. */
export interface LiveLine {
  readonly network: string;
  readonly name?: DomainName;
  /** How it ended: an rcode, or `dropped`. */
  readonly end: string;
  readonly line: object;
}

/** Those who watch questions as they are answered, in this process or in others. */
export interface LiveQueries extends LiveWatch {
  /** A question that another process answered. */
  relay(line: LiveLine): void;
  /** Another process answered more than it could tell. */
  lose(count: number): void;
  readonly route: Route;
}

export function liveLineOf(event: QueryEvent): LiveLine {
  const { network, name } = event;
  return { network, ...(name === undefined ? {} : { name }), end: endOf(event), line: queryFields(event) };
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
  const relay = (told: LiveLine): void => {
    for (const reader of readers) if (wants(reader, told)) reader.push(told.line);
  };
  return {
    hasReaders: () => readers.size > 0,
    write: (event) => {
      if (readers.size > 0) relay(liveLineOf(event));
    },
    relay,
    lose(count) {
      for (const { push } of readers) push({ lost: count });
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

function wants({ network, below, outcome }: Reader, told: LiveLine): boolean {
  if (network !== undefined && told.network !== network) return false;
  if (below !== undefined && (told.name === undefined || !isAtOrBelow(told.name, below))) return false;
  return outcome === undefined || told.end.toLowerCase() === outcome;
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
