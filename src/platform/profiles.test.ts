import { describe, expect, test } from "vitest";
import { readText } from "../../test/topology-text.ts";
import { knownName } from "../name/name-text.ts";
import { formatRdata } from "../record/rdata-text.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { Network, NetworkKind } from "../topology/model.ts";
import { hasPlatformResolver, platformAddressesOf, routesOf, whyNoZones } from "./platform-resolver.ts";
import { profileOf } from "./profiles.ts";

const GENERIC_SOA = "zones.privlink.internal. nobody.invalid. 1 3600 300 2419200 10";

/** One line a kind: what its private zones say of themselves, and how it differs from the others. */
const KINDS: Readonly<
  Record<NetworkKind, { soa: string; negative: number; ttl: number; endpoint: number; limit: number; order: string }>
> = {
  azure: {
    soa: "azureprivatedns.net. azureprivatedns-host.microsoft.com. 1 3600 300 2419200 10",
    negative: 10,
    ttl: 3600,
    endpoint: 10,
    limit: 16,
    order: "after-zones",
  },
  aws: {
    soa: "ns-1536.awsdns-00.co.uk. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400",
    negative: 900,
    ttl: 300,
    endpoint: 60,
    limit: 16,
    order: "with-zones",
  },
  gcp: {
    soa: "ns-gcp-private.googledomains.com. cloud-dns-hostmaster.google.com. 1 21600 3600 259200 300",
    negative: 300,
    ttl: 300,
    endpoint: 300,
    limit: 16,
    order: "with-zones",
  },
  ibm: {
    soa: "zones.privlink.internal. nobody.invalid. 1 3600 300 2419200 900",
    negative: 900,
    ttl: 900,
    endpoint: 900,
    limit: 5,
    order: "after-zones",
  },
  "ibm-classic": {
    soa: "zones.privlink.internal. nobody.invalid. 1 3600 300 2419200 900",
    negative: 900,
    ttl: 900,
    endpoint: 900,
    limit: 5,
    order: "after-zones",
  },
  kubernetes: {
    soa: "ns.dns.cluster.local. hostmaster.cluster.local. 1 7200 1800 86400 30",
    negative: 30,
    ttl: 30,
    endpoint: 10,
    limit: 16,
    order: "after-zones",
  },
  generic: { soa: GENERIC_SOA, negative: 10, ttl: 3600, endpoint: 10, limit: 16, order: "after-zones" },
  "on-premises": { soa: GENERIC_SOA, negative: 10, ttl: 3600, endpoint: 10, limit: 16, order: "after-zones" },
};

test.each(Object.values(profiles()))("$kind: SOA, TTLs, limit and order are the provider's", (profile) => {
  const expected = KINDS[profile.kind];
  const rdata = profile.soa.rdata(knownName("cluster.local"));
  const minimum = new DataView(rdata.buffer, rdata.byteOffset).getUint32(rdata.length - 4);
  expect({
    soa: formatRdata(RecordTypes.SOA, rdata),
    negative: Math.min(profile.soa.ttl, minimum),
    ttl: profile.recordTtl,
    endpoint: profile.endpointTtl,
    limit: profile.aliasLimit,
    order: profile.rules.order,
  }).toEqual(expected);
});

test.each([
  { kind: "azure" as const, corp: false, privatelink: true, types: [1, 28, 5] },
  { kind: "generic" as const, corp: true, privatelink: true, types: undefined },
  { kind: "on-premises" as const, corp: true, privatelink: true, types: undefined },
  { kind: "aws" as const, corp: false, privatelink: false, types: undefined },
  { kind: "gcp" as const, corp: false, privatelink: false, types: undefined },
  { kind: "ibm" as const, corp: false, privatelink: false, types: undefined },
])("$kind redirects names missing from corp zones: $corp, from privatelink: $privatelink", (row) => {
  const { redirect } = profileOf(row.kind);
  expect(redirect.appliesTo(knownName("corp.example"))).toBe(row.corp);
  expect(redirect.appliesTo(knownName("privatelink.azurecr.io"))).toBe(row.privatelink);
  expect(redirect.types).toEqual(row.types);
});

test("what no provider documents is what `assume` decides", () => {
  const assumed = Object.values(profiles()).filter(({ reenter }) => !reenter.isDocumented);
  expect(assumed.map(({ kind }) => kind)).toEqual(["aws", "gcp", "ibm", "ibm-classic"]);
});

describe("a network's platform resolver", () => {
  test.each([
    { network: "{ kind: azure }", view: ["168.63.129.16"], public: [] },
    { network: "{ kind: generic }", view: [], public: [] },
    { network: "{ kind: kubernetes }", view: [], public: [] },
    { network: "{ kind: gcp }", view: ["169.254.169.254"], public: [] },
    {
      network: "{ kind: ibm }",
      view: ["161.26.0.7", "161.26.0.8"],
      public: ["161.26.0.10", "161.26.0.11"],
    },
    { network: "{ kind: ibm-classic }", view: ["10.0.80.11", "10.0.80.12"], public: [] },
    { network: "{ kind: aws }", view: ["169.254.169.253", "fd00:ec2::253"], public: [] },
    {
      network: "{ kind: aws, prefixes: [10.0.0.0/16, 100.64.8.0/28, 'fd12::/56', 10.9.9.9/32, 10.9.8.6/31] }",
      view: ["10.0.0.2", "100.64.8.2", "169.254.169.253", "fd00:ec2::253"],
      public: [],
    },
    { network: "{ kind: generic, platform: [10.0.0.53, 10.0.0.54] }", view: ["10.0.0.53", "10.0.0.54"], public: [] },
    { network: "{ kind: ibm, platform: 10.1.1.1 }", view: ["10.1.1.1"], public: ["161.26.0.10", "161.26.0.11"] },
  ])("of $network is asked at $view, for public data alone at $public", ({ network, view, public: known }) => {
    const addresses = platformAddressesOf(networkFrom(network));
    expect(addresses.view.map(({ text }) => text)).toEqual(view);
    expect(addresses.public.map(({ text }) => text)).toEqual(known);
  });

  test.each([
    { network: "{ kind: azure }", is: true, zones: true },
    { network: "{ kind: on-premises }", is: false, zones: true },
    { network: "{ kind: kubernetes }", is: true, zones: true },
    { network: "{ kind: aws }", is: true, zones: true },
    { network: "{ kind: aws, aws: { dnsSupport: false } }", is: false, zones: false },
    { network: "{ kind: aws, aws: { dnsHostnames: false } }", is: true, zones: false },
  ])("of $network is there: $is, and sees zones: $zones", ({ network, is, zones }) => {
    expect(hasPlatformResolver(networkFrom(network))).toBe(is);
    expect(whyNoZones(networkFrom(network)) === undefined).toBe(zones);
  });
});

test.each([
  { network: "{ kind: azure }", routes: [] },
  { network: "{ kind: ibm }", routes: ["166.8.0.0/14", "161.26.0.0/16"] },
  { network: "{ kind: ibm-classic }", routes: ["166.8.0.0/14", "161.26.0.0/16"] },
  { network: "{ kind: ibm-classic, ibm: { vrf: false } }", routes: [] },
  { network: "{ kind: ibm-classic, ibm: { serviceEndpoints: false } }", routes: [] },
  { network: "{ kind: gcp }", routes: ["199.36.153.4/30", "199.36.153.8/30"] },
  { network: "{ kind: gcp, routes: 192.0.2.0/24 }", routes: ["192.0.2.0/24"] },
])("$network has routes to $routes", ({ network, routes }) => {
  expect(routesOf(networkFrom(network)).map(({ text }) => text)).toEqual(routes);
});

function profiles() {
  const kinds = ["azure", "aws", "gcp", "ibm", "ibm-classic", "kubernetes", "generic", "on-premises"] as const;
  return kinds.map(profileOf);
}

function networkFrom(text: string): Network {
  const { topology } = readText(`networks:\n  n: ${text}\n`);
  const network = topology.networks.get("n");
  if (network === undefined) throw new Error(`${text} is no network`);
  return network;
}
