import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { parseAddressPort } from "../net/address.ts";
import { findTarget } from "../resolve/targets.ts";
import { clientAt } from "../snapshot/clients.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { groupStands } from "./groups.ts";
import { placesOf } from "./places.ts";
import { type LabPlan, planLab, type Step } from "./plan.ts";
import { labServers, reachedServers } from "./servers.ts";

const LAB = "0123abcd";

function planOf(text: string, hasIpv6 = true): LabPlan {
  return planLab(loadText(text).snapshot, LAB, { hasIpv6, nsswitch: "passwd: files\nhosts: files resolve dns\n" });
}

/** `WHO ADDRESS asks SERVERS`, without the internet. */
function placesIn({ places }: LabPlan): string[] {
  return places
    .filter(({ who }) => who !== "internet")
    .map(({ who, addresses, nameServers }) => `${who} ${addresses.join(" ")} asks ${nameServers.join(" ")}`);
}

/** What each server listens at, in the order of the servers. */
function listenersIn({ steps }: LabPlan): (readonly string[])[] {
  return steps.flatMap((step) => (step.kind === "serve" ? [step.listen] : []));
}

function commandsIn({ steps }: LabPlan, who: string): readonly string[] {
  const isThere = (step: Step): step is Extract<Step, { kind: "ip" }> =>
    step.kind === "ip" && step.namespace === `privlink-${LAB}-${who}`;
  return steps.filter(isThere).flatMap(({ commands }) => commands);
}

/** What routes of a place lead to. */
function routesOf(plan: LabPlan, who: string): string[] {
  return commandsIn(plan, who).flatMap((command) => /^route add (\S+)\/(?:32|128) via/.exec(command)?.[1] ?? []);
}

describe("who stands where, and asks whom", () => {
  test.each([
    {
      says: "the platform at its address, and a machine behind what a platform keeps",
      text: "networks: { hub: { kind: azure, prefixes: 10.0.0.0/16 } }",
      places: ["hub 10.0.0.4 asks 168.63.129.16"],
    },
    {
      says: "machines stay out of subnets, where endpoints take addresses",
      text: "networks: { hub: { kind: azure, prefixes: 10.0.0.0/16, subnets: { a: 10.0.0.0/24 } } }",
      places: ["hub 10.0.1.4 asks 168.63.129.16"],
    },
    {
      says: "nobody gets the address of a resolver, of a host or of an endpoint",
      text: `networks: { hub: { kind: azure, prefixes: 10.0.0.0/24, dns: fwd, hosts: { vm: 10.0.0.5 } } }
resolvers: { fwd: { network: hub, address: 10.0.0.4, forward: { ".": platform } } }
services: { s: { type: azure/sql } }
endpoints: { e: { network: hub, service: s, address: 10.0.0.6, privateDns: none } }`,
      places: ["hub 10.0.0.7 asks 10.0.0.4", "vm@hub 10.0.0.5 asks 10.0.0.4"],
    },
    {
      says: "a nested network keeps its part, and its machines count as its own",
      text: `networks:
  outer: { kind: azure, prefixes: 10.0.0.0/8 }
  inner: { kind: azure, prefixes: 10.0.0.0/16 }`,
      places: ["outer 10.1.0.4 asks 168.63.129.16", "inner 10.0.0.4 asks 168.63.129.16"],
    },
    {
      says: "a network that is all subnets has its machine in one of them, still out of a nested network's part",
      text: `networks:
  outer: { kind: azure, prefixes: 10.0.0.0/8, subnets: { all: 10.0.0.0/8 } }
  inner: { kind: azure, prefixes: 10.0.0.0/16 }`,
      places: ["outer 10.1.0.4 asks 168.63.129.16", "inner 10.0.0.4 asks 168.63.129.16"],
    },
    {
      says: "a network without addresses has one of the lab's, and so has a platform without one",
      text: "networks: { lab: { kind: generic } }",
      places: ["lab 169.254.64.4 asks 169.254.53.53"],
    },
    {
      says: "both families where the network has both",
      text: 'networks: { lan: { kind: aws, prefixes: [172.31.0.0/16, "fd00:1::/64"] } }',
      places: ["lan 172.31.0.4 fd00:1::4 asks 172.31.0.2"],
    },
    {
      says: "dns in order, public addresses and the internet among them",
      text: `networks:
  office: { kind: on-premises, prefixes: 192.168.0.0/24, dns: [box, 9.9.9.9, internet, 10.9.9.9] }
resolvers: { box: { network: office, address: 192.168.0.53, forward: { ".": internet } } }`,
      places: ["office 192.168.0.4 asks 192.168.0.53 9.9.9.9 192.0.2.53 10.9.9.9"],
    },
    {
      says: "nobody's address where a network has no resolver at all",
      text: "networks: { vpc: { kind: aws, prefixes: 10.0.0.0/16, aws: { dnsSupport: false } } }",
      places: ["vpc 10.0.0.4 asks 169.254.52.1"],
    },
  ])("$says", ({ text, places }) => {
    expect(placesIn(planOf(text))).toEqual(places);
  });

  test("without IPv6 on the machine nobody has it, and what has nothing else is left out", () => {
    const text = `networks:
  lan: { prefixes: [10.0.0.0/16, "fd00:1::/64"], hosts: { six: "fd00:1::9" } }`;
    expect(placesIn(planOf(text, false))).toEqual(["lan 10.0.0.4 asks 169.254.53.53"]);
    expect(JSON.stringify(planOf(text, false))).not.toContain("fd00");
  });

  test("the internet stands in prefixes for documentation that the model does not use", () => {
    const internet = planOf("networks: { a: { prefixes: 192.0.2.0/25 } }").places.at(-1);
    expect(internet).toMatchObject({ who: "internet", addresses: ["198.51.100.4"], nameServers: ["198.51.100.53"] });
  });

  test("resolv.conf has the servers, and names are looked up past other services of the machine", () => {
    const files = planOf("networks: { hub: { kind: azure, prefixes: 10.0.0.0/16 } }").steps.flatMap((step) =>
      step.kind === "file" ? [[step.path, step.text]] : [],
    );
    expect(files.slice(0, 2)).toEqual([
      [
        `/etc/netns/privlink-${LAB}-hub/resolv.conf`,
        "# Written by privlink lab\nnameserver 168.63.129.16\noptions timeout:2 attempts:1\n",
      ],
      [`/etc/netns/privlink-${LAB}-hub/nsswitch.conf`, "passwd: files\nhosts: files dns\n"],
    ]);
  });
});

const PEERED = `networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16, peers: spoke }
  spoke: { kind: azure, prefixes: 10.1.0.0/16, dns: fwd }
  alone: { kind: on-premises, prefixes: 10.2.0.0/16, dns: 10.0.0.4 }
resolvers: { fwd: { network: hub, address: 10.0.0.4, forward: { ".": platform } } }
`;
const OVERLAPPING = `networks:
  a: { kind: azure, prefixes: 10.0.0.0/16, dns: fa, hosts: { vm: 10.0.0.9 }, peers: hub }
  b: { kind: azure, prefixes: 10.0.0.0/16, dns: fb, hosts: { vm: 10.0.0.9 } }
  hub: { kind: azure, prefixes: 10.1.0.0/16 }
resolvers:
  fa: { network: a, address: 10.0.0.53, forward: { ".": platform } }
  fb: { network: b, address: 10.0.0.53, forward: { ".": platform } }
`;

describe("what leads where", () => {
  test.each([
    { who: "hub", reaches: ["168.63.129.16", "10.0.0.4", "192.0.2.53"], because: "two are its own, and one is public" },
    { who: "spoke", reaches: ["168.63.129.16", "10.0.0.4", "192.0.2.53"], because: "the forwarder is in a peer" },
    { who: "alone", reaches: ["192.0.2.53"], because: "it has no peer and no platform" },
    { who: "internet", reaches: ["192.0.2.53"], because: "private addresses are not routed" },
  ])("$who reaches $reaches: $because", ({ who, reaches }) => {
    expect(routesOf(planOf(PEERED), who)).toEqual(reaches);
  });

  test("a network without egress reaches nothing public", () => {
    expect(routesOf(planOf("networks: { a: { kind: azure, prefixes: 10.0.0.0/16, egress: false } }"), "a")).toEqual([
      "168.63.129.16",
    ]);
  });

  test("everything else goes to a neighbour that nobody is", () => {
    const commands = commandsIn(planOf(PEERED), "alone");
    expect(commands).toContain("route add default via 169.254.0.3 dev eth0 onlink src 10.2.0.4");
    expect(commands).toContain("neighbour add 169.254.0.3 lladdr 02:00:00:00:00:03 nud permanent dev eth0");
  });

  test("one server answers networks that addresses tell apart: the platform's address is told by who asks there", () => {
    expect(listenersIn(planOf(PEERED))).toEqual([["168.63.129.16:53", "10.0.0.4:53=fwd", "192.0.2.53:53=internet"]]);
  });

  test("networks with one prefix, hosts at one address and resolvers at one address have servers of their own", () => {
    const plan = planOf(OVERLAPPING);
    expect(placesIn(plan)).toEqual([
      "a 10.0.0.4 asks 10.0.0.53",
      "vm@a 10.0.0.9 asks 10.0.0.53",
      "b 10.0.0.5 asks 10.0.0.53",
      "vm@b 10.0.0.9 asks 10.0.0.53",
      "hub 10.1.0.4 asks 168.63.129.16",
    ]);
    expect(listenersIn(plan)).toEqual([
      ["168.63.129.16:53=a", "10.0.0.53:53=fa", "192.0.2.53:53=internet"],
      ["168.63.129.16:53=b", "10.0.0.53:53=fb", "192.0.2.53:53=internet"],
      ["168.63.129.16:53", "10.0.0.53:53=fa", "192.0.2.53:53=internet"],
    ]);
  });

  test("a real server of the model is not in the lab", () => {
    const plan = planOf(`networks: { a: { prefixes: 10.0.0.0/16, dns: real } }
resolvers: { real: { network: a, address: 10.0.0.9, external: true } }`);
    expect(listenersIn(plan).flat().join(" ")).not.toContain("10.0.0.9");
    expect(placesIn(plan)).toEqual(["a 10.0.0.4 asks 10.0.0.9"]);
  });

  test("nor is an upstream, though clients ask it: a server that answered there would ask itself", () => {
    const plan = planOf(`networks: { a: { prefixes: 10.0.0.0/16, dns: [9.9.9.9, 8.8.8.8] } }
public: { upstream: 9.9.9.9 }`);
    expect(listenersIn(plan).flat()).toContain("8.8.8.8:53=internet");
    expect(listenersIn(plan).flat().join(" ")).not.toContain("9.9.9.9");
    expect(routesOf(plan, "a")).not.toContain("9.9.9.9");
  });
});

/** Networks as no estate has them: few prefixes, so that they meet; any peers; resolvers and hosts at few addresses. */
const anyTopology = fc
  .array(
    fc.record({
      kind: fc.constantFrom("azure", "generic", "aws", "ibm", "ibm-classic", "on-premises"),
      prefix: fc.constantFrom(
        "10.0.0.0/8",
        "10.0.0.0/16",
        "10.0.0.0/24",
        "10.1.0.0/16",
        "0.0.0.0/0",
        "fd00::/64",
        "127.5.0.0/16",
        "",
      ),
      peer: fc.nat(4),
      resolver: fc.constantFrom("", "10.0.0.4", "10.1.0.4", "8.8.4.4"),
      host: fc.constantFrom("", "10.0.0.4", "10.0.0.9", "10.0.0.128/25", "fd00::9"),
      dns: fc.constantFrom("", "10.0.0.4", "8.8.8.8", "internet"),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((networks) => {
    const lines = ["networks:"];
    const resolvers = ["resolvers:"];
    for (const [i, { kind, prefix, peer, resolver, host, dns }] of networks.entries()) {
      const parts = [`kind: ${kind}`];
      if (prefix !== "") parts.push(`prefixes: "${prefix}"`);
      if (peer < networks.length) parts.push(`peers: n${peer}`);
      if (host !== "") parts.push(`hosts: { vm: "${host}" }`);
      if (dns !== "") parts.push(`dns: "${dns}"`);
      lines.push(`  n${i}: { ${parts.join(", ")} }`);
      if (resolver !== "")
        resolvers.push(`  r${i}: { network: n${i}, address: ${resolver}, forward: { ".": internet } }`);
    }
    return [...lines, ...(resolvers.length > 1 ? resolvers : [])].join("\n");
  });

function groupsOf(snapshot: Snapshot) {
  const taken: Parameters<typeof labServers>[1] = [];
  const servers = labServers(snapshot, taken);
  const places = placesOf(snapshot, taken);
  return groupStands(places.map((place) => ({ place, servers: reachedServers(snapshot, servers, place) })));
}

describe("laws of any model", () => {
  test("in a group each address is one machine's or the server's, and each listener one thing to all", () => {
    fc.assert(
      fc.property(anyTopology, (text) => {
        for (const { stands, listeners } of groupsOf(loadText(text).snapshot)) {
          const machines = stands.flatMap(({ place }) => place.addresses.map((address) => address.text));
          expect(new Set(machines).size).toBe(machines.length);
          for (const { at } of listeners.values()) expect(machines).not.toContain(at.address.text);
          for (const { servers } of stands)
            for (const server of servers) expect([...listeners.values()]).toContainEqual(server);
        }
      }),
    );
  });

  test("everybody has a place, and where the server must tell who asks, the model can", () => {
    fc.assert(
      fc.property(anyTopology, (text) => {
        const { snapshot } = loadText(text);
        const groups = groupsOf(snapshot);
        const networks = new Set(groups.flatMap(({ stands }) => stands.map(({ place }) => place.network)));
        expect(networks).toEqual(new Set([...snapshot.topology.networks.keys(), undefined]));
        for (const { place, servers } of groups.flatMap(({ stands }) => stands)) {
          if (servers.every(({ as }) => as !== undefined)) continue;
          for (const address of place.addresses)
            expect(clientAt(snapshot.clients, address)).toMatchObject({ kind: "network", network: place.network });
        }
      }),
    );
  });

  test("a route leads to an address of the model exactly where the model finds somebody there", () => {
    fc.assert(
      fc.property(anyTopology, (text) => {
        const { snapshot } = loadText(text);
        const plan = planLab(snapshot, LAB, { hasIpv6: true });
        for (const { who, addresses } of plan.places.filter((place) => /^n\d$/.test(place.who))) {
          for (const server of ["10.0.0.4", "10.1.0.4", "168.63.129.16", "161.26.0.7", "169.254.169.253"]) {
            const at = parseAddressPort(server, 53);
            if (at === undefined || addresses.includes(server)) continue;
            const span = {
              file: { path: "", encoding: "unicode", lineStarts: new Uint32Array(1) },
              start: 0,
              end: 0,
            } as const;
            const found = findTarget(snapshot, { kind: "address", at, text: server, span }, who);
            const isAnswered = found.kind === "resolver" && found.resolver.kind !== "internet";
            expect(`${who} ${server} ${routesOf(plan, who).includes(server)}`).toBe(`${who} ${server} ${isAnswered}`);
          }
        }
      }),
    );
  });
});
