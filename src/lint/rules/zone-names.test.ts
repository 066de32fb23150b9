import { describe, expect, test } from "vitest";
import { loadText } from "../../../test/support/memory-files.ts";
import { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { estateOf } from "../estate.ts";
import { zoneNamesRule } from "./zone-names.ts";

/** The hint for a zone in an estate with endpoints of a registry, a vault and blobs, or without; empty: nothing is told. */
function hintFor(zone: string, endpoints: string): string {
  const { snapshot } = loadText(`networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16, subnets: { pe: 10.0.0.0/24 } }
zones: { ${zone}: { links: hub } }
services:
  kv: { type: azure/key-vault }
  reg: { type: azure/container-registry, location: westeurope }
  st: { type: azure/storage }
${endpoints}`);
  const diagnostics = new Diagnostics();
  zoneNamesRule.check(estateOf(snapshot), diagnostics);
  return diagnostics
    .sorted()
    .map(({ hint = "" }) => hint)
    .join("; ");
}

const ENDPOINTS = `endpoints:
  kv: { network: hub, service: kv }
  reg: { network: hub, service: reg }
  st: { network: hub, service: st, group: blob }
`;

describe("a zone by a wrong name", () => {
  test.each([
    { zone: "privatelink.vault.azure.net", meant: "privatelink.vaultcore.azure.net" },
    { zone: "privatelink.keyvault.azure.net", meant: "privatelink.vaultcore.azure.net" },
    { zone: "privatelink.azurecr.com", meant: "privatelink.azurecr.io" },
    { zone: "privatelnk.azurecr.io", meant: "privatelink.azurecr.io" },
    { zone: "privatelink.blob.windows.net", meant: "privatelink.blob.core.windows.net" },
    { zone: "westeurope.privatelink.azurecr.io", meant: "privatelink.azurecr.io" },
  ])("$zone was meant to be $meant, where an endpoint lacks that", ({ zone, meant }) => {
    expect(hintFor(zone, ENDPOINTS)).toBe(`call it ${meant}`);
  });

  test.each([
    { zone: "privatelink.azurecr.io", because: "is right" },
    { zone: "privatelink.file.core.windows.net", because: "is another service's" },
    { zone: "westus2.privatelink.westeurope.azmk8s.io", because: "may be a resource's own" },
    { zone: "privatelink.contoso.example", because: "is somebody's own" },
    { zone: "corp.azurecr-tools.io", because: "has nothing to do with it" },
  ])("$zone is none: it $because", ({ zone }) => {
    expect(hintFor(zone, ENDPOINTS)).toBe("");
  });

  test.each([
    { zone: "privatelink.vault.azure.net", hint: "call it privatelink.vaultcore.azure.net" },
    { zone: "privatelink.vaultcor.azure.net", hint: "call it privatelink.vaultcore.azure.net" },
    { zone: "privatelink.brandnew.azure.net", hint: "" },
    { zone: "privatelink.azurecr.com", hint: "" },
  ])('without endpoints $zone gets "$hint"', ({ zone, hint }) => {
    expect(hintFor(zone, "")).toBe(hint);
  });
});
