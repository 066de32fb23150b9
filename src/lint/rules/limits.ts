import { IBM_LIMITS, limits } from "../../catalogue/constants.ts";
import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { displayName } from "../../name/name-text.ts";
import { RecordTypes } from "../../record/record-type.ts";
import type { RRset } from "../../record/rrset.ts";
import type { SourceSpan } from "../../source/source-file.ts";
import { type DeclaredResolver, type PrivateZone, type Ruleset, spanAt } from "../../topology/model.ts";
import type { Estate } from "../estate.ts";
import { grouped } from "../grouped.ts";
import { linksOf, placeOf } from "../linked.ts";
import type { LintRule } from "../rule.ts";

/** What a platform would refuse because it is too much. The figures are data of the catalogue. */
export const limitsRule: LintRule = {
  codes: ["limit/exceeded"],
  check(estate, diagnostics) {
    for (const zone of estate.topology.zones.values()) {
      checkZone(estate, zone, diagnostics);
      checkIbmZone(estate, zone, diagnostics);
    }
    checkNetworks(estate, diagnostics);
    for (const ruleset of estate.topology.rulesets.values()) checkRuleset(estate, ruleset, diagnostics);
    checkEndpoints(estate, diagnostics);
  },
};

interface Count {
  /** `zone corp.example has`, `network hub is linked to`. */
  readonly who: string;
  readonly count: number;
  readonly limit: number;
  readonly unit: string;
  readonly span: SourceSpan;
  readonly platform?: string;
}

function report({ who, count, limit, unit, span, platform = "Azure" }: Count, diagnostics: Diagnostics): void {
  if (count <= limit) return;
  diagnostics.report("limit/exceeded", `${who} ${count} ${unit}, and ${platform} takes at most ${limit}`, span, {
    hint: limit === 1 ? "put them together into one" : "spread them over several, or take some away",
  });
}

function checkZone(estate: Estate, zone: PrivateZone, diagnostics: Diagnostics): void {
  const links = linksOf(estate, zone, "azure");
  if (links.length === 0) return;
  const who = `zone ${zone.key} has`;
  const span = spanAt(zone, "links");
  report({ who, count: links.length, limit: limits.linksPerZone, unit: "links", span }, diagnostics);
  const registering = links.filter(({ registration }) => registration).length;
  const unit = "links with registration";
  report({ who, count: registering, limit: limits.registrationLinksPerZone, unit, span }, diagnostics);
  const reading = estate.readings.get(zone.key);
  if (reading === undefined) return;
  const sets = { who, count: reading.sets, limit: limits.recordSetsPerZone, unit: "record sets", span: zone.span };
  report(sets, diagnostics);
  const { largest } = reading;
  if (largest !== undefined) {
    const place = { who: `${displayName(largest.owner)} has`, span: placeOf(largest, zone) };
    const count = largest.rdatas.length;
    report({ ...place, count, limit: limits.recordsPerRecordSet, unit: "records in one set" }, diagnostics);
  }
  const text = reading.firstOf.get(RecordTypes.TXT);
  if (text === undefined) return;
  const count = characters(text);
  const place = { who: `${displayName(text.owner)} has`, span: placeOf(text, zone) };
  report({ ...place, count, limit: limits.txtRecordSetChars, unit: "characters of text in one set" }, diagnostics);
}

/** Each character-string is preceded by its length (RFC 1035 §3.3). */
function characters({ rdatas }: RRset): number {
  let count = 0;
  for (const rdata of rdatas) {
    for (let at = 0; at < rdata.length; at += 1 + (rdata[at] ?? 0)) count += rdata[at] ?? 0;
  }
  return count;
}

function checkIbmZone(estate: Estate, zone: PrivateZone, diagnostics: Diagnostics): void {
  const reading = estate.readings.get(zone.key);
  if (reading === undefined || linksOf(estate, zone, "ibm").length === 0) return;
  const owners = new Map(reading.wildcards.map((rrset) => [rrset.owner.key, rrset]));
  const [first] = owners.values();
  const platform = "IBM Cloud";
  if (first !== undefined) {
    const place = { who: `zone ${zone.key} has`, span: placeOf(first, zone), platform };
    const limit = IBM_LIMITS.wildcardsPerZone;
    report({ ...place, count: owners.size, limit, unit: "wildcards" }, diagnostics);
  }
  const { ttlMin, ttlMax } = IBM_LIMITS;
  const wrong = [reading.shortestLived, reading.longestLived].find(
    (rrset) => rrset !== undefined && (rrset.ttl < ttlMin || rrset.ttl > ttlMax),
  );
  if (wrong === undefined) return;
  const message = `${displayName(wrong.owner)} lives for ${wrong.ttl} seconds, and ${platform} takes ${ttlMin} to ${ttlMax}`;
  diagnostics.report("limit/exceeded", message, placeOf(wrong, zone), { hint: "900 seconds are usual there" });
}

function checkNetworks({ topology }: Estate, diagnostics: Diagnostics): void {
  const zones = countByNetwork([...topology.zones.values()].flatMap(({ links }) => links));
  const rulesets = new Map(
    grouped(
      [...topology.rulesets.values()].flatMap(({ links }) => links),
      ({ network }) => network,
    ).map((links) => [links[0].network, links] as const),
  );
  const isInbound = ({ external, forward, zones: held }: DeclaredResolver): boolean =>
    !external && forward.length === 0 && held.length === 0;
  const inbound = countByNetwork([...topology.resolvers.values()].filter(isInbound));
  for (const { key, kind, span } of topology.networks.values()) {
    if (kind !== "azure") continue;
    const who = `network ${key} is linked to`;
    const limit = limits.zonesPerNetwork;
    report({ who, count: zones.get(key) ?? 0, limit, unit: "zones", span }, diagnostics);
    const links = rulesets.get(key) ?? [];
    const place = links[1]?.span ?? span;
    const most = limits.rulesetsPerNetwork;
    report({ who, count: links.length, limit: most, unit: "rulesets", span: place }, diagnostics);
    const has = { who: `network ${key} has`, count: inbound.get(key) ?? 0, span };
    report({ ...has, limit: limits.inboundEndpointsPerNetwork, unit: "inbound endpoints" }, diagnostics);
  }
}

function countByNetwork(things: readonly { readonly network: string }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { network } of things) counts.set(network, (counts.get(network) ?? 0) + 1);
  return counts;
}

function checkRuleset({ topology }: Estate, { key, span, links, forward }: Ruleset, diagnostics: Diagnostics): void {
  const azure = links.filter(({ network }) => topology.networks.get(network)?.kind === "azure");
  if (azure.length === 0) return;
  const who = `ruleset ${key} has`;
  report({ who, count: azure.length, limit: limits.linksPerRuleset, unit: "links", span }, diagnostics);
  report({ who, count: forward.length, limit: limits.rulesPerRuleset, unit: "rules", span }, diagnostics);
  for (const rule of forward) {
    if (rule.kind !== "to") continue;
    const count = rule.targets.length;
    const rulesOf = `the rule of ruleset ${key} for ${displayName(rule.domain)} has`;
    report({ who: rulesOf, count, limit: limits.targetsPerRule, unit: "targets", span: rule.span }, diagnostics);
  }
}

function checkEndpoints({ topology, plans }: Estate, diagnostics: Diagnostics): void {
  const registries = new Map<string, number>();
  for (const { endpoint, service, network } of plans.values()) {
    if (network.kind !== "azure") continue;
    if (service.type === "azure/container-registry")
      registries.set(service.key, (registries.get(service.key) ?? 0) + 1);
    const zones = endpoint.privateDns.filter(({ kind }) => kind === "zone").length;
    const place = { who: `endpoint ${endpoint.key} writes to`, span: spanAt(endpoint, "privateDns") };
    report({ ...place, count: zones, limit: limits.zonesPerEndpoint, unit: "zones" }, diagnostics);
  }
  for (const [key, count] of registries) {
    const span = topology.services.get(key)?.span;
    const limit = limits.endpointsPerRegistry;
    if (span !== undefined) report({ who: `registry ${key} has`, count, limit, unit: "endpoints", span }, diagnostics);
  }
}
