import { expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { renderCoverage } from "../report/coverage.ts";
import { coverageOf } from "./coverage.ts";
import { testOffline } from "./run-offline.ts";

const MODEL = `networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16, subnets: { pe: 10.0.0.0/24 }, forward: { rule.example: 10.0.0.53 } }
  spoke: { kind: azure, prefixes: 10.1.0.0/16 }
zones:
  privatelink.vaultcore.azure.net: { links: [hub, spoke] }
  corp.example:
    links: hub
    records: |
      www CNAME web
      web A 10.0.9.1
      *.apps A 10.0.9.2
      old A 10.0.9.3
resolvers: { fwd: { network: hub, address: 10.0.0.53, forward: { rule.example: internet, other.example: internet } } }
services: { a: { type: azure/key-vault }, b: { type: azure/key-vault } }
endpoints: { pe-a: { network: hub, service: a }, pe-b: { network: hub, service: b } }
`;

function covered(expectations: string): string[] {
  const { snapshot } = loadText(`${MODEL}expect:\n${expectations}`);
  return renderCoverage(coverageOf(snapshot, testOffline(snapshot, snapshot.topology.expectations))).split("\n");
}

test("what no answer rested on is told, with its place", () => {
  const lines =
    covered(`  - { from: hub, name: [a.vault.azure.net, x.apps.corp.example, www.corp.example], is: private }
  - { from: hub, name: x.rule.example, resolves: nxdomain }
`);
  expect(lines).toEqual([
    "no expectation touched:",
    "  record    b.privatelink.vaultcore.azure.net A      privlink.yaml:15",
    "  record    old.corp.example A                       privlink.yaml:12",
    "  link      privatelink.vaultcore.azure.net → spoke  privlink.yaml:5",
    "  endpoint  pe-b                                     privlink.yaml:15",
    "  rule      other.example of resolver fwd            privlink.yaml:13",
    "touched: 2 of 2 zones, 4 of 6 records, 2 of 3 links, 1 of 2 endpoints, 2 of 3 rules",
    "",
  ]);
});

test("a denial touches the zone and the link, and no record", () => {
  const lines = covered("  - { from: hub, name: nothing.corp.example, resolves: nxdomain }\n");
  expect(lines.at(-2)).toBe("touched: 1 of 2 zones, 0 of 6 records, 1 of 3 links, 0 of 2 endpoints, 0 of 3 rules");
});
