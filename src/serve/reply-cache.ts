import { appendOpt, encodeBody } from "../message/encode.ts";
import type { ExtendedError } from "../message/extended-errors.ts";
import { patchHeader } from "../message/header.ts";
import type { Query } from "../message/query.ts";
import type { ReplyEdns, ReplyParts } from "../message/reply-parts.ts";
import type { Resolution } from "../resolve/resolution.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** Replies kept for one generation; the oldest goes first. */
const MAX_ENTRIES = 10_000;
/**
 * The longest body that is kept: with any OPT behind it, it fits 512 octets, so that how much a client takes makes no
 * difference to it.
 */
const MAX_BODY_OCTETS = 400;
/** TC, in the third octet of a header. */
const TRUNCATED = 0x02;

/** A ready reply: the octets before OPT, and what OPT and the event of its question need. */
export interface ReadyReply {
  readonly body: Uint8Array;
  /** 4 bits. */
  readonly rcode: number;
  readonly extendedError?: ExtendedError;
  readonly resolution: Resolution;
}

/**
 * Ready replies by what shapes them, for one generation of the model: a swap empties it (SEMANTICS 35). The same question
 * with another id, other flags or another OPT is the same reply with those few octets changed.
 */
export class ReplyCache {
  private readonly generations = new WeakMap<Snapshot, Map<string, ReadyReply>>();

  find(snapshot: Snapshot, key: string): ReadyReply | undefined {
    return this.generations.get(snapshot)?.get(key);
  }

  /** Keeps a reply that holds as long as the generation does: nothing a real server said, and short enough for everybody. */
  keep(snapshot: Snapshot, key: string, reply: ReplyParts, resolution: Resolution): void {
    if (reply.rcode > 0xf || resolution.trace.some(({ kind }) => kind === "upstream")) return;
    const body = encodeBody(reply, MAX_BODY_OCTETS);
    if (((body[2] ?? 0) & TRUNCATED) !== 0) return;
    const { rcode, edns } = reply;
    const error = edns?.extendedError;
    const ready = { body, rcode, resolution, ...(error === undefined ? {} : { extendedError: error }) };
    const entries = this.generations.get(snapshot) ?? new Map<string, ReadyReply>();
    this.generations.set(snapshot, entries);
    const [oldest] = entries.keys();
    if (entries.size >= MAX_ENTRIES && oldest !== undefined) entries.delete(oldest);
    entries.set(key, ready);
  }
}

/** A ready reply for one query: its id and its flags put in, its OPT behind. */
export function readyFor(ready: ReadyReply, query: Query, edns: ReplyEdns | undefined, limit: number): Uint8Array {
  const reply = ready.body.slice();
  patchHeader(reply, query);
  if (edns === undefined) return reply;
  const { extendedError } = ready;
  return appendOpt(reply, extendedError === undefined ? edns : { ...edns, extendedError }, ready.rcode, limit);
}
