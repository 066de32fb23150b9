import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { sightOf } from "./sight.ts";

/** Networks `a` and `b` see the same; each of the others differs from them in one thing. */
const { snapshot, diagnostics } = loadText(`
networks:
  a: { kind: azure, prefixes: 10.0.0.0/16 }
  b: { kind: azure, prefixes: 10.1.0.0/16 }
  fewer: { kind: azure, prefixes: 10.2.0.0/16 }
  sends: { kind: azure, prefixes: 10.3.0.0/16, dns: platform }
  ruled: { kind: azure, prefixes: 10.4.0.0/16, forward: { on.example: 10.0.0.4 } }
  lenient: { kind: azure, prefixes: 10.5.0.0/16 }
  other: { kind: ibm, prefixes: 10.6.0.0/16 }
  made: { kind: azure, prefixes: 10.7.0.0/16, hosts: { web: { address: 10.7.0.4, dns: fwd } } }
  made2: { kind: azure, prefixes: 10.8.0.0/16, hosts: { web: 10.8.0.4 } }
  bare: { kind: azure, prefixes: 10.9.0.0/16 }
  bare2: { kind: azure, prefixes: 10.10.0.0/16 }
zones:
  corp.example: { links: [ruled, b, a, sends, other, lenient], records: "www 60 A 10.0.0.1" }
  corp2.example: { links: [a, b, sends, ruled, lenient, other, fewer] }
  privatelink.azurecr.io: { links: [a, b, sends, ruled, { network: lenient, onMiss: internet }, other, fewer] }
resolvers:
  fwd: { network: a, address: 10.0.0.4, forward: { ".": platform } }
  fwd2: { network: a, address: 10.0.0.5, forward: { ".": platform } }
  real: { network: a, address: 10.0.0.6, external: true }
listen: [127.0.0.1:5300, { address: 127.0.0.1:5301, authoritative: true, network: a }]
`);

const [authority = ""] = snapshot.authorities.keys();

function of(network: string, host?: string): string {
  return sightOf(snapshot, { kind: "servers-of", network, ...(host === undefined ? {} : { host }) });
}

function resolver(key: string, from: Snapshot = snapshot): string {
  return sightOf(from, { kind: "resolver", key });
}

describe("a sight", () => {
  test("the topology is as its author meant it", () => {
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  test.each([
    { what: "networks with the same zones, whatever the order of links", one: of("a"), other: of("b") },
    { what: "a network and its platform resolver", one: of("a"), other: resolver("a/platform") },
    { what: "networks without zones", one: of("bare"), other: of("bare2") },
    {
      what: "nobody's client and the internet's resolver",
      one: sightOf(snapshot, { kind: "servers-of" }),
      other: resolver("internet"),
    },
  ])("is one of $what", ({ one, other }) => expect(one).toBe(other));

  test.each([
    { what: "a network with a zone less", one: of("fewer") },
    { what: "one that is given DNS servers", one: of("sends") },
    { what: "one with a rule", one: of("ruled") },
    { what: "one whose link sends names on", one: of("lenient") },
    { what: "one of another provider", one: of("other") },
    { what: "a host with servers of its own", one: of("made", "web") },
    { what: "a forwarder", one: resolver("fwd") },
    { what: "a real server", one: resolver("real") },
    { what: "nobody", one: resolver("gone") },
    { what: "an authoritative server", one: sightOf(snapshot, { kind: "authority", key: authority }) },
    { what: "a network without zones", one: of("bare") },
  ])("of $what is another", ({ one }) => expect(one).not.toBe(of("a")));

  test.each([
    { what: "networks whose machines have names", one: of("made"), other: of("made2") },
    { what: "forwarders, which send names from where they stand", one: resolver("fwd"), other: resolver("fwd2") },
    { what: "a network without zones and the internet", one: of("bare"), other: resolver("internet") },
  ])("tells $what apart", ({ one, other }) => expect(one).not.toBe(other));

  test.each([
    { what: "texts", one: "x", other: "y" },
    { what: "maps", one: new Map([["x", 1]]), other: new Map([["x", 2]]) },
    { what: "sets within", one: { of: [new Set(["x"])] }, other: { of: [new Set(["y"])] } },
  ])("counts what views gain some day: $what", ({ one, other }) => {
    expect(withMore("a", one)).not.toBe(withMore("b", other));
  });

  test("is short, however much is seen", () => expect(of("a").length).toBeLessThan(64));
});

/** The sight of a network's platform resolver, whose view has something that views do not have today. */
function withMore(network: string, more: unknown): string {
  const key = `${network}/platform`;
  const known = snapshot.resolvers.get(key);
  if (known === undefined) throw new Error(`no resolver ${key}`);
  const resolvers = new Map(snapshot.resolvers).set(key, { ...known, view: Object.assign({ more }, known.view) });
  return resolver(key, { ...snapshot, resolvers });
}
