import { longestSuffix } from "../name/suffix-map.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RealServers, SimulatedResolver } from "../snapshot/snapshot.ts";
import type { Reply } from "./ask-targets.ts";
import type { Context } from "./context.ts";
import type { Outcome, Question } from "./resolution.ts";
import { matchedName } from "./source.ts";
import type { UpstreamReply, Walk } from "./upstream.ts";

const NOBODY: RealServers = { targets: [], order: "listed" };

/** What real servers gave, or why they were not asked. */
export type RealReply = UpstreamReply | { readonly kind: "not-asked"; readonly outcome: Outcome };

/** Asks real servers for `asker`, where that may be done. ANY is never forwarded (SEMANTICS 28). */
export function* askReal(context: Context, asker: string, servers: RealServers, question: Question): Walk<RealReply> {
  const { name, type } = question;
  const targets = servers.targets.map(({ text }) => text);
  if (type === RecordTypes.ANY) return { kind: "not-asked", outcome: { kind: "not-implemented" } };
  if (!context.recursionDesired)
    return { kind: "not-asked", outcome: { kind: "refused", reason: { kind: "recursion-not-desired" } } };
  if (!context.isLive) {
    context.trace.push({ kind: "upstream", name, targets, result: "would-ask" });
    return { kind: "not-asked", outcome: { kind: "upstream", targets } };
  }
  const { terms, alternatives } = context;
  const reply = yield { asker, servers, question, terms, alternatives };
  if (reply.kind === "failed") context.trace.push({ kind: "upstream", name, targets, result: "failed" });
  else {
    const marks = reply.marks === undefined ? {} : { marks: reply.marks };
    context.trace.push({ kind: "upstream", name, targets, result: "answered", ...marks });
  }
  return reply;
}

/** Whether a resolver of the model is a real server that has to be asked: live always, else for what its zones do not say. */
export function isRealServer({ isLive }: Context, resolver: SimulatedResolver, { name, type }: Question): boolean {
  if (resolver.kind !== "external") return false;
  return isLive || longestSuffix(resolver.view.zones, matchedName(name, type)) === undefined;
}

/** A real server that the model knows of: one that fails is as good as silent, and whoever asked moves on. */
export function* askRealServer(context: Context, resolver: SimulatedResolver, question: Question): Walk<Reply> {
  const { key } = resolver;
  const servers = context.snapshot.realServers.get(key) ?? NOBODY;
  const asker = context.path.at(-2)?.resolver ?? key; // What it says is remembered by the one who sent the question there.
  const reply = yield* askReal(context, asker, servers, question);
  switch (reply.kind) {
    case "reply":
      return { resolver: key, aliases: reply.aliases, outcome: reply.outcome };
    case "not-asked":
      return { resolver: key, aliases: [], outcome: reply.outcome };
    case "failed": {
      const reason = { kind: "targets-silent", targets: reply.targets } as const;
      return { resolver: key, aliases: [], outcome: { kind: "no-reply", reason } };
    }
  }
}
