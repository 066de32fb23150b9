import type { PublicReason } from "../explain/public-reason.ts";
import type { Origin } from "../explain/verdict.ts";
import type { Message } from "../message/message.ts";

/** One question's fate, from the files or from a server: what every form of `query` is made of. */
export interface Answered {
  /** Who asked. */
  readonly from: string;
  /** Who was asked: a resolver's key, or ADDR:PORT. */
  readonly server: string;
  /** What dig writes behind SERVER: `168.63.129.16#53(hub/platform) (offline)`. */
  readonly serverLine: string;
  readonly ms: number;
  readonly reply: Reply;
  /** The cookie that was sent: of 8 octets, or with a server's behind it. */
  readonly cookieSent?: Uint8Array;
  /** What only the model knows; absent for a real server. */
  readonly facts?: Facts;
}

export type Reply =
  | { readonly kind: "message"; readonly message: Message; readonly octets: number }
  /** A sentence without a full stop. */
  | { readonly kind: "none"; readonly why: string };

export interface Facts {
  readonly origin?: Origin;
  /** The zone that had the last word: a private one by key, a public one by name. */
  readonly zone?: string;
  /** How it ended, as `explain` says it. */
  readonly outcome: string;
  /** Why the answer is public although an endpoint exists. */
  readonly reason?: PublicReason;
}
