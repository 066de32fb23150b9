import { describe, expect, test } from "vitest";
import { isAtOrBelow } from "../name/domain-name.ts";
import { displayName, knownName } from "../name/name-text.ts";
import { regionCode } from "./clouds.ts";
import { expandMembers, type ServiceInputs } from "./expand.ts";
import { fillTemplate } from "./parameters.ts";
import { findGroup, findServiceType, type ServiceType, serviceTypes } from "./service-types.ts";
import { UNEXPANDED } from "./unexpanded.ts";
import { ZONE_ROWS, type ZoneRow } from "./zone-rows.ts";

function typeOf(text: string): ServiceType {
  const type = findServiceType(text);
  if (type === undefined) throw new Error(`no type ${text}`);
  return type;
}

describe("every published row", () => {
  /** A service with every parameter that any type takes; the two that move names to another zone only on demand. */
  function fullService(row: ZoneRow, extra: readonly string[]): ServiceInputs {
    const type = typeOf(row.type);
    const location = { commercial: "westeurope", usgov: "usgovvirginia", china: "chinaeast2" }[row.cloud];
    const optional = new Set(["regionName", "regionCode", "cloud", "workspaceShard", "subzone", "partitionId"]);
    const parameters = new Map(
      type.parameters
        .filter(({ name }) => !optional.has(name) || extra.includes(name))
        .map(({ name }) => [name, `${name.toLowerCase()}1`]),
    );
    return { name: "thing", location, replicas: [], parameters, names: new Map() };
  }

  const VALUES = new Map([
    ["dnsPrefix", "dnsprefix1"],
    ["subzone", "subzone1"],
    ["partitionId", "partitionid1"],
  ]);
  const REGIONS = { commercial: "westeurope", usgov: "usgovvirginia", china: "chinaeast2" } as const;

  const cases = ZONE_ROWS.flatMap((row) =>
    row.groups.map((group) => ({ row, group, cloud: row.cloud, type: row.type })),
  );

  test("is here, in its cloud", () => {
    expect(ZONE_ROWS.length).toBe(186);
    const count = (cloud: string): number => ZONE_ROWS.filter((row) => row.cloud === cloud).length;
    expect([count("commercial"), count("usgov"), count("china")]).toEqual([93, 55, 38]);
    expect(serviceTypes().flatMap(({ groups }) => groups).length).toBeGreaterThan(90);
  });

  test.each(cases)("$cloud $type $group: names in each zone it lists, or the reason", ({ row, group }) => {
    const type = typeOf(row.type);
    const found = findGroup(type, group);
    if (found === undefined) throw new Error(`no group ${group}`);
    const made = [[], ["subzone", "partitionId"]].flatMap((extra) => {
      const expansion = expandMembers(type, found, fullService(row, extra));
      return expansion.kind === "members" ? expansion.members.flatMap(({ names }) => names) : [];
    });
    const code = regionCode(REGIONS[row.cloud]) ?? "";
    const values = new Map([...VALUES, ["regionName", REGIONS[row.cloud]], ["regionCode", code]]);
    const plain = (template: string): string => {
      const filled = fillTemplate(template, values);
      return filled.kind === "text" ? filled.text : template.replace(/^.*\{\w+\}[^.]*\./, "");
    };
    const excused = (column: "private" | "public"): string[] =>
      UNEXPANDED.filter(
        (one) => one.column === column && one.cloud === row.cloud && one.type === row.type && one.group === group,
      )
        .flatMap(({ zones }) => zones)
        .sort();

    const zonesMade = new Set(made.map(({ zone }) => displayName(zone)));
    expect(row.doors.map(({ zone }) => zone).filter((zone) => !zonesMade.has(plain(zone)))).toEqual(excused("private"));
    for (const zone of zonesMade) expect(row.doors.map((door) => plain(door.zone))).toContain(zone);

    const unseen = row.publicZones.filter(
      (suffix) => !made.some(({ publicName }) => isAtOrBelow(publicName, knownName(plain(suffix)))),
    );
    expect(unseen.sort()).toEqual(excused("public"));

    for (const { publicName, privateName, zone } of made) {
      expect(isAtOrBelow(privateName, zone)).toBe(true);
      expect(displayName(publicName)).not.toContain("privatelink");
    }
    for (const virtual of row.virtualPrivateZones) expect(zonesMade).not.toContain(plain(virtual));
  });

  test("every reason in the list is of a row that is published", () => {
    for (const { cloud, type, group, column, zones, reason } of UNEXPANDED) {
      const rows = cases.filter((one) => one.cloud === cloud && one.type === type && one.group === group);
      const published = rows.flatMap(({ row }) =>
        column === "private" ? row.doors.map(({ zone }) => zone) : row.publicZones,
      );
      expect(published).toEqual(expect.arrayContaining([...zones]));
      expect(reason).not.toBe("");
    }
  });

  test("no group is published twice for one type and cloud", () => {
    const keys = cases.map(({ cloud, type, group }) => `${cloud} ${type} ${group.toLowerCase()}`);
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
  });
});
