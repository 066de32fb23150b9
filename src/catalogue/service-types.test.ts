import { describe, expect, test } from "vitest";
import { knownName } from "../name/name-text.ts";
import { isPrivatelinkZone, privatelinkZones, replacedZone, virtualZones } from "./privatelink-zones.ts";
import { findGroup, findServiceType, groupsIn, serviceTypes } from "./service-types.ts";
import { suggestServiceTypes } from "./suggest.ts";

describe("finding a type", () => {
  test.each([
    { text: "azure/container-registry", id: "azure/container-registry" },
    { text: "AZURE/Container-Registry", id: "azure/container-registry" },
    { text: "Microsoft.ContainerRegistry/registries", id: "azure/container-registry" },
    { text: "microsoft.insights/privatelinkscopes", id: "azure/monitor" },
    { text: "Microsoft.Cache/RedisEnterprise", id: "azure/redis-enterprise" },
    { text: "Microsoft.Purview", id: undefined },
    { text: "container-registry", id: undefined },
    { text: "", id: undefined },
  ])("$text is $id", ({ text, id }) => {
    expect(findServiceType(text)?.id).toBe(id);
  });

  test("each id and each platform name leads back to a type of that name", () => {
    for (const type of serviceTypes()) {
      expect(findServiceType(type.id)).toBe(type);
      expect(findServiceType(type.resourceType.toUpperCase())?.resourceType).toBe(type.resourceType);
      expect(type.id).toMatch(/^azure\/[a-z0-9-]+$/);
    }
  });

  test.each([
    { text: "azure/acr", first: "azure/container-registry" },
    { text: "azure/container-regsitry", first: "azure/container-registry" },
    { text: "azure/keyvualt", first: "azure/key-vault" },
    { text: "azure/stroage", first: "azure/storage" },
    { text: "azure/keyvault", first: "azure/key-vault" },
    { text: "azure/cosmos", first: "azure/cosmos-db" },
    { text: "azure/postgres", first: "azure/postgresql" },
    { text: "storage account", first: "azure/storage" },
    { text: "azure/zzzzzzzzzz", first: undefined },
    { text: "", first: undefined },
  ])("whoever writes $text is asked about $first", ({ text, first }) => {
    expect(suggestServiceTypes(text)[0]).toBe(first);
    expect(suggestServiceTypes(text).length).toBeLessThanOrEqual(3);
  });
});

describe("groups", () => {
  test.each([
    { type: "azure/storage", text: "BLOB_SECONDARY", name: "blob_secondary" },
    { type: "azure/signalr", text: "signalR", name: "signalr" },
    { type: "azure/cosmos-db", text: "sql", name: "Sql" },
    { type: "azure/storage", text: "blobs", name: undefined },
  ])("$text of $type is $name", ({ type, text, name }) => {
    const found = findServiceType(type);
    expect(found === undefined ? "no type" : findGroup(found, text)?.name).toBe(name);
  });

  test("a cloud offers what its rows list", () => {
    const storage = findServiceType("azure/storage");
    const names = (cloud: "commercial" | "usgov"): string[] =>
      storage === undefined ? [] : groupsIn(storage, cloud).map(({ name }) => name);
    expect(names("commercial")).not.toContain("file_secondary");
    expect(names("usgov")).toContain("file_secondary");
  });

  test("a type lists the parameters of its names, each with a meaning", () => {
    const parameters = (id: string): string[] => findServiceType(id)?.parameters.map(({ name }) => name) ?? [];
    expect(parameters("azure/kubernetes")).toEqual(["regionName", "subzone", "cloud"]);
    expect(parameters("azure/storage")).toEqual(["cloud"]);
    for (const { parameters: all } of serviceTypes()) for (const { meaning } of all) expect(meaning).not.toBe("");
  });
});

describe("privatelink zones", () => {
  test.each([
    { zone: "privatelink.azurecr.io", counts: true },
    { zone: "PrivateLink.AzureCR.io", counts: true },
    { zone: "team.privatelink.westeurope.azmk8s.io", counts: true },
    { zone: "privatelink.of.nobody.example", counts: true },
    { zone: "privatelink-global.wvd.microsoft.com", counts: true },
    { zone: "privatelink-global.wvd.azure.cn", counts: true },
    { zone: "privatelink-global.example", counts: false },
    { zone: "azurecr.io", counts: false },
    { zone: "vaultcore.azure.net", counts: false },
    { zone: "corp.example", counts: false },
  ])("$zone counts as one: $counts", ({ zone, counts }) => {
    expect(isPrivatelinkZone(knownName(zone))).toBe(counts);
  });

  test("every zone of the catalogue counts, and none of the virtual ones is among them", () => {
    expect(privatelinkZones().length).toBeGreaterThan(180 - 60);
    for (const zone of privatelinkZones()) expect(isPrivatelinkZone(knownName(zone))).toBe(true);
    expect(virtualZones()).toContain("{regionName}.data.privatelink.azurecr.io");
    expect(virtualZones().filter((zone) => privatelinkZones().includes(zone))).toEqual([]);
  });

  test.each([
    { zone: "privatelink.vault.azure.net", becomes: "privatelink.vaultcore.azure.net" },
    { zone: "WestEurope.privatelink.azurecr.io", becomes: "privatelink.azurecr.io" },
    { zone: "privatelink.westeurope.batch.azure.com", becomes: "privatelink.batch.azure.com" },
    { zone: "privatelink.azurecr.io", becomes: undefined },
    { zone: "corp.example", becomes: undefined },
  ])("$zone was replaced by $becomes", ({ zone, becomes }) => {
    const found = replacedZone(knownName(zone));
    expect(found?.key).toBe(becomes === undefined ? undefined : knownName(becomes).key);
  });
});
