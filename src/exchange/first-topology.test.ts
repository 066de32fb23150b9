import { describe, expect, test } from "vitest";
import { unmet } from "../../test/support/expectations.ts";
import { loadText } from "../../test/support/memory-files.ts";
import { providerServices } from "../catalogue/provider-services.ts";
import { groupsIn, serviceTypes } from "../catalogue/service-types.ts";
import { UNEXPANDED } from "../catalogue/unexpanded.ts";
import { renderCompact } from "../report/compact.ts";
import { firstTopology } from "./first-topology.ts";

/** Every group of every type, in a location of each cloud. */
const CASES = [
  { location: "westeurope", cloud: "commercial" },
  { location: "usgovvirginia", cloud: "usgov" },
  { location: "chinaeast2", cloud: "china" },
].flatMap(({ location, cloud }) =>
  serviceTypes().flatMap((type) =>
    groupsIn(type, cloud === "usgov" ? "usgov" : cloud === "china" ? "china" : "commercial").map((group) => ({
      location,
      type: type.id,
      group: group.name,
      isUnexpanded: UNEXPANDED.some(
        (one) => one.column === "private" && one.cloud === cloud && one.type === type.id && one.group === group.name,
      ),
    })),
  ),
);

function faultsOf(text: string): string[] {
  const { snapshot, diagnostics } = loadText(text);
  return [...diagnostics.map(renderCompact), ...unmet(snapshot)];
}

describe("a first topology", () => {
  test.each(CASES)("of $type $group in $location loads without a finding and does what it expects", (one) => {
    const made = firstTopology([one], one.location);
    if (one.isUnexpanded) return expect(made).toMatchObject({ kind: "problem" });
    if (made.kind !== "text") throw new Error(made.message);
    expect(faultsOf(made.text)).toEqual([]);
  });

  test.each(providerServices().filter(({ endpoint }) => endpoint.none === ""))("of $id", ({ id }) => {
    const made = firstTopology([{ type: id }], undefined);
    if (made.kind !== "text") throw new Error(made.message);
    expect(faultsOf(made.text)).toEqual([]);
  });

  test("of several types has one network for each provider, and each zone once", () => {
    const made = firstTopology(
      [
        { type: "azure/storage", group: "blob" },
        { type: "Microsoft.Storage/storageAccounts", group: "dfs" },
        { type: "azure/container-registry" },
        { type: "aws/ecr.dkr" },
      ],
      undefined,
    );
    if (made.kind !== "text") throw new Error(made.message);
    expect(faultsOf(made.text)).toEqual([]);
    const { topology } = loadText(made.text).snapshot;
    expect([...topology.networks.keys()]).toEqual(["azure", "aws"]);
    expect([...topology.zones.keys()]).toEqual([
      "privatelink.blob.core.windows.net",
      "privatelink.dfs.core.windows.net",
      "privatelink.azurecr.io",
    ]);
    expect([...topology.services.keys()].slice(0, 2)).toEqual(["mystorage", "mycontainerregistry"]);
  });

  test.each([
    {
      type: "azure/container-registri",
      says: /^no type of service is called azure\/container-registri: did you mean azure\/container-registry/,
    },
    {
      type: "azure/storage",
      group: "blobs",
      says: /^azure\/storage has no group blobs in westeurope: there are blob, /,
    },
    { type: "nothing/like-it", says: /^no type of service is called nothing\/like-it: / },
  ])("of $type $group is a sentence", ({ type, group, says }) => {
    const made = firstTopology([{ type, ...(group === undefined ? {} : { group }) }], undefined);
    expect(made.kind === "problem" && made.message).toMatch(says);
  });
});
