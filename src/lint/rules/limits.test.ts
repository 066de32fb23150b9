import { describe, expect, test } from "vitest";
import { loadText } from "../../../test/support/memory-files.ts";
import { withFindings } from "../lint.ts";

/** `count` lines, each made of its number, from 1. */
function lines(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => line(i + 1)).join("\n");
}

/** Messages of one code in a model; without loading errors. */
function told(topology: string, code: string): string[] {
  const { snapshot, diagnostics } = loadText(topology);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const found = withFindings(() => snapshot, diagnostics);
  return found.filter((one) => one.code === code).map(({ message }) => message);
}

const hub = (kind: string): string => `networks:\n  hub: { kind: ${kind}, prefixes: 10.0.0.0/16 }\n`;
const addresses = (count: number): string => Array.from({ length: count }, (_, i) => `10.0.0.${i + 1}`).join(", ");
const zone = (records: string): string =>
  `zones:\n  corp.example:\n    links: hub\n    records: |\n${records.replaceAll(/^/gm, "      ")}\n`;
const networks = (count: number): string => `networks:\n${lines(count, (i) => `  n${i}: { kind: azure }`)}\n`;

/** Each with what is just too much, and with one less. */
const CASES = [
  {
    what: "records of a set",
    limit: 20,
    model: (count: number) => hub("azure") + zone(lines(count, (i) => `www 300 A 10.0.1.${i}`)),
    says: "www.corp.example has 21 records in one set, and Azure takes at most 20",
  },
  {
    what: "targets of a ruleset's rule",
    limit: 6,
    model: (count: number) =>
      `${hub("azure")}resolvers:
  dc: { network: hub, address: [${addresses(count)}], forward: { ".": internet } }
rulesets:
  corp: { links: hub, forward: { corp.example: [${addresses(count)}] } }
`,
    says: "the rule of ruleset corp for corp.example has 7 targets, and Azure takes at most 6",
  },
  {
    what: "inbound endpoints of a network",
    limit: 5,
    model: (count: number) =>
      `${hub("azure")}resolvers:\n${lines(count, (i) => `  in${i}: { network: hub, address: 10.0.0.${i} }`)}\n`,
    says: "network hub has 6 inbound endpoints, and Azure takes at most 5",
  },
  {
    what: "links with registration of a zone",
    limit: 100,
    model: (count: number) =>
      `${networks(count)}zones:\n  vm.example: { links: { network: all, registration: true } }\n`,
    says: "zone vm.example has 101 links with registration, and Azure takes at most 100",
  },
  {
    what: "links of a ruleset",
    limit: 500,
    model: (count: number) =>
      `${networks(count)}rulesets:\n  corp: { links: all, forward: { corp.example: 192.0.2.53 } }\n`,
    says: "ruleset corp has 501 links, and Azure takes at most 500",
  },
  {
    what: "zones of a network",
    limit: 1000,
    model: (count: number) =>
      `${hub("azure")}zones:\n${lines(count, (i) => `  z${i}.example: { links: hub, records: "@ 60 A 10.0.0.9" }`)}\n`,
    says: "network hub is linked to 1001 zones, and Azure takes at most 1000",
  },
  {
    what: "record sets of a zone",
    limit: 25_000,
    model: (count: number) => hub("azure") + zone(lines(count, (i) => `h${i} 300 A 10.0.0.9`)),
    says: "zone corp.example has 25001 record sets, and Azure takes at most 25000",
  },
  {
    what: "wildcards of a zone of IBM Cloud",
    limit: 5,
    model: (count: number) => hub("ibm") + zone(lines(count, (i) => `*.w${i} 900 A 10.0.0.9`)),
    says: "zone corp.example has 6 wildcards, and IBM Cloud takes at most 5",
  },
];

describe("more than a platform takes", () => {
  test.each(CASES)("$what: $limit are taken, one more is told", ({ limit, model, says }) => {
    expect(told(model(limit), "limit/exceeded")).toEqual([]);
    expect(told(model(limit + 1), "limit/exceeded")).toEqual([says]);
  });

  test.each([
    { ttl: 60, says: [] },
    { ttl: 43_200, says: [] },
    { ttl: 59, says: ["www.corp.example lives for 59 seconds, and IBM Cloud takes 60 to 43200"] },
    { ttl: 43_201, says: ["www.corp.example lives for 43201 seconds, and IBM Cloud takes 60 to 43200"] },
  ])("a record that lives for $ttl seconds in IBM Cloud", ({ ttl, says }) => {
    expect(told(hub("ibm") + zone(`www ${ttl} A 10.0.0.9`), "limit/exceeded")).toEqual(says);
  });

  test("text of a set is counted by its characters", () => {
    const text = (strings: number): string => Array.from({ length: strings }, () => `"${"x".repeat(250)}"`).join(" ");
    expect(told(hub("azure") + zone(`www 300 TXT ${text(16)}`), "limit/exceeded")).toEqual([]);
    expect(told(hub("azure") + zone(`www 300 TXT ${text(17)}`), "limit/exceeded")).toEqual([
      "www.corp.example has 4250 characters of text in one set, and Azure takes at most 4096",
    ]);
  });

  test("another platform's zones are not measured by it", () => {
    const model = (kind: string): string => hub(kind) + zone(lines(21, (i) => `www 300 A 10.0.1.${i}`));
    for (const kind of ["aws", "gcp", "generic"]) expect(told(model(kind), "limit/exceeded")).toEqual([]);
  });
});

describe("names and types of zones", () => {
  test.each([
    {
      kind: "azure",
      name: "windows.net",
      says: "zone windows.net cannot be created: Azure keeps windows.net for itself",
    },
    {
      kind: "azure",
      name: "corp",
      says: "zone corp cannot be created: Azure wants at least 2 labels in a zone's name",
    },
    {
      kind: "azure",
      name: `${"a.".repeat(34)}example`,
      says: "Azure takes at most 34 labels in a zone's name, and it has 35",
    },
    {
      kind: "ibm",
      name: "mine.appdomain.cloud",
      says: "IBM Cloud keeps appdomain.cloud and what is below it for itself",
    },
  ])("$name is refused in $kind, and nowhere else", ({ kind, name, says }) => {
    const model = (where: string): string =>
      `${hub(where)}zones:\n  ${name}: { links: hub, records: "@ 300 A 10.0.0.9" }\n`;
    expect(told(model(kind), "zone/name-refused").join("\n")).toContain(says);
    expect(told(model("generic"), "zone/name-refused")).toEqual([]);
  });

  test("a name below a reserved one is taken, and NS at the apex is no delegation", () => {
    const model = `${hub("azure")}zones:\n  corp.windows.net: { links: hub, records: "@ 300 NS ns.example." }\n`;
    expect(told(model, "zone/name-refused")).toEqual([]);
    expect(told(model, "zone/type-refused")).toEqual([]);
  });
});
