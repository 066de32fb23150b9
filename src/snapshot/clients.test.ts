import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { knownAddress } from "../net/address.ts";
import { knownCidr } from "../net/cidr.ts";
import { type Client, clientAt, clientInSubnet } from "./clients.ts";

const { snapshot, diagnostics } = loadText(`
networks:
  wide: { prefixes: 10.0.0.0/8 }
  hub: { prefixes: [10.1.0.0/16, "fd00:10::/64"], clients: 127.10.0.0/16, hosts: { vm: 10.1.0.4, many: { address: 10.1.9.0/24, clients: 127.10.9.1 } } }
  twin-a: { prefixes: 172.16.0.0/16 }
  twin-b: { prefixes: 172.16.0.0/16, clients: 127.20.0.0/16 }
  claimed: { prefixes: 192.168.0.0/16 }
  claimant: { clients: 192.168.0.0/16 }
zones: { corp.example: { links: all } }
`);

function say(client: Client): string {
  switch (client.kind) {
    case "network":
      return client.host === undefined ? client.network : `${client.host}@${client.network}`;
    case "ambiguous":
      return client.networks.join("|");
    case "internet":
      return client.spans === undefined ? "internet" : `internet, spans ${client.spans.join(" ")}`;
  }
}

test("the topology loads with a warning for the shared prefix alone", () => {
  expect(diagnostics.map(({ code }) => code)).toEqual(["network/prefix-shared"]);
});

describe("the client at an address", () => {
  test.each([
    { at: "10.1.0.5", is: "hub", because: "the longer of two nested prefixes wins" },
    { at: "10.2.0.5", is: "wide", because: "only the wide prefix holds it" },
    { at: "127.10.0.4", is: "hub", because: "a stand-in asks as its network" },
    { at: "10.1.0.4", is: "vm@hub", because: "it is a host's own address" },
    { at: "10.1.9.77", is: "many@hub", because: "a host may be a prefix of many" },
    { at: "127.10.9.1", is: "many@hub", because: "a host has stand-ins too" },
    { at: "fd00:10::7", is: "hub", because: "IPv6 prefixes count alike" },
    { at: "::ffff:10.2.0.5", is: "wide", because: "an IPv4-mapped source is IPv4" },
    { at: "172.16.3.4", is: "twin-a|twin-b", because: "two unpeered networks share the prefix" },
    { at: "192.168.1.1", is: "claimant", because: "clients beat prefixes at equal length" },
    { at: "203.0.113.9", is: "internet", because: "no network has it" },
    { at: "127.0.0.1", is: "internet", because: "loopback is nobody's unless a network says so" },
  ])("$at is $is: $because", ({ at, is }) => {
    expect(say(clientAt(snapshot.clients, knownAddress(at)))).toBe(is);
  });
});

describe("the client that a client subnet names", () => {
  test.each([
    { subnet: "10.1.2.0/24", is: "hub", because: "the prefix lies inside the hub" },
    { subnet: "10.1.0.0/16", is: "hub", because: "it is the hub's own prefix" },
    { subnet: "10.0.0.0/15", is: "wide", because: "it is too short for the hub and inside the wide one" },
    { subnet: "10.1.0.4/32", is: "vm@hub", because: "one address may be a host" },
    { subnet: "0.0.0.0/4", is: "internet, spans wide hub", because: "it spans several" },
    { subnet: "172.0.0.0/8", is: "internet, spans twin-a twin-b", because: "it is shorter than both" },
    { subnet: "203.0.113.0/24", is: "internet", because: "no network holds it" },
    { subnet: "fd00:10::/56", is: "internet, spans hub", because: "it is shorter than the only prefix in it" },
  ])("$subnet is $is: $because", ({ subnet, is }) => {
    expect(say(clientInSubnet(snapshot.clients, knownCidr(subnet)))).toBe(is);
  });
});
