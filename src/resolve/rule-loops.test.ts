import { expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { displayName } from "../name/name-text.ts";
import { ruleLoops } from "./rule-loops.ts";

/** The circles of a topology: `DOMAIN: a → b → a`, with the domains of the other rules behind it. */
function loopsIn(topology: string): string[] {
  return ruleLoops(loadText(topology).snapshot).map(({ rule, others, path }) =>
    [`${displayName(rule.domain)}: ${path.join(" → ")}`, ...others.map(({ domain }) => displayName(domain))].join(", "),
  );
}

const NETWORK = "networks: { n: { kind: azure, prefixes: 10.0.0.0/16 }, m: { kind: azure, prefixes: 10.1.0.0/16 } }\n";

test.each([
  {
    says: "two forwarders at each other, told once",
    text: 'resolvers: { a: { network: n, address: 10.0.0.4, forward: { ".": b } }, b: { network: n, forward: { ".": 10.0.0.4 } } }',
    loops: [".: a → b → a, ."],
  },
  {
    says: "a chain that ends",
    text: 'resolvers: { a: { network: n, forward: { ".": b } }, b: { network: n, forward: { ".": platform } } }',
    loops: [],
  },
  {
    says: "two forwarders that send different domains to each other",
    text: "resolvers: { a: { network: n, forward: { b.example: b } }, b: { network: n, forward: { a.example: a } } }",
    loops: [],
  },
  {
    says: "a domain below the other's",
    text: "resolvers: { a: { network: n, forward: { example: b } }, b: { network: n, forward: { sub.example: a } } }",
    loops: ["sub.example: b → a → b, example"],
  },
  {
    says: "a zone that one of them holds ends the circle for its names",
    text: "zones: { a.example: { records: 'www A 10.0.0.1' } }\nresolvers: { a: { network: n, zones: a.example, forward: { a.example: b } }, b: { network: n, forward: { a.example: a } } }",
    loops: [],
  },
  {
    says: "a ruleset to the inbound endpoint of a network it is linked to",
    text: "resolvers: { in: { network: n, address: 10.0.0.4 } }\nrulesets: { r: { network: n, links: [n, m], forward: { a.example: in, b.example: 10.0.0.4 } } }",
    loops: ["a.example: in → in", "b.example: in → in"],
  },
  {
    says: "the same, linked to the other network alone",
    text: "resolvers: { in: { network: n, address: 10.0.0.4 } }\nrulesets: { r: { network: n, links: m, forward: { a.example: in } } }",
    loops: [],
  },
  {
    says: "two networks as each other's view",
    text: "rulesets: { r: { links: n, forward: { a.example: { view: m } } }, s: { links: m, forward: { a.example: { view: n } } } }",
    loops: ["a.example: n/platform → m/platform → n/platform, a.example"],
  },
  {
    says: "what the clients of a network use is the resolver itself",
    text: 'resolvers: { a: { network: o, address: 10.2.0.4, forward: { ".": network } } }',
    networks: "networks: { o: { prefixes: 10.2.0.0/16, dns: a } }\n",
    loops: [".: a → a"],
  },
  {
    says: "a silent target before the circle is passed over, one that answers ends it",
    text: 'resolvers: { a: { network: n, forward: { x.example: [10.0.0.99, b], y.example: [c, b] } }, b: { network: n, forward: { ".": a } }, c: { network: n, forward: { ".": internet } } }',
    loops: ["x.example: a → b → a, ."],
  },
])("$says", ({ text, loops, networks = NETWORK }) => {
  expect(loopsIn(`${networks}${text}\n`)).toEqual(loops);
});
