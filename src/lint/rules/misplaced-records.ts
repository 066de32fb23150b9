import { ZONE_ROWS } from "../../catalogue/zone-rows.ts";
import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { originOf } from "../../explain/verdict.ts";
import { type DomainName, foldLabel, prepend } from "../../name/domain-name.ts";
import { displayName, knownName } from "../../name/name-text.ts";
import { RecordTypes } from "../../record/record-type.ts";
import type { RRset } from "../../record/rrset.ts";
import type { PrivateZone } from "../../topology/model.ts";
import { zoneRecords } from "../../zone/zone-records.ts";
import { effectOf } from "../effect.ts";
import type { Estate } from "../estate.ts";
import type { LintRule } from "../rule.ts";

/**
 * Records of privatelink zones under names that no service's name leads to: the public name, or the zone's own, written
 * inside the zone once more; a registry's data endpoint without its region. Told where clients do not get a private answer.
 */
export const misplacedRecordsRule: LintRule = {
  codes: ["zone/record-misplaced"],
  check(estate, diagnostics) {
    for (const zone of estate.topology.zones.values()) {
      const suffix = SUFFIX_OF.get(zone.name.key);
      const found = suffix === undefined ? [] : misplacedIn(estate, zone, suffix);
      const [first] = found;
      if (first !== undefined) report(zone, first, found.length - 1, diagnostics);
    }
  },
};

/** The public suffix of each privatelink zone that is named in full, by the zone's name. */
const SUFFIX_OF: ReadonlyMap<string, DomainName> = new Map(
  ZONE_ROWS.flatMap(({ doors }) => doors)
    .filter(({ suffix, zone }) => suffix !== zone && !zone.includes("{") && !suffix.includes("{"))
    .map(({ suffix, zone }) => [knownName(zone).key, knownName(suffix)]),
);

interface Misplaced {
  readonly rrset: RRset;
  /** The name that clients ask. */
  readonly asked: DomainName;
  /** Where the record would be found. */
  readonly right: DomainName;
  readonly network: string;
  readonly answer: ReturnType<Estate["ask"]>;
}

function misplacedIn(estate: Estate, zone: PrivateZone, suffix: DomainName): Misplaced[] {
  const compiled = estate.zones.get(zone.key);
  const network = zone.links[0]?.network;
  if (compiled === undefined || network === undefined) return [];
  const found: Misplaced[] = [];
  for (const rrset of zoneRecords(compiled.tree)) {
    if (!HOLD_ADDRESSES.has(rrset.type)) continue;
    const labels = rrset.owner.labels.slice(0, rrset.owner.labels.length - zone.name.labels.length);
    const own = ownLabels(estate, labels, zone.name, suffix);
    const asked = own === undefined ? undefined : prepend(own, suffix);
    const right = own === undefined ? undefined : prepend(own, zone.name);
    if (asked === undefined || right === undefined) continue;
    const answer = estate.ask({ kind: "resolver", key: `${network}/platform` }, asked);
    if (originOf(answer) === "private" && answer.outcome.kind === "answer") continue;
    found.push({ rrset, asked, right, network, answer });
  }
  return found;
}

const HOLD_ADDRESSES: ReadonlySet<number> = new Set([RecordTypes.A, RecordTypes.AAAA, RecordTypes.CNAME]);

/** What should stand before the zone, where something else does. */
function ownLabels(
  estate: Estate,
  labels: readonly string[],
  zone: DomainName,
  suffix: DomainName,
): readonly string[] | undefined {
  for (const { labels: end } of [suffix, zone]) {
    const extra = labels.length - end.length;
    if (extra > 0 && end.every((label, i) => isSame(label, labels[extra + i]))) return labels.slice(0, extra);
  }
  const [name = "", data = "", ...more] = labels;
  if (more.length > 0 || !isSame("data", data)) return undefined;
  // Of a registry: its data endpoints have the region between.
  for (const names of estate.snapshot.endpointNames.values()) {
    for (const { privateName, zone: holding } of names) {
      const [first = "", , third = ""] = privateName.labels;
      const isItsData = privateName.labels.length === zone.labels.length + 3 && isSame("data", third);
      if (holding.key === zone.key && isItsData && isSame(name, first)) return privateName.labels.slice(0, 3);
    }
  }
  return undefined;
}

function isSame(label: string, other: string | undefined): boolean {
  return other !== undefined && foldLabel(label) === foldLabel(other);
}

function report(zone: PrivateZone, first: Misplaced, more: number, diagnostics: Diagnostics): void {
  const { rrset, asked, right, answer, network } = first;
  const others = more === 0 ? "" : `, and ${more} more like it`;
  const message = `zone ${zone.key} has a record at ${displayName(rrset.owner)}${others}: ${displayName(asked)} leads to ${displayName(right)}`;
  diagnostics.report("zone/record-misplaced", message, rrset.places?.[0] ?? zone.span, {
    related: [{ message: `zone ${zone.key} is here`, span: zone.span }],
    effect: effectOf(answer, network),
    hint: `write the record at ${displayName(right)}`,
  });
}
