import { displayName } from "../name/name-text.ts";
import type { Log } from "../observe/log.ts";
import { typeName } from "../record/type-names.ts";
import type { Question } from "../resolve/resolution.ts";
import type { Peer } from "../serve/responder.ts";
import { askedNow } from "./asked-now.ts";

/** Bugs of ours that a server survives: each is logged with the question that it spoiled, and counted. */
export interface Faults {
  readonly count: number;
  /** A question was answered SERVFAIL, or not at all. */
  inAnswer(this: void, error: unknown, asked?: { readonly question: Question; readonly from: Peer }): void;
  /** A promise was rejected and nobody waited for it: whoever it belonged to goes on. */
  unhandled(this: void, reason: unknown): void;
}

export function countFaults(log: Log): Faults {
  let count = 0;
  return {
    get count() {
      return count;
    },
    inAnswer(error, asked) {
      count += 1;
      const about = asked === undefined ? {} : { ...fieldsOf(asked.question), client: asked.from.address.text };
      log.error({ ...about, err: error }, "a bug in privlink kept a question from its answer; please report it");
    },
    unhandled(reason) {
      count += 1;
      const asked = askedNow();
      const client = asked?.terms.client?.address.text;
      const about = asked === undefined ? {} : fieldsOf(asked.question);
      const err = reason instanceof Error ? reason : new Error(String(reason));
      log.error(
        { ...about, ...(client === undefined ? {} : { client }), err },
        "a bug in privlink: a rejection that nobody handled; it goes on answering, please report it",
      );
    },
  };
}

function fieldsOf({ name, type }: Question): { readonly name: string; readonly type: string } {
  return { name: displayName(name), type: typeName(type) };
}
