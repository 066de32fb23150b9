import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { withFindings } from "../src/lint/lint.ts";
import { findProject } from "../src/project/find-project.ts";
import { loadProject } from "../src/project/load-project.ts";
import { renderCompact } from "../src/report/compact.ts";
import { loadText } from "./support/memory-files.ts";

const ROOT = join(import.meta.dirname, "..");

function findingsIn(folder: string, config: string): string[] {
  const found = findProject({ config, paths: [], networks: [] }, folder, folder);
  if (found.kind === "problem") throw new Error(found.message);
  const { snapshot, diagnostics } = loadProject(found.entry, found.files);
  return withFindings(() => snapshot, diagnostics)
    .filter(({ severity }) => severity !== "info")
    .map(({ code, message }) => `${code}: ${message}`);
}

/**
 * Estates that are meant as they are. What is said of them is true, and there on purpose: machines with DNS servers of their
 * own, somebody else's vault behind a linked zone, a rule with the name of a zone. Anything else would be a false alarm.
 */
const TRUE_OF_THEM: ReadonlyMap<string, readonly string[]> = new Map([
  [
    "test/estates/0-contract-example.yaml",
    ["network/host-dns-differs: host legacy has DNS servers of its own, and gets other answers than network spoke"],
  ],
  [
    "test/estates/b-azure-hub-spoke.yaml",
    ["network/host-dns-differs: host legacy has DNS servers of its own, and gets other answers than network spoke3"],
  ],
  [
    "test/estates/e-many-services.yaml",
    [
      "zone/denies-others: zone privatelink.vaultcore.azure.net denies othercorp.vault.azure.net, which others have endpoints for",
    ],
  ],
  [
    "test/estates/f-aws.yaml",
    [
      "rule/hides-zone: the rule of ruleset corp for both.example hides zone both.example from network vpc-a: of one name, the rule counts",
    ],
  ],
  [
    "examples/many-services/privlink.yaml",
    [
      "zone/denies-others: zone privatelink.vaultcore.azure.net denies partner.vault.azure.net, which others have endpoints for",
    ],
  ],
  [
    "test/estates/h-ibm.yaml",
    ["network/host-dns-differs: host stale has DNS servers of its own, and gets other answers than network vpc"],
  ],
  [
    "zones/privlink.yaml",
    ["network/host-dns-differs: host legacy has DNS servers of its own, and gets other answers than network spoke"],
  ],
]);

const ESTATES = [
  ...readdirSync(join(ROOT, "test", "estates")).flatMap((name) =>
    name.endsWith(".yaml") ? [`test/estates/${name}`] : [],
  ),
  ...readdirSync(join(ROOT, "examples")).flatMap((name) =>
    readdirSync(join(ROOT, "examples", name)).includes("privlink.yaml") ? [`examples/${name}/privlink.yaml`] : [],
  ),
  "zones/privlink.yaml",
];

describe("no false alarm", () => {
  test.each(ESTATES)("in %s", (path) => {
    const parts = path.split("/");
    const folder = join(ROOT, ...parts.slice(0, -1));
    expect(findingsIn(folder, parts.at(-1) ?? "")).toEqual(TRUE_OF_THEM.get(path) ?? []);
  });

  const LINKED = "privatelink.azurecr.io: { links: hub }";
  const SPOKE = "spoke: { kind: azure, prefixes: 10.1.0.0/16, peers: hub";
  test.each([
    {
      of: "a hub and spokes that use its inbound endpoint",
      networks: `${SPOKE}, dns: inbound }`,
      zones: LINKED,
      more: "resolvers: { inbound: { network: hub, address: 10.0.1.4 } }",
    },
    {
      of: "a hub and spokes that use a forwarder in it",
      networks: `${SPOKE}, dns: fw }`,
      zones: LINKED,
      more: 'resolvers: { fw: { network: hub, address: 10.0.1.4, forward: { ".": 168.63.129.16 } } }',
    },
    {
      of: "a spoke that a ruleset leads to the hub, which obeys it as well",
      networks: `${SPOKE} }`,
      zones: LINKED,
      more: `resolvers: { inbound: { network: hub, address: 10.0.1.4 } }
rulesets: { shared: { links: spoke, forward: { azurecr.io: inbound } } }`,
    },
    {
      of: "an office that forwards the public domain",
      networks: "office: { kind: on-premises, prefixes: 192.168.0.0/16, peers: hub, dns: office-dns }",
      zones: LINKED,
      more: `resolvers:
  inbound: { network: hub, address: 10.0.1.4 }
  office-dns: { network: office, address: 192.168.0.53, forward: { azurecr.io: inbound, ".": 9.9.9.9 } }`,
    },
    {
      of: "an office that has nothing to do with the endpoint",
      networks: "office: { kind: on-premises, prefixes: 192.168.0.0/16, peers: hub }",
      zones: LINKED,
      more: "",
    },
    {
      of: "a server that looks at aliases again, with a rule for the private zone",
      networks: "office: { kind: on-premises, prefixes: 192.168.0.0/16, peers: hub, dns: bind }",
      zones: LINKED,
      more: `resolvers:
  inbound: { network: hub, address: 10.0.1.4 }
  bind: { network: office, address: 192.168.0.53, aliases: chase, forward: { azurecr.io: inbound, privatelink.azurecr.io: inbound } }`,
    },
    {
      of: "two inbound endpoints of one network in a list",
      networks: `${SPOKE}, dns: [one, two] }`,
      zones: LINKED,
      more: "resolvers: { one: { network: hub, address: 10.0.1.4 }, two: { network: hub, address: 10.0.2.4 } }",
    },
    {
      of: "two regions with a zone each, and an endpoint in each",
      networks: "far: { kind: azure, prefixes: 10.2.0.0/16, subnets: { pe: 10.2.0.0/24 }, peers: hub }",
      zones: "near/privatelink.azurecr.io: { links: hub }\n  far/privatelink.azurecr.io: { links: far }",
      more: "",
      endpoints: "  pf: { network: far, service: reg }\n",
    },
    {
      of: "a zone of one full name",
      networks: `${SPOKE} }`,
      zones: `privatelink.azurecr.io: { links: [hub, spoke] }\n  other.azurecr.io: { links: hub, records: "@ 60 A 10.0.9.9" }`,
      more: "",
    },
    {
      of: "somebody's own privatelink zone",
      networks: `${SPOKE} }`,
      zones: `privatelink.azurecr.io: { links: [hub, spoke] }\n  privatelink.contoso.example: { links: hub }`,
      more: "",
    },
    {
      of: "records by hand that are right",
      networks: `${SPOKE} }`,
      zones: `privatelink.azurecr.io:
    links: [hub, spoke]
    records: |
      reg 10 A 10.0.0.5
      reg.westeurope.data 10 A 10.0.0.4`,
      more: "",
      privateDns: ", privateDns: none",
    },
  ])("of $of", ({ networks, zones, more, endpoints = "", privateDns = "" }) => {
    const { snapshot, diagnostics } = loadText(`networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16, subnets: { pe: 10.0.0.0/24 } }
  ${networks}
zones:
  ${zones}
${more}
services:
  reg: { type: azure/container-registry, location: westeurope, publicNetworkAccess: disabled }
endpoints:
  pe: { network: hub, service: reg${privateDns} }
${endpoints}`);
    expect(withFindings(() => snapshot, diagnostics).map(renderCompact)).toEqual([]);
  });
});
