import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { RecordTypes } from "../record/record-type.ts";
import { resolveOffline } from "../resolve/resolve.ts";
import { addressesIn } from "./effect.ts";
import { estateOf } from "./estate.ts";
import { SharedWalks } from "./shared-walks.ts";

function estate(text: string) {
  const { snapshot, diagnostics, hasErrors } = loadText(text);
  if (hasErrors) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return estateOf(snapshot);
}

const HUB = "hub: { kind: azure, prefixes: 10.0.0.0/16, subnets: { pe: 10.0.0.0/24 } }";

describe("networks are asked together where their clients cannot get different answers", () => {
  test.each([
    { because: "they see the same zones", a: "", b: "", links: "[hub, a, b]", classes: "hub a b" },
    { because: "one sees a zone more", a: "", b: "", links: "[hub, a]", classes: "hub a / b" },
    { because: "they use one forwarder", a: ", dns: fw", b: ", dns: fw", links: "hub", classes: "hub / a b" },
    { because: "one uses a forwarder", a: ", dns: fw", b: "", links: "[hub, a, b]", classes: "hub b / a" },
    {
      because: "one has servers in another order",
      a: ", dns: [fw, 8.8.8.8]",
      b: ", dns: [8.8.8.8, fw]",
      links: "hub",
      classes: "hub / a / b",
    },
    {
      because: "one has machines with names",
      a: ", hosts: { vm: 10.1.0.4 }",
      b: "",
      links: "[hub, a, b]",
      classes: "hub b / a",
    },
  ])("$classes: $because", ({ a, b, links, classes }) => {
    const { askers } = estate(`networks:
  ${HUB}
  a: { kind: azure, prefixes: 10.1.0.0/16${a} }
  b: { kind: azure, prefixes: 10.2.0.0/16${b} }
zones: { corp.example: { links: ${links} } }
resolvers: { fw: { network: hub, address: 10.0.1.4, forward: { ".": platform } } }
`);
    expect(askers.map(({ networks }) => networks.join(" ")).join(" / ")).toBe(classes);
  });
});

/** Some networks, each with some of the zones and servers. */
const arbitraryEstate = fc
  .array(
    fc.record({
      zones: fc.subarray(["privatelink.azurecr.io", "privatelink.vaultcore.azure.net", "azurecr.io", "corp.example"]),
      dns: fc.constantFrom("", ", dns: fw", ", dns: 8.8.8.8", ", dns: [fw, 8.8.8.8]"),
      peers: fc.constantFrom("", ", peers: hub"),
      onMiss: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((networks) => {
    const names = ["privatelink.azurecr.io", "privatelink.vaultcore.azure.net", "azurecr.io", "corp.example"];
    const lines = names.map((zone) => {
      const links = networks.flatMap(({ zones, onMiss }, i) =>
        zones.includes(zone) ? [`{ network: n${i}, onMiss: ${onMiss ? "internet" : "nxdomain"} }`] : [],
      );
      return `  ${zone}: { links: [${["hub", ...links].join(", ")}] }`;
    });
    return `networks:
  ${HUB}
${networks.map(({ dns, peers }, i) => `  n${i}: { kind: azure, prefixes: 10.${i + 1}.0.0/16${dns}${peers} }`).join("\n")}
zones:
${lines.join("\n")}
resolvers: { fw: { network: hub, address: 10.0.1.4, forward: { ".": platform } } }
services:
  reg: { type: azure/container-registry, location: westeurope }
  kv: { type: azure/key-vault }
endpoints:
  pe: { network: hub, service: reg }
  kv: { network: hub, service: kv, privateDns: none }
`;
  });

describe("for any estate", () => {
  test("a network of a class gets what the first of it gets", () => {
    fc.assert(
      fc.property(arbitraryEstate, (text) => {
        const { snapshot, askers } = estate(text);
        const names = [...snapshot.endpointNames.values()].flat().map(({ publicName }) => publicName);
        for (const { networks, first } of askers) {
          for (const network of networks) {
            for (const name of names) {
              const ask = (from: string) =>
                resolveOffline(snapshot, { kind: "servers-of", network: from }, { name, type: RecordTypes.A }).outcome;
              expect(ask(network), `${network} as ${first}`).toEqual(ask(first));
            }
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  test("an answer taken from another network's walk is the one that the network gets itself", () => {
    fc.assert(
      fc.property(arbitraryEstate, (text) => {
        const { snapshot, askers } = estate(text);
        const walks = new SharedWalks(snapshot);
        for (const name of [...snapshot.endpointNames.values()].flat().map(({ publicName }) => publicName)) {
          for (const asker of askers) {
            const { outcome, aliases } = walks.ask(asker, asker.first, name);
            const own = walks.askItself(asker.first, name);
            expect({ outcome, aliases }).toEqual({ outcome: own.outcome, aliases: own.aliases });
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  test("who misses nothing gets the endpoint's own addresses", () => {
    fc.assert(
      fc.property(arbitraryEstate, (text) => {
        const { snapshot, plans, survey } = estate(text);
        const missing = new Set(
          survey.misses.flatMap(({ networks, name }) => networks.map((network) => `${network} ${name.zone.key}`)),
        );
        for (const { endpoint, members } of plans.values()) {
          for (const network of snapshot.topology.networks.keys()) {
            if (snapshot.reachable.get(network)?.has(endpoint.network) !== true) continue;
            for (const { names, addresses } of members) {
              for (const { publicName, zone } of names) {
                if (missing.has(`${network} ${zone.key}`)) continue;
                const question = { name: publicName, type: RecordTypes.A };
                const { outcome } = resolveOffline(snapshot, { kind: "servers-of", network }, question);
                expect(addressesIn(outcome)).toEqual(addresses.map(({ text: address }) => address));
              }
            }
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});
