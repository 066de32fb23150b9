import { describe, expect, test } from "vitest";
import { readText } from "../../test/topology-text.ts";
import { displayName } from "../name/name-text.ts";
import type { ForwardRule } from "./model.ts";

/** Networks and resolvers that the rules below may name; line 7 is what a case adds. */
const STAGE = `networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16 }
  spoke: { kind: azure, prefixes: 10.1.0.0/16 }
  vpc: { kind: aws, prefixes: 10.2.0.0/16 }
  office: { kind: on-premises, prefixes: 192.168.0.0/16 }
resolvers: { dc: { network: office, address: 192.168.0.53 }, in: { network: hub, address: 10.0.0.4 } }
`;

const ruleset = (text: string): string => `${STAGE}rulesets: { corp: { ${text} } }\n`;

describe("what is wrong with rules and rulesets", () => {
  test.each([
    {
      says: "a rule per domain",
      text: "links: [hub, spoke], forward: { a.example: dc, b.example: 10.0.0.4 }",
      found: [],
    },
    { says: "all defaults but the rules", text: "links: all, network: hub, forward: {}", found: [] },
    { says: "a pattern passes over networks that cannot obey", text: 'links: "*", forward: {}', found: [] },
    { says: "no rules", text: "links: hub", found: ["7:13 topology/missing-key"] },
    { says: "no links", text: "forward: {}", found: ["7:13 ruleset/no-links"] },
    { says: "links to nothing, on purpose", text: "links: [], forward: {}", found: [] },
    {
      says: "a network on premises obeys nothing",
      text: "links: office, forward: {}",
      found: ["7:28 link/no-links-there"],
    },
    { says: "the internet obeys nothing", text: "links: internet, forward: {}", found: ["7:28 link/no-links-there"] },
    { says: "one network twice", text: "links: [hub, spoke, hub], forward: {}", found: ["7:41 link/repeated"] },
    { says: "a network that is not there", text: "links: hubb, forward: {}", found: ["7:28 network/unknown"] },
    {
      says: "an order that is none",
      text: "links: hub, order: first, forward: {}",
      found: ["7:40 topology/bad-value"],
    },
    {
      says: "a rule of two kinds",
      text: "links: hub, forward: { a.example: { to: dc, view: spoke } }",
      found: ["7:71 topology/conflicting-keys"],
    },
    {
      says: "a rule of none",
      text: "links: hub, forward: { a.example: { enabled: false } }",
      found: ["7:44 rule/no-target"],
    },
    {
      says: "a switch that is none",
      text: "links: hub, forward: { a.example: { to: dc, enabled: no } }",
      found: ["7:74 topology/bad-value"],
    },
    {
      says: "a view on premises",
      text: "links: hub, forward: { a.example: { view: office } }",
      found: ["7:63 network/no-platform-resolver"],
    },
    {
      says: "its own view",
      text: "links: [spoke, hub], forward: { a.example: { view: hub } }",
      found: ["7:72 rule/to-itself"],
    },
    {
      says: "Azure's platform by its address",
      text: "links: hub, forward: { a.example: 168.63.129.16 }",
      found: ["7:55 rule/platform-target"],
    },
    {
      says: "Azure's platform by name",
      text: "links: hub, forward: { a.example: platform }",
      found: ["7:55 rule/platform-target"],
    },
    {
      says: "a SYSTEM rule of AWS, whatever network questions leave from",
      text: "links: vpc, network: office, forward: { a.example: platform }",
      found: [],
    },
    {
      says: "the name of a server",
      text: "links: hub, forward: { a.example: ns1.corp.example }",
      found: ["7:55 rule/name-not-address"],
    },
    { says: "a resolver misspelt", text: "links: hub, forward: { a.example: dcc }", found: ["7:55 resolver/unknown"] },
    {
      says: "out of reach from where questions leave",
      text: "links: vpc, network: office, forward: { a.example: 168.63.129.16 }",
      found: ["7:72 rule/platform-address-outside"],
    },
  ])("$says", ({ text, found }) => expect(readText(ruleset(text)).found).toEqual(found));

  test.each([
    {
      says: "two rulesets of one network",
      rest: "rulesets: { a: { links: hub, forward: { x.example: dc } }, b: { links: all, forward: { X.example.: in } } }",
      found: ["7:88 ruleset/same-domain"],
    },
    {
      says: "different networks",
      rest: "rulesets: { a: { links: hub, forward: { x.example: dc } }, b: { links: spoke, forward: { x.example: in } } }",
      found: [],
    },
    {
      says: "different orders",
      rest: "rulesets: { a: { links: hub, forward: { x.example: dc } }, b: { links: hub, order: before-zones, forward: { x.example: in } } }",
      found: [],
    },
    {
      says: "one that is switched off",
      rest: "rulesets: { a: { links: hub, forward: { x.example: { to: dc, enabled: false } } }, b: { links: hub, forward: { x.example: in } } }",
      found: [],
    },
  ])("two rules for one domain: $says", ({ rest, found }) =>
    expect(readText(`${STAGE}${rest}\n`).found).toEqual(found),
  );

  test.each([
    { says: "a resolver by key", rule: "a.example: fwd", found: ["1:94 rule/to-itself"] },
    { says: "a resolver by address", rule: "a.example: [10.0.0.5, 10.0.0.4]", found: ["1:105 rule/to-itself"] },
    { says: "another port of its address", rule: "a.example: 10.0.0.4:5353", found: [] },
  ])("a rule to itself: $says", ({ rule, found }) => {
    const text = `{ networks: { n: }, resolvers: { fwd: { network: n, address: 10.0.0.4, forward: { ${rule} } } } }\n`;
    expect(readText(text).found).toEqual(found);
  });

  test("a topology that wants to see what becomes of a rule out of reach may have it", () => {
    const rest = "resolvers: { r: { network: n, forward: { a.example: 168.63.129.16 } } }";
    const text = `networks: { n: { kind: on-premises } }\nassume: { reachability: ignore }\n${rest}\n`;
    const { found, topology } = readText(text);
    expect(found).toEqual([]);
    expect(topology.resolvers.get("r")?.forward.map(textOf)).toEqual(["a.example to 168.63.129.16"]);
  });
});

describe("rules as they are read", () => {
  test("each does one thing, and may be switched off", () => {
    const { topology, found } = readText(
      ruleset(
        'links: [hub, spoke], network: hub, order: with-zones, name: corporate, forward: { a.example: [dc, 10.0.0.9], b.example: { view: vpc, enabled: false }, .: { answer: "60 A 10.0.0.1" } }',
      ),
    );
    expect(found).toEqual([]);
    expect(topology.rulesets.get("corp")).toMatchObject({ name: "corporate", network: "hub", order: "with-zones" });
    expect(topology.rulesets.get("corp")?.links.map(({ network }) => network)).toEqual(["hub", "spoke"]);
    expect(topology.rulesets.get("corp")?.forward.map(textOf)).toEqual([
      "a.example to dc, 10.0.0.9",
      "b.example (off) view vpc",
      ". answer 60 A 10.0.0.1",
    ]);
  });

  test("defaults of rulesets hold for them, and are read where they stand", () => {
    const { topology, found } = readText(
      `${STAGE}defaults: { ruleset: { links: hub, order: before-zones, zzz: 1 } }\nrulesets: { a: { forward: {} } }\n`,
    );
    expect(found).toEqual(["7:57 topology/unknown-key"]);
    expect(topology.rulesets.get("a")).toMatchObject({ order: "before-zones", links: [{ network: "hub" }] });
  });
});

function textOf(rule: ForwardRule): string {
  const domain = `${displayName(rule.domain)}${rule.enabled ? "" : " (off)"}`;
  switch (rule.kind) {
    case "to":
      return `${domain} to ${rule.targets.map(({ text }) => text).join(", ")}`;
    case "view":
      return `${domain} view ${rule.network}`;
    case "answer":
      return `${domain} answer ${rule.records.text}`;
  }
}
