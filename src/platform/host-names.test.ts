import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { formatName } from "../name/name-text.ts";
import { internalNames, registeredNames } from "./host-names.ts";

/** The names that a host gets in a zone by registration, and in the domain of its platform. */
function namesOfHost(key: string, address = "10.0.0.9"): { registered: string[]; internal: string[] } {
  const { topology } = loadText(`
networks:
  hub:
    kind: azure
    prefixes: 10.0.0.0/16
    hosts: { ${JSON.stringify(key)}: ${address} }
zones: { corp.example: { links: { network: hub, registration: true } } }
`);
  const [zone] = topology.zones.values();
  const [network] = topology.networks.values();
  if (zone === undefined || network === undefined) throw new Error("nothing was read");
  const text = (names: ReturnType<typeof registeredNames>): string[] => names.map(({ owner }) => formatName(owner));
  return { registered: text(registeredNames(zone, topology)), internal: text(internalNames(network)?.names ?? []) };
}

describe("a host", () => {
  test.each([
    { key: "vm1", label: "vm1", because: "that is its name" },
    { key: "VM-1_a", label: "VM-1_a", because: "letters, digits, hyphens and underscores make one" },
    { key: "a".repeat(63), label: "a".repeat(63), because: "a label has 63 octets" },
  ])("$key is called $label: $because", ({ key, label }) => {
    const { registered, internal } = namesOfHost(key);
    expect(registered).toEqual([`${label}.corp.example.`]);
    expect(internal).toEqual([`${label}.internal.cloudapp.net.`]);
  });

  test.each([
    { key: "a".repeat(64), because: "no label is longer than 63" },
    { key: "web.server", because: "a dot would be part of the label, which no client can ask for" },
    { key: "web server", because: "nor a blank" },
    { key: "-vm", because: "a hyphen is no beginning" },
    { key: "m\u00fcller", because: "registration writes ASCII" },
    { key: "\ufeff", because: "some chars are no octets at all" },
  ])("$key has no name: $because", ({ key }) => {
    expect(namesOfHost(key)).toEqual({ registered: [], internal: [] });
  });

  test("that is a whole prefix has no name", () => {
    expect(namesOfHost("farm", "10.0.1.0/24")).toEqual({ registered: [], internal: [] });
  });
});
