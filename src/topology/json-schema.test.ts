import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { checkFolders } from "../../test/support/check-folders.ts";
import { topologySchema } from "./json-schema.ts";
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
