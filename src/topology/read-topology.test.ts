import { describe, expect, test } from "vitest";
import { placeOf, readText } from "../../test/topology-text.ts";
import { displayName } from "../name/name-text.ts";
import { spanAt } from "./model.ts";

describe("references", () => {
  test("a reference is a key, or a name that only one has", () => {
    const { topology, found } = readText(`
networks: { eu/hub: { kind: azure }, spoke: { kind: azure, peers: HUB } }
zones: { rg/a.example: { links: hub }, b: { name: b.example., links: hub } }
services: { vault/contoso: { type: azure/key-vault } }
endpoints: { e: { network: hub, service: contoso, privateDns: [a.example, B.example, rg/A.example] } }
`);
    expect(found).toEqual([]);
    expect(topology.networks.get("spoke")?.peers).toEqual(["eu/hub"]);
    expect(topology.endpoints.get("e")).toMatchObject({ network: "eu/hub", service: "vault/contoso" });
    expect(topology.endpoints.get("e")?.privateDns.map((dns) => dns.kind === "zone" && dns.key)).toEqual([
      "rg/a.example",
      "b",
    ]);
    expect(topology.services.get("vault/contoso")?.name).toBe("contoso");
  });

  test.each([
    { links: "all", networks: ["hub", "spoke-1", "spoke-2"] },
    { links: "spoke-*", networks: ["spoke-1", "spoke-2"] },
    { links: "SPOKE-?", networks: ["spoke-1", "spoke-2"] },
    { links: "'*-2'", networks: ["spoke-2"] },
    { links: "[spoke-2, hub]", networks: ["spoke-2", "hub"] },
    { links: "{ network: [hub, spoke-1] }", networks: ["hub", "spoke-1"] },
    { links: "[]", networks: [] },
  ])("links: $links → $networks", ({ links, networks }) => {
    const { topology, found } = readText(
      `networks: { hub: , spoke-1: , spoke-2: , dc: { kind: on-premises } }\nzones: { a.example: { links: ${links} } }\n`,
    );
    expect(found).toEqual([]);
    expect(topology.zones.get("a.example")?.links.map(({ network }) => network)).toEqual(networks);
  });

  test("what names a network says more than a pattern that it fits", () => {
    const { topology } = readText(`
networks: { hub: , spoke: }
zones: { a.example: { onMiss: internet, links: [all, { network: hub, onMiss: nxdomain, name: mine, state: inProgress }] } }
`);
    const links = topology.zones.get("a.example")?.links ?? [];
    expect(links.map(({ span, ...link }) => ({ ...link, at: placeOf(span) }))).toEqual([
      { network: "hub", onMiss: "nxdomain", state: "inProgress", registration: false, name: "mine", at: "3:65" },
      {
        network: "spoke",
        onMiss: "internet",
        state: "completed",
        registration: false,
        at: "3:49",
      },
    ]);
  });
});

describe("values", () => {
  test.each([
    { text: "10.0.0.4", is: { kind: "address", at: { port: 53 } } },
    { text: "'[fd00::1]:5353'", is: { kind: "address", at: { port: 5353, address: { text: "fd00::1" } } } },
    { text: "tls://dns.quad9.net@9.9.9.9", is: { kind: "address", tls: "dns.quad9.net", at: { port: 853 } } },
    { text: "Platform", is: { kind: "platform" } },
    { text: "N/platform", is: { kind: "platform", network: "n" } },
    { text: "internet", is: { kind: "internet" } },
    { text: "fwd", is: { kind: "resolver", key: "Fwd" } },
  ])("the target $text", ({ text, is }) => {
    const { topology, found } = readText(
      `networks: { n: { kind: azure, dns: ${text} }, onprem2: }\nresolvers: { Fwd: { network: n } }\n`,
    );
    expect(found).toEqual([]);
    expect(topology.networks.get("n")?.dns).toMatchObject([is]);
  });

  test("a network without dns has its platform resolver, on premises the internet", () => {
    const { topology } = readText("networks: { a: { kind: azure }, b: { kind: on-premises } }\n");
    expect(topology.networks.get("a")?.dns).toEqual([]);
    expect(topology.networks.get("b")?.dns).toMatchObject([{ kind: "internet" }]);
  });

  test("a host may be its address alone, or a map", () => {
    const { topology } = readText(
      "networks: { a: { hosts: { x: 10.0.0.4, y: { address: [10.0.0.5, 10.0.1.0/24], dns: 8.8.8.8, clients: 127.0.0.9 } } } }\n",
    );
    const hosts = [...(topology.networks.get("a")?.hosts.values() ?? [])];
    expect(hosts.map(({ addresses }) => addresses.map(({ text }) => text))).toEqual([
      ["10.0.0.4/32"],
      ["10.0.0.5/32", "10.0.1.0/24"],
    ]);
    expect(hosts[1]).toMatchObject({ dns: [{ kind: "address" }], clients: [{ text: "127.0.0.9/32" }] });
  });

  test.each([
    { ttl: "0", is: 0 },
    { ttl: "300", is: 300 },
    { ttl: "1h30m", is: 5400 },
    { ttl: "1W2d", is: 777600 },
    { ttl: "2147483647", is: 2147483647 },
  ])("ttl: $ttl → $is seconds", ({ ttl, is }) => {
    expect(readText(`zones: { a.example: { links: [], ttl: ${ttl} } }\n`).topology.zones.get("a.example")?.ttl).toBe(
      is,
    );
  });

  test("an endpoint's addresses: allocated, for each name, or by member", () => {
    const { topology, found } = readText(`
networks: { hub: { kind: azure } }
services: { r: { type: azure/container-registry } }
defaults: { endpoint: { network: hub, service: r } }
endpoints:
  a:
  b: { address: 10.0.0.4, privateDns: none }
  c: { address: { registry: 10.0.0.5, data: [10.0.0.6, fd00::6] }, connection: pending, static: true, ttl: 60 }
`);
    expect(found).toEqual([]);
    expect(topology.endpoints.get("a")).toMatchObject({
      address: { kind: "allocated" },
      privateDns: [{ kind: "auto" }],
      static: false,
    });
    expect(topology.endpoints.get("b")).toMatchObject({
      address: { kind: "each", addresses: [{ text: "10.0.0.4" }] },
      privateDns: [],
    });
    const c = topology.endpoints.get("c");
    expect(c).toMatchObject({ connection: "pending", static: true, ttl: 60 });
    expect(
      c?.address.kind === "members" &&
        [...c.address.members].map(([member, all]) => [member, all.map(({ text }) => text)]),
    ).toEqual([
      ["registry", ["10.0.0.5"]],
      ["data", ["10.0.0.6", "fd00::6"]],
    ]);
    expect(c === undefined ? "" : placeOf(spanAt(c, "address.data[1]"))).toBe("8:56");
  });

  test("listeners: the default, an address alone, and all keys", () => {
    expect(readText("version: 1\n").topology.listeners).toMatchObject([
      { at: { port: 5300, address: { text: "127.0.0.1" } } },
    ]);
    expect(readText("listen: []\n").topology.listeners).toEqual([]);
    const { listeners } = readText(`
networks: { hub: }
resolvers: { r: { network: hub } }
listen: ['[::1]:0', { address: 127.0.0.1:53, network: HUB, resolver: R, trust: [], maxTtl: 1m }]
`).topology;
    expect(listeners).toMatchObject([
      { at: { port: 0 }, trust: [{ text: "127.0.0.0/8" }, { text: "::1/128" }] },
      { network: "hub", resolver: "r", trust: [], maxTtl: 60 },
    ]);
  });

  test("expectations: every key", () => {
    const { topology, found } = readText(`
networks: { hub: { hosts: { vm1: 10.0.0.4, vm2: 10.0.0.5 } }, spoke: }
resolvers: { r: { network: hub } }
expect:
  - { from: [hub, internet, VM1@hub, 'vm*@hub', 10.0.0.9, all], ask: R, name: a.example, resolves: [10.0.0.0/16, NXDOMAIN], via: b.example }
  - { from: spoke, name: a.example, type: mx, not: { is: private, resolves: 10 mail.example. }, ask: hub/platform }
  - from: hub
    name: [a.example, "*.B.example.", '\\*.c.example']
    type: [A, AAAA]
    ttl: { min: 1m, max: 300 }
    not: { ttl: 60 }
    tags: [smoke, slow]
    because: nobody may leave
`);
    expect(found).toEqual([]);
    const [first, second, third] = topology.expectations;
    expect(first?.from).toEqual([
      { kind: "network", network: "hub" },
      { kind: "network", network: "internet" },
      { kind: "host", network: "hub", host: "vm1" },
      { kind: "host", network: "hub", host: "vm1" },
      { kind: "host", network: "hub", host: "vm2" },
      expect.objectContaining({ kind: "address" }),
      { kind: "network", network: "hub" },
      { kind: "network", network: "spoke" },
    ]);
    expect(first).toMatchObject({ ask: "r", resolves: ["10.0.0.0/16", "nxdomain"] });
    expect(first?.via.map(displayName)).toEqual(["b.example"]);
    expect(second).toMatchObject({
      types: [15],
      ask: "hub/platform",
      not: { is: "private", resolves: ["10 mail.example."] },
    });
    expect(third).toMatchObject({
      types: [1, 28],
      ttl: { min: 60, max: 300 },
      not: { ttl: { min: 60, max: 60 } },
      tags: ["smoke", "slow"],
      because: "nobody may leave",
    });
    expect(third?.names.map((one) => (one.kind === "name" ? displayName(one.name) : one))).toEqual([
      "a.example",
      { kind: "pattern", text: "*.b.example" },
      "*.c.example",
    ]);
  });

  test("public data: its onMiss is upstream when there is one", () => {
    expect(readText("public: { zones: [a, b.zone], upstream: 9.9.9.9 }\n").topology.publicData).toMatchObject({
      zones: [{ path: "a" }, { path: "b.zone" }],
      onMiss: "upstream",
    });
    expect(readText("public: { upstream: [] }\n").topology.publicData).toMatchObject({
      upstream: [],
      onMiss: "nxdomain",
    });
  });
});

describe("defaults and included files", () => {
  test("the nearest file wins, lists are replaced, the thing itself comes first", () => {
    const { topology, found } = readText(
      "include: sub/*.yaml\ndefaults: { network: { kind: azure, location: outer, prefixes: [10.0.0.0/8] } }\nnetworks: { a: { location: own } }\n",
      {
        "sub/x.yaml":
          "defaults: { network: { location: inner, prefixes: [10.1.0.0/16] } }\nnetworks: { b: , c: { prefixes: 10.2.0.0/16 } }\n",
        "sub/y.yaml": "networks: { d: { prefixes: [] } }\n",
        "sub/z.txt": "no topology",
      },
    );
    expect(found).toEqual([]);
    expect(
      [...topology.networks.values()].map(({ key, kind, location, prefixes }) => [
        key,
        kind,
        location,
        prefixes.map(({ text }) => text),
      ]),
    ).toEqual([
      ["a", "azure", "own", ["10.0.0.0/8"]],
      ["b", "azure", "inner", ["10.1.0.0/16"]],
      ["c", "azure", "inner", ["10.2.0.0/16"]],
      ["d", "azure", "outer", []],
    ]);
  });

  test("lists of listeners and expectations go on from file to file; a switch is said once", () => {
    const { topology, found } = readText(
      "include: b.yaml\nlisten: '127.0.0.1:1'\nassume: { reachability: ignore }\nexpect: [e/*.yaml]\nnetworks: { n: }\n",
      {
        "b.yaml": "listen: '127.0.0.1:2'\nassume: { publicAlias: never, reachability: enforce }\n",
        "e/1.yaml": "- { from: n, name: a.example, is: public }\n- { from: m, name: a.example, is: public }\n",
      },
    );
    expect(found).toEqual(["b.yaml:2:31 topology/duplicate-key", "e/1.yaml:2:11 network/unknown"]);
    expect(topology.listeners.map(({ at }) => at.port)).toEqual([1, 2]);
    expect(topology.assume).toMatchObject({ reachability: "ignore", publicAlias: "never", reenter: "all" });
    expect(topology.expectations.length).toBe(2);
  });

  test.each([
    { says: "a file that is not there", include: "x.yaml", found: ["1:10 topology/include"] },
    { says: "a pattern that matches no file", include: "x/*.yaml", found: ["1:10 topology/include"] },
    { says: "the file itself", include: "main.yaml", found: ["1:10 topology/include"] },
    { says: "a file twice", include: "[a.yaml, a.yaml]", found: ["1:19 topology/include"] },
    { says: "a file by name and by pattern", include: "[a.yaml, '*.yaml']", found: [] },
    { says: "files that include one another", include: "c.yaml", found: ["c.yaml:1:10 topology/include"] },
    { says: "a key in two files, with both places", include: "d.yaml", found: ["d.yaml:1:13 topology/duplicate-key"] },
    { says: "a file with a problem of its own", include: "f/e.yaml", found: ["f/e.yaml:2:1 topology/unknown-key"] },
  ])("include: $says", ({ include, found }) => {
    const files = {
      "main.yaml": "",
      "a.yaml": "version: 1\n",
      "c.yaml": "include: main.yaml\n",
      "d.yaml": "networks: { HUB: }\n",
      "f/e.yaml": "# none\nfoo: bar\n",
    };
    const only =
      include.includes("*.yaml") && !include.startsWith("x") ? { "a.yaml": files["a.yaml"], "main.yaml": "" } : files;
    expect(readText(`include: ${include}\nnetworks: { hub: }\n`, only).found).toEqual(found);
  });

  test("a missing file does not make references unknown", () => {
    expect(readText("include: gone.yaml\nzones: { a.example: { links: elsewhere } }\n").found).toEqual([
      "1:10 topology/include",
    ]);
  });
});

describe("folders of zones", () => {
  const files = {
    "z/corp.zone": "$ORIGIN corp.example.\n",
    "z/deep/build.example.zone": "www 300 A 10.0.0.1\n",
    "z/notes.txt": "",
    "w/corp.example.zone": "",
  };

  test("each file is a zone with the folder's links, by its name", () => {
    const { topology, found } = readText(
      "networks: { n: , m: }\nzones: { ours: { folder: z/, links: n, onMiss: internet, ttl: 60 } }\nresolvers: { r: { network: m, zones: [ours] } }\n",
      files,
    );
    expect(found).toEqual([]);
    expect(
      [...topology.zones.values()].map(({ key, name, folder, ttl, onMiss, files: [file], links }) => [
        key,
        displayName(name),
        folder,
        ttl,
        onMiss,
        file?.path,
        links[0]?.network,
      ]),
    ).toEqual([
      ["corp.example", "corp.example", "ours", 60, "internet", "z/corp.zone", "n"],
      ["build.example", "build.example", "ours", 60, "internet", "z/deep/build.example.zone", "n"],
    ]);
    expect(topology.resolvers.get("r")?.zones).toEqual(["corp.example", "build.example"]);
  });

  test("the folder of the zone itself comes before that of defaults", () => {
    const { topology } = readText(
      "defaults: { zone: { folder: w, links: [] } }\nzones: { a: { folder: z }, b: }\n",
      files,
    );
    expect([...topology.zones.values()].map(({ folder }) => folder)).toEqual(["a", "a"]);
    const { topology: other } = readText("defaults: { zone: { folder: w, links: [] } }\nzones: { b: }\n", files);
    expect([...other.zones.keys()]).toEqual(["corp.example"]);
  });

  test("two folders may hold zones of one name when their keys tell them apart", () => {
    const { topology, found } = readText(
      "networks: { n: , m: }\nzones: { dev/all: { folder: z, links: n }, prod/all: { folder: w, links: m } }\n",
      files,
    );
    expect(found).toEqual([]);
    expect([...topology.zones.keys()]).toEqual(["dev/corp.example", "dev/build.example", "prod/corp.example"]);
  });

  test.each([
    {
      says: "two folders with one zone",
      zones: "{ a: { folder: z, links: [] }, b: { folder: w, links: [] } }",
      found: ["1:39 topology/duplicate-key"],
    },
    {
      says: "a folder beside a file",
      zones: "{ a: { folder: z, file: x.zone, links: [] } }",
      found: ["1:32 topology/conflicting-keys"],
    },
    { says: "a folder without links, told once", zones: "{ a: { folder: z } }", found: ["1:10 link/none"] },
  ])("$says", ({ zones, found }) => {
    expect(readText(`zones: ${zones}\n`, files).found).toEqual(found);
  });
});

describe("places", () => {
  const text = `networks:
  hub:
    prefixes: [10.0.0.0/16, 10.1.0.0/16]
    subnets: { pe: 10.0.1.0/24 }
    hosts: { vm: { address: 10.0.0.4 } }
    clients: 127.1.0.0/16
`;
  test.each([
    { path: "prefixes", at: "3:15" },
    { path: "prefixes[1]", at: "3:29" },
    { path: "subnets.pe", at: "4:20" },
    { path: "hosts.vm", at: "5:14" },
    { path: "hosts.vm.address", at: "5:29" },
    { path: "clients[0]", at: "6:14" },
    { path: "location", at: "2:3" },
  ])("$path stands at $at", ({ path, at }) => {
    const hub = readText(text).topology.networks.get("hub");
    expect(hub === undefined ? undefined : placeOf(spanAt(hub, path))).toBe(at);
  });
});
