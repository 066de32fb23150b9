import type { Question, Resolution } from "../resolve/resolution.ts";
import { resolveOffline } from "../resolve/resolve.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { askedBy, type Who } from "./who.ts";

/** The resolution to explain; the sentence of why nobody is called `ask`. */
export function resolutionFor(
  snapshot: Snapshot,
  who: Who,
  ask: string | undefined,
  question: Question,
): Resolution | string {
  const asked = askedBy(snapshot, who, ask);
  switch (asked.kind) {
    case "problem":
      return asked.message;
    case "ended":
      return { question, aliases: [], outcome: asked.outcome, trace: [] };
    case "addressee":
      return resolveOffline(snapshot, asked.addressee, question);
  }
}
