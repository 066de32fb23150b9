import { type DomainName, parentOf, prepend, ROOT } from "../name/domain-name.ts";
import { aliasTarget } from "../record/rdata-wire.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import { type KnownName, knownNames, namePlaces } from "../snapshot/known-names.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Zone } from "../zone/zone.ts";
import { zoneRecords } from "../zone/zone-records.ts";
import { rrsetAt, type ZoneTree } from "../zone/zone-tree.ts";
import { Marks } from "./_marks.ts";
import type { ZonePairs } from "./_zone-marks.ts";

/** An alias that some place of a model has. */
export type Alias =
  | { readonly kind: "name"; readonly from: DomainName; readonly target: DomainName }
  /** Of every name below a domain: one target for all, as `*` has it, or with a DNAME the same labels below the target. */
  | { readonly kind: "below"; readonly from: DomainName; readonly target: DomainName; readonly isOneTarget: boolean };

/** A name that is asked for, with the types that it is asked for. */
export interface Asked {
  readonly name: DomainName;
  readonly types: ReadonlySet<RecordType>;
}

/** Everything that two models have names for. Zones are read when they are needed, one of two that say the same. */
export class KnownNames {
  private readonly snapshots: readonly Snapshot[];
  private readonly zones: ReadonlySet<Zone>;
  private readonly owners = new Map<Zone, readonly KnownName[]>();
  private everyAlias: readonly Alias[] | undefined;

  constructor(before: Snapshot, after: Snapshot, pairs: ZonePairs) {
    this.snapshots = [before, after];
    const old = new Set(placesOf(before));
    const byOrigin = new Map<string, Zone[]>();
    for (const zone of old) byOrigin.set(zone.origin.key, [...(byOrigin.get(zone.origin.key) ?? []), zone]);
    const isThere = (zone: Zone): boolean =>
      byOrigin.get(zone.origin.key)?.some((other) => pairs.marksOf(other, zone).size === 0) === true;
    this.zones = new Set([...old, ...placesOf(after).filter((zone) => !old.has(zone) && !isThere(zone))]);
  }

  /** The aliases of every place of both models. */
  aliases(): readonly Alias[] {
    this.everyAlias ??= [...this.zones].flatMap(({ tree }) => [...aliasesIn(tree)]);
    return this.everyAlias;
  }

  /**
   * The names to ask where answers may differ only for those marked: owners of records, names of endpoints, and for a name
   * that is not there `*.DOMAIN` below every zone, rule, cut and DNAME, and below what a wildcard covers.
   */
  askedFor(marks: readonly Marks[], extra: readonly DomainName[], types: readonly RecordType[]): readonly Asked[] {
    const any = new Marks();
    for (const one of marks) any.addWithin(ROOT, one);
    const isMarked = (name: DomainName): boolean => any.covers(name);
    const asked = new Map<string, { readonly name: DomainName; readonly types: Set<RecordType> }>();
    const add = (name: DomainName, own: readonly RecordType[]): void => {
      if (!isMarked(name)) return;
      const known = asked.get(name.key);
      if (known === undefined) asked.set(name.key, { name, types: new Set(own) });
      else for (const type of own) known.types.add(type);
    };
    const zones = [...this.zones].filter(({ origin }) => any.touches(origin));
    for (const zone of zones) for (const { owner, types: own } of this.ownersOf(zone)) add(owner, own);
    for (const name of this.endpointNames()) add(name, []);
    for (const name of extra) add(name, []);
    for (const domain of this.probed(zones, isMarked)) {
      const probe = prepend(["*"], domain);
      if (probe !== undefined) add(probe, []);
    }
    return [...asked.values()].map(({ name, types: own }) => ({
      name,
      types: types.length > 0 ? new Set(types) : this.typesToAsk(own),
    }));
  }

  /** Addresses are asked for where a name has some, an alias, or nothing that is known; IPv6 where the models have any. */
  private typesToAsk(own: ReadonlySet<RecordType>): ReadonlySet<RecordType> {
    const { A, AAAA, CNAME, DNAME, SOA } = RecordTypes;
    const others = [...own].filter((type) => ![A, AAAA, CNAME, DNAME, SOA].some((one) => one === type));
    const hasAddresses = own.size === 0 || others.length < own.size;
    const addresses = hasAddresses ? (this.hasIpv6() ? [A, AAAA] : [A]) : [];
    return new Set([...addresses, ...others]);
  }

  private isIpv6Known: boolean | undefined;
  private hasIpv6(): boolean {
    this.isIpv6Known ??= [...this.zones].some(({ tree }) => hasAnywhere(tree, RecordTypes.AAAA));
    return this.isIpv6Known;
  }

  private endpointNames(): readonly DomainName[] {
    return this.snapshots.flatMap(({ endpointNames }) =>
      [...endpointNames.values()].flatMap((names) =>
        names.flatMap(({ publicName, privateName }) => [publicName, privateName]),
      ),
    );
  }

  /** The domains below which a name that is not there may be answered in its own way. */
  private *probed(zones: readonly Zone[], isMarked: (name: DomainName) => boolean): Generator<DomainName> {
    for (const { resolvers } of this.snapshots)
      for (const { view } of resolvers.values()) for (const { domain } of view.rules) yield domain;
    const wildcards = new Set<string>();
    for (const zone of zones) {
      for (const { owner } of this.ownersOf(zone)) if (owner.labels[0] === "*") wildcards.add(parentOf(owner).key);
    }
    for (const zone of zones) {
      yield zone.origin;
      for (const { owner, types } of this.ownersOf(zone)) {
        const ends = types.includes(RecordTypes.NS) || types.includes(RecordTypes.DNAME);
        if (ends || (wildcards.size > 0 && isMarked(owner) && isBelowWildcard(owner, wildcards))) yield owner;
      }
    }
  }

  private ownersOf(zone: Zone): readonly KnownName[] {
    const known = this.owners.get(zone) ?? knownNames(zone);
    this.owners.set(zone, known);
    return known;
  }
}

/** Every zone that a question of the model may meet, built-in names left out: nobody writes them. */
function placesOf(snapshot: Snapshot): readonly Zone[] {
  const views = [...snapshot.resolvers.values()].map(({ view }) => view);
  return [
    ...namePlaces(snapshot).map(({ zone }) => zone),
    ...views.flatMap(({ hostZones }) => [...hostZones.values()].map(({ zone }) => zone)),
    ...views.flatMap(({ rules }) => rules.flatMap((rule) => (rule.kind === "answer" ? [rule.zone] : []))),
  ];
}

function* aliasesIn(tree: ZoneTree): Generator<Alias> {
  for (const { owner, type, rdatas } of setsOf(tree, [RecordTypes.CNAME, RecordTypes.DNAME])) {
    const [rdata] = rdatas;
    if (rdata === undefined) continue;
    const target = aliasTarget(rdata);
    if (type === RecordTypes.DNAME) yield { kind: "below", from: owner, target, isOneTarget: false };
    else yield { kind: "name", from: owner, target };
    if (type === RecordTypes.CNAME && owner.labels[0] === "*")
      yield { kind: "below", from: parentOf(owner), target, isOneTarget: true };
  }
}

/** The sets of some types in a zone. Where no layer lies over the base, nothing is made of the others. */
function* setsOf(tree: ZoneTree, types: readonly RecordType[]): Generator<RRset> {
  if (tree.overlay !== undefined) {
    for (const rrset of zoneRecords(tree)) if (types.includes(rrset.type)) yield rrset;
    return;
  }
  const { nodeSets, setType } = tree.base;
  for (let node = 0; node + 1 < nodeSets.length; node++) {
    for (let set = nodeSets[node] ?? 0; set < (nodeSets[node + 1] ?? 0); set++) {
      const type = setType[set] ?? 0;
      const rrset = types.includes(type) ? rrsetAt(tree, node, type) : undefined;
      if (rrset !== undefined) yield rrset;
    }
  }
}

/** Whether a wildcard of that kind lies right below some name above this one. */
function isBelowWildcard(name: DomainName, wildcards: ReadonlySet<string>): boolean {
  if (name.labels[0] === "*") return false;
  for (let above = name; above.labels.length > 0; ) {
    above = parentOf(above);
    if (wildcards.has(above.key)) return true;
  }
  return false;
}

function hasAnywhere({ base, overlay }: ZoneTree, type: RecordType): boolean {
  return base.setType.includes(type) || overlay?.sets.some((set) => set.type === type) === true;
}
