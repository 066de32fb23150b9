import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import { platformKey } from "../snapshot/compile.ts";
import type { SimulatedResolver, Snapshot, View, ViewZone } from "../snapshot/snapshot.ts";
import { lookup } from "../zone/lookup.ts";
import type { ZoneAnswer } from "../zone/zone.ts";
import { askRealServer, isRealServer } from "./ask-real.ts";
import { askServers, askTargets, type Reply } from "./ask-targets.ts";
import { resolveAuthoritatively } from "./authoritative.ts";
import type { Context } from "./context.ts";
import { cutIn, keepUntil } from "./cut.ts";
import { findPublic } from "./find-public.ts";
import { end, type Found, fromZone } from "./found.ts";
import type { Failure, Outcome, Question, Resolution } from "./resolution.ts";
import { ownSource, ruleFor, type Source, sourceBelowCut, sourceFor, sourceOutside } from "./source.ts";
import { resolverKeyOf, resolverOf, serversOf } from "./targets.ts";
import { type AskTerms, type AskUpstream, PLAIN_TERMS, runWalk, type Walk } from "./upstream.ts";

/**
 * Who is asked: a resolver by its key, whatever a client of a network (or nobody's client) is configured to ask, or an
 * authoritative server by the key of its zones.
 */
export type Addressee =
  | { readonly kind: "authority"; readonly key: string }
  | { readonly kind: "resolver"; readonly key: string }
  | { readonly kind: "servers-of"; readonly network?: string; readonly host?: string };

export interface ResolveOptions {
  /** The port to real servers; without it nothing is sent, and a question for them ends as `upstream`. */
  readonly ask?: AskUpstream;
  /** The query's RD bit; true by default. Without it nothing is ever asked upstream (SEMANTICS 17). */
  readonly recursionDesired?: boolean;
  /** What real servers are told of the query beside its name. */
  readonly terms?: AskTerms;
}

/** Resolvers that may wait for one another (SEMANTICS 26). */
const MAX_RESOLVERS = 8;

/**
 * Answers one question as the addressee would, with every decision on the way. The same snapshot, addressee and question
 * give the same resolution, whoever reads it: the wire, `explain`, a test. Synchronous unless a real server must be asked.
 */
export function resolve(
  snapshot: Snapshot,
  addressee: Addressee,
  question: Question,
  options: ResolveOptions = {},
): Resolution | Promise<Resolution> {
  if (addressee.kind === "authority") return resolveAuthoritatively(snapshot, addressee.key, question);
  const { ask, recursionDesired = true, terms = PLAIN_TERMS } = options;
  const isLive = ask !== undefined;
  const context: Context = { snapshot, isLive, recursionDesired, terms, alternatives: 0, trace: [], path: [] };
  return runWalk(resolveFor(context, addressee, question), ask);
}

/** As `resolve`, with nothing sent: always at once. */
export function resolveOffline(snapshot: Snapshot, addressee: Addressee, question: Question): Resolution {
  const resolution = resolve(snapshot, addressee, question);
  if (resolution instanceof Promise) throw new Error("a question resolved offline had to wait");
  return resolution;
}

/** Those of them that have a view, and take aliases back to it. */
export type ResolverAddressee = Exclude<Addressee, { kind: "authority" }>;

function* resolveFor(context: Context, addressee: ResolverAddressee, question: Question): Walk<Resolution> {
  const { snapshot, trace } = context;
  const { resolver, aliases, outcome } = yield* askAddressee(context, addressee, question);
  const answering = resolver === undefined ? undefined : snapshot.resolvers.get(resolver);
  return { question, ...(answering === undefined ? {} : { resolver: answering }), aliases, outcome, trace };
}

function* askAddressee(context: Context, addressee: ResolverAddressee, question: Question): Walk<Reply> {
  const { snapshot } = context;
  if (addressee.kind === "servers-of") {
    const { network, host } = addressee;
    const servers = serversOf(snapshot, network, host);
    if (servers.length > 0) return yield* askServers(context, servers, network, question, answerAs);
  }
  const resolver = resolverOf(snapshot, addressee);
  if (resolver !== undefined) return yield* answerAs(context, resolver, question);
  const target = resolverKeyOf(addressee);
  return { aliases: [], outcome: { kind: "no-reply", reason: { kind: "no-resolver-there", target } } };
}

/**
 * One resolver's answer: every alias, whoever reported it, goes back to this resolver's own view. That is what a private
 * endpoint is. It turns back only by returning; another resolver is met through `askTargets`.
 */
function* answerAs(waiting: Context, resolver: SimulatedResolver, question: Question): Walk<Reply> {
  const { type } = question;
  const reply = (aliases: readonly RRset[], outcome: Outcome): Reply => ({ resolver: resolver.key, aliases, outcome });
  const asked = { resolver: resolver.key, key: `${resolver.key}\n${question.name.key}\n${type}` };
  const context: Context = { ...waiting, path: [...waiting.path, asked] };
  waiting.trace.push({ kind: "resolver", resolver, name: question.name, type });
  const loop = resolverLoop(waiting, asked.key, resolver);
  if (loop !== undefined) return reply([], { kind: "failed", reason: loop });

  const { view } = resolver;
  const aliases: RRset[] = [];
  const followed = new Set<string>();
  let name = question.name;
  let isOutside = false;
  for (;;) {
    if (followed.has(name.key)) return reply(aliases, { kind: "failed", reason: { kind: "alias-loop", name } });
    followed.add(name.key);
    const next = { name, type };
    if (isRealServer(context, resolver, next)) {
      const real = yield* askRealServer(context, resolver, next);
      return { ...real, aliases: [...aliases, ...real.aliases] };
    }
    const source = isOutside
      ? sourceOutside(context.snapshot.internet, name, type)
      : sourceFor(view, context.snapshot.internet, name, type);
    const found = ownDs(context, view, next, yield* findAt(context, view, source, next));
    aliases.push(...found.aliases);
    if (found.kind === "end") return reply(aliases, found.outcome);
    const { aliasLimit } = view;
    if (followed.size > aliasLimit)
      return reply(aliases, { kind: "failed", reason: { kind: "alias-limit", limit: aliasLimit } });
    name = found.target;
    isOutside ||= staysOutside(context, view, source, { name, type });
  }
}

/**
 * Whether an alias that public data gave is followed in public data alone. Where the provider does not say what becomes of
 * it, and the view has a source of its own for the target, the trace tells what is assumed.
 */
function staysOutside({ snapshot, trace }: Context, view: View, source: Source, { name, type }: Question): boolean {
  const { aliases, isAssumed } = view.reenter;
  if (ownSource(source).kind !== "public" || !isAssumed) return false;
  const own = ownSource(sourceFor(view, snapshot.internet, name, type));
  if (own.kind === "zone" || own.kind === "rule")
    trace.push({ kind: "assumed", name, assumption: { kind: "reenter", aliases } });
  return aliases === "private";
}

/** The same question on its way back, or too many resolvers waiting for one another. */
function resolverLoop(waiting: Context, key: string, resolver: SimulatedResolver): Failure | undefined {
  const path = [...waiting.path.map((asked) => asked.resolver), resolver.key];
  const from = waiting.path.findIndex((asked) => asked.key === key);
  if (from !== -1) return { kind: "resolver-loop", path: path.slice(from) };
  return waiting.path.length >= MAX_RESOLVERS ? { kind: "resolver-limit", path } : undefined;
}

function* findAt(context: Context, view: View, source: Source, question: Question): Walk<Found> {
  switch (source.kind) {
    case "zone":
      return yield* findInZone(context, view, source.zone, question);
    case "rule":
      return yield* findByRule(context, view, source, question);
    case "local":
      context.trace.push({ kind: "rule", name: question.name, rule: source.rule });
      return yield* findAt(context, view, source.source, question);
    case "assumed":
      context.trace.push({ kind: "assumed", name: question.name, assumption: source.assumption });
      return yield* findAt(context, view, source.source, question);
    case "builtin": {
      const { zone, everyNameExists } = source.builtin;
      const { name, type } = question;
      context.trace.push({ kind: "builtin", name, domain: zone.origin });
      const answer = lookup(zone, name, type);
      if (everyNameExists && answer.kind === "nxdomain") return end({ kind: "nodata", soa: zone.soa });
      return fromZone(zone, type, answer);
    }
    case "public": {
      const found = yield* findPublic(context, view, question);
      if (view.reenter.aliases === "private") return found;
      return keepUntil(context, found, cutIn(context, view, source, question, found, true));
    }
  }
}

/** A zone denies a name for good, unless its link says to ask the internet (SEMANTICS 9), or sends it below a cut (44). */
function* findInZone(context: Context, view: View, source: ViewZone, question: Question): Walk<Found> {
  const { name, type } = question;
  const { internet } = context.snapshot;
  const answer = lookup(source.zone, name, type);
  context.trace.push({ kind: "zone", name, source, found: answer });
  if (isMissing(answer, view) && isRedirected(source, type)) {
    if (answer.kind === "nodata") context.trace.push({ kind: "assumed", name, assumption: { kind: "redirectNodata" } });
    context.trace.push({ kind: "redirect", name, source });
    return yield* findAt(context, view, redirectSource(context, view, question), question);
  }
  if (answer.kind === "delegation") {
    const beyond = sourceBelowCut(view, internet, question, answer.ns.owner);
    if (beyond !== undefined) return yield* findAt(context, view, beyond, question);
  }
  return fromZone(source.zone, type, answer);
}

function isMissing({ kind }: ZoneAnswer, { redirect }: View): boolean {
  return kind === "nxdomain" || (kind === "nodata" && redirect.nodata);
}

/** Past rules, and final: only its aliases come back (SEMANTICS 47). Where a rule is there for the name, that is assumed. */
function redirectSource({ snapshot, trace }: Context, view: View, { name, type }: Question): Source {
  const { through, isAssumed } = view.redirect;
  const ruled = isAssumed ? ruleFor(view, name, type) : undefined;
  if (ruled !== undefined)
    trace.push({ kind: "assumed", name, assumption: { kind: "redirectThrough", through, rule: ruled.rule } });
  return ruled !== undefined && through === "rules" ? ruled : sourceOutside(snapshot.internet, name, type);
}

function isRedirected({ onMiss, redirectTypes }: ViewZone, type: number): boolean {
  if (onMiss !== "internet" || type === RecordTypes.ANY) return false;
  return redirectTypes === undefined || redirectTypes.includes(type);
}

function* findByRule(
  context: Context,
  view: View,
  source: Extract<Source, { kind: "rule" }>,
  question: Question,
): Walk<Found> {
  const { rule } = source;
  const { name, type } = question;
  context.trace.push({ kind: "rule", name, rule });
  switch (rule.kind) {
    case "answer": {
      const found = lookup(rule.zone, name, type);
      context.trace.push({ kind: "rule-answer", name, rule, found });
      return fromZone(rule.zone, type, found);
    }
    case "view":
      return yield* findInView(context, rule.network, question);
    case "to": {
      if (type === RecordTypes.ANY) return end({ kind: "not-implemented" }); // Never forwarded (SEMANTICS 28).
      const { found, isIterated } = yield* askTargets(context, rule, view, question, answerAs);
      const isTrusted = view.aliases === "trust" && !isIterated;
      const isAssumed = view.aliasesAreAssumed === true && !isIterated;
      if (isTrusted && !isAssumed) return found;
      const cut = cutIn(context, view, source, question, found, isIterated);
      if (cut !== undefined && isAssumed) {
        const assumption = { kind: "ruleAliases", aliases: view.aliases, rule } as const;
        context.trace.push({ kind: "assumed", name: cut.target, assumption });
      }
      return isTrusted ? found : keepUntil(context, found, cut);
    }
  }
}

/** What the platform resolver of a network says, which is final: its aliases were followed there (SEMANTICS 22). */
function* findInView(context: Context, network: string, question: Question): Walk<Found> {
  const target = platformKey(network);
  const resolver = context.snapshot.resolvers.get(target);
  if (resolver === undefined) {
    const failed = [{ target, why: "no resolver" }];
    return end({ kind: "failed", reason: { kind: "targets-failed", targets: failed } });
  }
  const reply = yield* answerAs(context, resolver, question);
  return end(reply.outcome, reply.aliases);
}

/** Where the parent denies a zone that is here, the zone itself says that it has no DS: it exists (SEMANTICS 12). */
function ownDs({ snapshot, trace }: Context, view: View, { name, type }: Question, found: Found): Found {
  if (type !== RecordTypes.DS || found.kind !== "end" || found.outcome.kind !== "nxdomain") return found;
  if (found.aliases.length > 0) return found; // It is another name that does not exist.
  const { internet } = snapshot;
  const linked = view.zones.get(name.key);
  if (linked !== undefined) {
    trace.push({ kind: "zone", name, source: linked, found: { kind: "nodata" } });
    return end({ kind: "nodata", soa: linked.zone.soa });
  }
  const declared = internet.zones.get(name.key);
  if (declared !== undefined) {
    trace.push({ kind: "public", name, zone: declared, found: { kind: "nodata" } });
    return end({ kind: "nodata", soa: declared.zone.soa });
  }
  const builtin = internet.builtins.get(name.key);
  if (builtin === undefined) return found;
  trace.push({ kind: "builtin", name, domain: builtin.zone.origin });
  return end({ kind: "nodata", soa: builtin.zone.soa });
}
