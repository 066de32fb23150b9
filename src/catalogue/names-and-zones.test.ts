import { describe, expect, test } from "vitest";
import { displayName, knownName } from "../name/name-text.ts";
import { fixedNames } from "./fixed-names.ts";
import { isPublishedZone, isVirtualZone } from "./privatelink-zones.ts";
import { hostsBelow, knownNamesBelow } from "./provider-names.ts";
import { zonesElsewhere } from "./zones-elsewhere.ts";

describe("zones of the catalogue", () => {
  test.each([
    { name: "privatelink.azurecr.io", published: true, virtual: false },
    { name: "PrivateLink.WestEurope.azmk8s.io", published: true, virtual: false },
    { name: "privatelink.vault.azure.net", published: false, virtual: false },
    { name: "westeurope.data.privatelink.azurecr.io", published: false, virtual: true },
    { name: "scm.privatelink.azurewebsites.net", published: false, virtual: true },
    { name: "data.privatelink.azurecr.io", published: false, virtual: false },
  ])("$name: published $published, only printed beside one $virtual", ({ name, published, virtual }) => {
    expect(isPublishedZone(knownName(name))).toBe(published);
    expect(isVirtualZone(knownName(name))).toBe(virtual);
  });

  test.each([
    {
      zone: "privatelink.monitor.azure.com",
      heads: ["api", "global.in.ai", "profiler", "live", "diagservices-query", "snapshot"],
      because: "they lead there for everybody",
    },
    { zone: "privatelink.azurecr.io", heads: [], because: "each registry has names of its own" },
    {
      zone: "privatelink.blob.core.windows.net",
      heads: [],
      because: "storage accounts share it, and need no name of another service",
    },
  ])("fixed names of $zone: $heads, because $because", ({ zone, heads }) => {
    expect(fixedNames(knownName(zone)).map(displayName)).toEqual(heads.map((head) => `${head}.${zone}`));
  });

  test("a few services have their zone elsewhere", () => {
    const pairs = zonesElsewhere().map(({ suffix, zone }) => `${displayName(suffix)} ${displayName(zone)}`);
    expect(pairs).toContain("vault.azure.net privatelink.vaultcore.azure.net");
    expect(pairs.filter((pair) => pair.startsWith("azurecr.io "))).toEqual([]);
    expect(pairs.length).toBeLessThan(12);
  });
});

describe("names of providers", () => {
  test.each([
    { domain: "gcr.io", locations: [], names: ["gcr.io", "us.gcr.io", "eu.gcr.io", "asia.gcr.io"] },
    {
      domain: "amazonaws.com",
      locations: ["us-east-1"],
      names: ["api.ecr.us-east-1.amazonaws.com", "ec2.us-east-1.amazonaws.com", "firehose.us-east-1.amazonaws.com"],
    },
    { domain: "amazonaws.com", locations: [], names: [] },
    { domain: "corp.example", locations: ["us-east-1"], names: [] },
  ])("below $domain, with things in $locations: $names", ({ domain, locations, names }) => {
    expect(knownNamesBelow(knownName(domain), locations).map(displayName)).toEqual(names);
  });

  test.each([
    { domain: "dkr.ecr.eu-west-1.amazonaws.com", has: true },
    { domain: "pkg.dev", has: true },
    { domain: "icr.io", has: true },
    { domain: "ecr.eu-west-1.amazonaws.com", has: false },
    { domain: "corp.example", has: false },
  ])("everybody has a host of their own below $domain: $has", ({ domain, has }) => {
    expect(hostsBelow(knownName(domain)) !== undefined).toBe(has);
  });
});
