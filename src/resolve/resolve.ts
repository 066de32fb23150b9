import { type DomainName, sameName } from "../name/domain-name.ts";
import { aliasTarget } from "../record/rdata-wire.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import { INTERNET, platformKey } from "../snapshot/compile.ts";
import type { SimulatedResolver, Snapshot, View, ViewZone } from "../snapshot/snapshot.ts";
import { lookup } from "../zone/lookup.ts";
import { askServers, askTargets, type Reply } from "./ask-targets.ts";
import type { Context } from "./context.ts";
import { findPublic, isSimulated } from "./find-public.ts";
import { end, type Found, fromZone } from "./found.ts";
import type { Failure, Outcome, Question, Resolution } from "./resolution.ts";
import { isSameSource, type Source, sourceFor } from "./source.ts";
import { serversOf } from "./targets.ts";
import { type AskUpstream, runWalk, type Walk } from "./upstream.ts";

/** Who is asked: a resolver by its key, or whatever a client of a network (or nobody's client) is configured to ask. */
export type Addressee =
  | { readonly kind: "resolver"; readonly key: string }
  | { readonly kind: "servers-of"; readonly network?: string; readonly host?: string };

export interface ResolveOptions {
  /** The port to real servers; without it nothing is sent, and a question for them ends as `upstream`. */
  readonly ask?: AskUpstream;
  /** The query's RD bit; true by default. Without it nothing is ever asked upstream (SEMANTICS 17). */
  readonly recursionDesired?: boolean;
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
  const { ask, recursionDesired = true } = options;
  const context: Context = { snapshot, isLive: ask !== undefined, recursionDesired, trace: [], path: [] };
  return runWalk(resolveFor(context, addressee, question), ask);
}

/** As `resolve`, with nothing sent: always at once. */
export function resolveOffline(snapshot: Snapshot, addressee: Addressee, question: Question): Resolution {
  const resolution = resolve(snapshot, addressee, question);
  if (resolution instanceof Promise) throw new Error("a question resolved offline had to wait");
  return resolution;
}

function* resolveFor(context: Context, addressee: Addressee, question: Question): Walk<Resolution> {
  const { snapshot, trace } = context;
  const { resolver, aliases, outcome } = yield* askAddressee(context, addressee, question);
  const answering = resolver === undefined ? undefined : snapshot.resolvers.get(resolver);
  return { question, ...(answering === undefined ? {} : { resolver: answering }), aliases, outcome, trace };
}

function* askAddressee(context: Context, addressee: Addressee, question: Question): Walk<Reply> {
  const { snapshot } = context;
  if (addressee.kind === "servers-of") {
    const { network, host } = addressee;
    const servers = serversOf(snapshot, network, host);
    if (servers.length > 0) return yield* askServers(context, servers, network, question, answerAs);
  }
  const key = addressee.kind === "resolver" ? addressee.key : platformKey(addressee.network ?? "");
  const resolver =
    snapshot.resolvers.get(key) ?? (addressee.kind === "servers-of" ? snapshot.resolvers.get(INTERNET) : undefined);
  if (resolver === undefined)
    return { aliases: [], outcome: { kind: "no-reply", reason: { kind: "no-resolver-there", target: key } } };
  return yield* answerAs(context, resolver, question);
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

  const aliases: RRset[] = [];
  const followed = new Set<string>();
  let name = question.name;
  for (;;) {
    if (followed.has(name.key)) return reply(aliases, { kind: "failed", reason: { kind: "alias-loop", name } });
    followed.add(name.key);
    const found = yield* find(context, resolver.view, { name, type });
    aliases.push(...found.aliases);
    if (found.kind === "end") return reply(aliases, found.outcome);
    const { aliasLimit } = resolver.view;
    if (followed.size > aliasLimit)
      return reply(aliases, { kind: "failed", reason: { kind: "alias-limit", limit: aliasLimit } });
    name = found.target;
  }
}

/** The same question on its way back, or too many resolvers waiting for one another. */
function resolverLoop(waiting: Context, key: string, resolver: SimulatedResolver): Failure | undefined {
  const path = [...waiting.path.map((asked) => asked.resolver), resolver.key];
  const from = waiting.path.findIndex((asked) => asked.key === key);
  if (from !== -1) return { kind: "resolver-loop", path: path.slice(from) };
  return waiting.path.length >= MAX_RESOLVERS ? { kind: "resolver-limit", path } : undefined;
}

/** What the view has for one name. */
function* find(context: Context, view: View, question: Question): Walk<Found> {
  const { snapshot, trace } = context;
  const { name, type } = question;
  const source = sourceFor(view, snapshot.internet, name, type);
  switch (source.kind) {
    case "zone":
      return yield* findInZone(context, view, source.zone, question);
    case "rule":
      return yield* findByRule(context, view, source, question);
    case "builtin": {
      const { zone, everyNameExists } = source.builtin;
      trace.push({ kind: "builtin", name, domain: zone.origin });
      const answer = lookup(zone, name, type);
      if (everyNameExists && answer.kind === "nxdomain") return end({ kind: "nodata", soa: zone.soa });
      return fromZone(zone, type, answer, (cut) => end({ kind: "failed", reason: { kind: "delegation", cut } }));
    }
    case "public":
      return keepUntilOwnSource(
        context,
        view,
        source,
        question,
        ownDs(view, question, yield* findPublic(context, question)),
      );
  }
}

/** A zone denies a name for good, unless its link says to ask the internet (SEMANTICS 9), or sends it below a cut (44). */
function* findInZone(context: Context, view: View, source: ViewZone, question: Question): Walk<Found> {
  const { name, type } = question;
  const answer = lookup(source.zone, name, type);
  context.trace.push({ kind: "zone", name, source, found: answer });
  if (answer.kind === "nxdomain" && isRedirected(source, type)) {
    context.trace.push({ kind: "redirect", name, source });
    return yield* findPublic(context, question); // Past rules, and final: only its aliases come back (SEMANTICS 47).
  }
  if (answer.kind === "delegation") {
    const rule = sourceBelowCut(context, view, question, answer.ns.owner);
    if (rule !== undefined) return yield* findByRule(context, view, rule, question);
  }
  return fromZone(source.zone, type, answer, (cut) => end({ kind: "failed", reason: { kind: "delegation", cut } }));
}

function isRedirected({ onMiss, redirectTypes }: ViewZone, type: number): boolean {
  if (onMiss !== "internet" || type === RecordTypes.ANY) return false;
  return redirectTypes === undefined || redirectTypes.includes(type);
}

/** The rule of the view at or below a zone cut, if there is one: it goes on where the zone ends. */
function sourceBelowCut(
  context: Context,
  view: View,
  { name, type }: Question,
  cut: DomainName,
): Extract<Source, { kind: "rule" }> | undefined {
  const beyond: View = { ...view, zones: new Map() };
  const source = sourceFor(beyond, context.snapshot.internet, name, type);
  return source.kind === "rule" && source.rule.domain.labels.length >= cut.labels.length ? source : undefined;
}

function* findByRule(
  context: Context,
  view: View,
  source: Extract<Source, { kind: "rule" }>,
  question: Question,
): Walk<Found> {
  const { rule } = source;
  context.trace.push({ kind: "rule", name: question.name, rule });
  if (question.type === RecordTypes.ANY) return end({ kind: "not-implemented" }); // Never forwarded (SEMANTICS 28).
  const found = yield* askTargets(context, rule.targets, view, question, answerAs);
  return view.aliases === "trust" ? found : keepUntilOwnSource(context, view, source, question, found);
}

/**
 * Keeps what a source sent until the first alias target for which the view has another source; the rest, its rcode
 * included, is dropped and that target asked anew (SEMANTICS 3).
 */
function keepUntilOwnSource(context: Context, view: View, source: Source, { type }: Question, found: Found): Found {
  const { internet } = context.snapshot;
  for (const [i, alias] of found.aliases.entries()) {
    const rdata = alias.rdatas[0];
    if (alias.type !== RecordTypes.CNAME || rdata === undefined) continue;
    const target = aliasTarget(rdata);
    const own = sourceFor(view, internet, target, type);
    const isElsewhere =
      !isSameSource(own, source) || (own.kind === "public" && isSimulated(internet, { name: target, type }));
    const isLast = i === found.aliases.length - 1;
    if (!isElsewhere || (isLast && found.kind === "alias")) continue;
    if (found.kind === "end") context.trace.push({ kind: "cut", at: target });
    return { kind: "alias", aliases: found.aliases.slice(0, i + 1), target };
  }
  return found;
}

/** Where no parent speaks for the DS of a zone that the view has, the zone itself says that there is none (SEMANTICS 12). */
function ownDs(view: View, { name, type }: Question, found: Found): Found {
  if (type !== RecordTypes.DS || found.kind !== "end" || found.outcome.kind !== "nxdomain") return found;
  const own = view.zones.get(name.key);
  return own !== undefined && sameName(own.zone.origin, name) ? end({ kind: "nodata", soa: own.zone.soa }) : found;
}
