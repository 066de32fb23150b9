import { describe, expect, test } from "vitest";
import { HUB, type Sample, sampleTopology } from "../../test/support/sample-topology.ts";
import { Diagnostics } from "../diagnostics/diagnostic.ts";
import { positionOf } from "../source/source-file.ts";
import { planEndpoints } from "./allocate.ts";

/** `endpoint member address…` for each member, and what was said, as `code line`. */
function plan(sample: Sample): { addresses: string[]; said: string[]; messages: string[] } {
  const diagnostics = new Diagnostics();
  const plans = planEndpoints(sampleTopology(sample), diagnostics);
  const addresses = [...plans.values()].flatMap(({ endpoint, members }) =>
    members.map((one) => [endpoint.key, one.member, ...one.addresses.map(({ text }) => text)].join(" ")),
  );
  const found = diagnostics.sorted();
  const said = found.map(({ code, span }) => `${code} ${span.file.text?.split("\n")[positionOf(span).line - 1] ?? ""}`);
  return { addresses, said, messages: found.map(({ message }) => message) };
}

const REGISTRY = { type: "azure/container-registry", location: "westeurope" };

describe("addresses of endpoints", () => {
  test.each([
    {
      title: "the platform keeps the first four; data endpoints come before the login server",
      sample: { services: { reg: { ...REGISTRY, replicas: ["northeurope"] } }, endpoints: { pe: { service: "reg" } } },
      gives: ["pe registry_data_westeurope 10.0.1.4", "pe registry_data_northeurope 10.0.1.5", "pe registry 10.0.1.6"],
    },
    {
      title: "hosts, host prefixes and resolvers of the network are stepped over",
      sample: {
        networks: { hub: { ...HUB.hub, hosts: { vm: "10.0.1.4", pool: "10.0.1.8/29" } } },
        services: { reg: REGISTRY, kv: { type: "azure/key-vault" } },
        endpoints: { a: { service: "reg" }, b: { service: "kv" } },
        resolvers: { dns: "hub 10.0.1.6" },
      },
      gives: ["a registry_data_westeurope 10.0.1.5", "a registry 10.0.1.7", "b vault 10.0.1.16"],
    },
    {
      title: "an address declared further down is taken already",
      sample: {
        services: { x: { type: "azure/key-vault" }, y: { type: "azure/key-vault" } },
        endpoints: { first: { service: "x" }, second: { service: "y", address: "10.0.1.4" } },
      },
      gives: ["first vault 10.0.1.5", "second vault 10.0.1.4"],
    },
    {
      title: "an endpoint holds its addresses whatever the state of its connection",
      sample: {
        services: { x: { type: "azure/key-vault" } },
        endpoints: {
          a: { service: "x", connection: "rejected" as const },
          b: { service: "x", connection: "pending" as const },
          c: { service: "x" },
        },
      },
      gives: ["a vault 10.0.1.4", "b vault 10.0.1.5", "c vault 10.0.1.6"],
    },
    {
      title: "members without an address beside some with one get theirs",
      sample: {
        services: { reg: REGISTRY },
        endpoints: { pe: { service: "reg", address: { Registry: "10.0.1.4" } } },
      },
      gives: ["pe registry_data_westeurope 10.0.1.5", "pe registry 10.0.1.4"],
    },
    {
      title: "one address for all names, or several",
      sample: {
        services: { reg: REGISTRY },
        endpoints: { pe: { service: "reg", address: "10.0.1.9, 10.0.1.8" } },
      },
      gives: ["pe registry_data_westeurope 10.0.1.9 10.0.1.8", "pe registry 10.0.1.9 10.0.1.8"],
    },
    {
      title: "networks do not take one another's addresses",
      sample: {
        networks: { hub: HUB.hub, other: HUB.hub },
        services: { x: { type: "azure/key-vault" } },
        endpoints: { a: { service: "x" }, b: { service: "x", network: "other" } },
      },
      gives: ["a vault 10.0.1.4", "b vault 10.0.1.4"],
    },
    {
      title: "a generic network keeps only the ends",
      sample: {
        networks: { hub: { kind: "generic" as const, subnets: "pe fd00:0:0:1::/64" } },
        services: { x: { type: "azure/key-vault" } },
        endpoints: { a: { service: "x" } },
      },
      gives: ["a vault fd00:0:0:1::1"],
    },
  ])("$title", ({ sample, gives }) => {
    const { addresses, said } = plan(sample);
    expect(addresses).toEqual(gives);
    expect(said).toEqual([]);
  });

  const VAULT = { kv: { type: "azure/key-vault" } } as const;
  const at = (address: string, networks: Sample["networks"] = HUB): Sample => ({
    networks,
    services: VAULT,
    endpoints: { pe: { service: "kv", address } },
  });

  test.each([
    {
      title: "a full subnet",
      sample: {
        networks: { hub: { ...HUB.hub, subnets: "pe 10.0.1.0/29" } },
        services: { reg: { ...REGISTRY, replicas: ["a", "b", "c"] } },
        endpoints: { pe: { service: "reg" } },
      },
      says: ["endpoint/subnet-full pe", "endpoint/subnet-full pe"],
      message: /^subnet 10.0.1.0\/29 of network hub has no free address for registry_data_c of endpoint pe$/,
    },
    {
      title: "a network without subnets",
      sample: { networks: { hub: { prefixes: "10.0.0.0/16" } }, services: VAULT, endpoints: { pe: { service: "kv" } } },
      says: ["endpoint/no-subnet pe"],
      message: /network hub has no subnets$/,
    },
    {
      title: "a network with several subnets",
      sample: {
        networks: { hub: { ...HUB.hub, subnets: "a 10.0.1.0/24, b 10.0.2.0/24" } },
        services: VAULT,
        endpoints: { pe: { service: "kv" } },
      },
      says: ["endpoint/no-subnet pe"],
      message: /several subnets: a, b$/,
    },
    {
      title: "an address outside the network",
      sample: at("192.0.2.1"),
      says: ["endpoint/address-outside-network pe"],
      message: /^address 192.0.2.1 of endpoint pe is outside network hub, which has 10.0.0.0\/16$/,
    },
    {
      title: "an address outside the subnet that is named",
      sample: { services: VAULT, endpoints: { pe: { service: "kv", subnet: "pe", address: "10.0.2.4" } } },
      says: ["endpoint/address-outside-subnet pe"],
      message: /is outside its subnet pe, which is 10.0.1.0\/24$/,
    },
    {
      title: "the fourth address of a subnet",
      sample: at("10.0.1.3"),
      says: ["endpoint/address-reserved pe"],
      message: /nobody gets the first 4 and the last 1 of subnet 10.0.1.0\/24$/,
    },
    {
      title: "the last address of a subnet",
      sample: at("10.0.1.255"),
      says: ["endpoint/address-reserved pe"],
      message: /kept by the platform/,
    },
    {
      title: "an IPv6 address",
      sample: at("fd00::5"),
      says: ["endpoint/ipv6-address pe"],
      message: /^address fd00::5 of endpoint pe is IPv6/,
    },
    {
      title: "a host's address",
      sample: at("10.0.1.9", { hub: { ...HUB.hub, hosts: { vm: "10.0.1.9" } } }),
      says: ["endpoint/address-taken pe"],
      message: /^address 10.0.1.9 of endpoint pe is the address of host vm too$/,
    },
    {
      title: "a resolver's address",
      sample: { ...at("10.0.1.9"), resolvers: { dns: "hub 10.0.1.9" } },
      says: ["endpoint/address-taken pe"],
      message: /is the address of resolver dns too$/,
    },
    {
      title: "two endpoints at one address",
      sample: {
        services: VAULT,
        endpoints: { a: { service: "kv", address: "10.0.1.9" }, b: { service: "kv", address: "10.0.1.9" } },
      },
      says: ["endpoint/address-taken b"],
      message: /^address 10.0.1.9 of endpoint b is the address of endpoint a too$/,
    },
    {
      title: "an unknown member",
      sample: {
        services: { reg: REGISTRY },
        endpoints: { pe: { service: "reg", address: { registry_data_eastus: "10.0.1.9" } } },
      },
      says: ["endpoint/unknown-member pe"],
      message: /^endpoint pe has no member registry_data_eastus$/,
    },
    {
      title: "a new replica of a static endpoint",
      sample: {
        services: { reg: REGISTRY },
        endpoints: { pe: { service: "reg", static: true, address: { registry: "10.0.1.9" } } },
      },
      says: ["endpoint/missing-member pe"],
      message: /^static endpoint pe has no address for registry_data_westeurope: no record is written for it$/,
    },
    {
      title: "a service that cannot be named",
      sample: { services: { reg: { type: "azure/container-registry" } }, endpoints: { pe: { service: "reg" } } },
      says: ["service/no-names reg"],
      message: /^service reg cannot be named: azure\/container-registry needs location/,
    },
    {
      title: "a group that the service's cloud does not have",
      sample: {
        services: { s: { type: "azure/storage", location: "westeurope" } },
        endpoints: { pe: { service: "s", group: "file_secondary" } },
      },
      says: ["endpoint/group-not-offered pe"],
      message: /has no group file_secondary in cloud commercial$/,
    },
  ])("$title is told", ({ sample, says, message }) => {
    const { said, messages } = plan(sample);
    expect(said).toEqual(says);
    expect(messages[0]).toMatch(message);
  });

  test("a generic network lets endpoints lie outside it", () => {
    expect(plan(at("192.0.2.1", { hub: { kind: "generic", prefixes: "10.0.0.0/16" } })).said).toEqual([]);
  });
});
