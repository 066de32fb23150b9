import { rcodeName } from "../message/rcodes.ts";
import { displayName } from "../name/name-text.ts";
import { aliasTarget } from "../record/rdata-wire.ts";
import { RecordTypes } from "../record/record-type.ts";
import { typeName } from "../record/type-names.ts";
import { lastSource } from "../resolve/last-source.ts";
import type { Resolution } from "../resolve/resolution.ts";
import type { QueryEvent } from "../serve/query-event.ts";
import type { LogFormat } from "./log.ts";

/** Lines wait at most this long, and at most this many, before they are written together. */
const FLUSH_MS = 100;
const FLUSH_LINES = 500;

/** A log of questions, written in batches so that a busy server spends little on it. `close` writes what is left. */
export interface QueryLog {
  write(event: QueryEvent): void;
  close(): void;
}

export function openQueryLog(format: LogFormat, write: (lines: string) => void): QueryLog {
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length > 0) write(lines.join(""));
    lines = [];
  };
  const timer = setInterval(flush, FLUSH_MS);
  timer.unref();
  return {
    write(event) {
      lines.push(format === "json" ? jsonLine(event) : queryLine(event));
      if (lines.length >= FLUSH_LINES) flush();
    },
    close() {
      clearInterval(timer);
      flush();
    },
  };
}

/** `127.10.0.4:5353 hub A myregistry.azurecr.io udp NOERROR 0.21ms via hub/platform zone privatelink.azurecr.io 1 alias`. */
function queryLine(event: QueryEvent): string {
  const { client, port, network, transport, durationMs } = event;
  const { name, type, rcode, resolver, zone, chain } = fieldsOf(event);
  const parts = [`${client.text}#${port}`, network, type, name, transport, rcode, `${durationMs.toFixed(2)}ms`];
  if (resolver !== undefined) parts.push(`by ${resolver}`);
  if (zone !== undefined) parts.push(`zone ${zone}`);
  if (chain.length > 0) parts.push(`→ ${chain.join(" → ")}`);
  return `${parts.join(" ")}\n`;
}

function jsonLine(event: QueryEvent): string {
  return `${JSON.stringify(queryFields(event))}\n`;
}

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
  readonly durationMs: number;
  readonly querySize: number;
  readonly replySize: number;
}

/** What the log and streams tell of a question. */
export function queryFields(event: QueryEvent): QueryFields {
  const { client, port, network, transport, durationMs, querySize, replySize } = event;
  const time = new Date().toISOString();
  return { time, client: client.text, port, network, transport, ...fieldsOf(event), durationMs, querySize, replySize };
}

/** How a question ended, as the log says it: an rcode, `dropped` where the listener stayed silent. */
export function endOf({ rcode, replySize }: QueryEvent): string {
  return replySize === 0 ? "dropped" : rcodeName(rcode);
}

function fieldsOf(event: QueryEvent) {
  const { name, type, resolution } = event;
  return {
    name: name === undefined ? "-" : displayName(name),
    type: type === undefined ? "-" : typeName(type),
    rcode: endOf(event),
    resolver: resolution === undefined ? undefined : answeredBy(resolution),
    zone: resolution === undefined ? undefined : zoneOf(resolution),
    chain: resolution === undefined ? [] : chainOf(resolution),
  };
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
