import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Step } from "./resolution.ts";
import type { AskTerms } from "./upstream.ts";

/** What one question carries from resolver to resolver. */
export interface Context {
  readonly snapshot: Snapshot;
  /** Whether real servers may be asked. */
  readonly isLive: boolean;
  readonly recursionDesired: boolean;
  /** What real servers are told of the client's query. */
  readonly terms: AskTerms;
  /** Other targets that are asked if the one at hand fails. */
  readonly alternatives: number;
  /** The decisions so far, in order, of every resolver met. */
  readonly trace: Step[];
  /** The resolvers that wait for an answer, with what they were asked; the first is the client's. */
  readonly path: readonly Asked[];
}

export interface Asked {
  readonly resolver: string;
  /** Resolver, name and type in one text. */
  readonly key: string;
}
