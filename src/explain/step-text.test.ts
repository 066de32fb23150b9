import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { knownName } from "../name/name-text.ts";
import { RecordTypes } from "../record/record-type.ts";
import { resolveOffline } from "../resolve/resolve.ts";
import { explain } from "./explain.ts";

const TOPOLOGY = `
networks:
  vpc:
    kind: ibm
    prefixes: 10.240.0.0/16
    forward: { corp.example: real, in.corp.example: platform }
    hosts: { old: { address: 10.240.9.9, dns: 161.26.0.11 } }
  next: { kind: ibm, prefixes: 10.241.0.0/16 }
  aws: { kind: aws, prefixes: 10.0.0.0/16 }
  off: { kind: aws, prefixes: 10.1.0.0/16, aws: { dnsHostnames: false } }
zones:
  deep.example: { links: aws, records: "www 60 A 10.0.0.9" }
resolvers:
  real: { network: vpc, address: 10.240.0.53, external: true }
endpoints:
  gateway: { network: vpc, service: ibm/container-registry@us-south, address: 10.240.0.5 }
  api: { network: aws, service: aws/ecr.api@us-east-1, address: 10.0.1.5 }
  shy: { network: aws, service: aws/ec2@us-east-1, address: 10.0.1.6, privateDns: none }
public:
  records: www.shop.example. 60 CNAME www.deep.example.
`;

function told(from: string, name: string, host?: string, topology = TOPOLOGY) {
  const { snapshot } = loadText(topology);
  const asker = { kind: "servers-of", network: from, ...(host === undefined ? {} : { host }) } as const;
  const resolution = resolveOffline(snapshot, asker, { name: knownName(name), type: RecordTypes.A });
  return explain(snapshot, from, resolution);
}

describe("a step says", () => {
  test.each([
    {
      from: "vpc",
      name: "us.icr.io",
      says: "zone vpc/icr.io, which the provider makes in network vpc for endpoint gateway, is the longest match: us.icr.io A 10.240.0.5 (by wildcard *.icr.io)",
    },
    {
      from: "vpc",
      name: "x.in.corp.example",
      says: "rule in.corp.example leaves x.in.corp.example to this resolver itself",
    },
    {
      from: "vpc",
      name: "x.corp.example",
      says: "real server real (10.240.0.53) in network vpc is asked for x.corp.example A",
    },
    {
      from: "vpc",
      host: "old",
      name: "us.icr.io",
      says: "the resolver of network vpc that knows public data alone (161.26.0.10) is asked for us.icr.io A",
    },
    {
      from: "aws",
      name: "www.shop.example",
      says: "assumed: www.deep.example, an alias in public data, comes back to this resolver's zones and rules (assume.reenter: all); the provider does not document it",
    },
  ])("$says", ({ from, host, name, says }) => {
    expect(told(from, name, host).lines.map(({ text }) => text)).toContain(says);
  });

  test("what is assumed the other way", () => {
    const { lines } = told("aws", "www.shop.example", undefined, `assume: { reenter: private }${TOPOLOGY}`);
    expect(lines.map(({ text }) => text)).toContain(
      "assumed: www.deep.example, an alias in public data, is followed in public data alone (assume.reenter: private); the provider does not document it",
    );
  });
});

describe("a public answer although an endpoint publishes the name says why", () => {
  test.each([
    {
      from: "next",
      name: "us.icr.io",
      sentence:
        "endpoint gateway publishes its names in network vpc alone, and the platform resolver of network next answered",
      change:
        "let network next ask a resolver in network vpc, or give gateway a zone to write to that is linked to next",
    },
    {
      from: "vpc",
      host: "old",
      name: "us.icr.io",
      sentence: "the client asks 161.26.0.11, which knows public data only",
      change: "let it ask the platform resolver of network vpc, which sees zone icr.io",
    },
    {
      from: "aws",
      name: "ec2.us-east-1.amazonaws.com",
      sentence:
        "endpoint shy makes no zone ec2.us-east-1.amazonaws.com in network aws: its privateDns does not say auto",
      change: "write privateDns: auto at shy, or link a zone ec2.us-east-1.amazonaws.com that it writes to",
    },
    {
      from: "off",
      name: "api.ecr.us-east-1.amazonaws.com",
      sentence: "network off sees no private zones: its aws.dnsHostnames is false",
      change: "set it to true",
    },
  ])("$from asks $name: $sentence", ({ from, host, name, sentence, change }) => {
    expect(told(from, name, host).reason).toMatchObject({ sentence, change });
  });

  test("and a private one does not", () => {
    expect(told("vpc", "us.icr.io").reason).toBeUndefined();
    expect(told("aws", "api.ecr.us-east-1.amazonaws.com").reason).toBeUndefined();
  });
});
