import * as fc from "fast-check";

/**
 * A small topology with everything that can change an answer: zones one below another, cuts, wildcards, aliases and DNAMEs
 * across them, links that send misses on, forwarders that trust or chase, rules of networks and rulesets, circles of
 * resolvers, public data over all of it. As parts, so that two topologies can have most of them in common.
 */
export interface RandomModel {
  readonly networks: Readonly<Record<string, unknown>>;
  readonly zones: Readonly<Record<string, unknown>>;
  readonly resolvers: Readonly<Record<string, unknown>>;
  readonly rulesets: Readonly<Record<string, unknown>>;
  readonly assume: Readonly<Record<string, unknown>>;
  readonly publicRecords: readonly string[];
  readonly publicZones: Readonly<Record<string, readonly string[]>>;
  readonly upstream: readonly string[];
}

const LABELS = ["www", "db", "*", "a.b", "sub", "x.sub", "*.sub", "@"] as const;
const TARGETS = [
  "www.corp.example.",
  "db.sub.corp.example.",
  "out.example.",
  "x.azurecr.io.",
  "miss.sub.corp.example.",
];

const anyData = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("A 10.9.0.1", "A 10.9.0.2", "A 10.9.0.1", "TXT t") },
  { weight: 1, arbitrary: fc.constant("AAAA 2001:db8::1") },
  { weight: 3, arbitrary: fc.constantFrom(...TARGETS).map((target) => `CNAME ${target}`) },
  { weight: 1, arbitrary: fc.constantFrom("DNAME corp.example.", "DNAME azurecr.io.") },
  { weight: 1, arbitrary: fc.constant("NS ns.elsewhere.example.") },
);

const anyRecords = fc
  .array(fc.tuple(fc.constantFrom(...LABELS), fc.constantFrom(60, 60, 90), anyData), { maxLength: 5 })
  .map((records) =>
    Array.from(new Map(records.map(([label, ttl, data]) => [label, `${label} ${ttl} ${data}`])).values()).filter(
      (line) => !/^@ \d+ (?:CNAME|NS)/.test(line) && !/^\*\S* \d+ (?:DNAME|NS)/.test(line),
    ),
  );

/** Rules whose targets are some of these. */
function forwardTo(...targets: readonly string[]): fc.Arbitrary<Record<string, string | readonly string[]>> {
  const anyTarget = fc.constantFrom(...targets, "internet", "10.0.0.77", "9.9.9.9");
  const twoTargets = fc.tuple(anyTarget, anyTarget).filter(([first, second]) => first !== second);
  return fc.dictionary(
    fc.constantFrom(".", "corp.example", "sub.corp.example", "azurecr.io", "example"),
    fc.oneof({ weight: 4, arbitrary: anyTarget }, { weight: 1, arbitrary: twoTargets }),
    { maxKeys: 3 },
  );
}

const anyLinks = fc
  .subarray(["hub", "spoke", "cloud"])
  .chain((networks) =>
    fc.tuple(
      ...networks.map((network) =>
        fc.record({ network: fc.constant(network), onMiss: fc.constantFrom("nxdomain", "internet") }),
      ),
    ),
  );

const anyZone = fc.record({ links: anyLinks, records: anyRecords.map((lines) => lines.join("\n")) });

const anyDns = fc.constantFrom("platform", "platform", "fwd", "chaser", ["fwd", "chaser"]);

export const anyModel: fc.Arbitrary<RandomModel> = fc.record({
  networks: fc.record({
    hub: fc.record({ kind: fc.constantFrom("azure", "azure", "generic"), prefixes: fc.constant("10.0.0.0/16") }),
    spoke: fc.record({
      kind: fc.constant("azure"),
      prefixes: fc.constant("10.1.0.0/16"),
      dns: anyDns,
      hosts: fc.constantFrom({}, { vm: { address: "10.1.0.9", dns: "chaser" } }),
    }),
    cloud: fc.record({
      kind: fc.constantFrom("gcp", "aws"),
      prefixes: fc.constant("10.2.0.0/16"),
      forward: forwardTo("10.0.0.4", "10.0.0.5"),
    }),
  }),
  zones: fc.record(
    {
      "corp.example": anyZone,
      "sub.corp.example": anyZone,
      "azurecr.io": anyZone,
      "privatelink.azurecr.io": anyZone,
      "other/corp.example": anyRecords.map((lines) => ({ records: lines.join("\n") })),
    },
    { requiredKeys: ["corp.example", "other/corp.example"] },
  ),
  resolvers: fc.record({
    fwd: fc.record({
      network: fc.constant("hub"),
      address: fc.constant("10.0.0.4"),
      forward: forwardTo("10.0.0.5", "hub/platform"),
      aliases: fc.constantFrom("trust", "chase"),
      zones: fc.constantFrom([], ["other/corp.example"]),
    }),
    chaser: fc.record({
      network: fc.constant("hub"),
      address: fc.constant("10.0.0.5"),
      forward: forwardTo("10.0.0.4", "hub/platform"),
      aliases: fc.constant("chase"),
      failover: fc.constantFrom(["no-reply"], ["no-reply", "servfail"]),
    }),
  }),
  rulesets: fc.constantFrom(
    {},
    {},
    { corp: { links: ["spoke"], forward: { example: "10.0.0.4", "sub.corp.example": "10.0.0.5" } } },
  ),
  assume: fc.record({
    azureRules: fc.constantFrom("after-zones", "with-zones"),
    ruleAliases: fc.constantFrom("chase", "trust"),
  }),
  publicRecords: fc.subarray([
    "x.azurecr.io. 60 CNAME x.privatelink.azurecr.io.",
    "x.privatelink.azurecr.io. 60 A 192.0.2.1",
    "out.example. 60 A 192.0.2.2",
    "*.example. 60 A 192.0.2.3",
    "www.corp.example. 60 A 192.0.2.4",
    "db.example. 60 AAAA 2001:db8::9",
  ]),
  publicZones: fc.record({ "sub.example": anyRecords, "azurecr.io": anyRecords }, { requiredKeys: [] }),
  upstream: fc.constantFrom([], [], [], ["9.9.9.9"]),
});

/** Two topologies that have some of their parts in common, most of them in most cases. */
export const anyPair: fc.Arbitrary<readonly [RandomModel, RandomModel]> = fc
  .tuple(anyModel, anyModel, fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 40, maxLength: 40 }))
  .map(([before, other, chosen]) => [before, mixed(before, other, chosen)]);

/** `before`, with what is chosen taken from `other`: whole parts, or single entries of them. */
function mixed(before: RandomModel, other: RandomModel, chosen: readonly number[]): RandomModel {
  let next = 0;
  const isTaken = (): boolean => chosen[next++ % chosen.length] === 0;
  const map = <T>(one: Readonly<Record<string, T>>, two: Readonly<Record<string, T>>): Record<string, T> => {
    const keys = [...new Set([...Object.keys(one), ...Object.keys(two)])];
    return Object.fromEntries(
      keys.flatMap((key) => {
        const value = (isTaken() ? two : one)[key];
        return value === undefined ? [] : [[key, value] as const];
      }),
    );
  };
  return {
    networks: map(before.networks, other.networks),
    zones: map(before.zones, other.zones),
    resolvers: map(before.resolvers, other.resolvers),
    rulesets: map(before.rulesets, other.rulesets),
    assume: isTaken() ? other.assume : before.assume,
    publicRecords: isTaken() ? other.publicRecords : before.publicRecords,
    publicZones: map(before.publicZones, other.publicZones),
    upstream: isTaken() ? other.upstream : before.upstream,
  };
}

/** A topology as its text, with the zone files beside it by path. */
export function textOf(model: RandomModel): {
  readonly topology: string;
  readonly files: Readonly<Record<string, string>>;
} {
  const { networks, zones, resolvers, rulesets, assume, publicRecords, publicZones, upstream } = model;
  const paths = Object.keys(publicZones).map((name) => `public-${name}.zone`);
  const topology = {
    networks,
    zones,
    resolvers,
    rulesets,
    assume,
    public: { records: publicRecords.join("\n"), zones: paths, upstream },
  };
  const files = Object.entries(publicZones).map(([name, lines]) => [
    `public-${name}.zone`,
    [`$ORIGIN ${name}.`, "@ 60 SOA ns host 1 3600 600 86400 60", ...lines, ""].join("\n"),
  ]);
  return { topology: JSON.stringify(topology), files: Object.fromEntries(files) };
}
