import type { Cloud } from "./clouds.ts";
import { memberPatterns } from "./name-patterns.ts";
import { CLOUD_PARAMETER, parameterNamed, placeholdersOf, type ServiceParameter } from "./parameters.ts";
import { type Door, ZONE_ROWS, type ZoneRow } from "./zone-rows.ts";

/** A kind of service that a user can declare. */
export interface ServiceType {
  /** The short name: `azure/storage`. */
  readonly id: string;
  /** The platform's own name: `Microsoft.Storage/storageAccounts`. */
  readonly resourceType: string;
  readonly title: string;
  /** In the order they are published. */
  readonly groups: readonly ServiceGroup[];
  /** What the names of its groups need beside name and location. */
  readonly parameters: readonly ServiceParameter[];
}

/** A part of a service that an endpoint leads to (a sub-resource). */
export interface ServiceGroup {
  /** As the platform spells it. */
  readonly name: string;
  /** The suffixes and zones of its names, by cloud; a cloud that does not offer it is missing. */
  readonly doors: ReadonlyMap<Cloud, readonly Door[]>;
}

/** Every type, in the order they are published. */
export function serviceTypes(): readonly ServiceType[] {
  return TYPES;
}

/** Finds a type by its short name or the platform's own; case does not count. Where types share a platform name, the first. */
export function findServiceType(text: string): ServiceType | undefined {
  return BY_TEXT.get(text.toLowerCase());
}

/** Finds a group by name; case does not count. */
export function findGroup(type: ServiceType, text: string): ServiceGroup | undefined {
  const folded = text.toLowerCase();
  return type.groups.find(({ name }) => name.toLowerCase() === folded);
}

/** The groups of a type that a cloud offers. */
export function groupsIn(type: ServiceType, cloud: Cloud): readonly ServiceGroup[] {
  return type.groups.filter(({ doors }) => doors.has(cloud));
}

const TYPES: readonly ServiceType[] = collectTypes(ZONE_ROWS);
const BY_TEXT: ReadonlyMap<string, ServiceType> = indexTypes(TYPES);

function collectTypes(rows: readonly ZoneRow[]): ServiceType[] {
  const firstRows = new Map<string, ZoneRow>();
  for (const row of rows) if (!firstRows.has(row.type)) firstRows.set(row.type, row);
  return [...firstRows.values()].map(({ type: id, resourceType, title }) => {
    const groups = collectGroups(rows.filter(({ type }) => type === id));
    return { id, resourceType, title, groups, parameters: collectParameters(id, groups) };
  });
}

/** Groups of all clouds; the spelling is the first one's. */
function collectGroups(rows: readonly ZoneRow[]): ServiceGroup[] {
  const groups = new Map<string, { name: string; doors: Map<Cloud, readonly Door[]> }>();
  for (const { cloud, groups: names, doors } of rows) {
    for (const name of names) {
      const group = groups.get(name.toLowerCase()) ?? { name, doors: new Map<Cloud, readonly Door[]>() };
      group.doors.set(cloud, doors);
      groups.set(name.toLowerCase(), group);
    }
  }
  return [...groups.values()];
}

function collectParameters(id: string, groups: readonly ServiceGroup[]): ServiceParameter[] {
  const templates = groups.flatMap(({ name, doors }) => [
    ...[...doors.values()].flat().map(({ zone }) => zone),
    ...memberPatterns(id, name).flatMap(({ member, names }) => [member, ...names.map(({ head }) => head)]),
  ]);
  const names = new Set(templates.flatMap(placeholdersOf));
  names.delete("name");
  return [...[...names].map(parameterNamed), CLOUD_PARAMETER];
}

function indexTypes(types: readonly ServiceType[]): Map<string, ServiceType> {
  const index = new Map<string, ServiceType>();
  for (const type of types) {
    index.set(type.id.toLowerCase(), type);
    const platformName = type.resourceType.toLowerCase();
    if (!index.has(platformName)) index.set(platformName, type);
  }
  return index;
}
