import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryPorts, readText } from "../../test/topology-text.ts";
import { Diagnostics } from "../diagnostics/diagnostic.ts";
import { positionOf, type SourceSpan, sourceFile } from "../source/source-file.ts";
import type { Topology, ZoneText } from "./model.ts";
import { readTopology } from "./read-topology.ts";

const ESTATES = join(import.meta.dirname, "../../test/estates");
const files: Record<string, string> = {};
for (const path of readdirSync(ESTATES, { recursive: true, encoding: "utf8" }).sort())
  if (/\.(?:yaml|zone)$/.test(path)) files[path] = readFileSync(join(ESTATES, path), "utf8");
const estates = Object.keys(files).filter((path) => path.endsWith(".yaml"));

function read(path: string, text: string): { topology: Topology; diagnostics: Diagnostics } {
  const diagnostics = new Diagnostics();
  return { topology: readTopology(sourceFile(path, text), memoryPorts(files), diagnostics), diagnostics };
}

describe("estates", () => {
  test("there are some", () => expect(estates.length).toBeGreaterThanOrEqual(6));

  test.each(estates)("%s reads without a word", (path) => {
    const { topology, diagnostics } = read(path, files[path] ?? "");
    expect(diagnostics.sorted().map(({ message }) => message)).toEqual([]);
    expect(topology.networks.size * topology.zones.size * topology.expectations.length).toBeGreaterThan(0);
  });

  test.each(estates)("ten lines on top of %s move every place by ten", (path) => {
    const text = files[path] ?? "";
    const before = linesOf(read(path, text).topology, path);
    const after = linesOf(read(path, `${"# on top\n".repeat(10)}${text}`).topology, path);
    expect(before.length).toBeGreaterThan(10);
    expect(after).toEqual(before.map((line) => line + 10));
  });

  test.each(estates)("a topology of %s crosses threads", (path) => {
    const { topology } = read(path, files[path] ?? "");
    expect(structuredClone(topology)).toEqual(topology);
  });
});

/** The line of every place in a topology that is in the file, in the order they are met. */
function linesOf(value: unknown, path: string): number[] {
  if (isSpan(value)) return value.file.path === path ? [positionOf(value).line] : [];
  if (value instanceof Map) return [...value.values()].flatMap((one) => linesOf(one, path));
  if (Array.isArray(value)) return value.flatMap((one) => linesOf(one, path));
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return [];
  return Object.values(value).flatMap((one) => linesOf(one, path));
}

function isSpan(value: unknown): value is SourceSpan {
  // The default listener stands nowhere: its place is the whole file's.
  return (
    typeof value === "object" &&
    value !== null &&
    "file" in value &&
    "start" in value &&
    "end" in value &&
    value.end !== 0
  );
}

describe("zone text", () => {
  const chars = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom("a", "A", "1", ".", ";", "@", "(", ")", "\t", " ") },
    { weight: 1, arbitrary: fc.constantFrom('"', "'", "\\", "#", ":", "é", "😀") },
  );
  const line = fc.array(chars, { maxLength: 12 }).map((all) => all.join(""));
  const zoneLines = fc.array(line, { minLength: 1, maxLength: 6 });

  test("in a literal block every char has its place, whatever the indentation and the line ends", () => {
    fc.assert(
      fc.property(
        zoneLines,
        fc.integer({ min: 3, max: 9 }),
        fc.constantFrom("\n", "\r\n"),
        fc.constantFrom("|", "|-", "|+"),
        (all, indent, end, header) => {
          const body = all.map((one) => (one.trim() === "" ? "" : " ".repeat(indent) + one.replace(/^\s+/, "")));
          const text = zoneText(
            [
              "zones:",
              "  a.example:",
              "    links: []",
              `    records: ${header}`,
              ...body.map((one) => (one === "" ? one : `  ${one}`)),
              "",
            ].join(end),
          );
          expect(text).toBeDefined();
          if (text !== undefined) expectExact(text);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("lines of a block keep what they are indented by more", () => {
    const text = zoneText(
      "zones:\n  a.example:\n    links: []\n    records: |\n      @ SOA a b (\n          1 2 )\n\n      www A 10.0.0.1\n",
    );
    expect(text?.text).toBe("@ SOA a b (\n    1 2 )\n\nwww A 10.0.0.1\n");
    if (text !== undefined) expectExact(text);
  });

  test("in a block with its indentation said, leading blanks are text", () => {
    const text = zoneText(
      "zones:\n  a.example:\n    links: []\n    records: |2\n         \t www A 10.0.0.1\n      x A 10.0.0.2\n",
    );
    expect(text?.text).toBe("   \t www A 10.0.0.1\nx A 10.0.0.2\n");
    if (text !== undefined) expectExact(text);
  });

  test("in single quotes every char has its place", () => {
    fc.assert(
      fc.property(line, (one) => {
        const text = zoneText(`zones: { a.example: { links: [], records: '${one.replaceAll("'", "''")}' } }\n`);
        expect(text?.text).toBe(one);
        if (text !== undefined) expectExact(text);
      }),
      { numRuns: 300 },
    );
  });

  test("in double quotes a char has its place, or that of its escape", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(chars, fc.constantFrom("\n", "\u0000", "\u2028", "\u{10ffff}")), { maxLength: 12 }),
        (all) => {
          const one = all.join("");
          const escaped = JSON.stringify(one).replaceAll("\u{10ffff}", "\\U0010ffff");
          const text = zoneText(`zones: { a.example: { links: [], records: ${escaped} } }\n`);
          expect(text?.text).toBe(one);
          if (text !== undefined) expectNear(text, "\\");
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each([
    { says: "plain text over lines", yaml: "www A\n        10.0.0.1" },
    { says: "plain text over an empty line", yaml: "www A 10.0.0.1\n\n        x A 10.0.0.2" },
    { says: "single quotes over lines", yaml: "'www  TXT \n\n\n        it''s'" },
    { says: "double quotes over lines", yaml: '"www \\\n        A 10.0.0.1\\n\n      \\ x\\u0020A\\t10.0.0.2"' },
    { says: "a folded block", yaml: ">\n      www A\n      10.0.0.1\n\n      x A\n        10.0.0.2\n      y A\n" },
    { says: "a folded block that ends in empty lines", yaml: ">+\n      www A\n\n\n" },
  ])("$says: a char has its place, or that of the line end or escape it is made of", ({ yaml }) => {
    const text = zoneText(`zones:\n  a.example:\n    links: []\n    records: ${yaml}\n`);
    expect(text?.text).toContain("www");
    if (text !== undefined) expectNear(text, "\\\n");
  });

  function zoneText(topology: string): ZoneText | undefined {
    const { found, topology: read } = readText(topology);
    return found.length > 0 ? undefined : read.zones.get("a.example")?.records[0];
  }

  function placeIn(text: ZoneText, at: number): string {
    const stretch = text.stretches.findLast((one) => one.at <= at);
    return text.file.text?.charAt((stretch?.offset ?? 0) + at - (stretch?.at ?? 0)) ?? "";
  }

  function expectExact(text: ZoneText): void {
    const mapped = Array.from({ length: text.text.length }, (_, at) => placeIn(text, at)).join("");
    expect(mapped).toBe(text.text);
    expect(text.text === "" ? 0 : text.stretches[0]?.at).toBe(0);
  }

  /** As exact, but for chars that stand for another one of `makers`; an escape of two halves has one place for both. */
  function expectNear(text: ZoneText, makers: string): void {
    for (let at = 0; at < text.text.length; at++) {
      const mapped = placeIn(text, at);
      const isSecondHalf = /[\uDC00-\uDFFF]/.test(text.text.charAt(at));
      if (!isSecondHalf && !makers.includes(mapped)) expect(`${at}: ${mapped}`).toBe(`${at}: ${text.text.charAt(at)}`);
    }
    expect(text.stretches.map(({ at }) => at)).toEqual(
      [...new Set(text.stretches.map(({ at }) => at))].sort((a, b) => a - b),
    );
  }
});

describe("any text", () => {
  const pieces = [
    "\n",
    "  ",
    ":",
    "- ",
    "*",
    "&a ",
    "*a",
    "!x ",
    "{",
    "}",
    "[",
    "]",
    "'",
    '"',
    "|\n",
    ">",
    "<<: *a\n",
    "%",
    "@",
    "?",
    ",",
    "10.0.0.4",
    "all",
    "\t",
    "\0",
    "\uD800",
    "-1",
    "networks:\n",
  ];
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat(20),
    put: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 })),
  });

  test("a changed estate gives a topology and diagnostics, never a throw, and only references to what is there", () => {
    fc.assert(
      fc.property(fc.constantFrom(...estates), fc.array(change, { minLength: 1, maxLength: 6 }), (path, changes) => {
        let text = files[path] ?? "";
        for (const { at, remove, put } of changes) {
          const start = Math.floor(at * text.length);
          text = text.slice(0, start) + put + text.slice(start + remove);
        }
        const { topology, diagnostics } = read(path, text);
        expectWhole(topology);
        for (const { span } of diagnostics.sorted()) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.start).toBeLessThanOrEqual(span.file.text?.length ?? 0);
        }
      }),
      { numRuns: 400 },
    );
  });

  test("text of nothing but YAML's own chars is read, too", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (all) => {
        expectWhole(readText(all.join("")).topology);
      }),
      { numRuns: 400 },
    );
  });

  function expectWhole({ networks, zones, services, endpoints, resolvers, listeners }: Topology): void {
    for (const { peers } of networks.values()) for (const peer of peers) expect(networks.has(peer)).toBe(true);
    for (const { links } of zones.values()) for (const { network } of links) expect(networks.has(network)).toBe(true);
    for (const { network, service, privateDns } of endpoints.values()) {
      expect(networks.has(network) && services.has(service)).toBe(true);
      for (const dns of privateDns) expect(dns.kind === "auto" || zones.has(dns.key)).toBe(true);
    }
    for (const resolver of resolvers.values()) {
      // Where no network is declared, a resolver stands in none (SEMANTICS 24).
      expect(networks.size === 0 ? resolver.network === "internet" : networks.has(resolver.network)).toBe(true);
      for (const key of resolver.zones) expect(zones.has(key)).toBe(true);
      for (const targets of resolver.forward.map((rule) => (rule.kind === "to" ? rule.targets : [])))
        for (const target of targets) expect(target.kind !== "resolver" || resolvers.has(target.key)).toBe(true);
    }
    for (const { resolver, serves } of listeners) {
      expect(resolver === undefined || resolver === "platform" || resolvers.has(resolver)).toBe(true);
      for (const key of serves?.kind === "named" ? serves.zones : []) expect(zones.has(key)).toBe(true);
      if (serves?.kind === "network") expect(networks.has(serves.network)).toBe(true);
    }
  }
});
