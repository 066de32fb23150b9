import { type DomainName, foldLabel } from "../name/domain-name.ts";
import { knownName } from "../name/name-text.ts";
import outdated from "./data/outdated-zones.json" with { type: "json" };
import { ZONE_ROWS } from "./zone-rows.ts";

/** Every private zone the catalogue knows, once, as templates: `privatelink.{regionName}.azmk8s.io`. */
export function privatelinkZones(): readonly string[] {
  return ZONES;
}

const ZONES: readonly string[] = [...new Set(ZONE_ROWS.flatMap(({ doors }) => doors.map(({ zone }) => zone)))];

/** Zones that are named in full; those with placeholders all have a label `privatelink`. */
const FULL_ZONES: ReadonlySet<string> = new Set(
  ZONES.filter((zone) => !zone.includes("{")).map((zone) => knownName(zone).key),
);

/** Whether a zone has a published name, whatever stands for its placeholders. */
export function isPublishedZone(name: DomainName): boolean {
  return FULL_ZONES.has(name.key) || TEMPLATES.some((template) => matches(template, name));
}

const TEMPLATES = ZONES.filter((zone) => zone.includes("{")).map((zone) => zone.split("."));

/** Whether a zone counts as a privatelink zone: it has a label `privatelink`, or is listed. */
export function isPrivatelinkZone(name: DomainName): boolean {
  return name.labels.some((label) => foldLabel(label) === "privatelink") || FULL_ZONES.has(name.key);
}

/** The zone that took the place of one that older documents name; a placeholder stands for any one label. */
export function replacedZone(name: DomainName): DomainName | undefined {
  const found = outdated.find(({ zone }) => matches(zone.split("."), name));
  return found === undefined ? undefined : knownName(found.replacedBy);
}

/** Whether a name is one that is printed beside zones, and must not be one: its records lie in the zone above. */
export function isVirtualZone(name: DomainName): boolean {
  return VIRTUAL_ZONES.some((template) => matches(template, name));
}

/** Names that must not be made zones beside the one above them, as templates. */
export function virtualZones(): readonly string[] {
  return [...new Set(ZONE_ROWS.flatMap(({ virtualPrivateZones }) => virtualPrivateZones))];
}

const VIRTUAL_ZONES = virtualZones().map((zone) => zone.split("."));

function matches(template: readonly string[], name: DomainName): boolean {
  if (template.length !== name.labels.length) return false;
  return template.every((label, i) => label.startsWith("{") || label === foldLabel(name.labels[i] ?? ""));
}
