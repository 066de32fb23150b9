import { AZURE_RESERVED_ZONES, AZURE_ZONE_TYPES, IBM_RESERVED_DOMAINS, limits } from "../../catalogue/constants.ts";
import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { isAtOrBelow } from "../../name/domain-name.ts";
import { displayName, knownName } from "../../name/name-text.ts";
import { RecordTypes } from "../../record/record-type.ts";
import { typeName } from "../../record/type-names.ts";
import type { PrivateZone } from "../../topology/model.ts";
import type { Estate } from "../estate.ts";
import { linksOf, placeOf } from "../linked.ts";
import type { LintRule } from "../rule.ts";

/** Zones and records that a platform does not create: they work here, and nowhere else. */
export const refusedZonesRule: LintRule = {
  codes: ["zone/name-refused", "zone/type-refused"],
  check(estate, diagnostics) {
    for (const zone of estate.topology.zones.values()) {
      reportName(estate, zone, diagnostics);
      reportType(estate, zone, diagnostics);
    }
  },
};

const RESERVED_BY_AZURE: ReadonlySet<string> = new Set(AZURE_RESERVED_ZONES.map((name) => knownName(name).key));
const RESERVED_BY_IBM = IBM_RESERVED_DOMAINS.map(knownName);

function reportName(estate: Estate, zone: PrivateZone, diagnostics: Diagnostics): void {
  const why = whyRefused(estate, zone);
  if (why === undefined) return;
  const [link] = zone.links;
  const message = `zone ${zone.key} cannot be created: ${why.because}`;
  diagnostics.report("zone/name-refused", message, zone.span, {
    related: link === undefined ? [] : [{ message: `it is linked to network ${link.network} here`, span: link.span }],
    hint: why.hint,
  });
}

function whyRefused(
  estate: Estate,
  zone: PrivateZone,
): { readonly because: string; readonly hint: string } | undefined {
  const { name } = zone;
  const labels = name.labels.length;
  if (linksOf(estate, zone, "azure").length > 0) {
    if (RESERVED_BY_AZURE.has(name.key))
      return {
        because: `Azure keeps ${displayName(name)} for itself`,
        hint: "make zones for the domains below it that your endpoints need",
      };
    if (labels < limits.zoneLabelsMin)
      return {
        because: `Azure wants at least ${limits.zoneLabelsMin} labels in a zone's name`,
        hint: "add a label: corp becomes corp.example",
      };
    if (labels > limits.zoneLabelsMax)
      return {
        because: `Azure takes at most ${limits.zoneLabelsMax} labels in a zone's name, and it has ${labels}`,
        hint: "make the zone for a shorter name above it",
      };
  }
  const kept = RESERVED_BY_IBM.find((domain) => isAtOrBelow(name, domain));
  if (kept !== undefined && linksOf(estate, zone, "ibm").length > 0)
    return {
      because: `IBM Cloud keeps ${displayName(kept)} and what is below it for itself`,
      hint: "use a domain of your own, or an endpoint, which makes its zone by itself",
    };
  return undefined;
}

/** Of a signed zone: that is told once, by itself. */
const OF_SIGNING: readonly string[] = ["RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "DNSKEY", "CDS", "CDNSKEY"];

function reportType(estate: Estate, zone: PrivateZone, diagnostics: Diagnostics): void {
  const reading = estate.readings.get(zone.key);
  const [link] = linksOf(estate, zone, "azure");
  if (reading === undefined || link === undefined) return;
  for (const [type, rrset] of reading.firstOf) {
    const name = typeName(type);
    if (AZURE_ZONE_TYPES.includes(name) || OF_SIGNING.includes(name)) continue;
    const what = type === RecordTypes.NS ? "a private zone of Azure delegates nothing" : "Azure has no such records";
    const message = `zone ${zone.key} cannot have the ${name} record of ${displayName(rrset.owner)}: ${what}`;
    diagnostics.report("zone/type-refused", message, placeOf(rrset, zone), {
      related: [{ message: `the zone is linked to network ${link.network} here`, span: link.span }],
      hint:
        type === RecordTypes.NS
          ? "make the child a zone of its own, with links, or write a rule for it"
          : `leave it out: ${AZURE_ZONE_TYPES.join(", ")} are taken`,
    });
  }
}
