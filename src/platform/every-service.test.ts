import { describe, expect, test } from "vitest";
import { HUB, type Sample, sampleTopology } from "../../test/support/sample-topology.ts";
import { rdataText, walk } from "../../test/support/walk-records.ts";
import { publicNames } from "../catalogue/expand.ts";
import { isPrivatelinkZone } from "../catalogue/privatelink-zones.ts";
import { findServiceType, groupsIn } from "../catalogue/service-types.ts";
import { UNEXPANDED } from "../catalogue/unexpanded.ts";
import { ZONE_ROWS } from "../catalogue/zone-rows.ts";
import { Diagnostics } from "../diagnostics/diagnostic.ts";
import { isAtOrBelow } from "../name/domain-name.ts";
import { displayName, knownName } from "../name/name-text.ts";
import { privateWrites } from "./endpoint-records.ts";
import { publicRecords } from "./public-records.ts";

const REGIONS = { commercial: "westeurope", usgov: "usgovvirginia", china: "chinaeast2" } as const;
const OPTIONAL = new Set(["regionName", "regionCode", "workspaceShard", "subzone", "partitionId", "cloud"]);

/** Every row and group, and again with the parameters that move names to another zone. */
const CASES = ZONE_ROWS.flatMap((row) =>
  row.groups.flatMap((group) => [[], ["subzone", "partitionId"]].map((extra) => ({ row, group, extra }))),
).filter(
  ({ row, extra }) => extra.length === 0 || row.doors.some(({ zone }) => /\{(subzone|partitionId)\}/.test(zone)),
);

describe("an endpoint of every published row", () => {
  test.each(CASES)("$row.cloud $row.type $group $extra: private inside, public outside", ({ row, group, extra }) => {
    const type = findServiceType(row.type);
    if (type === undefined) throw new Error(`no type ${row.type}`);
    const parameters = Object.fromEntries(
      type.parameters
        .filter(({ name }) => !OPTIONAL.has(name) || extra.includes(name))
        .map(({ name }) => [name, `${name.toLowerCase()}1`]),
    );
    const isUnexpanded = UNEXPANDED.some(
      (one) => one.column === "private" && one.cloud === row.cloud && one.type === row.type && one.group === group,
    );
    const service = { type: row.type, location: REGIONS[row.cloud], parameters };
    const before: Sample = {
      networks: HUB,
      services: { thing: service },
      endpoints: { pe: { service: "thing", group } },
    };
    const names = publicNames(type, sampleTopology(before).services.get("thing") ?? never()).names.filter(
      (name) => name.group.name.toLowerCase() === group.toLowerCase(),
    );
    const zones = Object.fromEntries(names.map(({ zone }) => [displayName(zone), ["hub"]]));
    const topology = sampleTopology({ ...before, zones });
    const diagnostics = new Diagnostics();
    const writes = privateWrites(topology, diagnostics);
    const records = publicRecords(topology, diagnostics);
    if (isUnexpanded) {
      expect(names).toEqual([]);
      expect(diagnostics.sorted().map(({ code }) => code)).toEqual(["service/no-names"]);
      return;
    }
    expect(diagnostics.sorted()).toEqual([]);
    expect(groupsIn(type, row.cloud).map(({ name }) => name.toLowerCase())).toContain(group.toLowerCase());
    expect(names.length).toBeGreaterThan(0);

    for (const { publicName, privateName, zone } of names) {
      const { path, address } = walk(records, publicName);
      const [first] = path;
      // Inside: the first alias leads into a zone that the row names, where the endpoint wrote a private address.
      expect(first).toBe(displayName(privateName));
      expect(isPrivatelinkZone(zone) && isAtOrBelow(knownName(first ?? ""), zone)).toBe(true);
      const own = writes.filter(({ owner }) => owner.key === privateName.key);
      expect(own.map(({ zoneKey, kind }) => `${kind} ${zoneKey}`)).toEqual([`replace ${displayName(zone)}`]);
      expect(own.flatMap(({ type: rtype, rdatas }) => rdatas.map((rdata) => rdataText(rtype, rdata)))[0]).toMatch(
        /^10\.0\.1\./,
      );
      // Outside: the chain goes on from the same alias to a public address.
      expect(path.length).toBe(2);
      expect(address).toMatch(/^198\.1[89]\./);
    }
  });
});

function never(): never {
  throw new Error("the service was just declared");
}
