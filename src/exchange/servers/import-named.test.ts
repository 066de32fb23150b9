import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { displayName, formatName } from "../../name/name-text.ts";
import { positionOf, sourceFile } from "../../source/source-file.ts";
import type { Draft } from "../draft.ts";
import { importNamed } from "./import-named.ts";
import type { ReadServerFile } from "./server-files.ts";

const ZONE = "@ 300 SOA ns.corp.example. h.corp.example. 1 2 3 4 5\n@ 300 NS ns\nwww 300 A 10.0.0.80\n";

/** Files by path, whatever names them. */
function readNamed(text: string, files: Readonly<Record<string, string>> = { "corp.zone": ZONE }): Draft {
  const port: ReadServerFile = (path) => {
    const found = files[path];
    return found === undefined
      ? { kind: "problem", message: "does not exist" }
      : { kind: "file", file: sourceFile(path, found, "octets") };
  };
  return importNamed(sourceFile("named.conf", text), port);
}

/** What is told, with its place: `named.conf:3 option allow-query: …`. */
function told({ unmapped }: Draft): string[] {
  return unmapped.map(({ what, reason, origin: { place } }) =>
    place === undefined ? `${what}: ${reason}` : `${place.file.path}:${positionOf(place).line} ${what}: ${reason}`,
  );
}

function networks(draft: Draft): Record<string, readonly string[]> {
  return Object.fromEntries(draft.networks.map(({ name, prefixes = [] }) => [name, prefixes]));
}

describe("views become networks: of prefixes the longest counts, where of views the first does", () => {
  test.each([
    {
      says: "the rest is the last view's",
      views: [
        ["a", "10.0.0.0/8;"],
        ["b", "any;"],
      ],
      are: { a: ["10.0.0.0/8"], b: ["0.0.0.0/0", "::/0"] },
    },
    {
      says: "a hole in one is whose view comes next",
      views: [
        ["a", "!10.1.0.0/16; 10.0.0.0/8;"],
        ["b", "any;"],
      ],
      are: { a: ["10.0.0.0/8"], b: ["0.0.0.0/0", "::/0", "10.1.0.0/16"] },
    },
    {
      says: "an address inside a view before is not the second's",
      views: [
        ["a", "10.0.0.0/8;"],
        ["b", "10.1.0.0/16; 192.168.0.0/16;"],
      ],
      are: { a: ["10.0.0.0/8"], b: ["192.168.0.0/16"] },
    },
    {
      says: "lists are named, nested, denied and short",
      views: [
        ["a", "! { 10.1/16; }; inside;"],
        ["b", "10.1.2.3;"],
      ],
      are: { a: ["10.0.0.0/8"], b: ["10.1.2.3/32"] },
    },
  ])("$says", ({ views, are }) => {
    const text = views.map(([name, list]) => `view ${name} { match-clients { ${list} }; };`).join("\n");
    expect(networks(readNamed(`acl inside { 10/8; };\n${text}`))).toEqual(are);
  });
});

describe("statements of every kind are in the model, or told with their place", () => {
  test("comments of three kinds, a file that two views share, a forward zone, an included file", () => {
    const draft = readNamed(
      `# a comment
view "hub" { // another
  match-clients { 10.0.0.0/16; };
  include "zones.conf";
  zone "fwd.example" { type forward; forward only; forwarders { 10.9.0.1; 10.9.0.2 port 5353; }; };
};
/* the last
   one */
view "spoke" { match-clients { 10.1.0.0/16; }; zone "corp.example" IN { type master; file "corp.zone"; }; };
`,
      { "corp.zone": ZONE, "zones.conf": 'zone "corp.example" { type primary; file "corp.zone"; };' },
    );
    expect(told(draft)).toEqual([]);
    expect(
      draft.zones.map(({ name, links, records }) => [name, links.map(({ network }) => network), records.length]),
    ).toEqual([["corp.example", ["hub", "spoke"], 3]]);
    expect(draft.rulesets.flatMap(({ forward }) => forward.map(({ domain }) => formatName(domain)))).toEqual([
      "fwd.example.",
    ]);
    expect(draft.resolvers.map(({ address, external }) => [address, external])).toEqual([
      [["10.9.0.1"], true],
      [["10.9.0.2:5353"], true],
    ]);
  });

  test("without views there is one network of everybody, and the root's rule is that of the options", () => {
    const draft = readNamed(
      'options { forwarders { 192.0.2.1; }; forward only; };\nzone corp.example { type primary; file "corp.zone"; };',
    );
    expect(networks(draft)).toEqual({ clients: ["0.0.0.0/0", "::/0"] });
    expect(draft.rulesets[0]?.forward.map(({ domain }) => displayName(domain))).toEqual(["."]);
    expect(told(draft)).toEqual([]);
  });

  test.each([
    { text: "options { allow-query { any; }; };", says: ["named.conf:1 option allow-query: whoever asks is answered"] },
    { text: "logging { };", says: ["named.conf:1 statement logging: the model has nothing like it"] },
    {
      text: 'zone "x" { type hint; file "root"; };',
      says: ["named.conf:1 zone: a zone of type hint has no records of its own"],
    },
    { text: 'zone "x" { type primary; file "gone"; };', says: ["named.conf:1 zone: gone does not exist"] },
    { text: '\nzone "a..b" { type primary; };', says: ["named.conf:2 zone: a..b has an empty label"] },
    { text: 'include "gone";', says: ["named.conf:1 include: gone does not exist"] },
    {
      text: "view a { match-clients { key k; }; };",
      says: [
        "named.conf:1 address match list: key is not told by an address, so it matches nobody here",
        "named.conf:1 view: no address tells who sees it",
      ],
    },
    {
      text: 'zone corp.example { type secondary; masters { 10.0.0.1; }; file "corp.zone"; };',
      says: [
        "named.conf:1 option masters: the records are taken from the file",
        "named.conf:1 zone: its records are those that corp.zone held when it was last transferred",
      ],
    },
    {
      text: "options { forwarders { 10.0.0.1; }; };",
      says: ["named.conf:1 forward first: where no forwarder answers the name is not looked up from the root"],
    },
    {
      text: 'options { directory "/x"',
      says: [
        "named.conf:1 syntax: this statement lacks its semicolon",
        "named.conf:1 syntax: this brace is not closed",
        "named.conf:1 syntax: this statement lacks its semicolon",
      ],
    },
  ])("$text", ({ text, says }) => {
    expect(told(readNamed(text))).toEqual(says);
  });

  test("a file that includes itself ends", () => {
    const [first] = told(readNamed('include "named.conf";', { "named.conf": 'include "named.conf";' }));
    expect(first).toContain("is included too deep, or in a circle");
  });

  test("a line of a zone file that cannot be read is told, and the rest is there", () => {
    const draft = readNamed('zone corp.example { type primary; file "corp.zone"; };', {
      "corp.zone": `${ZONE}bad 300 A 10.0.0.300\n`,
    });
    expect(told(draft).map((line) => line.slice(0, 18))).toEqual(["corp.zone:4 record"]);
    expect(draft.zones[0]?.records).toHaveLength(3);
  });
});

test("any text ends in a draft", () => {
  const pieces = fc.constantFrom(
    "zone",
    '"x"',
    "{",
    "}",
    ";",
    "view",
    "/*",
    "*/",
    "//",
    "#",
    "\n",
    '"',
    "!",
    "10/8",
    "include",
    "\\",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (all) => {
      const draft = readNamed(all.join(" "));
      expect(draft.endpoints).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

describe("no statement is silent", () => {
  test.each([
    {
      says: "a list that no view uses",
      text: "acl idle { 10.0.0.0/8; };",
      told: "statement acl: no view is told by it",
    },
    {
      says: "a second forwarders of the options",
      text: "options { forwarders { 10.0.0.1; };\nforwarders { 10.0.0.2; }; };",
      told: "option forwarders: one above it is taken",
      line: 2,
    },
    {
      says: "a second match-clients of a view",
      text: "view a { match-clients { any; };\nmatch-clients { 10.0.0.1; }; };",
      told: "option match-clients: one above it is taken",
      line: 2,
    },
    {
      says: "a second file of a zone",
      text: 'zone corp.example { type primary; file "corp.zone";\nfile "other.zone"; };',
      told: "option file: one above it is taken",
      line: 2,
    },
    {
      says: "forwarders of a zone that has records",
      text: 'zone corp.example { type primary; file "corp.zone";\nforwarders { }; };',
      told: "option forwarders: the model has nothing like it",
      line: 2,
    },
  ])("$says", ({ text, told: wanted, line = 1 }) => {
    expect(told(readNamed(text))).toContain(`named.conf:${line} ${wanted}`);
  });

  test("a list that another uses is not told", () => {
    const text = "acl in { 10.0.0.0/8; }; acl out { in; }; view a { match-clients { out; }; };";
    expect(told(readNamed(text)).filter((one) => one.includes("acl"))).toEqual([]);
  });
});
