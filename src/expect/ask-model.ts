import type { Resolution } from "../resolve/resolution.ts";
import { resolve } from "../resolve/resolve.ts";
import type { AskUpstream } from "../resolve/upstream.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Expectation } from "../topology/model.ts";
import { askedBy } from "./askers.ts";
import type { ExpectedQuestion } from "./questions.ts";

/** Asks the model what an expectation asks; over the wire only where there is a port to real servers. */
export function askModel(
  snapshot: Snapshot,
  {
    expectation,
    asker,
    name,
    type,
  }: Pick<ExpectedQuestion, "asker" | "name" | "type"> & {
    readonly expectation: Pick<Expectation, "ask">;
  },
  ask?: AskUpstream,
): Resolution | Promise<Resolution> {
  const question = { name, type };
  const asked = askedBy(snapshot, asker, expectation.ask);
  if (asked.kind === "ended") return { question, aliases: [], outcome: asked.outcome, trace: [] };
  return resolve(snapshot, asked.addressee, question, ask === undefined ? {} : { ask });
}

/** As `askModel`, with nothing sent: always at once. */
export function askModelOffline(snapshot: Snapshot, question: Parameters<typeof askModel>[1]): Resolution {
  const resolution = askModel(snapshot, question);
  if (resolution instanceof Promise) throw new Error("a question resolved offline had to wait");
  return resolution;
}
