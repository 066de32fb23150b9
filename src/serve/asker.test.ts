import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { knownAddress } from "../net/address.ts";
import { knownCidr, LOOPBACK_PREFIXES } from "../net/cidr.ts";
import { type Asker, identify, type ListenerIdentity } from "./asker.ts";

const { snapshot } = loadText(`
networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16 }
  spoke: { kind: azure, prefixes: 10.1.0.0/16, dns: fwd, hosts: { odd: { address: 10.1.0.9, dns: 8.8.8.8 } } }
  office: { kind: on-premises, prefixes: 192.168.0.0/16 }
  twin-a: { prefixes: 172.16.0.0/16 }
  twin-b: { prefixes: 172.16.0.0/16 }
  home: { prefixes: 192.0.2.0/24 }
  far: { prefixes: 198.51.100.0/24, peers: twin-b }
zones: { corp.example: { links: [hub, spoke] } }
resolvers:
  fwd: { network: hub, address: 10.0.0.4, forward: { ".": platform } }
  one: { network: hub, address: "127.0.0.1:5301", forward: { ".": platform } }
  two: { network: hub, address: ["127.0.0.1:5302", 127.0.0.9], forward: { ".": platform } }
  twin-a-dns: { network: twin-a, address: 172.16.0.4, forward: { ".": platform } }
  twin-b-dns: { network: twin-b, address: 172.16.0.4, forward: { ".": platform } }
`);

function say(asker: Asker): string {
  switch (asker.kind) {
    case "addressee": {
      const { addressee } = asker;
      if (addressee.kind === "resolver") return `resolver ${addressee.key}`;
      if (addressee.kind === "authority") return `authority ${addressee.key}`;
      return `servers of ${addressee.host === undefined ? "" : `${addressee.host}@`}${addressee.network ?? "internet"}`;
    }
    case "refused":
      return "refused";
    case "no-reply":
      return `nobody: ${asker.reason.kind}`;
  }
}

interface Case {
  readonly because: string;
  readonly from: string;
  readonly at?: string;
  readonly subnet?: string;
  readonly listener?: Partial<ListenerIdentity>;
  readonly is: string;
}

const cases: Case[] = [
  {
    because: "a listener that is a resolver answers as it, whoever asks",
    from: "203.0.113.1",
    listener: { resolver: "fwd" },
    is: "resolver fwd",
  },
  {
    because: "an authoritative listener is one for everybody, wherever it stands",
    from: "172.16.1.1",
    at: "10.0.0.4",
    listener: { serves: { key: "the public zones" } },
    is: "authority the public zones",
  },
  {
    because: "a query at a resolver's address is for that resolver",
    from: "10.1.0.5",
    at: "10.0.0.4",
    is: "resolver fwd",
  },
  {
    because: "whoever asks, a stranger or one who could be two",
    from: "172.16.1.1",
    at: "10.0.0.4",
    is: "resolver fwd",
  },
  { because: "a port of its own is part of its address", from: "10.1.0.5", at: "127.0.0.1:5301", is: "resolver one" },
  { because: "another port is another resolver", from: "10.1.0.5", at: "127.0.0.1:5302", is: "resolver two" },
  { because: "or none", from: "10.1.0.5", at: "127.0.0.1:5300", is: "servers of spoke" },
  {
    because: "a resolver at port 53 is asked at whatever port the listener has",
    from: "10.1.0.5",
    at: "127.0.0.9:5300",
    is: "resolver two",
  },
  {
    because: "of two resolvers at one address the one that the client reaches",
    from: "198.51.100.7",
    at: "172.16.0.4",
    is: "resolver twin-b-dns",
  },
  { because: "two resolvers, and a client of two networks", from: "172.16.1.1", at: "172.16.0.4", is: "refused" },
  {
    because: "a network of another kind has no such platform address",
    from: "192.0.2.1",
    at: "168.63.129.16",
    is: "nobody: platform-outside",
  },
  {
    because: "at a platform address the asker's own platform answers, its custom servers notwithstanding",
    from: "10.1.0.5",
    at: "168.63.129.16",
    is: "resolver spoke/platform",
  },
  {
    because: "nobody has a platform resolver in the office",
    from: "192.168.0.9",
    at: "168.63.129.16",
    is: "nobody: platform-outside",
  },
  { because: "nor on the internet", from: "203.0.113.1", at: "168.63.129.16", is: "nobody: platform-outside" },
  {
    because: "any other address stands for what the client is configured to ask",
    from: "10.1.0.5",
    is: "servers of spoke",
  },
  { because: "a host has servers of its own", from: "10.1.0.9", is: "servers of odd@spoke" },
  { because: "a stranger is the internet's client", from: "203.0.113.1", is: "servers of internet" },
  {
    because: "a listener's network beats the source address",
    from: "10.1.0.5",
    listener: { network: "hub" },
    is: "servers of hub",
  },
  {
    because: "a listener may be the internet",
    from: "10.1.0.5",
    listener: { network: "internet" },
    is: "servers of internet",
  },
  {
    because: "platform of the given network",
    from: "203.0.113.1",
    listener: { network: "spoke", resolver: "platform" },
    is: "resolver spoke/platform",
  },
  {
    because: "platform of whoever asks",
    from: "10.0.0.9",
    listener: { resolver: "platform" },
    is: "resolver hub/platform",
  },
  {
    because: "a client subnet from loopback decides",
    from: "127.0.0.1",
    subnet: "10.1.0.0/24",
    is: "servers of spoke",
  },
  {
    because: "it decides alone, whatever the source",
    from: "127.0.0.1",
    subnet: "203.0.113.0/24",
    is: "servers of internet",
  },
  {
    because: "from a peer that is not trusted it does not",
    from: "10.0.0.9",
    subnet: "10.1.0.0/24",
    is: "servers of hub",
  },
  {
    because: "a listener names whom it trusts",
    from: "10.0.0.9",
    subnet: "10.1.0.0/24",
    listener: { trust: [knownCidr("10.0.0.0/8")] },
    is: "servers of spoke",
  },
  {
    because: "and then loopback is no longer among them",
    from: "127.0.0.1",
    subnet: "10.1.0.0/24",
    listener: { trust: [knownCidr("10.0.0.0/8")] },
    is: "servers of internet",
  },
  { because: "two networks share the source address", from: "172.16.1.1", is: "refused" },
  {
    because: "a resolver's listener does not care who asks",
    from: "172.16.1.1",
    listener: { resolver: "fwd" },
    is: "resolver fwd",
  },
];

describe("who asks, and who answers", () => {
  test.each(cases)("$from is answered by $is: $because", ({ from, at = "127.0.0.1", subnet, listener, is }) => {
    const [host = "", port = "53"] = at.split(":");
    const peer = { address: knownAddress(from), local: { address: knownAddress(host), port: Number(port) } };
    expect(
      say(
        identify(
          snapshot,
          { trust: LOOPBACK_PREFIXES, ...listener },
          peer,
          subnet === undefined ? undefined : knownCidr(subnet),
        ),
      ),
    ).toBe(is);
  });

  test.each([
    { from: "127.0.0.1", listener: {}, bySubnet: true, subnetIgnored: false },
    { from: "10.0.0.9", listener: {}, bySubnet: false, subnetIgnored: true },
    { from: "127.0.0.1", listener: { network: "hub" }, bySubnet: false, subnetIgnored: false },
    { from: "127.0.0.1", listener: { resolver: "fwd" }, bySubnet: false, subnetIgnored: false },
    { from: "127.0.0.1", listener: { resolver: "platform" }, bySubnet: true, subnetIgnored: false },
    { from: "10.0.0.9", listener: { serves: { key: "the public zones" } }, bySubnet: false, subnetIgnored: false },
  ])(
    "from $from at $listener: the subnet chose $bySubnet, ignored $subnetIgnored",
    ({ from, listener, bySubnet, subnetIgnored }) => {
      const peer = { address: knownAddress(from), local: { address: knownAddress("127.0.0.1"), port: 53 } };
      expect(
        identify(snapshot, { trust: LOOPBACK_PREFIXES, ...listener }, peer, knownCidr("10.1.0.0/24")),
      ).toMatchObject({
        bySubnet,
        subnetIgnored,
      });
    },
  );
});
