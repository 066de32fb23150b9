import { describe, expect, test } from "vitest";
import { HUB, type Sample, type SampleEndpoint, sampleTopology } from "../../test/support/sample-topology.ts";
import { writeText } from "../../test/support/walk-records.ts";
import { Diagnostics } from "../diagnostics/diagnostic.ts";
import { privateWrites } from "./endpoint-records.ts";

function writes(sample: Sample): { written: string[]; said: string[] } {
  const diagnostics = new Diagnostics();
  const written = privateWrites(sampleTopology(sample), diagnostics).map(writeText);
  return { written, said: diagnostics.sorted().map(({ code, message }) => `${code}: ${message}`) };
}

const REGISTRY = { type: "azure/container-registry", location: "westeurope", replicas: ["northeurope"] };
const VAULT = { type: "azure/key-vault" };
const VAULT_ZONE = "privatelink.vaultcore.azure.net";

describe("what endpoints write", () => {
  test("a registry's names all go to its one zone, and no zone is made for its data endpoints", () => {
    const { written, said } = writes({
      zones: { "privatelink.azurecr.io": ["hub"] },
      services: { reg: REGISTRY },
      endpoints: { pe: { service: "reg" } },
    });
    expect(written).toEqual([
      "privatelink.azurecr.io: replace reg.westeurope.data.privatelink.azurecr.io 10 A 10.0.1.4",
      "privatelink.azurecr.io: replace reg.northeurope.data.privatelink.azurecr.io 10 A 10.0.1.5",
      "privatelink.azurecr.io: replace reg.privatelink.azurecr.io 10 A 10.0.1.6",
    ]);
    expect(said).toEqual([]);
  });

  const vaults = (...endpoints: Partial<SampleEndpoint>[]): Sample => ({
    networks: { hub: { ...HUB.hub, prefixes: "10.0.0.0/16, fd00::/16" } },
    zones: { [VAULT_ZONE]: ["hub"] },
    services: { kv: VAULT },
    endpoints: Object.fromEntries(endpoints.map((one, i) => [`pe${i}`, { service: "kv", ...one }])),
  });
  const name = "kv.privatelink.vaultcore.azure.net";

  test.each([
    {
      title: "approved: its records",
      endpoints: [{}],
      writes: [`${VAULT_ZONE}: replace ${name} 10 A 10.0.1.4`],
    },
    { title: "pending: nothing", endpoints: [{ connection: "pending" as const }], writes: [] },
    {
      title: "rejected: the name goes",
      endpoints: [{ connection: "rejected" as const }],
      writes: [`${VAULT_ZONE}: delete ${name}`],
    },
    {
      title: "disconnected after approved: the other endpoint's record goes too",
      endpoints: [{}, { connection: "disconnected" as const }],
      writes: [`${VAULT_ZONE}: replace ${name} 10 A 10.0.1.4`, `${VAULT_ZONE}: delete ${name}`],
    },
    {
      title: "approved after rejected: the last one counts",
      endpoints: [{ connection: "rejected" as const }, {}],
      writes: [`${VAULT_ZONE}: delete ${name}`, `${VAULT_ZONE}: replace ${name} 10 A 10.0.1.5`],
    },
    { title: "none: somebody else writes", endpoints: [{ privateDns: "none" }], writes: [] },
    { title: "a TTL of its own", endpoints: [{ ttl: 60 }], writes: [`${VAULT_ZONE}: replace ${name} 60 A 10.0.1.4`] },
    {
      title: "several addresses are one set",
      endpoints: [{ address: "10.0.1.9, 10.0.1.8" }],
      writes: [`${VAULT_ZONE}: replace ${name} 10 A 10.0.1.9 10.0.1.8`],
    },
    {
      title: "the zone said by name",
      endpoints: [{ privateDns: VAULT_ZONE }],
      writes: [`${VAULT_ZONE}: replace ${name} 10 A 10.0.1.4`],
    },
    {
      title: "the zone said twice is written once",
      endpoints: [{ privateDns: `auto, ${VAULT_ZONE}` }],
      writes: [`${VAULT_ZONE}: replace ${name} 10 A 10.0.1.4`],
    },
  ])("$title", ({ endpoints, writes: expected }) => {
    const { written, said } = writes(vaults(...endpoints));
    expect(written).toEqual(expected);
    expect(said).toEqual([]);
  });

  test("an IPv6 address makes an AAAA record, and a warning where the platform has none", () => {
    const { written, said } = writes(vaults({ address: "10.0.1.9, fd00::9" }));
    expect(written).toEqual([
      `${VAULT_ZONE}: replace ${name} 10 A 10.0.1.9`,
      `${VAULT_ZONE}: replace ${name} 10 AAAA fd00::9`,
    ]);
    expect(said).toEqual([expect.stringMatching(/^endpoint\/ipv6-address: address fd00::9/)]);
  });
});

describe("which zone", () => {
  const two = { weu: HUB.hub, neu: HUB.hub, hub: HUB.hub };
  const zones = { "rg-weu/privatelink.azurecr.io": ["weu"], "rg-neu/privatelink.azurecr.io": ["neu"] };
  const services = { reg: { ...REGISTRY, replicas: [] } };

  test("of several that share the name, the one linked to the endpoint's network, or the one that is said", () => {
    const { written, said } = writes({
      networks: two,
      zones,
      services,
      endpoints: {
        a: { network: "weu", service: "reg" },
        b: { network: "weu", service: "reg", privateDns: "rg-neu/privatelink.azurecr.io" },
      },
    });
    expect(written.map((text) => text.split(": ")[0])).toEqual(
      ["rg-weu", "rg-weu", "rg-neu", "rg-neu"].map((group) => `${group}/privatelink.azurecr.io`),
    );
    expect(said).toEqual([]);
  });

  test("an only zone is written whoever it is linked to", () => {
    const { written, said } = writes({
      networks: two,
      zones: { "privatelink.azurecr.io": ["neu"] },
      services,
      endpoints: { a: { service: "reg" } },
    });
    expect(written.length).toBe(2);
    expect(said).toEqual([]);
  });

  test("several, and none of them linked, is for the user to say", () => {
    const { written, said } = writes({ networks: two, zones, services, endpoints: { a: { service: "reg" } } });
    expect(written).toEqual([]);
    expect(said).toEqual([
      "endpoint/ambiguous-zone: endpoint a could write to rg-weu/privatelink.azurecr.io, rg-neu/privatelink.azurecr.io, and none of them is linked to network hub",
    ]);
  });

  test("a zone that is not declared gets nothing, and an outdated one is pointed at", () => {
    const diagnostics = new Diagnostics();
    const topology = sampleTopology({
      zones: { "privatelink.vault.azure.net": ["hub"] },
      services: { kv: VAULT },
      endpoints: { pe: { service: "kv" } },
    });
    expect(privateWrites(topology, diagnostics)).toEqual([]);
    const [found] = diagnostics.sorted();
    expect(found?.message).toBe(`endpoint pe writes no record in ${VAULT_ZONE}: that zone is not declared`);
    expect(found?.hint).toBe(`declare zone ${VAULT_ZONE}`);
    expect(found?.related.map(({ message }) => message)).toEqual([`${VAULT_ZONE} took the place of this zone`]);
  });

  test("zones listed for an endpoint get what belongs in them and nothing else", () => {
    const { written, said } = writes({
      zones: { "privatelink.blob.core.windows.net": ["hub"], "privatelink.file.core.windows.net": ["hub"] },
      services: { acct: { type: "azure/storage" } },
      endpoints: { pe: { service: "acct", group: "blob", privateDns: "privatelink.file.core.windows.net" } },
    });
    expect(written).toEqual([]);
    expect(said).toEqual([
      "endpoint/no-zone: endpoint pe writes no record in privatelink.blob.core.windows.net: that zone is not in its privateDns",
      "endpoint/zone-unused: endpoint pe writes nothing to zone privatelink.file.core.windows.net: its records belong in privatelink.blob.core.windows.net",
    ]);
  });

  test("a service of several zones writes to those that are there and says which are not, each once", () => {
    const { written, said } = writes({
      zones: { "privatelink.monitor.azure.com": ["hub"], "privatelink.ods.opinsights.azure.com": ["hub"] },
      services: { ampls: { type: "azure/monitor", parameters: { workspace: "w1" } } },
      endpoints: { pe: { service: "ampls" } },
    });
    expect(written.length).toBe(7);
    expect(written.at(-1)).toBe(
      "privatelink.ods.opinsights.azure.com: replace w1.privatelink.ods.opinsights.azure.com 10 A 10.0.1.4",
    );
    expect(said.map((text) => /in (privatelink\S+):/.exec(text)?.[1])).toEqual([
      "privatelink.oms.opinsights.azure.com",
      "privatelink.agentsvc.azure-automation.net",
      "privatelink.blob.core.windows.net",
    ]);
  });

  test("a name inside the private zone is written as it is", () => {
    const fqdn = "aks1-dns-x.id.privatelink.westeurope.azmk8s.io";
    const { written, said } = writes({
      zones: { "privatelink.westeurope.azmk8s.io": ["hub"] },
      services: { aks1: { type: "azure/kubernetes", location: "westeurope", names: { management: fqdn } } },
      endpoints: { pe: { service: "aks1" } },
    });
    expect(written).toEqual([`privatelink.westeurope.azmk8s.io: replace ${fqdn} 10 A 10.0.1.4`]);
    expect(said).toEqual([]);
  });
});
