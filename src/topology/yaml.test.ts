import { describe, expect, test } from "vitest";
import { readText } from "../../test/topology-text.ts";

describe("text that YAML reads in its own way", () => {
  test.each([
    {
      says: "a star that is no alias must be quoted",
      text: "x-a: [icr.io, *.icr.io]\n",
      found: ["1:15 topology/unquoted"],
    },
    {
      says: "a tag that YAML does not know must be quoted",
      text: "x-a: [hub, !legacy]\n",
      found: ["1:12 topology/unquoted"],
    },
    {
      says: "a bracketed address in a list must be quoted",
      text: "listen:\n  - [::1]:5300\n",
      found: ["2:5 topology/unquoted"],
    },
    {
      says: "a bracketed address after a key must be quoted",
      text: "listen: [::1]:5300\n",
      found: ["1:9 topology/unquoted"],
    },
    { says: "a leading @ must be quoted", text: "x-a:\n  - @ A 1.2.3.4\n", found: ["2:5 topology/unquoted"] },
    { says: "a key that is @ must be quoted", text: "x-a:\n  @: A\n", found: ["2:3 topology/unquoted"] },
    { says: "a leading % must be quoted", text: "%x: 1\n", found: ["1:1 topology/unquoted"] },
    { says: "a backtick must be quoted", text: "x-a: `x`\n", found: ["1:6 topology/unquoted"] },
    {
      says: "a second document is one too many",
      text: "version: 1\n---\nversion: 1\n",
      found: ["2:1 topology/syntax"],
    },
    { says: "a tab does not indent", text: "networks:\n\thub:\n", found: ["2:1 topology/syntax"] },
    { says: "two keys on one line are no YAML", text: "x-a: b: c\n", found: ["1:6 topology/syntax"] },
    { says: "a list that does not end is no YAML", text: "x-a: [1, 2\nversion: 1\n", found: ["1:6 topology/syntax"] },
    { says: "text that does not end is no YAML", text: 'x-a: "b\n', found: ["1:6 topology/syntax"] },
    { says: "an alias of nothing is told to be quoted", text: "x-a: *nobody\n", found: ["1:6 topology/unquoted"] },
    { says: "an alias inside its own anchor is no value", text: "x-a: &a [1, *a]\n", found: ["1:13 topology/alias"] },
    { says: "a key that is a list is no key", text: "? [a, b]\n: c\n", found: ["1:3 topology/wrong-shape"] },
    {
      says: "one key twice is told at the second",
      text: "version: 1\nversion: 1\n",
      found: ["2:1 topology/duplicate-key"],
    },
    { says: "a merge of text is no merge", text: "x-a: { <<: text }\n", found: ["1:12 topology/wrong-shape"] },
    { says: "a list is no topology", text: "- a\n", found: ["1:1 topology/wrong-shape"] },
    { says: "text is no topology", text: "hello\n", found: ["1:1 topology/wrong-shape"] },
    { says: "an empty file is a topology", text: "", found: [] },
    { says: "a file of comments is a topology", text: "# nothing yet\n", found: [] },
    { says: "a byte-order mark does not count", text: "\uFEFFverzion: 1\n", found: ["1:1 topology/unknown-key"] },
    { says: "lines may end in CRLF", text: "version: 1\r\nverzion: 1\r\n", found: ["2:1 topology/unknown-key"] },
  ])("$says", ({ text, found }) => {
    expect(readText(text).found).toEqual(found);
  });

  test("the hint shows the quotes", () => {
    const hints = readText("listen: [::1]:5300\nx-a: *.icr.io\n").diagnostics.map(({ hint }) => hint);
    expect(hints).toEqual(['write "[::1]:5300"', 'write "*.icr.io"']);
  });

  test("what is broken is not told twice, and does not hide the rest", () => {
    const text = "networks:\n  hub: { dns: [*.x] }\n  spoke: { knd: azure }\nlisten: 127.0.0.1:99999\n";
    expect(readText(text).found).toEqual([
      "2:16 topology/unquoted",
      "3:12 topology/unknown-key",
      "4:9 topology/bad-address",
    ]);
  });

  test("an unquoted text hides no unknown reference", () => {
    const text = "networks: { hub: { id: *x } }\nzones: { a.example: { links: [hubb, !hub], records: *x } }\n";
    expect(readText(text).found).toEqual([
      "1:24 topology/unquoted",
      "2:31 network/unknown",
      "2:37 topology/unquoted",
      "2:53 topology/unquoted",
    ]);
  });

  test("a key without a colon says so", () => {
    const { diagnostics } = readText("zones:\n  a.example:\n    links: []\n  b.example\n");
    expect(diagnostics.map(({ message }) => message)).toEqual(["a key without a colon, expected KEY:"]);
  });

  test("a reference to nothing is no news while a part of the file is not understood", () => {
    expect(readText("networks: *.x\nlisten: { address: 127.0.0.1:53, network: hub }\n").found).toEqual([
      "1:11 topology/unquoted",
    ]);
  });

  test("nesting has an end", () => {
    const text = `x-a: ${"[".repeat(3000)}${"]".repeat(3000)}\n`;
    expect(new Set(readText(text).diagnostics.map(({ code }) => code))).toEqual(new Set(["topology/syntax"]));
  });

  test("aliases of aliases have an end, told once each", () => {
    const levels = Array.from({ length: 12 }, (_, i) => `x-${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(10)}]`);
    const { diagnostics } = readText(`x-0: &l0 [1, 2]\n${levels.join("\n")}\nnetworks: { hub: { prefixes: *l12 } }\n`);
    expect(diagnostics.length).toBeLessThan(100);
    expect(diagnostics.map(({ code }) => code)).toContain("topology/alias");
  });

  test("an anchor may be used hundreds of times", () => {
    const zones = Array.from({ length: 300 }, (_, i) => `  z${i}.example: { links: *all }\n`).join("");
    const { found, topology } = readText(`x-all: &all [a, b]\nnetworks: { a: , b: }\nzones:\n${zones}`);
    expect(found).toEqual([]);
    expect(topology.zones.get("z299.example")?.links.map(({ network }) => network)).toEqual(["a", "b"]);
  });

  test("merge keys give what the map itself does not say, the first first", () => {
    const { topology, found } = readText(
      [
        "x-a: &a { kind: azure, location: one }",
        "x-b: &b { location: two, id: b }",
        "networks:",
        "  hub: { <<: [*a, *b], kind: generic }",
        "  spoke: { <<: *b }",
      ].join("\n"),
    );
    expect(found).toEqual([]);
    expect(topology.networks.get("hub")).toMatchObject({ kind: "generic", location: "one", id: "b" });
    expect(topology.networks.get("spoke")).toMatchObject({ location: "two", id: "b" });
  });

  test.each(["1e3", "0x10", "10.10", "012345678901", "true", "null", "~", "2024-01-01"])(
    "%s stays as it is written",
    (text) => {
      expect(readText(`networks: { hub: { id: ${text} } }\n`).topology.networks.get("hub")?.id).toBe(text);
    },
  );
});
