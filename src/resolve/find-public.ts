import { type DomainName, ROOT, sameName } from "../name/domain-name.ts";
import { longestSuffix } from "../name/suffix-map.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import { INTERNET } from "../snapshot/compile.ts";
import type { PublicView, View } from "../snapshot/snapshot.ts";
import { lookup } from "../zone/lookup.ts";
import type { ZoneAnswer } from "../zone/zone.ts";
import { findNode } from "../zone/zone-tree.ts";
import { askReal } from "./ask-real.ts";
import type { Context } from "./context.ts";
import { end, type Found, fromZone } from "./found.ts";
import { exactAnswer, isPublished, synthesisedAnswer } from "./overlay.ts";
import type { Question } from "./resolution.ts";
import { asksUpstream, matchedName } from "./source.ts";
import type { Walk } from "./upstream.ts";

/**
 * Asks the internet for one name: the records of services and of `public.records` at exactly this owner, the longest public
 * zone, those records' wildcards and DNAMEs where that zone has nothing, then real servers or the simulated root.
 */
export function* findPublic(context: Context, view: View, question: Question): Walk<Found> {
  const { internet } = context.snapshot;
  const { name, type } = question;
  const exact = exactAnswer(internet, name, type);
  if (exact !== undefined) return fromOverlay(context, question, exact);
  const zone = longestSuffix(internet.zones, matchedName(name, type));
  const answer = zone === undefined ? undefined : lookup(zone.zone, name, type);
  if (answer === undefined || answer.kind === "nxdomain") {
    const synthesised = synthesisedAnswer(internet, name, type);
    if (synthesised !== undefined) return fromOverlay(context, question, synthesised);
  }
  if (zone === undefined || answer === undefined)
    return asksUpstream(internet) ? yield* askUpstream(context, question) : offline(context, view, question);
  if (answer.kind === "nxdomain" && findNode(internet.exact.tree, name) !== undefined) {
    // A name above one that a service has: it exists (RFC 8020 §2).
    context.trace.push({ kind: "public", name, zone, found: { kind: "nodata" } });
    return end({ kind: "nodata", soa: zone.zone.soa });
  }
  context.trace.push({ kind: "public", name, zone, found: answer });
  if (answer.kind === "delegation" && internet.upstream.targets.length > 0)
    return yield* askUpstream(context, question);
  return fromZone(zone.zone, type, answer);
}

/** Whether public data of the model itself, not a real server, speaks for a name. */
export function isSimulated(internet: PublicView, { name, type }: Question): boolean {
  return isPublished(internet, name) || longestSuffix(internet.zones, matchedName(name, type)) !== undefined;
}

function fromOverlay(context: Context, { name, type }: Question, answer: ZoneAnswer): Found {
  const { internet } = context.snapshot;
  context.trace.push({ kind: "public", name, found: answer });
  const found = fromZone(internet.exact, type, answer);
  return found.kind === "end" && found.outcome.kind === "nodata"
    ? end({ kind: "nodata", soa: denialSoa(internet, name) })
    : found;
}

/** The SOA of the zone that a name of the overlay would lie in. */
function denialSoa(internet: PublicView, name: DomainName): RRset {
  return longestSuffix(internet.zones, name)?.zone.soa ?? internet.rootSoa;
}

/** The simulated root: its own apex, names above anything known, and nothing else (SEMANTICS 8). */
function offline(context: Context, view: View, { name, type }: Question): Found {
  const { exact, rootSoa, rootNs, knownAncestors } = context.snapshot.internet;
  context.trace.push({ kind: "offline", name });
  if (sameName(name, ROOT)) {
    const sets = [rootNs, rootSoa].filter((rrset) => type === rrset.type || type === RecordTypes.ANY);
    if (sets.length > 0) return end({ kind: "answer", rrsets: sets });
  }
  const isKnown = knownAncestors.has(name.key) || view.knownAncestors.has(name.key);
  const isAboveSomething = isKnown || findNode(exact.tree, name) !== undefined;
  return end({ kind: isAboveSomething ? "nodata" : "nxdomain", soa: rootSoa });
}

function* askUpstream(context: Context, question: Question): Walk<Found> {
  const asker = context.path.at(-1)?.resolver ?? INTERNET;
  const reply = yield* askReal(context, asker, context.snapshot.internet.upstream, question);
  switch (reply.kind) {
    case "reply":
      return end(reply.outcome, reply.aliases);
    case "not-asked":
      return end(reply.outcome);
    case "failed":
      return end({ kind: "failed", reason: { kind: "targets-failed", targets: reply.targets } });
  }
}
