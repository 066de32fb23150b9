import { type DomainName, parentOf, prepend } from "../name/domain-name.ts";
import { aliasTarget } from "../record/rdata-wire.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import { namePlaces } from "../snapshot/known-names.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Zone } from "../zone/zone.ts";
import { zoneRecords } from "../zone/zone-records.ts";
import type { ZoneTree } from "../zone/zone-tree.ts";
import type { Marks } from "./_marks.ts";

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

interface Owner {
  readonly name: DomainName;
  readonly types: RecordType[];
}

/** What a zone has, read once. */
interface Contents {
  readonly owners: readonly Owner[];
  readonly aliases: readonly Alias[];
}

/** Everything that two models have names for. Zones are read when they are needed, and once where both have the same. */
export class KnownNames {
  private readonly snapshots: readonly Snapshot[];
  private readonly zones: ReadonlySet<Zone>;
  private readonly contents = new Map<ZoneTree, Contents>();
  private everyAlias: readonly Alias[] | undefined;

  constructor(before: Snapshot, after: Snapshot) {
    this.snapshots = [before, after];
    const zones = new Map<ZoneTree, Zone>();
    for (const snapshot of this.snapshots) for (const zone of placesOf(snapshot)) zones.set(zone.tree, zone);
    this.zones = new Set(zones.values());
  }

  /** The aliases of every place of both models. */
  aliases(): readonly Alias[] {
    this.everyAlias ??= [...this.zones].flatMap((zone) => this.contentsOf(zone).aliases);
    return this.everyAlias;
  }

  /**
   * The names to ask where answers may differ only for those marked: owners of records, names of endpoints, and for a name
   * that is not there `*.DOMAIN` below every zone, rule, cut and DNAME, and below what a wildcard covers.
   */
  askedFor(marks: readonly Marks[], extra: readonly DomainName[], types: readonly RecordType[]): readonly Asked[] {
    const isMarked = (name: DomainName): boolean => marks.some((one) => one.covers(name));
    const asked = new Map<string, { readonly name: DomainName; readonly types: Set<RecordType> }>();
    const add = (name: DomainName, own: readonly RecordType[]): void => {
      if (!isMarked(name)) return;
      const known = asked.get(name.key);
      if (known === undefined) asked.set(name.key, { name, types: new Set(own) });
      else for (const type of own) known.types.add(type);
    };
    const zones = [...this.zones].filter(({ origin }) => marks.some((one) => one.touches(origin)));
    for (const zone of zones) for (const { name, types: own } of this.contentsOf(zone).owners) add(name, own);
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
      for (const { name } of this.contentsOf(zone).owners)
        if (name.labels[0] === "*") wildcards.add(parentOf(name).key);
    }
    for (const zone of zones) {
      yield zone.origin;
      for (const { name, types } of this.contentsOf(zone).owners) {
        const ends = types.includes(RecordTypes.NS) || types.includes(RecordTypes.DNAME);
        if (ends || (wildcards.size > 0 && isMarked(name) && isBelowWildcard(name, wildcards))) yield name;
      }
    }
  }

  private contentsOf({ tree }: Zone): Contents {
    const known = this.contents.get(tree) ?? readContents(tree);
    this.contents.set(tree, known);
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

function readContents(tree: ZoneTree): Contents {
  const owners: Owner[] = [];
  const aliases: Alias[] = [];
  for (const { owner, type, rdatas } of zoneRecords(tree)) {
    const last = owners.at(-1);
    if (last?.name.key === owner.key) last.types.push(type);
    else owners.push({ name: owner, types: [type] });
    const [rdata] = rdatas;
    if (rdata === undefined) continue;
    if (type === RecordTypes.DNAME)
      aliases.push({ kind: "below", from: owner, target: aliasTarget(rdata), isOneTarget: false });
    if (type !== RecordTypes.CNAME) continue;
    const target = aliasTarget(rdata);
    aliases.push({ kind: "name", from: owner, target });
    if (owner.labels[0] === "*") aliases.push({ kind: "below", from: parentOf(owner), target, isOneTarget: true });
  }
  return { owners, aliases };
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
