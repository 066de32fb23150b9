import { describe, expect, test } from "vitest";
import { readText } from "../../test/topology-text.ts";

interface Case {
  readonly says: string;
  /** Lines of a topology. */
  readonly text: string;
  readonly found: readonly string[];
}

const lines = (...text: readonly string[]): string => `${text.join("\n")}\n`;

function cases(table: readonly Case[]): void {
  test.each(table)("$says", ({ text, found }) => {
    expect(readText(text).found).toEqual(found);
  });
}

describe("keys and shapes", () => {
  cases([
    { says: "an unknown key at the top", text: "netwroks: {}\n", found: ["1:1 topology/unknown-key"] },
    { says: "x- keys are for everybody", text: "x-notes: { any: [thing] }\n", found: [] },
    {
      says: "x- keys are for the top only",
      text: "networks: { a: { x-b: c } }\n",
      found: ["1:18 topology/unknown-key"],
    },
    { says: "an unknown kind of defaults", text: "defaults: { link: {} }\n", found: ["1:13 topology/unknown-key"] },
    {
      says: "defaults are looked at though nobody takes them",
      text: "defaults: { network: { kind: azur } }\n",
      found: ["1:30 topology/bad-value"],
    },
    {
      says: "a default at fault is told once, whoever takes it",
      text: lines("defaults: { network: { prefixes: 10.0.0.1/16 } }", "networks: { a: , b: }"),
      found: ["1:34 topology/bad-prefix"],
    },
    {
      says: "a misspelt key is told as that alone, not as missing besides",
      text: lines(
        "networks: { n: }",
        "zones: { a.example: { linsk: n } }",
        "endpoints: { e: { netwrok: n, service: s } }",
      ),
      found: ["2:23 topology/unknown-key", "3:19 topology/unknown-key", "3:40 service/unknown"],
    },
    { says: "networks are a map", text: "networks: [hub]\n", found: ["1:11 topology/wrong-shape"] },
    { says: "a zone is a map", text: "zones: { a.example: hub }\n", found: ["1:21 topology/wrong-shape"] },
    { says: "a list is no text", text: "networks: { hub: { location: [a] } }\n", found: ["1:30 topology/wrong-shape"] },
    {
      says: "a list in a list is no text",
      text: "networks: { hub: { prefixes: [[10.0.0.0/8]] } }\n",
      found: ["1:31 topology/wrong-shape"],
    },
    {
      says: "nothing after a dash is no text",
      text: lines("networks:", "  hub:", "    prefixes:", "      -"),
      found: ["4:7 topology/wrong-shape"],
    },
    {
      says: "nothing after a key is all defaults",
      text: lines("networks:", "  hub:", "    prefixes:", "listen:"),
      found: [],
    },
    { says: "another version is not known", text: "version: 2\n", found: ["1:10 topology/bad-value"] },
    {
      says: "a word that means something else is no key",
      text: "networks: { internet: , Platform: , hub: }\n",
      found: ["1:13 topology/reserved-key", "1:25 topology/reserved-key"],
    },
    {
      says: "an address is no key",
      text: lines("networks: { hub: , 10.0.0.0/8: }", "resolvers: { 10.0.0.4: { network: hub } }"),
      found: ["1:20 topology/reserved-key", "2:14 topology/reserved-key"],
    },
    { says: "a pattern is no key", text: "networks: { spoke-*: }\n", found: ["1:13 topology/reserved-key"] },
    { says: "auto is no zone's key", text: "zones: { auto: { links: [] } }\n", found: ["1:10 topology/reserved-key"] },
    {
      says: "@ is in no host's key",
      text: "networks: { hub: { hosts: { a@b: 10.0.0.4 } } }\n",
      found: ["1:29 topology/reserved-key"],
    },
    {
      says: "keys are the same in any case",
      text: lines("zones:", "  A.example: { links: [] }", "  a.example.: { links: [] }"),
      found: ["3:3 topology/duplicate-key"],
    },
    {
      says: "text that looks like two values is a list",
      text: "networks: { hub: { prefixes: '10.0.0.0/16, 10.1.0.0/16' } }\n",
      found: ["1:30 topology/two-values"],
    },
  ]);

  test("an unknown key says which one was meant, or which there are", () => {
    const { diagnostics } = readText("networks: { hub: { prefixs: 10.0.0.0/8, zzzzzzzz: 1 } }\n");
    expect(diagnostics.map(({ hint }) => hint)).toEqual([
      "did you mean prefixes?",
      "keys here: kind, location, prefixes, clients, subnets, dns, forward, platform, peers, transit, routes, egress, hosts, aws, ibm, gcp, id",
    ]);
  });

  test("a key twice shows both places", () => {
    const { diagnostics } = readText("zones:\n  a.example: { links: [] }\n  A.example: { links: [] }\n");
    expect(diagnostics.map(({ related }) => related.map(({ span }) => span.start))).toEqual([[9]]);
  });
});

describe("networks", () => {
  cases([
    { says: "a kind that is none", text: "networks: { hub: { kind: Azure } }\n", found: ["1:26 topology/bad-value"] },
    {
      says: "a prefix with host bits",
      text: "networks: { hub: { prefixes: [10.0.0.0/16, 10.1.0.4/16] } }\n",
      found: ["1:44 topology/bad-prefix"],
    },
    {
      says: "a prefix that is none",
      text: "networks: { hub: { prefixes: 10.0/16 } }\n",
      found: ["1:30 topology/bad-prefix"],
    },
    {
      says: "a peer that is not there",
      text: "networks: { hub: { peers: [spok] }, spoke: }\n",
      found: ["1:28 network/unknown"],
    },
    {
      says: "a pattern of peers that matches nothing",
      text: "networks: { hub: { peers: spoke-* } }\n",
      found: ["1:27 topology/no-match"],
    },
    { says: "peers may name the network itself", text: "networks: { hub: { peers: all }, spoke: }\n", found: [] },
    {
      says: "one clients prefix of two networks",
      text: lines("networks:", "  a: { clients: 127.1.0.0/16 }", "  b: { clients: [127.2.0.0/16, 127.1.0.0/16] }"),
      found: ["3:32 network/clients-shared"],
    },
    {
      says: "one clients prefix of a network and its host",
      text: lines(
        "networks:",
        "  a: { clients: 127.1.0.0/16, hosts: { vm: { address: 10.0.0.4, clients: 127.1.0.0/16 } } }",
      ),
      found: ["2:74 network/clients-shared"],
    },
    {
      says: "nested clients prefixes are told apart",
      text: lines("networks:", "  a: { clients: 127.1.0.0/16 }", "  b: { clients: 127.1.2.0/24 }"),
      found: [],
    },
    {
      says: "one prefix of peered networks",
      text: lines("networks:", "  a: { prefixes: 10.0.0.0/16, peers: b }", "  b: { prefixes: 10.0.0.0/16 }"),
      found: ["3:18 network/prefixes-overlap"],
    },
    {
      says: "nested prefixes of peered networks",
      text: lines("networks:", "  a: { prefixes: 10.0.0.0/16 }", "  b: { prefixes: 10.0.1.0/24, peers: a }"),
      found: ["3:18 network/prefixes-overlap"],
    },
    {
      says: "a network on premises may be a summary of its peers",
      text: lines(
        "networks:",
        "  a: { prefixes: 10.0.0.0/16 }",
        "  b: { kind: on-premises, prefixes: 10.0.0.0/8, peers: a }",
      ),
      found: [],
    },
    {
      says: "one prefix of networks that are not peered is a warning",
      text: lines("networks:", "  a: { prefixes: 10.0.0.0/16 }", "  b: { prefixes: 10.0.0.0/16 }"),
      found: ["3:18 network/prefix-shared"],
    },
    {
      says: "nested prefixes of networks that are not peered are normal",
      text: lines("networks:", "  a: { prefixes: 10.0.0.0/16 }", "  b: { prefixes: 10.0.1.0/24 }"),
      found: [],
    },
    {
      says: "a subnet outside",
      text: "networks: { a: { prefixes: 10.0.0.0/16, subnets: { pe: 10.1.0.0/24 } } }\n",
      found: ["1:56 network/subnet-outside"],
    },
    {
      says: "subnets that overlap",
      text: "networks: { a: { subnets: { x: 10.1.0.0/23, y: 10.1.1.0/24 } } }\n",
      found: ["1:48 network/subnets-overlap"],
    },
    {
      says: "a host without an address",
      text: "networks: { a: { hosts: { vm: { dns: platform } } } }\n",
      found: ["1:27 topology/missing-key"],
    },
    {
      says: "two hosts at one address",
      text: "networks: { a: { hosts: { x: 10.0.0.4, y: 10.0.0.4 } } }\n",
      found: ["1:43 network/host-address-shared"],
    },
  ]);

  test("a prefix with host bits says the right one", () => {
    const { diagnostics } = readText("networks: { hub: { prefixes: 10.1.0.4/16 } }\n");
    expect(diagnostics.map(({ hint }) => hint)).toEqual(["did you mean 10.1.0.0/16?"]);
  });
});

describe("targets", () => {
  const around = (dns: string): string =>
    lines(
      "networks:",
      "  hub: { kind: azure }",
      "  onprem: { kind: on-premises }",
      `  n: { kind: azure, dns: ${dns} }`,
      "resolvers: { fwd: { network: hub, address: 10.0.0.4 } }",
    );
  test.each([
    { dns: "fwd", found: [] },
    { dns: "FWD", found: [] },
    { dns: "[10.0.0.4, '10.0.0.5:5353', '[fd00::1]:53', fd00::2]", found: [] },
    { dns: "[platform, hub/platform, internet]", found: ["4:37 network/no-platform-resolver"] },
    { dns: "168.63.129.16", found: [] },
    { dns: "tls://dns.quad9.net@9.9.9.9", found: [] },
    { dns: "fwdd", found: ["4:26 resolver/unknown"] },
    { dns: "'10.0.0.4, 10.0.0.5'", found: ["4:26 topology/two-values"] },
    { dns: "fwd fwd", found: ["4:26 topology/two-values"] },
    { dns: "10.0.0.256", found: ["4:26 topology/bad-address"] },
    { dns: "10.0.0.4:70000", found: ["4:26 topology/bad-address"] },
    { dns: "10.0.0.4:0", found: ["4:26 topology/bad-address"] },
    { dns: "https://dns.example/dns-query", found: ["4:26 topology/bad-address"] },
    { dns: "tls://9.9.9.9", found: ["4:26 topology/bad-address"] },
    { dns: "network", found: ["4:26 network/dns-itself"] },
    { dns: "nowhere/platform", found: ["4:26 network/unknown"] },
    { dns: "onprem/platform", found: ["4:26 network/no-platform-resolver"] },
    { dns: "[fwd, nobody, 10.0.0.300]", found: ["4:32 resolver/unknown", "4:40 topology/bad-address"] },
  ])("dns: $dns → $found", ({ dns, found }) => {
    expect(readText(around(dns)).found).toEqual(found);
  });

  cases([
    {
      says: "on premises there is no platform resolver",
      text: "networks: { n: { kind: on-premises, dns: platform } }\n",
      found: ["1:42 network/no-platform-resolver"],
    },
    {
      says: "on premises nobody answers at the platform's address",
      text: "networks: { n: { kind: on-premises, dns: [10.0.0.4, 168.63.129.16] } }\n",
      found: ["1:53 network/no-platform-resolver"],
    },
    {
      says: "a host on premises does not reach it either",
      text: "networks: { n: { kind: on-premises, hosts: { h: { address: 10.0.0.4, dns: 168.63.129.16 } } } }\n",
      found: ["1:75 network/no-platform-resolver"],
    },
    {
      says: "a network of a kind that is none is told once",
      text: "networks: { n: { kind: azur, dns: 168.63.129.16 } }\n",
      found: ["1:24 topology/bad-value"],
    },
    {
      says: "a generic network has no such address",
      text: "networks: { n: { dns: 168.63.129.16 } }\n",
      found: ["1:23 network/no-platform-resolver"],
    },
    {
      says: "a rule to it from on premises is refused",
      text: lines(
        "networks: { n: { kind: on-premises } }",
        "resolvers: { r: { network: n, forward: { .: 168.63.129.16 } } }",
      ),
      found: ["2:45 rule/platform-address-outside"],
    },
    {
      says: "a rule without a target",
      text: lines("networks: { n: { forward: { a.example: [] } } }"),
      found: ["1:40 rule/no-target"],
    },
    {
      says: "a rule with nothing",
      text: lines("networks: { n: { forward: { a.example: } } }"),
      found: ["1:29 rule/no-target"],
    },
    {
      says: "two rules for one domain",
      text: lines("networks: { n: { forward: { a.example: internet, A.example.: platform } } }"),
      found: ["1:50 rule/repeated"],
    },
    {
      says: "a rule for what is no domain",
      text: lines("networks: { n: { forward: { a..example: internet } } }"),
      found: ["1:29 topology/bad-name"],
    },
    {
      says: "a rule may be a map",
      text: lines("networks: { n: { forward: { a.example: { to: internet } } } }"),
      found: [],
    },
    {
      says: "an upstream is a real server",
      text: lines(
        "networks: { n: }",
        "resolvers: { r: { network: n } }",
        "public: { upstream: [r, internet, 9.9.9.9] }",
      ),
      found: ["3:22 topology/bad-address", "3:25 topology/bad-address"],
    },
  ]);
});

describe("zones and links", () => {
  const networks = "networks: { hub: { kind: azure }, spoke: { kind: azure }, onprem: { kind: on-premises } }";
  cases([
    {
      says: "a link to a network that is not there",
      text: lines(networks, "zones: { a.example: { links: hubb } }"),
      found: ["2:30 network/unknown"],
    },
    {
      says: "every bad link of a list",
      text: lines(networks, "zones: { a.example: { links: [x1, hub, { network: x2 }] } }"),
      found: ["2:31 network/unknown", "2:51 network/unknown"],
    },
    {
      says: "a link without a network",
      text: lines(networks, "zones: { a.example: { links: [{ onMiss: internet }] } }"),
      found: ["2:31 topology/missing-key"],
    },
    {
      says: "a link to a network on premises",
      text: lines(networks, "zones: { a.example: { links: [hub, onprem] } }"),
      found: ["2:36 link/no-links-there"],
    },
    {
      says: "a link to the internet",
      text: lines(networks, "zones: { a.example: { links: internet } }"),
      found: ["2:30 link/no-links-there"],
    },
    {
      says: "all passes over networks on premises",
      text: lines(networks, "zones: { a.example: { links: all } }"),
      found: [],
    },
    {
      says: "a pattern that only they match says so",
      text: lines(networks, "zones: { a.example: { links: onp* } }"),
      found: ["2:30 topology/no-match"],
    },
    {
      says: "a pattern that matches nothing",
      text: lines(networks, "zones: { a.example: { links: x-* } }"),
      found: ["2:30 topology/no-match"],
    },
    {
      says: "a zone that nobody sees is a warning",
      text: lines(networks, "zones: { a.example: }"),
      found: ["2:10 link/none"],
    },
    {
      says: "a zone that a resolver holds is seen",
      text: lines(networks, "zones: { a.example: }", "resolvers: { r: { network: onprem, zones: a.example } }"),
      found: [],
    },
    {
      says: "one network twice in a zone's links",
      text: lines(networks, "zones: { a.example: { links: [hub, HUB] } }"),
      found: ["2:36 link/repeated"],
    },
    {
      says: "a network beside a pattern that it fits",
      text: lines(networks, "zones: { a.example: { links: [all, { network: hub, onMiss: internet }] } }"),
      found: [],
    },
    {
      says: "two zones of one name in one network",
      text: lines(networks, "zones: { x/a.example: { links: hub }, y/a.example: { links: [spoke, hub] } }"),
      found: ["2:69 link/two-zones-of-one-name"],
    },
    {
      says: "a name that is none",
      text: lines(networks, "zones: { a..example: { links: hub } }"),
      found: ["2:10 topology/bad-name"],
    },
    {
      says: "a name that is none under name",
      text: lines(networks, "zones: { a: { name: a b, links: hub } }"),
      found: ["2:21 topology/two-values"],
    },
    {
      says: "an onMiss that is none",
      text: lines(networks, "zones: { a.example: { links: hub, onMiss: public } }"),
      found: ["2:43 topology/bad-value"],
    },
    {
      says: "a TTL that is none",
      text: lines(networks, "zones: { a.example: { links: hub, ttl: soon } }"),
      found: ["2:40 topology/bad-value"],
    },
    {
      says: "a TTL of more than 31 bits",
      text: lines(networks, "zones: { a.example: { links: hub, ttl: 2147483648 } }"),
      found: ["2:40 topology/bad-value"],
    },
    {
      says: "a folder with nothing in it",
      text: lines(networks, "zones: { all: { folder: none, links: hub } }"),
      found: ["2:25 topology/zone-folder"],
    },
  ]);

  test.each([
    { folder: "none", says: "the folder none/ has no *.zone file in it or below it" },
    { folder: "./none//", says: "the folder none/ has no *.zone file in it or below it" },
    { folder: "../none", says: "the folder ../none/ has no *.zone file in it or below it" },
    { folder: ".", says: "the folder ./ has no *.zone file in it or below it" },
    { folder: "/srv/none", says: "the folder /srv/none/ has no *.zone file in it or below it" },
  ])("the folder $folder with nothing in it is named as a folder", ({ folder, says }) => {
    const { diagnostics } = readText(lines(networks, `zones: { all: { folder: ${folder}, links: hub } }`));
    expect(diagnostics.map(({ message }) => message)).toEqual([says]);
    const hint = folder.startsWith("/") ? undefined : "the path is relative to main.yaml";
    expect(diagnostics.map((one) => one.hint)).toEqual([hint]);
  });

  test("a folder that another file names is shown from where the command runs", () => {
    const { diagnostics } = readText(lines(networks, "include: parts/zones.yaml"), {
      "parts/zones.yaml": "zones: { all: { folder: none, links: hub } }",
    });
    expect(diagnostics.map(({ message }) => message)).toEqual([
      "the folder parts/none/ has no *.zone file in it or below it",
    ]);
    expect(diagnostics.map(({ hint }) => hint)).toEqual(["the path is relative to parts/zones.yaml"]);
  });

  test("a link on premises says which resolver could hold the zone", () => {
    const { diagnostics } = readText(
      lines(networks, "resolvers: { dns1: { network: onprem } }", "zones: { a.example: { links: onprem } }"),
    );
    expect(diagnostics.map(({ hint }) => hint)).toEqual(["write resolvers.dns1.zones: a.example"]);
  });

  test("a network that is not there says which one was meant", () => {
    const { diagnostics } = readText(lines(networks, "zones: { a.example: { links: spoek } }"));
    expect(diagnostics.map(({ hint }) => hint)).toEqual(["did you mean spoke?"]);
  });
});

describe("services and endpoints", () => {
  const base = lines(
    "networks: { hub: { kind: azure, prefixes: 10.0.0.0/16, subnets: { pe: 10.0.1.0/24 } } }",
    "services: { s: { type: azure/storage }, r: { type: azure/container-registry } }",
  );
  cases([
    {
      says: "a service without a type",
      text: "services: { a: { location: x } }\n",
      found: ["1:13 topology/missing-key"],
    },
    {
      says: "a type that the catalogue does not have",
      text: "services: { a: { type: azure/storrage } }\n",
      found: ["1:24 service/unknown-type"],
    },
    {
      says: "the platform's own type name",
      text: "services: { a: { type: microsoft.containerregistry/registries } }\n",
      found: [],
    },
    {
      says: "a public address that is none",
      text: "services: { a: { type: azure/sql, address: 1.2.3 } }\n",
      found: ["1:44 topology/bad-address"],
    },
    {
      says: "a chain with what is no name",
      text: "services: { a: { type: azure/sql, chain: [ok.example, a..b] } }\n",
      found: ["1:55 topology/bad-name"],
    },
    {
      says: "an access that is none",
      text: "services: { a: { type: azure/sql, publicNetworkAccess: Disabled } }\n",
      found: ["1:56 topology/bad-value"],
    },
    {
      says: "an endpoint that stands nowhere and is nobody's",
      text: `${base}endpoints: { e: }\n`,
      found: ["3:14 topology/missing-key", "3:14 topology/missing-key"],
    },
    {
      says: "an endpoint of an unknown service",
      text: `${base}endpoints: { e: { network: hub, service: rr } }\n`,
      found: ["3:42 service/unknown"],
    },
    {
      says: "an endpoint in an unknown network",
      text: `${base}endpoints: { e: { network: hib, service: r } }\n`,
      found: ["3:28 network/unknown"],
    },
    {
      says: "an unknown group",
      text: `${base}endpoints: { e: { network: hub, service: s, group: blobb } }\n`,
      found: ["3:52 endpoint/unknown-group"],
    },
    {
      says: "a group in any case",
      text: `${base}endpoints: { e: { network: hub, service: s, group: BLOB } }\n`,
      found: [],
    },
    {
      says: "no group where there are several",
      text: `${base}endpoints: { e: { network: hub, service: s } }\n`,
      found: ["3:14 endpoint/group-missing"],
    },
    { says: "no group where there is one", text: `${base}endpoints: { e: { network: hub, service: r } }\n`, found: [] },
    {
      says: "an unknown subnet",
      text: `${base}endpoints: { e: { network: hub, service: r, subnet: ep } }\n`,
      found: ["3:53 endpoint/unknown-subnet"],
    },
    {
      says: "an address that is none",
      text: `${base}endpoints: { e: { network: hub, service: r, address: { registry: 10.0.1 } } }\n`,
      found: ["3:66 topology/bad-address"],
    },
    {
      says: "a state that is none",
      text: `${base}endpoints: { e: { network: hub, service: r, connection: Approved } }\n`,
      found: ["3:57 topology/bad-value"],
    },
    {
      says: "yes is not true",
      text: `${base}endpoints: { e: { network: hub, service: r, static: yes } }\n`,
      found: ["3:53 topology/bad-value"],
    },
    {
      says: "a zone that is not there",
      text: `${base}endpoints: { e: { network: hub, service: r, privateDns: a.example } }\n`,
      found: ["3:57 topology/unknown-zone"],
    },
    {
      says: "a name that two zones have",
      text: `${base}zones: { x/a.example: { links: hub }, y/a.example: { links: [] } }\nendpoints: { e: { network: hub, service: r, privateDns: a.example } }\n`,
      found: ["4:57 topology/ambiguous-name"],
    },
    {
      says: "none beside a zone",
      text: `${base}zones: { a.example: { links: hub } }\nendpoints: { e: { network: hub, service: r, privateDns: [none, a.example] } }\n`,
      found: ["4:58 topology/conflicting-keys"],
    },
    {
      says: "a service at fault is not told again at its endpoint",
      text: "networks: { n: }\nservices: { a: { type: nothing-like-it } }\nendpoints: { e: { network: n, service: a } }\n",
      found: ["2:24 service/unknown-type"],
    },
    {
      says: "a subnet at fault is not told again at its endpoint",
      text: "networks: { n: { subnets: { pe: 10.0.0.1/8 } } }\nservices: { a: { type: azure/key-vault } }\nendpoints: { e: { network: n, service: a, subnet: pe } }\n",
      found: ["1:33 topology/bad-prefix"],
    },
  ]);
});

describe("resolvers, listeners, public data and switches", () => {
  const networks = "networks: { hub: { kind: azure, prefixes: 10.0.0.0/16 }, onprem: { kind: on-premises } }";
  cases([
    {
      says: "a resolver that stands nowhere, in a topology without networks",
      text: "resolvers: { r: { address: 10.0.0.4 } }\n",
      found: [],
    },
    {
      says: "a resolver on the internet",
      text: "resolvers: { r: { network: internet } }\n",
      found: ["1:28 network/unknown"],
    },
    {
      says: "a resolver at what is no address",
      text: lines(networks, "resolvers: { r: { network: hub, address: dns.example } }"),
      found: ["2:42 topology/bad-address"],
    },
    {
      says: "two resolvers at one address",
      text: lines(
        networks,
        "resolvers: { r: { network: hub, address: 10.0.0.4 }, s: { network: hub, address: '10.0.0.4:53' } }",
      ),
      found: ["2:82 resolver/address-shared"],
    },
    {
      says: "a resolver outside its network is a warning",
      text: lines(networks, "resolvers: { r: { network: hub, address: 10.1.0.4 } }"),
      found: ["2:42 resolver/address-outside"],
    },
    {
      says: "a resolver that holds two zones of one name",
      text: lines(
        networks,
        "zones: { x/a.example: , y/a.example: }",
        "resolvers: { r: { network: onprem, zones: [x/a.example, y/a.example] } }",
      ),
      found: ["3:43 resolver/two-zones-of-one-name"],
    },
    {
      says: "a resolver's zone that is not there",
      text: lines(networks, "resolvers: { r: { network: onprem, zones: b.example } }"),
      found: ["2:43 topology/unknown-zone"],
    },
    {
      says: "two listeners at one address",
      text: "listen: ['127.0.0.1:53', { address: '127.0.0.1:53' }]\n",
      found: ["1:37 listener/repeated"],
    },
    { says: "port 0 is another port each time", text: "listen: ['127.0.0.1:0', '127.0.0.1:0']\n", found: [] },
    {
      says: "the largest UDP message has bounds, and both are allowed",
      text: lines(
        "listen:",
        "  - { address: '127.0.0.1:53', maxUdpSize: 512 }",
        "  - { address: '127.0.0.2:53', maxUdpSize: 4096 }",
        "  - { address: '127.0.0.3:53', maxUdpSize: 511 }",
        "  - { address: '127.0.0.4:53', maxUdpSize: 4097 }",
        "  - { address: '127.0.0.5:53', maxUdpSize: 1.2k }",
      ),
      found: ["4:44 topology/bad-value", "5:44 topology/bad-value", "6:44 topology/bad-value"],
    },
    {
      says: "ede is one of three words",
      text: "listen: [{ address: '127.0.0.1:53', ede: off }, { address: '127.0.0.1:54', ede: none }]\n",
      found: ["1:81 topology/bad-value"],
    },
    {
      says: "a rate limit is a flag or numbers within bounds",
      text: lines(
        "listen:",
        "  - { address: '127.0.0.1:53', rateLimit: false }",
        "  - { address: '127.0.0.2:53', rateLimit: { responsesPerSecond: 5, allPerSecond: 100, slip: 0 } }",
        "  - { address: '127.0.0.3:53', rateLimit: { limit: false } }",
        "  - { address: '127.0.0.4:53', rateLimit: { responsesPerSecond: 0 } }",
        "  - { address: '127.0.0.5:53', rateLimit: { slip: 101 } }",
        "  - { address: '127.0.0.6:53', rateLimit: { window: 15 } }",
        "  - { address: '127.0.0.7:53', rateLimit: none }",
      ),
      found: [
        "5:65 topology/bad-value",
        "6:51 topology/bad-value",
        "7:45 topology/unknown-key",
        "8:43 topology/bad-value",
      ],
    },
    {
      says: "a listener behind a proxy says whose header is believed",
      text: lines(
        "listen:",
        "  - { address: '127.0.0.1:53', proxy: required, trust: 10.0.0.0/24 }",
        "  - { address: '127.0.0.2:53', proxy: required }",
        "  - { address: '127.0.0.3:53', proxy: optional }",
      ),
      found: ["3:39 topology/missing-key", "4:39 topology/bad-value"],
    },
    {
      says: "a real server may be asked over TLS, the fastest of its addresses first",
      text: lines(
        "resolvers:",
        "  a: { address: [192.0.2.1, 192.0.2.2], external: true, tls: dns.example, order: fastest }",
        "  b: { address: 192.0.2.3, external: true, tls: 'a b', order: first }",
        "  c: { address: 192.0.2.4, tls: dns.example, order: listed }",
      ),
      found: [
        "3:49 topology/two-values",
        "3:63 topology/bad-value",
        "4:33 resolver/needs-external",
        "4:53 resolver/needs-external",
      ],
    },
    {
      says: "a real server may be told of its clients, as much of them as is said",
      text: lines(
        "resolvers:",
        "  a: { address: 192.0.2.1, external: true, proxy: send, clientSubnet: true }",
        "  b: { address: 192.0.2.2, external: true, proxy: required, clientSubnet: { ipv4: 33, ipv6: 129 } }",
        "  c: { address: 192.0.2.3, proxy: send, clientSubnet: { ipv4: 32, ipv6: 128 } }",
        "  d: { address: 192.0.2.4, external: true, proxy: none, clientSubnet: [24, 56] }",
        "public: { upstream: 192.0.2.5, proxy: send, clientSubnet: { ipv4: 0, ipv6: 0, length: 24 } }",
        "listen: { address: '127.0.0.1:53', resolver: a }",
      ),
      found: [
        "3:51 topology/bad-value",
        "3:83 topology/bad-value",
        "3:93 topology/bad-value",
        "4:35 resolver/needs-external",
        "4:55 resolver/needs-external",
        "5:71 topology/wrong-shape",
        "6:79 topology/unknown-key",
      ],
    },
    {
      says: "a cache is true, false, or a map of times",
      text: lines(
        "resolvers:",
        "  a: { cache: false }",
        "  b: { cache: { maxTtl: 1h, maxNegativeTtl: 5m, stale: 1d, prefetch: true } }",
        "  c: { cache: [1h] }",
        "  d: { cache: { ttl: 1h, stale: long } }",
        "public: { cache: no }",
        "listen: { address: '127.0.0.1:53', resolver: a }",
      ),
      found: [
        "4:15 topology/wrong-shape",
        "5:17 topology/unknown-key",
        "5:33 topology/bad-value",
        "6:18 topology/bad-value",
      ],
    },
    {
      says: "the memory of the caches is said once, and is a size",
      text: lines(
        "resolvers:",
        "  a: { cache: { size: 1MiB } }",
        "public: { cache: { size: 64 MB } }",
        "listen: { address: '127.0.0.1:53', resolver: a }",
      ),
      found: ["2:23 topology/unknown-key", "3:26 topology/bad-value"],
    },
    { says: "that size may be plain", text: "public: { cache: { size: 100000 } }\n", found: [] },
    {
      says: "a resolver that stands nowhere, where there are networks",
      text: lines("networks: { hub: }", "resolvers: { a: { address: 192.0.2.1 } }"),
      found: ["2:14 topology/missing-key"],
    },
    {
      says: "a real server at a wildcard of ours, as far as that is sure",
      text: lines(
        "resolvers:",
        "  a: { address: '127.0.0.9:53', external: true }",
        "  b: { address: '10.0.0.9:53', external: true }",
        "  c: { address: '127.0.0.9:54', external: true }",
        "public: { upstream: ['127.0.0.1:53', 'tls://dns.example@127.0.0.1:53', '[::1]:53'] }",
        "listen: { address: 0.0.0.0:53, network: internet }",
      ),
      found: ["2:17 resolver/is-itself", "5:22 resolver/is-itself", "5:38 resolver/is-itself"],
    },
    { says: "a listener without a port", text: "listen: 127.0.0.1\n", found: ["1:9 topology/bad-address"] },
    {
      says: "a listener of a resolver that is not there",
      text: "listen: { address: '127.0.0.1:53', resolver: nobody }\n",
      found: ["1:46 resolver/unknown"],
    },
    {
      says: "a listener of a network that is not there",
      text: "listen: { address: '127.0.0.1:53', network: nobody }\n",
      found: ["1:45 network/unknown"],
    },
    {
      says: "a project of Google Cloud, its id written as Google does, in networks of its kind",
      text: lines(
        "networks:",
        "  a: { kind: gcp, gcp: { project: my-project-1, names: [zonal, global] } }",
        "  b: { kind: gcp, gcp: { project: 'example.com:my-project', names: global } }",
        "  c: { kind: gcp, gcp: { project: My Project, names: regional } }",
        "  d: { kind: azure, gcp: { project: my-project-1 } }",
        "  e: { kind: gcp, gcp: { project: 'nodots:my-project' } }",
        "  f: { kind: gcp, gcp: { project: short } }",
      ),
      found: [
        "4:35 topology/bad-value",
        "4:54 topology/bad-value",
        "5:21 topology/conflicting-keys",
        "6:35 topology/bad-value",
        "7:35 topology/bad-value",
      ],
    },
    {
      says: "an authoritative listener that is a resolver, too",
      text: lines(
        networks,
        "resolvers: { r: { network: hub } }",
        "listen: { address: '127.0.0.1:53', authoritative: true, resolver: r }",
      ),
      found: ["3:67 topology/conflicting-keys"],
    },
    {
      says: "an authoritative listener with two choices of zones",
      text: lines(
        networks,
        "zones: { a.example: { links: hub } }",
        "listen: { address: '127.0.0.1:53', authoritative: true, network: hub, zones: a.example }",
      ),
      found: ["3:78 topology/conflicting-keys"],
    },
    {
      says: "an authoritative listener that believes client subnets",
      text: lines(networks, "listen: { address: '127.0.0.1:53', authoritative: true, network: hub, trust: 10.0.0.4 }"),
      found: ["2:78 listener/trust-unused"],
    },
    {
      says: "zones of a listener that is not authoritative, whether that is said or not",
      text: lines(
        networks,
        "zones: { a.example: { links: hub } }",
        "listen:",
        "  - { address: '127.0.0.1:53', zones: a.example }",
        "  - { address: '127.0.0.1:54', authoritative: false, zones: a.example }",
      ),
      found: ["4:39 listener/needs-authoritative", "5:61 listener/needs-authoritative"],
    },
    {
      says: "what is neither true nor false",
      text: "listen: { address: '127.0.0.1:53', authoritative: yes }\n",
      found: ["1:51 topology/bad-value"],
    },
    {
      says: "served zones that are not there, and two of one name",
      text: lines(
        networks,
        "zones: { x/a.example: , y/a.example: }",
        "listen:",
        "  - { address: '127.0.0.1:53', authoritative: true, zones: b.example }",
        "  - { address: '127.0.0.1:54', authoritative: true, zones: a.example }",
        "  - { address: '127.0.0.1:55', authoritative: true, zones: [x/a.example, y/a.example] }",
      ),
      found: ["4:60 topology/unknown-zone", "5:60 topology/ambiguous-name", "6:16 listener/two-zones-of-one-name"],
    },
    {
      says: "a zone that a listener serves is seen without links",
      text: lines(
        "zones: { a.example: }",
        "listen: { address: '127.0.0.1:53', authoritative: true, zones: a.example }",
      ),
      found: [],
    },
    {
      says: "a platform listener on premises",
      text: lines(networks, "listen: { address: '127.0.0.1:53', network: onprem, resolver: platform }"),
      found: ["2:63 network/no-platform-resolver"],
    },
    {
      says: "a listener may be the platform resolver of a network",
      text: lines(networks, "listen: { address: '127.0.0.1:53', resolver: HUB/Platform }"),
      found: [],
    },
    {
      says: "of one that has none it may not, nor of one that is not there",
      text: lines(
        networks,
        "listen:",
        "  - { address: '127.0.0.1:53', resolver: onprem/platform }",
        "  - { address: '127.0.0.1:54', resolver: nobody/platform }",
      ),
      found: ["3:42 network/no-platform-resolver", "4:42 network/unknown"],
    },
    {
      says: "the platform resolver of another network answers nobody here",
      text: lines(
        "networks:",
        "  a: { kind: azure, dns: b/platform }",
        "  b: { kind: azure, dns: b/platform }",
        "resolvers: { r: { network: a, forward: { .: b/platform } } }",
      ),
      found: ["2:26 network/no-platform-resolver", "4:45 rule/platform-address-outside"],
    },
    {
      says: "a listener may be the internet's",
      text: "listen: { address: '127.0.0.1:53', network: internet }\n",
      found: [],
    },
    {
      says: "trust is a prefix",
      text: "listen: { address: '127.0.0.1:53', trust: everybody }\n",
      found: ["1:43 topology/bad-prefix"],
    },
    {
      says: "upstream without an upstream",
      text: "public: { onMiss: upstream }\n",
      found: ["1:19 topology/missing-key"],
    },
    { says: "a switch that is none", text: "assume: { reachability: ignored }\n", found: ["1:25 topology/bad-value"] },
  ]);
});

describe("expectations", () => {
  const base = lines("networks: { hub: { hosts: { vm: 10.0.0.9 } } }", "resolvers: { r: { network: hub } }");
  cases([
    {
      says: "an expectation without from and name",
      text: "expect: [{ resolves: nodata }]\n",
      found: ["1:12 topology/missing-key", "1:12 topology/missing-key"],
    },
    {
      says: "an expectation that expects nothing",
      text: `${base}expect: [{ from: hub, name: a.example }]\n`,
      found: ["3:12 expectation/empty"],
    },
    {
      says: "an asker that is not there",
      text: `${base}expect: [{ from: [hub, hubb], name: a.example, is: public }]\n`,
      found: ["3:24 network/unknown"],
    },
    {
      says: "a host that is not there",
      text: `${base}expect: [{ from: vn@hub, name: a.example, is: public }]\n`,
      found: ["3:18 network/unknown-host"],
    },
    {
      says: "a host alone is no asker",
      text: `${base}expect: [{ from: vm, name: a.example, is: public }]\n`,
      found: ["3:18 network/unknown"],
    },
    {
      says: "an ending that is none",
      text: `${base}expect: [{ from: hub, name: a.example, resolves: nxdomian }]\n`,
      found: ["3:50 topology/bad-value"],
    },
    {
      says: "bounds that no TTL is within",
      text: `${base}expect: [{ from: hub, name: a.example, ttl: { min: 60, max: 30 } }]\n`,
      found: ["3:52 topology/bad-value"],
    },
    {
      says: "a TTL that is none",
      text: `${base}expect: [{ from: hub, name: a.example, ttl: <= 60 }]\n`,
      found: ["3:45 topology/bad-value"],
    },
    {
      says: "rdata of another type is any text",
      text: `${base}expect: [{ from: hub, name: a.example, type: TXT, resolves: any text }]\n`,
      found: [],
    },
    {
      says: "a type that is none",
      text: `${base}expect: [{ from: hub, name: a.example, type: QQ, is: public }]\n`,
      found: ["3:46 topology/bad-value"],
    },
    {
      says: "a resolver that is not there",
      text: `${base}expect: [{ from: hub, ask: rr, name: a.example, is: public }]\n`,
      found: ["3:28 resolver/unknown"],
    },
    {
      says: "an unknown key under not",
      text: `${base}expect: [{ from: hub, name: a.example, not: { iz: public } }]\n`,
      found: ["3:47 topology/unknown-key"],
    },
    { says: "a file that is not there", text: "expect: more.yaml\n", found: ["1:9 topology/include"] },
  ]);
});
