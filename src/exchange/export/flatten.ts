import type { DomainName } from "../../name/domain-name.ts";
import { formatName } from "../../name/name-text.ts";
import { longestSuffix } from "../../name/suffix-map.ts";
import { formatRdata } from "../../record/rdata-text.ts";
import { type RecordType, RecordTypes } from "../../record/record-type.ts";
import type { RRset } from "../../record/rrset.ts";
import type { Outcome, Resolution } from "../../resolve/resolution.ts";
import { resolveOffline } from "../../resolve/resolve.ts";
import type { Snapshot } from "../../snapshot/snapshot.ts";
import { layerZone, type ZoneChange } from "../../zone/zone-tree.ts";
import type { AskedName } from "./asked-names.ts";
import type { PlannedView, PlannedZone } from "./plan.ts";
import { planSnapshot } from "./plan-snapshot.ts";

/** A view that answers as the model does, as far as zones and forwarders can. */
export interface ProvenView {
  readonly view: PlannedView;
  /** Names whose chain the target could not follow, or would not meet: their last answer stands at the name itself. */
  readonly flattened: readonly Flattened[];
  /** Questions that are answered otherwise all the same. */
  readonly differing: readonly Differing[];
}

export interface Flattened {
  readonly name: DomainName;
  /** The aliases that the model goes through. */
  readonly through: readonly DomainName[];
}

export interface Differing {
  readonly name: DomainName;
  readonly type: RecordType;
  readonly ours: string;
  readonly theirs: string;
}

/** Rounds of writing answers into zones: an answer that one name gets may be the end of another name's chain. */
const MAX_ROUNDS = 4;

/**
 * Asks the model and the plan for every name, and writes the model's last answer where the plan has another. Both are asked
 * through `resolve()`: what stays different is told, with what each says.
 */
export function prove(snapshot: Snapshot, planned: PlannedView, names: readonly AskedName[]): ProvenView {
  const flattened = new Map<string, Flattened>();
  let view = planned;
  let suspects = differences(snapshot, view, names);
  for (let round = 0; round < MAX_ROUNDS && suspects.length > 0; round++) {
    const changes = new Map<PlannedZone, ZoneChange[]>();
    const byOrigin = new Map(view.zones.map((zone) => [zone.zone.origin.key, zone]));
    const forwards = new Map(view.forwards.map(({ domain }) => [domain.key, domain]));
    for (const suspect of suspects) {
      const { owner } = suspect.asked;
      const zone = longestSuffix(byOrigin, owner);
      const forward = longestSuffix(forwards, owner);
      const isForwarded = (forward?.labels.length ?? -1) > (zone?.zone.origin.labels.length ?? -1);
      if (zone === undefined || isForwarded || owner.labels[0] === "*") continue;
      const wanted = changesFor(suspect, zone);
      if (wanted.length === 0) continue;
      changes.set(zone, [...(changes.get(zone) ?? []), ...wanted]);
      flattened.set(owner.key, { name: owner, through: aliasesOf(suspect) });
    }
    if (changes.size === 0) break;
    view = { ...view, zones: view.zones.map((zone) => changed(zone, changes.get(zone) ?? [])) };
    suspects = differences(snapshot, view, names);
  }
  return { view, flattened: [...flattened.values()], differing: suspects.flatMap(({ differing }) => differing) };
}

/** A name for which model and plan differ. */
interface Suspect {
  readonly asked: AskedName;
  /** What the model says, by type. */
  readonly ours: ReadonlyMap<RecordType, Resolution>;
  readonly differing: readonly Differing[];
}

function differences(snapshot: Snapshot, view: PlannedView, names: readonly AskedName[]): Suspect[] {
  const plan = planSnapshot(view, snapshot);
  return names.flatMap((asked) => {
    const { owner: name, types } = asked;
    const ours = new Map<RecordType, Resolution>();
    const differing: Differing[] = [];
    for (const type of types) {
      const own = resolveOffline(snapshot, view.asker.addressee, { name, type });
      const other = resolveOffline(plan.snapshot, { kind: "resolver", key: plan.key }, { name, type });
      ours.set(type, own);
      if (isElsewhere(own.outcome) && isElsewhere(other.outcome)) continue;
      const [said, theirs] = [summaryOf(own), summaryOf(other)];
      if (said !== theirs) differing.push({ name, type, ours: said, theirs });
    }
    return differing.length === 0 ? [] : [{ asked, ours, differing }];
  });
}

/** Whether somebody else would have to say: a real server, or one that never answers. */
function isElsewhere({ kind }: Outcome): boolean {
  return kind === "upstream" || kind === "no-reply" || kind === "failed";
}

/** What makes a zone say at one name what the model says; nothing where the model gives nothing that could be written. */
function changesFor({ asked: { owner }, ours }: Suspect, { zone }: PlannedZone): ZoneChange[] {
  const outcomes = [...ours].map(([type, { outcome }]) => ({ type, outcome }));
  if (
    outcomes.some(
      ({ outcome }) => outcome.kind !== "answer" && outcome.kind !== "nodata" && outcome.kind !== "nxdomain",
    )
  )
    return [];
  const isApex = owner.key === zone.origin.key;
  const keeps: readonly RecordType[] = isApex ? [RecordTypes.SOA, RecordTypes.NS] : [];
  const sets = outcomes.flatMap(({ type, outcome }) =>
    outcome.kind === "answer" && type !== RecordTypes.CNAME && !keeps.includes(type)
      ? outcome.rrsets.map((rrset): RRset => ({ owner, type: rrset.type, ttl: rrset.ttl, rdatas: rrset.rdatas }))
      : [],
  );
  const gone = outcomes.map(({ type }) => type).filter((type) => !keeps.includes(type));
  return [
    { kind: "delete", owner, types: [...gone, RecordTypes.CNAME, RecordTypes.DNAME] },
    ...sets.map((rrset) => ({ kind: "replace" as const, rrset })),
  ];
}

function aliasesOf({ ours }: Suspect): readonly DomainName[] {
  const longest = [...ours.values()].toSorted((a, b) => b.aliases.length - a.aliases.length)[0];
  return longest?.aliases.map(({ owner }) => owner).slice(1) ?? [];
}

function changed(planned: PlannedZone, changes: readonly ZoneChange[]): PlannedZone {
  if (changes.length === 0) return planned;
  const { zone } = planned;
  return { ...planned, zone: { ...zone, tree: layerZone(zone.tree, changes) } };
}

/** The aliases in order, then the end; sets in no order. A denial is told with the zone that denies. */
export function summaryOf({ aliases, outcome }: Pick<Resolution, "aliases" | "outcome">): string {
  return [...aliases.map(setText), endText(outcome)].join("; ");
}

function endText(outcome: Outcome): string {
  switch (outcome.kind) {
    case "answer":
      return outcome.rrsets.map(setText).toSorted().join("; ");
    case "nodata":
    case "nxdomain":
      return `${outcome.kind}${outcome.soa === undefined ? "" : ` by ${formatName(outcome.soa.owner)}`}`;
    case "failed":
    case "no-reply":
    case "upstream":
      return "nobody of the model answers";
    case "yxdomain":
    case "refused":
    case "not-implemented":
    case "referral":
    case "unfollowed":
      return outcome.kind;
  }
}

function setText({ owner, type, ttl, rdatas }: RRset): string {
  const values = rdatas.map((rdata) => formatRdata(type, rdata)).toSorted();
  return `${formatName(owner).toLowerCase()} ${ttl} ${type} ${values.join(", ")}`;
}
