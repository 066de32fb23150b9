import { expect, test } from "vitest";
import { readText } from "../../test/topology-text.ts";
import { acceptedKeys, KEYS } from "./keys.ts";

const rows = acceptedKeys();

test("every object of the table is there, each key once", () => {
  expect([...new Set(rows.map(({ object }) => object))]).toEqual(Object.keys(KEYS));
  expect(new Set(rows.map(({ object, key }) => `${object}.${key}`)).size).toBe(rows.length);
});

test("every meaning is a phrase that fits a line", () => {
  expect(rows.filter(({ meaning }) => meaning.length < 5 || meaning.length > 90 || meaning.endsWith("."))).toEqual([]);
});

test("every type that names an object names one of the table", () => {
  const named = rows.flatMap(
    ({ type }) => /^map\((network|zone|ruleset|resolver|service|endpoint|host|rule)\)$/.exec(type)?.[1] ?? [],
  );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((object) => !Object.hasOwn(KEYS, object))).toEqual([]);
});

/** Where an object of each sort can stand, with an unknown key in it. */
const homes: Record<keyof typeof KEYS, string> = {
  topology: "zzz: 1",
  defaults: "defaults: { zzz: 1 }",
  network: "networks: { n: { zzz: 1 } }",
  aws: "networks: { n: { kind: aws, aws: { zzz: 1 } } }",
  ibm: "networks: { n: { kind: ibm-classic, ibm: { zzz: 1 } } }",
  gcp: "networks: { n: { kind: gcp, gcp: { zzz: 1 } } }",
  host: "networks: { n: { hosts: { h: { address: 10.0.0.4, zzz: 1 } } } }",
  zone: "zones: { a.example: { links: [], zzz: 1 } }",
  link: "networks: { n: }\nzones: { a.example: { links: { network: n, zzz: 1 } } }",
  ruleset: "networks: { n: }\nrulesets: { s: { links: n, forward: {}, zzz: 1 } }",
  rule: "networks: { n: { forward: { a.example: { to: internet, zzz: 1 } } } }",
  resolver: "networks: { n: }\nresolvers: { r: { network: n, zzz: 1 } }",
  service: "services: { s: { type: azure/sql, zzz: 1 } }",
  endpoint:
    "networks: { n: }\nservices: { s: { type: azure/sql } }\nendpoints: { e: { network: n, service: s, zzz: 1 } }",
  public: "public: { zzz: 1 }",
  cache: "public: { cache: { zzz: 1 } }",
  clientSubnet: "public: { clientSubnet: { zzz: 1 } }",
  rateLimit: "listen: { address: '127.0.0.1:53', rateLimit: { zzz: 1 } }",
  listen: "listen: { address: '127.0.0.1:53', zzz: 1 }",
  expect: "networks: { n: }\nexpect: { from: n, name: a.example, is: public, zzz: 1 }",
  not: "networks: { n: }\nexpect: { from: n, name: a.example, not: { is: public, zzz: 1 } }",
  bounds: "networks: { n: }\nexpect: { from: n, name: a.example, ttl: { max: 60, zzz: 1 } }",
  assume: "assume: { zzz: 1 }",
};

test.each(Object.entries(homes))("%s takes the keys of the table and no other", (_object, text) => {
  expect(readText(`${text}\n`).diagnostics.map(({ code, message }) => `${code} ${message.slice(0, 10)}`)).toEqual([
    "topology/unknown-key zzz is no ",
  ]);
});
