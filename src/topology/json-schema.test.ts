import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { checkFolders } from "../../test/support/check-folders.ts";
import { expectationsSchema, topologySchema } from "./json-schema.ts";
import { acceptedKeys } from "./keys.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(topologySchema());

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((path) => join(folder, path))
    .filter((path) => path.endsWith(ending));
}

function faults(text: string): string[] {
  validate(parse(text, { logLevel: "silent" }));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe("the schema", () => {
  test.each([
    ...filesBelow("zones", "privlink.yaml"),
    ...filesBelow("test/estates", ".yaml"),
    ...filesBelow("examples", "privlink.yaml"),
    ...[...checkFolders("ok").values()].flatMap((folder) => filesBelow(folder.slice(ROOT.length + 1), "privlink.yaml")),
  ])("takes %s", (path) => {
    expect(faults(readFileSync(join(ROOT, path), "utf8"))).toEqual([]);
  });

  test.each([
    "public: { cache: false, clientSubnet: true }",
    "public: { cache: { size: 64MiB, stale: 1d }, clientSubnet: { ipv4: 32 }, proxy: send }",
    "public: { cache: { size: 1000000 } }",
  ])("takes %s", (text) => {
    expect(faults(text)).toEqual([]);
  });

  test.each([
    { text: "public: { clientSubnet: { ipv4: 33 } }", because: "more bits than an address has" },
    { text: "netwroks: {}", because: "a key that nobody knows" },
    { text: "networks: { n: { kind: azur } }", because: "a word that is no choice" },
    { text: "networks: { n: { transit: perhaps } }", because: "a word where yes or no stands" },
    { text: "networks: [hub]", because: "a list where names stand" },
    { text: "zones: { a.example: { links: { network: n, onMiss: maybe } } }", because: "a word inside a link" },
    { text: "listen: { address: '127.0.0.1:53', maxUdpSize: 100 }", because: "a number out of its range" },
    { text: "expect: { from: n, name: a.example, ttl: { most: 60 } }", because: "a bound that nobody knows" },
    { text: "expect: { from: n, is: public }", because: "an expectation without a name" },
    { text: "resolvers: { r: { network: n, failover: [no-reply, nxdomain] } }", because: "one of several words" },
  ])("refuses $because", ({ text }) => {
    expect(faults(text)).not.toEqual([]);
  });

  test("has every key with its meaning", () => {
    const text = JSON.stringify(topologySchema());
    for (const { meaning } of acceptedKeys()) expect(text).toContain(JSON.stringify(meaning).slice(1, -1));
  });

  test("takes no word of a type for a value", () => {
    const constants = [...JSON.stringify(topologySchema()).matchAll(/"const":"([^"]+)"/g)].map(([, word = ""]) => word);
    expect([...new Set(constants)].toSorted()).toEqual(["auto", "none", "platform"]);
  });
});

describe("the schema of files of expectations", () => {
  const check = new Ajv({ strict: true, allowUnionTypes: true }).compile(expectationsSchema());

  test("is the one that is published: write it with --update", async () => {
    const text = `${JSON.stringify(expectationsSchema(), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(join(ROOT, "docs", "expectations.schema.json"));
  });

  test.each(filesBelow("test/estates", ".yaml"))("takes the expectations of %s", (path) => {
    const document: unknown = parse(readFileSync(join(ROOT, path), "utf8"), { logLevel: "silent" });
    const expected = typeof document === "object" && document !== null && "expect" in document ? document.expect : [];
    check(expected);
    expect(check.errors ?? []).toEqual([]);
  });

  test.each([
    {
      text: "- { from: hub, name: [a.example, '*.b.example'], type: [A, AAAA], ttl: { max: 1m }, tags: smoke }",
      ok: true,
    },
    {
      text: "{ from: hub, name: a.example, ttl: 60, not: { is: public, ttl: { min: 5 } }, because: it must }",
      ok: true,
    },
    { text: "- { from: hub, name: a.example, resovles: 10.0.0.7 }", ok: false },
    { text: "- { name: a.example, is: public }", ok: false },
    { text: "- { from: hub, name: a.example, is: secret }", ok: false },
    { text: "- more.yaml", ok: false },
    { text: "networks: { hub: }", ok: false },
  ])("$text: $ok", ({ text, ok }) => {
    expect(check(parse(text))).toBe(ok);
  });
});
