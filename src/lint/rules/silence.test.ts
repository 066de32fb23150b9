import { describe, expect, test } from "vitest";
import { loadText } from "../../../test/support/memory-files.ts";
import { withFindings } from "../lint.ts";

const HUB = `defaults: { network: { kind: azure } }
networks:
  hub: { prefixes: 10.0.0.0/16, subnets: { pe: 10.0.1.0/24 } }
`;

/** Where an estate may mean what it says; each could be taken for the fault of `not`. */
const CASES = [
  {
    because: "the data lake has both endpoints",
    not: "endpoint/group-alone",
    model: `${HUB}zones:
  privatelink.dfs.core.windows.net: { links: hub }
  privatelink.blob.core.windows.net: { links: hub }
services: { lake: { type: azure/storage } }
endpoints:
  dfs: { network: hub, service: lake, group: dfs }
  blob: { network: hub, service: lake, group: blob }
`,
  },
  {
    because: "an account that is used for blobs needs no data lake",
    not: "endpoint/group-alone",
    model: `${HUB}zones: { privatelink.blob.core.windows.net: { links: hub } }
services: { store: { type: azure/storage } }
endpoints: { blob: { network: hub, service: store, group: blob } }
`,
  },
  {
    because: "who reaches one endpoint of a shared zone uses it, perhaps, and not the others",
    not: "endpoint/out-of-reach",
    model: `defaults: { network: { kind: azure } }
networks:
  hub: { prefixes: 10.0.0.0/16 }
  a: { prefixes: 10.1.0.0/16, subnets: { pe: 10.1.1.0/24 }, peers: hub }
  b: { prefixes: 10.2.0.0/16, subnets: { pe: 10.2.1.0/24 }, peers: hub }
zones: { privatelink.vaultcore.azure.net: { links: all } }
services: { kva: { type: azure/key-vault }, kvb: { type: azure/key-vault } }
endpoints:
  pe-a: { network: a, service: kva }
  pe-b: { network: b, service: kvb }
`,
  },
  {
    because: "nobody wrote whether the public door is open",
    not: "service/open-in-public",
    model: `${HUB}zones: { privatelink.vaultcore.azure.net: { links: hub } }
services: { kv: { type: azure/key-vault } }
endpoints: { pe: { network: hub, service: kv } }
`,
  },
  {
    because: "the door is open to those who are listed",
    not: "service/open-in-public",
    model: `${HUB}zones: { privatelink.vaultcore.azure.net: { links: hub } }
services: { kv: { type: azure/key-vault, publicNetworkAccess: enabled, allow: 192.0.2.0/24 } }
endpoints: { pe: { network: hub, service: kv } }
`,
  },
  {
    because: "somebody keeps a record for the service in a zone of their own",
    not: "service/no-way-in",
    model: `${HUB}zones: { kv.vault.azure.net: { links: hub, records: "@ 60 A 10.0.1.9" } }
services: { kv: { type: azure/key-vault, publicNetworkAccess: disabled } }
`,
  },
  {
    because: "the endpoint is somebody else's",
    not: "service/no-way-in",
    model: `${HUB}services: { kv: { type: azure/key-vault, publicNetworkAccess: disabled, publicAlias: always } }
`,
  },
  {
    because: "the network was told to ask the hub, whose links count",
    not: "link/not-inherited",
    model: `${HUB}  spoke: { prefixes: 10.1.0.0/16, peers: hub, dns: inbound }
zones: { privatelink.vaultcore.azure.net: { links: hub } }
resolvers: { inbound: { network: hub, address: 10.0.2.4 } }
services: { kv: { type: azure/key-vault } }
endpoints: { pe: { network: hub, service: kv } }
`,
  },
  {
    because: "a rule for everything leads both names to one place",
    not: "rule/zone-elsewhere",
    model: `${HUB}  office: { kind: on-premises, prefixes: 192.168.0.0/16, dns: dc }
resolvers:
  inbound: { network: hub, address: 10.0.2.4 }
  dc: { network: office, address: 192.168.0.53, aliases: chase, forward: { ".": inbound } }
`,
  },
  {
    because: "a rule for both domains is one rule above them",
    not: "rule/zone-elsewhere",
    model: `${HUB}  office: { kind: on-premises, prefixes: 192.168.0.0/16, dns: dc }
resolvers:
  inbound: { network: hub, address: 10.0.2.4 }
  dc: { network: office, address: 192.168.0.53, forward: { azure.net: inbound, ".": internet } }
`,
  },
  {
    because: "the rule sends the names to the internet, as without it",
    not: "rule/zone-elsewhere",
    model: `${HUB}  office: { kind: on-premises, prefixes: 192.168.0.0/16, dns: dc }
resolvers:
  dc: { network: office, address: 192.168.0.53, forward: { vault.azure.net: internet } }
`,
  },
  {
    because: "records of an endpoint live as long as endpoints write them",
    not: "zone/long-ttl",
    model: `${HUB}zones: { privatelink.vaultcore.azure.net: { links: hub, records: "other 300 A 10.0.1.9" } }
`,
  },
  {
    because: "addresses in a zone of one's own are nobody else's affair",
    not: "zone/public-address",
    model: `${HUB}zones: { corp.example: { links: hub, records: "www 300 A 192.0.2.10" } }
`,
  },
  {
    because: "an alias of the public name finds the private address",
    not: "zone/alias-to-privatelink",
    model: `${HUB}zones:
  privatelink.vaultcore.azure.net: { links: hub }
  corp.example: { links: hub, records: "keys 300 CNAME kv.vault.azure.net." }
services: { kv: { type: azure/key-vault } }
endpoints: { pe: { network: hub, service: kv } }
`,
  },
  {
    because: "eleven aliases are followed everywhere",
    not: "alias/too-long",
    model: `${HUB}zones:
  corp.example:
    links: hub
    records: |
${Array.from({ length: 11 }, (_, i) => `      a${i} 300 CNAME a${i + 1}`).join("\n")}
      a11 300 A 10.0.0.8
`,
  },
  {
    because: "two views of one name lead to each other, and no client sees both",
    not: "alias/loop",
    model: `${HUB}  lab: { prefixes: 10.9.0.0/16 }
zones:
  hub/a.example: { links: hub, records: "www 300 CNAME www.b.example." }
  lab/b.example: { links: lab, records: "www 300 CNAME www.a.example." }
`,
  },
  {
    because: "a longer rule takes a part of the zone away, as it is meant",
    not: "rule/hides-zone",
    model: `networks: { vpc: { kind: aws, prefixes: 10.0.0.0/16 } }
zones: { corp.example: { links: vpc, records: "www 60 A 10.0.5.6" } }
rulesets: { lab: { links: vpc, forward: { lab.corp.example: 192.0.2.53 } } }
`,
  },
  {
    because: "others ask what is linked, through an inbound policy",
    not: "link/not-asked",
    model: `networks: { prod: { kind: gcp, prefixes: 10.10.0.0/16, dns: dc } }
zones: { corp.example: { links: prod, records: "www 300 A 10.10.0.9" } }
resolvers:
  inbound: { network: prod, address: 10.10.0.5 }
  dc: { network: prod, address: 10.10.0.53, forward: { ".": internet } }
`,
  },
  {
    because: "the other servers send all else back to the platform",
    not: "link/not-asked",
    model: `networks: { prod: { kind: gcp, prefixes: 10.10.0.0/16, dns: dc } }
zones: { corp.example: { links: prod, records: "www 300 A 10.10.0.9" } }
resolvers: { dc: { network: prod, address: 10.10.0.53, forward: { ".": platform } } }
`,
  },
  {
    because: "without any private zone public data is all there is",
    not: "network/public-only-server",
    model: "networks: { vpc: { kind: ibm, prefixes: 10.240.0.0/16, dns: 161.26.0.10 } }\n",
  },
  {
    because: "a redirect of a privatelink zone works, and in no cloud in particular for every zone",
    not: "link/redirect-unused",
    model: `networks: { hub: { kind: azure, prefixes: 10.0.0.0/16 }, lab: { prefixes: 10.9.0.0/16 } }
zones:
  privatelink.vaultcore.azure.net: { links: { network: hub, onMiss: internet } }
  corp.example: { links: { network: lab, onMiss: internet } }
`,
  },
];

describe("rules are silent", () => {
  test.each(CASES)("of $not: $because", ({ not, model }) => {
    const { snapshot, diagnostics } = loadText(model);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const codes: string[] = withFindings(() => snapshot, diagnostics).map(({ code }) => code);
    expect(codes).not.toContain(not);
  });
});

describe("rules tell as well", () => {
  test.each([
    {
      what: "a loop through a wildcard",
      code: "alias/loop",
      model: `${HUB}zones: { corp.example: { links: hub, records: "*.a 300 CNAME x.a" } }\n`,
    },
    {
      what: "six aliases where the platform follows five",
      code: "alias/too-long",
      model: `networks: { vpc: { kind: ibm, prefixes: 10.0.0.0/16 } }
zones:
  corp.example:
    links: vpc
    records: |
${Array.from({ length: 6 }, (_, i) => `      a${i} 900 CNAME a${i + 1}`).join("\n")}
      a6 900 A 10.0.0.8
`,
    },
    {
      what: "a zone without records that denies what others have",
      code: "zone/denies-others",
      model: `${HUB}zones: { privatelink.vaultcore.azure.net: { links: hub } }\n`,
    },
    {
      what: "a key of the whole zone that none of its links knows",
      code: "link/redirect-unused",
      model: `networks: { vpc: { kind: aws, prefixes: 10.0.0.0/16 } }
zones: { corp.example: { links: vpc, onMiss: internet, records: "www 60 A 10.0.0.9" } }
`,
    },
    {
      what: "a rejected endpoint",
      code: "endpoint/not-approved",
      model: `${HUB}zones: { privatelink.vaultcore.azure.net: { links: hub } }
services: { kv: { type: azure/key-vault } }
endpoints: { pe: { network: hub, service: kv, connection: rejected } }
`,
    },
    {
      what: "a rule for a domain above whose private names are elsewhere, of a forwarder that trusts today",
      code: "rule/zone-elsewhere",
      model: `${HUB}  office: { kind: on-premises, prefixes: 192.168.0.0/16, dns: dc }
resolvers:
  inbound: { network: hub, address: 10.0.2.4 }
  dc: { network: office, address: 192.168.0.53, forward: { vault.azure.net: inbound } }
`,
    },
  ])("$code: $what", ({ code, model }) => {
    const { snapshot, diagnostics } = loadText(model);
    expect(withFindings(() => snapshot, diagnostics).map((one): string => one.code)).toContain(code);
  });
});

test("a network without a resolver of its own is asked nothing", () => {
  const { snapshot, diagnostics } = loadText(`networks:
  vpc: { kind: aws, prefixes: 10.0.0.0/16, aws: { dnsSupport: false }, dns: dc }
zones: { gcr.io: { links: vpc, records: "a 300 CNAME a" } }
resolvers: { dc: { network: vpc, address: 10.0.0.53, forward: { ".": internet } } }
`);
  expect(withFindings(() => snapshot, diagnostics).map(({ code }) => code)).toEqual(["link/not-seen"]);
});
