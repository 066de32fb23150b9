import { compareNames, type DomainName, isAtOrBelow, ROOT } from "../../name/domain-name.ts";
import { displayName } from "../../name/name-text.ts";
import { longestSuffix } from "../../name/suffix-map.ts";
import { type AddressPort, formatAddressPort } from "../../net/address.ts";
import { nameRdata } from "../../record/name-rdata.ts";
import { RecordTypes } from "../../record/record-type.ts";
import type { RRset } from "../../record/rrset.ts";
import type { Resolution, Step } from "../../resolve/resolution.ts";
import { resolveOffline } from "../../resolve/resolve.ts";
import type { Snapshot } from "../../snapshot/snapshot.ts";
import { zoneOfRRsets } from "../../snapshot/zone-of-rrsets.ts";
import { formatPosition } from "../../source/source-file.ts";
import type { Target } from "../../topology/model.ts";
import type { Zone } from "../../zone/zone.ts";
import { zoneRecords } from "../../zone/zone-records.ts";
import type { Asker } from "./askers.ts";
import { NAME_SERVER, publicZones } from "./public-zones.ts";

/**
 * What one asker's own DNS comes to, as zones and forwarders of a server that knows neither networks nor links: the longest
 * of them answers for a name, and every alias goes back to all of them.
 */
export interface PlannedView {
  readonly asker: Asker;
  /** In canonical order of their apexes. */
  readonly zones: readonly PlannedZone[];
  readonly forwards: readonly PlannedForward[];
}

export interface PlannedZone {
  /** What is said of it: `private zone corp.example`. */
  readonly title: string;
  readonly kind: "private" | "public";
  readonly zone: Zone;
}

/** Names that only somebody else can answer for. */
export interface PlannedForward {
  readonly domain: DomainName;
  readonly servers: readonly ForwardServer[];
  /** The model has nobody at those addresses. */
  readonly isDead: boolean;
}

export interface ForwardServer {
  readonly at: AddressPort;
  /** The name that its certificate must have: it is asked over TLS. */
  readonly tls?: string;
}

/** Where the names at a cut come from; names below come from the same place, up to the next cut. */
type Origin =
  | { readonly kind: "zone"; readonly id: string; readonly planned: PlannedZone }
  | { readonly kind: "forward"; readonly id: string; readonly forward: PlannedForward }
  /** The server's own names, or nobody at all. */
  | { readonly kind: "none"; readonly id: string };

/** What the plans of all askers are made of. */
export interface PlanGround {
  readonly snapshot: Snapshot;
  /** Every name at which the source of names may change: apexes of zones that anybody sees, domains of rules, the root. */
  readonly cuts: readonly DomainName[];
  readonly publicZones: ReadonlyMap<string, PlannedZone>;
}

export function planGround(snapshot: Snapshot): PlanGround {
  return { snapshot, cuts: cutsOf(snapshot), publicZones: publicZones(snapshot.internet) };
}

/** Plans the view of one asker. */
export function planView(ground: PlanGround, asker: Asker): PlannedView {
  const { cuts } = ground;
  const origins = new Map<string, Origin>();
  for (const cut of cuts) {
    const found = originAt(ground, asker, cut);
    const around = longestSuffix(origins, cut);
    if (around?.id === found.id && !(found.kind === "zone" && isApexOf(found.planned.zone, cut))) continue;
    if (found.kind === "none" && around === undefined) continue;
    origins.set(cut.key, found.kind === "zone" ? { ...found, planned: atCut(found.planned, cut) } : found);
  }
  const all = [...origins.values()];
  const forwards = all.flatMap((one) => (one.kind === "forward" ? [one.forward] : []));
  const apexes = cuts.filter(({ key }) => origins.get(key)?.kind === "zone" || origins.get(key)?.kind === "forward");
  const zones = all.flatMap((one) => (one.kind === "zone" ? [withoutBelow(one.planned, apexes)] : []));
  return { asker, zones, forwards };
}

function cutsOf({ resolvers, internet }: Snapshot): readonly DomainName[] {
  const cuts = new Map<string, DomainName>([[ROOT.key, ROOT]]);
  const add = (name: DomainName): void => void cuts.set(name.key, name);
  for (const { view } of resolvers.values()) {
    for (const { domain } of view.rules) add(domain);
    for (const layer of view.phases.flat()) {
      if (layer.kind === "zones") for (const { zone } of layer.zones.values()) add(zone.origin);
    }
  }
  for (const { zone } of internet.zones.values()) add(zone.origin);
  // Where real servers have the rest, each name that the model has in public is a place of its own.
  if (internet.upstream.targets.length > 0) for (const { owner } of zoneRecords(internet.exact.tree)) add(owner);
  return [...cuts.values()].toSorted(compareNames);
}

function originAt({ snapshot, publicZones: open }: PlanGround, { addressee }: Asker, cut: DomainName): Origin {
  const resolution = resolveOffline(snapshot, addressee, { name: cut, type: RecordTypes.SOA });
  const at = resolution.trace.filter((step) => "name" in step && step.name.key === cut.key);
  const inZone = at.findLast((step) => step.kind === "zone");
  if (inZone?.kind === "zone") {
    const { key, zone } = inZone.source;
    return { kind: "zone", id: `zone:${key}`, planned: { title: `private zone ${key}`, kind: "private", zone } };
  }
  const last = at.findLast(isSource);
  if (last?.kind === "rule-answer") {
    const { rule } = last;
    if (rule.kind !== "answer") throw new Error("a rule without answers has answered");
    const title = `answers of the rule for ${displayName(rule.domain)}`;
    const planned: PlannedZone = { title, kind: "private", zone: rule.zone };
    return { kind: "zone", id: `rule:${formatPosition(rule.span)}`, planned };
  }
  if (last?.kind === "public" || last?.kind === "offline") {
    const planned = longestSuffix(open, cut);
    if (planned === undefined) throw new Error("public data has no root");
    return { kind: "zone", id: planned.title, planned };
  }
  return last?.kind === "builtin" ? { kind: "none", id: "builtin" } : forwarded(snapshot, resolution, cut);
}

function isSource(step: Step): boolean {
  return ["rule-answer", "public", "offline", "builtin", "upstream"].includes(step.kind);
}

/** What is left is a real server, or an address where the model has nobody. */
function forwarded(snapshot: Snapshot, { trace, outcome }: Resolution, domain: DomainName): Origin {
  const isDead = outcome.kind !== "upstream";
  const servers = isDead ? deadServers(snapshot, trace) : realServers(snapshot, trace);
  if (servers.length === 0) return { kind: "none", id: "nobody" };
  const id = `forward:${servers.map(({ at, tls }) => `${tls ?? ""}@${formatAddressPort(at)}`).join(" ")}`;
  return { kind: "forward", id, forward: { domain, servers, isDead } };
}

function realServers(snapshot: Snapshot, trace: readonly Step[]): readonly ForwardServer[] {
  const asked = trace.findLast((step) => step.kind === "resolver");
  const external = asked?.kind === "resolver" ? snapshot.realServers.get(asked.resolver.key) : undefined;
  return serversOf(snapshot, (external ?? snapshot.internet.upstream).targets);
}

/** The targets of the rule that led nowhere, else the client's own servers. */
function deadServers(snapshot: Snapshot, trace: readonly Step[]): readonly ForwardServer[] {
  const rule = trace.findLast((step) => step.kind === "rule");
  if (rule?.kind === "rule") return rule.rule.kind === "to" ? serversOf(snapshot, rule.rule.targets) : [];
  return serversOf(
    snapshot,
    trace.flatMap((step) => (step.kind === "target" ? [step.target] : [])),
  );
}

function serversOf({ resolvers }: Snapshot, targets: readonly Target[]): readonly ForwardServer[] {
  return targets.flatMap((target) => {
    if (target.kind === "address") return [{ at: target.at, ...(target.tls === undefined ? {} : { tls: target.tls }) }];
    return target.kind === "resolver" ? (resolvers.get(target.key)?.addresses ?? []).map((at) => ({ at })) : [];
  });
}

function isApexOf({ origin }: Zone, cut: DomainName): boolean {
  return origin.key === cut.key;
}

/** The part of a zone at and below a cut, as a zone of its own. No zone has an alias at its apex (RFC 1034 §3.6.2). */
function atCut(planned: PlannedZone, cut: DomainName): PlannedZone {
  const { zone, title } = planned;
  if (isApexOf(zone, cut)) return planned;
  const sets = [...zoneRecords(zone.tree)].filter(({ owner }) => isAtOrBelow(owner, cut));
  const kept = sets.filter(({ owner, type }) => owner.key !== cut.key || !APEX_NEVER.has(type));
  return { ...planned, title: `part of ${title}`, zone: zoneOfRRsets(cut, { ...zone.soa, owner: cut }, kept) };
}

/** Seconds that a made cut lives. */
const CUT_TTL = 3600;

/** An alias has no data beside it; the name servers of a cut are not those of the zone that stands there now. */
const APEX_NEVER: ReadonlySet<number> = new Set([RecordTypes.CNAME, RecordTypes.NS, RecordTypes.DS]);

/**
 * A zone without the records that a longer one of the view hides. Unbound and CoreDNS would look into them where an alias
 * stays in the zone; here they are gone, and a cut tells that the name goes on elsewhere.
 */
function withoutBelow(planned: PlannedZone, apexes: readonly DomainName[]): PlannedZone {
  const { zone } = planned;
  const below = apexes.filter((apex) => apex.key !== zone.origin.key && isAtOrBelow(apex, zone.origin));
  const nearest = below.filter((apex) => !below.some((other) => other !== apex && isAtOrBelow(apex, other)));
  if (nearest.length === 0) return planned;
  const kept = [...zoneRecords(zone.tree)].filter(({ owner }) => !nearest.some((apex) => isAtOrBelow(owner, apex)));
  const cuts = nearest.map(
    (owner): RRset => ({ owner, type: RecordTypes.NS, ttl: CUT_TTL, rdatas: [nameRdata(NAME_SERVER)] }),
  );
  return { ...planned, zone: zoneOfRRsets(zone.origin, zone.soa, [...kept, ...cuts]) };
}
