import { expect, test } from "vitest";
import { loadText } from "./support/memory-files.ts";

/** What can be wrong with networks and services of providers, each with the one thing that is said. */
const VPC = "networks: { vpc: { kind: ibm, prefixes: 10.0.0.0/16 }, other: { kind: ibm, prefixes: 10.1.0.0/16 } }\n";
const AWS = "networks: { vpc: { kind: aws, prefixes: 10.0.0.0/16 } }\n";
const GATEWAY = "network: vpc, address: 10.0.0.5";

test.each([
  {
    topology: "networks: { hub: { kind: azure, aws: { dnsSupport: false } } }",
    says: "error topology/conflicting-keys network hub has aws, which means something in networks of kind aws, and is azure",
  },
  {
    topology: "networks: { vpc: { kind: ibm, ibm: { vrf: false } } }",
    says: "error topology/conflicting-keys network vpc has ibm, which means something in networks of kind ibm-classic, and is ibm",
  },
  {
    topology: "networks: { c: { kind: ibm-classic } }\nzones: { corp.example: { links: c } }",
    says: "error link/no-links-there network c is ibm-classic: its resolvers know public data alone, zones are linked to VPCs",
  },
  {
    topology: "networks: { office: { kind: on-premises, dns: 161.26.0.7 } }",
    says: "error network/no-platform-resolver 161.26.0.7 answers in ibm networks only, office is on-premises",
  },
  {
    topology: "networks: { prod: { kind: gcp, forward: { corp.example: 169.254.169.253 } } }",
    says: "error rule/platform-address-outside 169.254.169.253 answers in aws networks only, prod is gcp",
  },
  {
    topology: "networks: { n: }\nresolvers: { real: { network: n, external: true } }",
    says: "error topology/missing-key resolver real is external and has no address, expected where the real server is asked",
  },
  {
    topology:
      "networks: { n: }\nresolvers: { real: { network: n, address: 10.0.0.1, external: true, forward: { .: internet } } }",
    says: "error topology/conflicting-keys resolver real has forward, and is external: where a real server asks is its own affair",
  },
  {
    topology: `${VPC}endpoints: { e: { ${GATEWAY}, service: ibm/container-regstry@us-south } }`,
    says: "error service/unknown-type ibm/container-regstry is no type of service in the catalogue",
  },
  {
    topology: `${VPC}endpoints: { e: { ${GATEWAY}, service: azure/sql@westeurope } }`,
    says: "error service/unknown azure/sql is no service that its provider runs for everybody",
  },
  {
    topology: `${VPC}endpoints: { e: { ${GATEWAY}, service: ibm/container-registry@mars } }`,
    says: "error service/no-names service ibm/container-registry@mars cannot be named: ibm/container-registry has no location mars: there are global, us-south, eu-gb, eu-de, eu-es, au-syd, jp-tok, jp-osa, br-sao, ca-tor, ca-mon, in-che, in-mum",
  },
  {
    topology: "services: { s: { type: aws/ecr.api } }",
    says: "error service/no-names service s cannot be named: aws/ecr.api needs location: written as its provider does",
  },
  {
    topology: "services: { s: { type: aws/ecr.api, location: us-east-1, parameters: { account: 1 } } }",
    says: "error service/unknown-parameter service s has a parameter account that aws/ecr.api does not take",
  },
  {
    topology: "services: { s: { type: aws/ecr.api, location: us-east-1, names: { api: api.example } } }",
    says: "error service/unknown-member service s has no member api",
  },
  {
    topology: `${AWS}endpoints: { e: { ${GATEWAY}, service: aws/ecr.api@us-east-1, group: api } }`,
    says: "error endpoint/unknown-group aws/ecr.api has no group api",
  },
  {
    topology: `${AWS}endpoints: { e: { ${GATEWAY}, service: ibm/container-registry@us-south } }`,
    says: "error endpoint/other-provider endpoint e of ibm/container-registry stands in network vpc, which is aws",
  },
  {
    topology:
      "networks: { n: { kind: gcp } }\nendpoints: { e: { network: n, address: 10.0.0.5, service: gcp/artifact-registry@eu } }",
    says: "error endpoint/group-not-offered gcp/artifact-registry has no endpoints of its own",
  },
  {
    topology: `networks: { n: { kind: gcp } }\nendpoints: { ${"x".repeat(60)}: { network: n, address: 10.0.0.5, service: gcp/google-apis@global } }`,
    says: `error topology/bad-name endpoint ${"x".repeat(60)} has a name that gcp/google-apis makes no host name of`,
  },
  {
    topology: `${VPC}zones: { icr.io: { links: vpc } }\nendpoints: { e: { ${GATEWAY}, service: ibm/container-registry@us-south } }`,
    says: "error link/two-zones-of-one-name endpoint e makes a zone icr.io in network vpc, which is linked to zone icr.io of that name",
  },
  {
    topology:
      "networks: { vpc: { kind: aws, prefixes: 10.0.0.0/16, aws: { dnsSupport: false } } }\nendpoints: { e: { network: vpc, address: 10.0.0.5, service: aws/ec2@us-east-1 } }",
    says: "warning link/not-seen endpoint e publishes nothing: network vpc sees no private zones, its aws.dnsSupport is false",
  },
  {
    topology:
      "networks: { hub: { kind: azure, prefixes: 10.0.0.0/16 } }\nzones: { privatelink.database.windows.net: { links: hub } }\nservices: { s: { type: azure/sql } }\nendpoints: { e: { network: hub, service: s, address: 10.0.0.5, names: s.example } }",
    says: "error topology/conflicting-keys endpoint e has names, and azure/sql gives its endpoints the names of the service",
  },
])("$says", ({ topology, says }) => {
  const { diagnostics } = loadText(`${topology}\n`);
  const told = diagnostics.filter(({ severity }) => severity !== "info");
  expect(told.map(({ severity, code, message }) => `${severity} ${code} ${message}`)).toEqual([says]);
});

test.each([
  {
    what: "a key of a provider in defaults, where the networks are of several",
    topology:
      "defaults: { network: { aws: { dnsHostnames: false } } }\nnetworks: { a: { kind: aws }, b: { kind: azure } }",
  },
  {
    what: "a platform address behind a route",
    topology: "networks: { office: { kind: on-premises, dns: 161.26.0.7, routes: 161.26.0.0/16 } }",
  },
  {
    what: "a platform address that the network says it has",
    topology: "networks: { lab: { platform: 168.63.129.16, dns: 168.63.129.16 } }",
  },
  {
    what: "a star of a provider's own in a network of no cloud, with a zone for it",
    topology:
      "networks: { lab: { prefixes: 10.0.0.0/16 } }\nzones: { icr.io: { links: lab } }\nendpoints: { e: { network: lab, address: 10.0.0.5, service: ibm/container-registry@us-south } }",
  },
])("nothing is said of $what", ({ topology }) => {
  expect(loadText(`${topology}\n`).diagnostics).toEqual([]);
});
