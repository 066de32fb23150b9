import type { Address, AddressPort } from "../net/address.ts";
import type { Cidr } from "../net/cidr.ts";
import type { RRset } from "../record/rrset.ts";
import type { RealServers } from "../snapshot/snapshot.ts";
import type { FailedTarget, Outcome, Question } from "./resolution.ts";

/** What came back from real servers, as far as it counts (SEMANTICS 46). */
export type UpstreamReply =
  | {
      readonly kind: "reply";
      readonly aliases: readonly RRset[];
      readonly outcome: Extract<Outcome, { kind: "answer" | "nodata" | "nxdomain" | "yxdomain" }>;
      /** What else is true of it; absent where nothing is. */
      readonly marks?: ReplyMarks;
    }
  | { readonly kind: "failed"; readonly targets: readonly FailedTarget[] };

/** What a real server's reply brings beside its records. */
export interface ReplyMarks {
  /** The server says that it validated all of it (AD, RFC 4035 §3.2.3). */
  readonly isAuthentic?: true;
  /** It is past its time: no server could be asked (RFC 8767). */
  readonly isStale?: true;
  /** It is remembered: until when the same is said, and since when its TTLs count down by one a second. */
  readonly remembered?: Remembered;
  /** RRSIG sets, each of one covered type, of the records that count; only where DO asked for them. */
  readonly signatures?: readonly RRset[];
  /** For so many bits of the subnet that the server was told of it holds; absent: for all. */
  readonly scopeLength?: number;
  /** The proof of a denial, or that a wildcard may answer: NSEC or NSEC3 sets with their signatures. */
  readonly proof?: readonly RRset[];
}

/** Two moments on the clock of whoever asks, in milliseconds. */
export interface Remembered {
  readonly since: number;
  readonly until: number;
}

/** What a client's query says that a real server is told too. */
export interface AskTerms {
  /** DO: the client wants DNSSEC records. */
  readonly dnssecOk: boolean;
  /** CD: the client wants data that does not validate, too. */
  readonly checkingDisabled: boolean;
  /** How long the client waits: a moment on the clock of whoever asks, in milliseconds. */
  readonly until?: number;
  /** Who asks, for servers that are told of it; absent where nobody does. */
  readonly client?: AskingClient;
  /** What the client's own query says of it: `prefix` is absent where it is not believed, or empty. */
  readonly clientSubnet?: { readonly sourceLength: number; readonly prefix?: Cidr };
}

/** A client, as real servers may be told of it. */
export interface AskingClient {
  readonly address: Address;
  readonly port: number;
  /** The address that it asked. */
  readonly local: AddressPort;
}

/** What nobody asked for in particular. */
export const PLAIN_TERMS: AskTerms = { dnssecOk: false, checkingDisabled: false };

/** What a walk needs from outside before it can go on: one name of some real servers. */
export interface UpstreamQuestion {
  /** The key of the resolver that asks: what it learns, no other one knows. */
  readonly asker: string;
  readonly servers: RealServers;
  readonly question: Question;
  readonly terms: AskTerms;
  /** How many other servers are asked if these fail: they share the client's patience. */
  readonly alternatives: number;
}

/** The port to real servers; never rejects, and replies at once where nothing needs to be sent. `resolve` without it sends nothing. */
export type AskUpstream = (wanted: UpstreamQuestion) => UpstreamReply | Promise<UpstreamReply>;

/** A walk that runs to its end at once while every source is local, and stops only where a real server must be asked. */
export type Walk<T> = Generator<UpstreamQuestion, T, UpstreamReply>;

/** Runs a walk: a value when nothing had to be waited for, else a promise. No microtask on the local path. */
export function runWalk<T>(walk: Walk<T>, ask: AskUpstream | undefined): T | Promise<T> {
  return goOn(walk, walk.next(), ask);
}

function goOn<T>(
  walk: Walk<T>,
  from: IteratorResult<UpstreamQuestion, T>,
  ask: AskUpstream | undefined,
): T | Promise<T> {
  let step = from;
  while (step.done !== true) {
    if (ask === undefined) throw new Error("a walk asked upstream without a port");
    const reply = ask(step.value);
    if (reply instanceof Promise) return reply.then((later) => goOn(walk, walk.next(later), ask));
    step = walk.next(reply);
  }
  return step.value;
}
