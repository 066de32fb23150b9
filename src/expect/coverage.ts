import { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { DomainName } from "../name/domain-name.ts";
import { displayName } from "../name/name-text.ts";
import { planEndpoints } from "../platform/allocate.ts";
import { formatRdata } from "../record/rdata-text.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import { typeName } from "../record/type-names.ts";
import type { Step } from "../resolve/resolution.ts";
import { seenZones } from "../snapshot/known-names.ts";
import type { Rule, Snapshot } from "../snapshot/snapshot.ts";
import type { SourceSpan } from "../source/source-file.ts";
import { zoneRecords } from "../zone/zone-records.ts";
import type { TestResult } from "./results.ts";

/** What of a model expectations can touch. */
const COVERED_KINDS = ["zone", "record", "link", "endpoint", "rule"] as const;

export type CoveredKind = (typeof COVERED_KINDS)[number];

/** One thing that an answer may rest on. */
export interface CoveredThing {
  readonly kind: CoveredKind;
  /** As a user would call it: `privatelink.azurecr.io`, `privatelink.azurecr.io → hub`. */
  readonly text: string;
  readonly span?: SourceSpan;
}

export interface Coverage {
  /** How many things of each kind there are. */
  readonly all: Readonly<Record<CoveredKind, number>>;
  /** Those that no answer rested on, by kind, in the order of the files. */
  readonly untouched: readonly CoveredThing[];
}

/** What the answers of a run rested on, read from their traces, and what none of them did. */
export function coverageOf(snapshot: Snapshot, results: readonly TestResult[]): Coverage {
  const touched = new Set<string>();
  const holders = endpointsByAddress(snapshot);
  for (const { resolution } of results)
    for (const step of resolution?.trace ?? []) for (const id of touchedBy(step, holders)) touched.add(id);
  const things = thingsOf(snapshot);
  const all = { zone: 0, record: 0, link: 0, endpoint: 0, rule: 0 };
  for (const { thing } of things) all[thing.kind] += 1;
  return { all, untouched: things.filter(({ id }) => !touched.has(id)).map(({ thing }) => thing) };
}

interface Identified {
  readonly id: string;
  readonly thing: CoveredThing;
}

function zoneId(key: string): string {
  return `zone ${key}`;
}

function linkId(zone: string, network: string): string {
  return `link ${zone}\n${network}`;
}

function recordId(zone: string, owner: DomainName, type: RecordType): string {
  return `record ${zone}\n${owner.key}\n${type}`;
}

function endpointId(key: string): string {
  return `endpoint ${key}`;
}

function ruleId({ span, domain }: Rule): string {
  return `rule ${span.file.path}\n${span.start}\n${domain.key}`;
}

/** The endpoints that have an address, by it. */
type Holders = ReadonlyMap<string, readonly string[]>;

function endpointsByAddress({ topology }: Snapshot): Holders {
  const holders = new Map<string, string[]>();
  for (const { endpoint, members } of planEndpoints(topology, new Diagnostics()).values()) {
    for (const { text } of members.flatMap(({ addresses }) => addresses)) {
      const others = holders.get(text);
      if (others === undefined) holders.set(text, [endpoint.key]);
      else others.push(endpoint.key);
    }
  }
  return holders;
}

/** What one decision rested on. A denial touches the zone, and no record of it. */
function touchedBy(step: Step, holders: Holders): string[] {
  if (step.kind === "rule" || step.kind === "rule-answer") return [ruleId(step.rule)];
  if (step.kind !== "zone") return [];
  const { source, found, name } = step;
  const ids = [zoneId(source.key)];
  if (source.link !== undefined) ids.push(linkId(source.key, source.link.network));
  // An endpoint that the provider made a zone for is touched through it.
  if (source.madeBy?.endpoint !== undefined) ids.push(endpointId(source.madeBy.endpoint));
  switch (found.kind) {
    case "data": {
      const owner = found.wildcard ?? name;
      for (const { type, rdatas } of found.rrsets) {
        ids.push(recordId(source.key, owner, type));
        for (const rdata of rdatas)
          for (const endpoint of holders.get(formatRdata(type, rdata)) ?? []) ids.push(endpointId(endpoint));
      }
      break;
    }
    case "alias":
      ids.push(recordId(source.key, found.wildcard ?? name, RecordTypes.CNAME));
      break;
    case "dname":
      ids.push(recordId(source.key, found.dname.owner, RecordTypes.DNAME));
      break;
    case "delegation":
      ids.push(recordId(source.key, found.ns.owner, RecordTypes.NS));
      break;
    case "nodata":
    case "nxdomain":
      break;
  }
  return ids;
}

function thingsOf(snapshot: Snapshot): Identified[] {
  const { topology } = snapshot;
  const zones = [...topology.zones.values()].map(({ key, span }) => thingAt(zoneId(key), "zone", key, span));
  const links = [...topology.zones.values()].flatMap((zone) =>
    zone.links.map(({ network, span }) => thingAt(linkId(zone.key, network), "link", `${zone.key} → ${network}`, span)),
  );
  const endpoints = [...topology.endpoints.values()].map(({ key, span }) =>
    thingAt(endpointId(key), "endpoint", key, span),
  );
  return [...zones, ...recordsOf(snapshot), ...links, ...endpoints, ...rulesOf(snapshot)];
}

function thingAt(id: string, kind: CoveredKind, text: string, span: SourceSpan | undefined): Identified {
  return { id, thing: { kind, text, ...(span === undefined ? {} : { span }) } };
}

function recordsOf(snapshot: Snapshot): Identified[] {
  const found: Identified[] = [];
  for (const [key, zone] of seenZones(snapshot)) {
    // Zones that nobody declared are the provider's: what is in them is not the user's to expect.
    if (!snapshot.topology.zones.has(key)) continue;
    for (const set of zoneRecords(zone.tree)) {
      if (isInfrastructure(set, zone.origin)) continue;
      const text = `${displayName(set.owner)} ${typeName(set.type)}`;
      found.push(thingAt(recordId(key, set.owner, set.type), "record", text, set.places?.[0]));
    }
  }
  return found;
}

/** What every zone has at its apex. */
function isInfrastructure({ owner, type }: RRset, origin: DomainName): boolean {
  return owner.key === origin.key && (type === RecordTypes.SOA || type === RecordTypes.NS);
}

function rulesOf({ resolvers, topology }: Snapshot): Identified[] {
  const found = new Map<string, Identified>();
  for (const { view, network, key } of resolvers.values()) {
    for (const rule of view.rules) {
      const id = ruleId(rule);
      const of =
        rule.ruleset === undefined
          ? topology.resolvers.has(key)
            ? `resolver ${key}`
            : `network ${network ?? key}`
          : `ruleset ${rule.ruleset}`;
      if (!found.has(id)) found.set(id, thingAt(id, "rule", `${displayName(rule.domain)} of ${of}`, rule.span));
    }
  }
  return [...found.values()];
}
