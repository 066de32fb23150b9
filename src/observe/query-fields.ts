import { rcodeName } from "../message/rcodes.ts";
import type { DomainName } from "../name/domain-name.ts";
import { displayName } from "../name/name-text.ts";
import { aliasTarget } from "../record/rdata-wire.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import { typeName } from "../record/type-names.ts";
import { lastSource } from "../resolve/last-source.ts";
import type { Resolution } from "../resolve/resolution.ts";
import type { QueryEvent } from "../serve/query-event.ts";

/** A question that was answered, as data. */
export interface QueryFields {
  /** When it was answered (ISO 8601). */
  readonly time: string;
  readonly client: string;
  readonly port: number;
  readonly network: string;
  readonly transport: "udp" | "tcp";
  readonly name: string;
  readonly type: string;
  readonly rcode: string;
  readonly resolver: string | undefined;
  readonly zone: string | undefined;
  readonly chain: readonly string[];
  /** To the microsecond. */
  readonly durationMs: number;
  readonly querySize: number;
  readonly replySize: number;
}

/** What the log and streams tell of a question. */
export function queryFields(event: QueryEvent, time = new Date().toISOString()): QueryFields {
  const { client, port, network, transport, name, type, resolution, durationMs, querySize, replySize } = event;
  return {
    time,
    client: client.text,
    port,
    network,
    transport,
    name: nameText(name),
    type: typeText(type),
    rcode: endOf(event),
    ...wordsOf(resolution),
    durationMs: toMicroseconds(durationMs),
    querySize,
    replySize,
  };
}

/** Milliseconds to the microsecond: what is below says nothing. */
export function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

export function nameText(name: DomainName | undefined): string {
  return name === undefined ? "-" : displayName(name);
}

export function typeText(type: RecordType | undefined): string {
  return type === undefined ? "-" : typeName(type);
}

/** How a question ended, as the log says it: an rcode, `dropped` where the listener stayed silent. */
export function endOf({ rcode, replySize }: QueryEvent): string {
  return replySize === 0 ? "dropped" : rcodeName(rcode);
}

/** What a resolution says in a line. */
export function wordsOf(resolution: Resolution | undefined): Pick<QueryFields, "resolver" | "zone" | "chain"> {
  if (resolution === undefined) return { resolver: undefined, zone: undefined, chain: [] };
  return { resolver: answeredBy(resolution), zone: zoneOf(resolution), chain: chainOf(resolution) };
}

/** The resolver, or the zones of the authoritative listener, that answered. */
function answeredBy({ resolver, trace }: Resolution): string | undefined {
  const [first] = trace;
  return resolver?.key ?? (first?.kind === "authority" ? first.authority.key : undefined);
}

/** The names that the one asked is an alias of, in order; a DNAME speaks through its CNAME. */
function chainOf({ aliases }: Resolution): string[] {
  return aliases
    .filter(({ type }) => type === RecordTypes.CNAME)
    .flatMap(({ rdatas }) => rdatas.map((rdata) => displayName(aliasTarget(rdata))));
}

/** The key of the last zone that spoke. */
function zoneOf({ trace }: Resolution): string | undefined {
  const step = lastSource(trace);
  if (step?.kind === "zone") return step.source.key;
  return step?.kind === "public" ? step.zone?.key : undefined;
}
