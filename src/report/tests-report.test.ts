import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { loadText } from "../../test/support/memory-files.ts";
import { needs } from "../../test/support/tools.ts";
import type { TestRun } from "../expect/results.ts";
import { testOffline } from "../expect/run-offline.ts";
import { renderTests, TESTS_FORMATS, type TestsFormat } from "./tests-report.ts";

const SCHEMA = join(import.meta.dirname, "..", "..", "test", "support", "schemas", "junit.xsd");

const TOPOLOGY = `networks: { hub: { prefixes: 10.0.0.0/16 }, "a<b&\\"c": }
zones:
  corp.example: { links: all, records: "www 60 A 10.0.0.7" }
public: { upstream: 192.0.2.53, onMiss: upstream }
expect:
  - { from: hub, name: www.corp.example, resolves: 10.0.0.7 }
  - from: ['a<b&"c', hub]
    name: www.corp.example
    resolves: 10.0.0.8
    because: "it is 100% ours # now, <b>\\u0001\\u001b[31m"
  - { from: hub, name: out.net, is: public }
`;

function runOf(topology: string): TestRun {
  const { snapshot } = loadText(topology);
  return { name: "privlink.yaml", results: testOffline(snapshot, snapshot.topology.expectations) };
}

function render(format: TestsFormat, topology = TOPOLOGY, verbose = false): string {
  return renderTests(format, runOf(topology), { color: false, verbose });
}

describe("text", () => {
  test("tells of what failed the place, what was expected, what came, and why", () => {
    expect(render("text")).toBe(`privlink.yaml:7: a<b&"c asks www.corp.example A: failed
  because   it is 100% ours # now, <b>␁␛[31m
  expected  10.0.0.8
  got       10.0.0.7 (private)

    1  the platform resolver of network a<b&"c is asked for www.corp.example A   [privlink.yaml:1]
    2  zone corp.example, linked to network a<b&"c, is the longest match: www.corp.example A 10.0.0.7   [privlink.yaml:3]

       www.corp.example. 60 IN A 10.0.0.7

  → 10.0.0.7 (private)

privlink.yaml:7: hub asks www.corp.example A: failed
  because   it is 100% ours # now, <b>␁␛[31m
  expected  10.0.0.8
  got       10.0.0.7 (private)

    1  the platform resolver of network hub is asked for www.corp.example A   [privlink.yaml:1]
    2  zone corp.example, linked to network hub, is the longest match: www.corp.example A 10.0.0.7   [privlink.yaml:3]

       www.corp.example. 60 IN A 10.0.0.7

  → 10.0.0.7 (private)

`);
  });

  test("is quiet about the rest, unless asked", () => {
    expect(render("text", TOPOLOGY.replace("10.0.0.8", "10.0.0.7"))).toBe("");
    expect(render("text", TOPOLOGY.replace("10.0.0.8", "10.0.0.7"), true).split("\n")).toEqual([
      "privlink.yaml:6: hub asks www.corp.example A: met: 10.0.0.7 (private)",
      'privlink.yaml:7: a<b&"c asks www.corp.example A: met: 10.0.0.7 (private)',
      "privlink.yaml:7: hub asks www.corp.example A: met: 10.0.0.7 (private)",
      "privlink.yaml:11: hub asks out.net A: unknown: 192.0.2.53 would be asked",
      "",
    ]);
  });
});

test("json has a schema, counts and every question", () => {
  const document: unknown = JSON.parse(render("json"));
  expect(document).toMatchObject({
    schema: "privlink/test/v1",
    tested: "privlink.yaml",
    server: null,
    summary: { met: 1, failed: 2, unknown: 1, skipped: 0 },
    results: [
      { path: "privlink.yaml", line: 6, from: "hub", name: "www.corp.example", type: "A", verdict: "met" },
      {
        line: 7,
        verdict: "failed",
        faults: [{ condition: "resolves", expected: "10.0.0.8", got: "10.0.0.7 (private)" }],
      },
      { line: 7, verdict: "failed" },
      { line: 11, verdict: "unknown", why: "192.0.2.53 would be asked" },
    ],
  });
});

describe("junit", () => {
  beforeEach(needs("xmllint"));

  test.each([
    { what: "failures, odd letters and all", topology: TOPOLOGY },
    { what: "nothing that failed", topology: TOPOLOGY.replace("10.0.0.8", "10.0.0.7") },
  ])("keeps to the schema: $what", ({ topology }) => {
    const xml = render("junit", topology);
    execFileSync("xmllint", ["--noout", "--schema", SCHEMA, "-"], { input: xml, stdio: "pipe" });
    expect(xml).toContain('<testcase classname="hub" name="www.corp.example A" time="0"/>');
    expect(xml).toContain('<skipped message="unknown: 192.0.2.53 would be asked"/>');
  });

  test("the schema refuses what is no report", () => {
    const xml = render("junit").replaceAll('classname="hub" ', "");
    expect(() => execFileSync("xmllint", ["--noout", "--schema", SCHEMA, "-"], { input: xml, stdio: "pipe" })).toThrow(
      "classname",
    );
  });

  test("has a suite for each file, and in a failure all that is known", () => {
    const xml = render("junit");
    expect(xml).toContain('<testsuite name="privlink.yaml" tests="4" failures="2" errors="0" skipped="1" time="0">');
    expect(xml).toContain('classname="a&lt;b&amp;&quot;c"');
    expect(xml).toContain(
      "privlink.yaml:7\nbecause   it is 100% ours # now, &lt;b&gt;\uFFFD\uFFFD[31m\nexpected  10.0.0.8\n",
    );
    expect(xml).toContain("www.corp.example. 60 IN A 10.0.0.7");
  });
});

test("tap has a plan, a point for each question, and a YAML block for what failed", () => {
  const text = render("tap");
  expect(text.split("\n").filter((line) => /^\S/.test(line))).toEqual([
    "TAP version 14",
    "1..4",
    "ok 1 - hub: www.corp.example A",
    'not ok 2 - a<b&"c: www.corp.example A',
    "not ok 3 - hub: www.corp.example A",
    "ok 4 - hub: out.net A # SKIP unknown: 192.0.2.53 would be asked",
  ]);
  const [block = ""] = /(?<= {2}---\n)[^]*?(?= {2}\.\.\.\n)/.exec(text) ?? [];
  expect(parse(block)).toMatchObject({
    at: { file: "privlink.yaml", line: 7, column: 5 },
    because: "it is 100% ours # now, <b>\u0001\u001B[31m",
    faults: [{ expected: "10.0.0.8", got: "10.0.0.7 (private)" }],
  });
});

test("github has an annotation for each that failed, on one line", () => {
  const lines = render("github").split("\n");
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(
    /^::error file=privlink\.yaml,line=7,col=5,title=hub asks www\.corp\.example A::because {3}it is 100%25 ours # now, <b>.*%0Aexpected {2}10\.0\.0\.8%0A/,
  );
});

test.each(TESTS_FORMATS)("%s of a pattern that nothing fits is there too", (format) => {
  const text = render(format, 'networks: { hub: }\nexpect: [{ from: hub, name: "*.nowhere.example", is: private }]\n');
  expect(text).toContain("*.nowhere.example");
  expect(text).toContain("the model knows no such name");
});
