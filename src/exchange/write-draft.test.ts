import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { knownName } from "../name/name-text.ts";
import { runLoad } from "../project/load-order.ts";
import { RecordTypes } from "../record/record-type.ts";
import { type Draft, type DraftNetwork, type DraftZone, EMPTY_DRAFT, type Origin } from "./draft.ts";
import { writeDraft } from "./write-draft.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "privlink-draft-"));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const ORIGIN: Origin = { text: "made by hand" };

function network(id: string, name: string, rest: Partial<DraftNetwork> = {}): DraftNetwork {
  return { id, name, origin: ORIGIN, ...rest };
}

function zone(id: string, apex: string, rest: Partial<DraftZone> = {}): DraftZone {
  return { id, name: apex, apex: knownName(apex), origin: ORIGIN, records: [], links: [], ...rest };
}

/** The codes of the errors that loading the written draft finds. */
function errorsOf(draft: Draft): string[] {
  const { files } = writeDraft(draft, ["a test"]);
  const folder = mkdtempSync(join(FOLDER, "one-"));
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const request = { config: "privlink.yaml", paths: [], networks: [] };
  const loaded = runLoad({ request, folder, exampleFolder: folder, listen: [] });
  if (loaded.kind !== "loaded") throw new Error(JSON.stringify(loaded));
  return loaded.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
}

const ADDRESS_SET = {
  owner: knownName("www.corp.example."),
  type: RecordTypes.A,
  ttl: 300,
  rdatas: [Uint8Array.of(10, 0, 0, 9)],
};

describe("a written draft", () => {
  test("has every part under where it came from, in the order of the table of keys", () => {
    const draft: Draft = {
      ...EMPTY_DRAFT,
      networks: [
        network("b", "spoke", {
          kind: "azure",
          prefixes: ["10.1.0.0/16"],
          peers: ["a"],
          dns: [{ kind: "resolver", id: "r" }],
        }),
        network("a", "hub", {
          kind: "azure",
          prefixes: ["10.0.0.0/16", "fd00::/48"],
          subnets: [{ name: "one", prefix: "10.0.0.0/24" }],
        }),
      ],
      resolvers: [
        {
          id: "r",
          name: "inbound",
          network: "a",
          address: ["10.0.0.4"],
          origin: ORIGIN,
          notes: ["its cache is not known"],
          forward: [{ domain: knownName("corp."), to: [{ kind: "text", text: "10.0.0.8" }], origin: ORIGIN }],
        },
      ],
      zones: [
        zone("z", "corp.example", {
          links: [{ network: "a", registration: true, origin: ORIGIN }],
          records: [{ set: ADDRESS_SET, origin: ORIGIN }],
        }),
      ],
    };
    const { files, unmapped, renamed } = writeDraft(draft, ["written by a test"]);
    expect(Object.fromEntries(files)).toMatchInlineSnapshot(`
      {
        "privlink.yaml": "# written by a test

      networks:
        # made by hand
        hub:
          kind: azure
          prefixes: [ 10.0.0.0/16, fd00::/48 ]
          subnets:
            one: 10.0.0.0/24
        # made by hand
        spoke:
          kind: azure
          prefixes: 10.1.0.0/16
          dns: inbound
          peers: hub
      zones:
        # made by hand
        corp.example:
          file: zones/corp.example.zone
          links:
            # made by hand
            - network: hub
              registration: true
      resolvers:
        # made by hand
        # its cache is not known
        inbound:
          network: hub
          address: 10.0.0.4
          forward:
            # made by hand
            corp: 10.0.0.8
      ",
        "zones/corp.example.zone": "; written by a test
      ; made by hand
      $ORIGIN corp.example.
      ; made by hand
      www	300	A	10.0.0.9
      ",
      }
    `);
    expect({ unmapped, renamed }).toEqual({ unmapped: [], renamed: [] });
    expect(errorsOf(draft)).toEqual([]);
  });

  test("names public zones one by one: what else lies in their folder is not read", () => {
    const publicZones = ["b.example", "a.example"].map((apex) => ({
      apex: knownName(`${apex}.`),
      origin: ORIGIN,
      records: [],
    }));
    const draft: Draft = { ...EMPTY_DRAFT, networks: [network("a", "hub")], publicZones };
    expect(writeDraft(draft, []).files.get("privlink.yaml")).toContain(
      "zones: [ zones/public/a.example.zone, zones/public/b.example.zone ]",
    );
    expect(errorsOf(draft)).toEqual([]);
  });

  test.each([
    {
      names: ["hub", "hub"],
      scopes: [["rg-a"], ["rg-b"]],
      keys: ["rg-a/hub", "rg-b/hub"],
      because: "the group tells them apart",
    },
    { names: ["hub", "HUB"], scopes: [["rg"], ["rg"]], keys: ["rg-1/hub", "rg-2/HUB"], because: "nothing else does" },
    {
      names: ["hub", "hub"],
      scopes: [
        ["rg", "s1"],
        ["rg", "s2"],
      ],
      keys: ["s1/rg/hub", "s2/rg/hub"],
      because: "groups share it",
    },
    { names: ["all"], scopes: [[]], keys: ["network-1/all-1"], because: "the word is reserved" },
    { names: ["10.0.0.4"], scopes: [["rg"]], keys: ["rg/10.0.0.4"], because: "it reads as an address" },
    { names: ["a*b@c"], scopes: [[]], keys: ["a-b-c"], because: "it reads as a pattern, and as a host" },
  ])("gives networks called $names the keys $keys, because $because", ({ names, scopes, keys }) => {
    const networks = names.map((name, i) => network(`id-${i}`, name, { scope: scopes[i] ?? [] }));
    const { files, renamed } = writeDraft({ ...EMPTY_DRAFT, networks }, []);
    for (const key of keys) expect(files.get("privlink.yaml")).toContain(`\n  ${key}:`);
    expect(renamed).toHaveLength(keys.length);
    expect(errorsOf({ ...EMPTY_DRAFT, networks })).toEqual([]);
  });

  test("tells references that lead out of it", () => {
    const draft: Draft = {
      ...EMPTY_DRAFT,
      networks: [network("a", "hub", { peers: ["elsewhere"] })],
      zones: [zone("z", "corp.example", { links: [{ network: "elsewhere" }] })],
      endpoints: [{ id: "e", name: "pe", network: "elsewhere", service: "s", origin: ORIGIN }],
    };
    expect(writeDraft(draft, []).unmapped.map(({ kind, reason }) => `${kind}: ${reason}`)).toEqual([
      "left-out: its network elsewhere is not among what was imported",
      "partial: a peer is left out: elsewhere is not among what was imported",
      "partial: a link is left out: elsewhere is not among what was imported",
    ]);
    expect(errorsOf(draft)).toEqual([]);
  });

  test("does not depend on the order of its parts, and loads, whatever they are called", () => {
    const name = fc.oneof(
      fc.string({ minLength: 1, maxLength: 12 }),
      fc.constantFrom("hub", "HUB", "all", "10.0.0.1", "a/b", "*", "::1", "null", "~", "-"),
    );
    const networks = fc
      .array(fc.record({ name, scope: fc.array(name, { maxLength: 2 }) }), { maxLength: 6 })
      .map((all) => all.map((one, i) => network(`id-${i}`, one.name, { scope: one.scope, notes: [one.name] })));
    fc.assert(
      fc.property(networks, (all) => {
        const draft = { ...EMPTY_DRAFT, networks: all };
        const turned = { ...EMPTY_DRAFT, networks: all.toReversed() };
        expect([...writeDraft(turned, []).files]).toEqual([...writeDraft(draft, []).files]);
        expect(errorsOf(draft)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
