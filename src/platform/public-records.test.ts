import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Sample, type SampleEndpoint, sampleTopology } from "../../test/support/sample-topology.ts";
import { setText, walk } from "../../test/support/walk-records.ts";
import { placeOf, readText } from "../../test/topology-text.ts";
import { Diagnostics } from "../diagnostics/diagnostic.ts";
import { knownName } from "../name/name-text.ts";
import { containsAddress, parseCidr } from "../net/cidr.ts";
import { planEndpoints } from "./allocate.ts";
import { madeAddress } from "./made-address.ts";
import { publicRecords } from "./public-records.ts";

function published(sample: Sample): { sets: string[]; said: string[] } {
  const diagnostics = new Diagnostics();
  const sets = publicRecords(sampleTopology(sample), diagnostics).map(({ rrset }) => setText(rrset));
  return { sets, said: diagnostics.sorted().map(({ code, message }) => `${code}: ${message}`) };
}

const VAULT = { type: "azure/key-vault", addresses: ["192.0.2.1"] } as const;

describe("what the internet says", () => {
  test("a registry with a chain: the alias into privatelink, then the chain once, then the address", () => {
    const { sets, said } = published({
      services: {
        reg: {
          type: "azure/container-registry",
          location: "westeurope",
          chain: ["xxxx.xx.azcr.io", "xxxx-xxx-reg.trafficmanager.net", "xxxx.westeurope.cloudapp.azure.com"],
          addresses: ["20.45.122.144"],
        },
      },
      endpoints: { pe: { service: "reg" } },
    });
    expect(sets).toEqual([
      "reg.westeurope.data.azurecr.io 3600 CNAME reg.westeurope.data.privatelink.azurecr.io",
      "reg.westeurope.data.privatelink.azurecr.io 3600 CNAME xxxx.xx.azcr.io",
      "xxxx.xx.azcr.io 300 CNAME xxxx-xxx-reg.trafficmanager.net",
      "xxxx-xxx-reg.trafficmanager.net 300 CNAME xxxx.westeurope.cloudapp.azure.com",
      "xxxx.westeurope.cloudapp.azure.com 10 A 20.45.122.144",
      "reg.azurecr.io 3600 CNAME reg.privatelink.azurecr.io",
      "reg.privatelink.azurecr.io 3600 CNAME xxxx.xx.azcr.io",
    ]);
    expect(said).toEqual([]);
  });

  test.each([
    {
      title: "without an endpoint there is no alias into privatelink",
      service: VAULT,
      endpoints: [],
      path: ["kv.vault.azure.net.edge.example"],
    },
    {
      title: "an approved endpoint makes one",
      service: VAULT,
      endpoints: [{}],
      path: ["kv.privatelink.vaultcore.azure.net", "kv.vault.azure.net.edge.example"],
    },
    {
      title: "a pending endpoint makes none",
      service: VAULT,
      endpoints: [{ connection: "pending" as const }],
      path: ["kv.vault.azure.net.edge.example"],
    },
    {
      title: "a rejected and a disconnected one make none",
      service: VAULT,
      endpoints: [{ connection: "rejected" as const }, { connection: "disconnected" as const }],
      path: ["kv.vault.azure.net.edge.example"],
    },
    {
      title: "one that is approved beside a rejected one is enough",
      service: VAULT,
      endpoints: [{ connection: "rejected" as const }, {}],
      path: ["kv.privatelink.vaultcore.azure.net", "kv.vault.azure.net.edge.example"],
    },
    {
      title: "whenAny: a rejected one does",
      service: { ...VAULT, publicAlias: "whenAny" as const },
      endpoints: [{ connection: "rejected" as const }],
      path: ["kv.privatelink.vaultcore.azure.net", "kv.vault.azure.net.edge.example"],
    },
    {
      title: "whenAny: no endpoint, no alias",
      service: { ...VAULT, publicAlias: "whenAny" as const },
      endpoints: [],
      path: ["kv.vault.azure.net.edge.example"],
    },
    {
      title: "always: another tenant's endpoint is enough",
      service: { ...VAULT, publicAlias: "always" as const },
      endpoints: [],
      path: ["kv.privatelink.vaultcore.azure.net", "kv.vault.azure.net.edge.example"],
    },
    {
      title: "never: not even with an endpoint",
      service: { ...VAULT, publicAlias: "never" as const },
      endpoints: [{}],
      path: ["kv.vault.azure.net.edge.example"],
    },
  ])("$title", ({ service, endpoints, path }) => {
    const all: Record<string, SampleEndpoint> = Object.fromEntries(
      endpoints.map((one, i) => [`pe${i}`, { service: "kv", ...one }]),
    );
    const records = publicRecords(sampleTopology({ services: { kv: service }, endpoints: all }), new Diagnostics());
    expect(walk(records, knownName("kv.vault.azure.net"))).toEqual({ path, address: "192.0.2.1" });
  });

  test("an endpoint of one group makes no alias for the names of another", () => {
    const { sets } = published({
      services: { acct: { type: "azure/storage" } },
      endpoints: { pe: { service: "acct", group: "Blob" } },
    });
    const aliases = sets.filter((text) => text.includes("CNAME acct.privatelink"));
    expect(aliases).toEqual(["acct.blob.core.windows.net 3600 CNAME acct.privatelink.blob.core.windows.net"]);
  });

  test("names that the provider has for everybody are aliases without an endpoint", () => {
    const { sets, said } = published({
      services: { one: { type: "azure/monitor" }, two: { type: "azure/monitor" } },
    });
    expect(sets).toContain("api.monitor.azure.com 3600 CNAME api.privatelink.monitor.azure.com");
    expect(sets.filter((text) => text.startsWith("api.monitor.azure.com ")).length).toBe(1);
    expect(said).toEqual([]);
  });

  test("a name inside the private zone is nothing to the internet", () => {
    const fqdn = "aks.id.privatelink.westeurope.azmk8s.io";
    const { sets } = published({
      services: { aks: { type: "azure/kubernetes", location: "westeurope", names: { management: fqdn } } },
      endpoints: { pe: { service: "aks" } },
    });
    expect(sets).toEqual([]);
  });

  test("a TTL of the service counts for each of its records, IPv6 addresses make AAAA", () => {
    const { sets } = published({
      services: { kv: { ...VAULT, ttl: 7, addresses: ["192.0.2.1", "2001:db8::1", "192.0.2.2"] } },
    });
    expect(sets).toEqual([
      "kv.vault.azure.net 7 CNAME kv.vault.azure.net.edge.example",
      "kv.vault.azure.net.edge.example 7 A 192.0.2.1 192.0.2.2",
      "kv.vault.azure.net.edge.example 7 AAAA 2001:db8::1",
    ]);
  });

  test("a name too long for a made one goes straight to the address", () => {
    const label = "a".repeat(63);
    const long = `${label}.${label}.${label}.${"b".repeat(30)}`;
    const { sets } = published({
      services: { x: { ...VAULT, type: "azure/search", names: { searchService: `${long}.search.windows.net` } } },
    });
    expect(sets).toEqual([`${long}.search.windows.net 10 A 192.0.2.1`]);
  });

  test.each([
    {
      title: "two services of one name",
      services: { "a/kv": VAULT, "b/kv": { ...VAULT, addresses: ["192.0.2.2"] } },
      says: ["service/name-clash: services a/kv and b/kv both publish kv.vault.azure.net: the first one counts"],
    },
    {
      title: "two services behind one front door agree",
      services: { a: { ...VAULT, chain: ["front.example"] }, b: { ...VAULT, chain: ["front.example"] } },
      says: [],
    },
    {
      title: "two services behind one front door differ",
      services: {
        a: { ...VAULT, chain: ["front.example"] },
        b: { ...VAULT, addresses: ["192.0.2.2"], chain: ["front.example"] },
      },
      says: ["service/name-clash: services a and b both publish front.example: the first one counts"],
    },
    {
      title: "three services of one name",
      services: { "a/kv": { type: "azure/key-vault" }, "b/kv": VAULT, "c/kv": { type: "azure/key-vault" } },
      says: [
        "service/name-clash: services a/kv and b/kv both publish kv.vault.azure.net: the first one counts",
        "service/name-clash: services a/kv and c/kv both publish kv.vault.azure.net: the first one counts",
      ],
    },
    {
      title: "two services of one name, whose public aliases differ too",
      services: { "a/kv": VAULT, "b/kv": { ...VAULT, addresses: ["192.0.2.2"], publicAlias: "always" as const } },
      says: ["service/name-clash: services a/kv and b/kv both publish kv.vault.azure.net: the first one counts"],
    },
    {
      title: "a member the service does not have",
      services: { a: { ...VAULT, names: { vaults: "a.vault.azure.net" } } },
      says: ["service/unknown-member: service a has no member vaults"],
    },
    {
      title: "a parameter that the type does not take",
      services: { ampls: { type: "azure/monitor", parameters: { worksapce: "w1" } } },
      says: ["service/unknown-parameter: service ampls has a parameter worksapce that azure/monitor does not take"],
    },
    {
      title: "a service without the parameter that all its names need",
      services: { mi: { type: "azure/sql-managed-instance" } },
      says: [expect.stringMatching(/^service\/no-names: service mi cannot be named: .* needs parameter dnsPrefix/)],
    },
    {
      title: "a group without endpoint may lack its parameter",
      services: { p: { type: "azure/purview" } },
      says: [],
    },
  ])("$title: said if it must be", ({ services, says }) => {
    expect(published({ services }).said).toEqual(says);
  });
});

describe("a key that means nothing is shown itself, not its value", () => {
  const registry =
    "networks: { hub: { kind: azure, prefixes: 10.0.0.0/16 } }\nservices: { r: { type: azure/container-registry, location: x } }\n";
  test.each([
    { text: "services: { kv: { type: azure/key-vault, parameters: { clowd: usgov } } }", at: "1:56" },
    { text: "services: { kv: { type: azure/key-vault, names: { valt: kv.example } } }", at: "1:51" },
    { text: `${registry}endpoints: { pe: { network: hub, service: r, address: { data: 10.0.1.4 } } }`, at: "3:57" },
    { text: `${registry}endpoints: { pe: { network: hub, service: r, address: { data: [] } } }`, at: "3:57" },
  ])("$text", ({ text, at }) => {
    const { topology } = readText(text);
    const diagnostics = new Diagnostics();
    publicRecords(topology, diagnostics);
    planEndpoints(topology, diagnostics);
    const shown = diagnostics.sorted().filter(({ code }) => code.includes("/unknown-"));
    expect(shown.map(({ span }) => placeOf(span))).toEqual([at]);
  });
});

test("made addresses lie in 198.18.0.0/15, and depend on key and member alone", () => {
  const range = parseCidr("198.18.0.0/15");
  fc.assert(
    fc.property(fc.string(), fc.string(), (service, member) => {
      const address = madeAddress(service, member);
      expect(range.kind === "cidr" && containsAddress(range.cidr, address)).toBe(true);
      expect(["198.18.0.0", "198.19.255.255"]).not.toContain(address.text);
      expect(madeAddress(service, member).text).toBe(address.text);
    }),
  );
  const many = new Set(Array.from({ length: 500 }, (_one, i) => madeAddress(`service${i}`, "vault").text));
  expect(many.size).toBeGreaterThan(490);
  expect(madeAddress("myregistry", "registry").text).toBe("198.19.22.188");
});
