import type { CookieSecrets } from "../message/server-cookie.ts";
import type { DomainName } from "../name/domain-name.ts";
import type { MetricsSnapshot } from "../observe/metrics-snapshot.ts";
import type { ModelPiece } from "../project/model-pieces.ts";
import type { Listener } from "../topology/model.ts";
import type { PartsTerms } from "./answering-parts.ts";
import type { CacheListing } from "./cache-desk.ts";
import type { LiveLine } from "./live-queries.ts";

/** What a process that answers has to know before anything else. */
export interface WorkerTerms extends PartsTerms {
  /** Counted from 1. */
  readonly number: number;
  readonly secrets: CookieSecrets;
}

/** What the first process tells a worker: in order, and each order is answered. */
export type WorkerOrder =
  | { readonly kind: "begin"; readonly terms: WorkerTerms }
  /** The pieces that came are a model; it is made ready and nothing more. `ports`: where its listeners are to be, one each. */
  | { readonly kind: "prepare"; readonly ports: readonly number[] }
  /** What was made ready takes over; the first time the sockets are opened. */
  | { readonly kind: "swap" }
  /** Says that it is not stuck. */
  | { readonly kind: "nod" }
  | { readonly kind: "metrics" }
  | { readonly kind: "list-cache"; readonly below?: DomainName; readonly limit: number }
  | { readonly kind: "flush-cache"; readonly below: DomainName }
  | { readonly kind: "stop"; readonly drainMs?: number };

/** What it answers. */
export type WorkerReply =
  | { readonly kind: "done" }
  | { readonly kind: "serving"; readonly open: readonly Listener[] }
  /** It cannot: a sentence each. */
  | { readonly kind: "failed"; readonly texts: readonly string[] }
  | { readonly kind: "metrics"; readonly snapshot: MetricsSnapshot | undefined }
  | { readonly kind: "cache"; readonly listing: CacheListing }
  | { readonly kind: "flushed"; readonly count: number };

export type ToWorker =
  | { readonly kind: "order"; readonly id: number; readonly order: WorkerOrder }
  | { readonly kind: "piece"; readonly piece: ModelPiece }
  | { readonly kind: "watch"; readonly isWatched: boolean }
  | { readonly kind: "secrets"; readonly secrets: CookieSecrets };

export type FromWorker =
  /** The first message: from now on it hears. */
  | { readonly kind: "awake" }
  | { readonly kind: "reply"; readonly id: number; readonly reply: WorkerReply }
  /** Questions as they are answered, while somebody watches; `lost`: how many more there were. */
  | { readonly kind: "lines"; readonly lines: readonly LiveLine[]; readonly lost: number };
