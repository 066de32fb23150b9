import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { testOffline } from "./run-offline.ts";

const MODEL = `
networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16, subnets: { pe: 10.0.0.0/24 } }
  spoke: { kind: azure, prefixes: 10.1.0.0/16 }
zones:
  privatelink.azurecr.io: { links: hub }
  corp.example:
    links: hub
    ttl: 300
    records: |
      @ MX 10 mail
      www CNAME web
      web A 10.0.9.1
      web A 10.0.9.2
      mail 60 A 10.0.9.3
      text TXT "Hello World"
      *.apps A 10.0.9.9
  other.example: { links: hub, onMiss: internet }
services: { reg: { type: azure/container-registry, location: westeurope } }
endpoints: { pe: { network: hub, service: reg } }
public: { upstream: 192.0.2.53, onMiss: upstream, records: "out.example. 60 A 198.51.100.7\\n" }
`;

/** What becomes of one expectation, a line for each fault. */
function outcome(expectation: string): string {
  const { snapshot, diagnostics } = loadText(`${MODEL}expect:\n  - ${expectation}\n`);
  expect(diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message)).toEqual([]);
  return testOffline(snapshot, snapshot.topology.expectations)
    .map(({ verdict, faults, why }) =>
      verdict === "failed"
        ? faults.map(({ expected, got }) => `expected ${expected}, got ${got}`).join("; ")
        : `${verdict}${why === undefined ? "" : `: ${why}`}`,
    )
    .join(" | ");
}

describe("what holds of an answer", () => {
  test.each([
    { expectation: "{ from: hub, name: web.corp.example, resolves: [10.0.9.2, 10.0.9.1] }", gives: "met" },
    { expectation: "{ from: hub, name: web.corp.example, resolves: 10.0.9.0/24 }", gives: "met" },
    {
      expectation: "{ from: hub, name: web.corp.example, resolves: 10.0.9.1 }",
      gives: "expected 10.0.9.1, got 10.0.9.1, 10.0.9.2 (private)",
    },
    {
      expectation: "{ from: hub, name: mail.corp.example, resolves: [10.0.9.3, 10.0.9.4] }",
      gives: "expected 10.0.9.3, 10.0.9.4, got 10.0.9.3 (private)",
    },
    { expectation: "{ from: hub, name: corp.example, type: MX, resolves: 10 MAIL.corp.example }", gives: "met" },
    { expectation: "{ from: hub, name: text.corp.example, type: TXT, resolves: '\"Hello World\"' }", gives: "met" },
    {
      expectation: "{ from: hub, name: text.corp.example, type: TXT, resolves: '\"hello world\"' }",
      gives: 'expected "hello world", got "Hello World" (private)',
    },
    {
      expectation: "{ from: hub, name: no.corp.example, resolves: nxdomain, is: private }",
      gives: "expected a private answer, got nxdomain (private)",
    },
    { expectation: "{ from: hub, name: web.corp.example, type: AAAA, resolves: nodata }", gives: "met" },
    { expectation: "{ from: hub, name: www.corp.example, via: WEB.corp.example, is: private }", gives: "met" },
    {
      expectation: "{ from: hub, name: www.corp.example, via: mail.corp.example }",
      gives: "expected a chain that passes mail.corp.example, got web.corp.example",
    },
    { expectation: "{ from: internet, name: out.example, is: public }", gives: "met" },
    {
      expectation: "{ from: hub, name: out.example, is: private }",
      gives: "expected a private answer, got 198.51.100.7 (public)",
    },
    { expectation: "{ from: hub, name: mail.corp.example, ttl: { max: 60 } }", gives: "met" },
    { expectation: "{ from: hub, name: mail.corp.example, ttl: 60 }", gives: "met" },
    {
      expectation: "{ from: hub, name: web.corp.example, ttl: { max: 60 } }",
      gives: "expected a TTL of at most 60, got 300",
    },
    {
      expectation: "{ from: hub, name: web.corp.example, ttl: { min: 301, max: 400 } }",
      gives: "expected a TTL of at least 301 and at most 400, got 300",
    },
    { expectation: "{ from: hub, name: web.corp.example, not: { is: public } }", gives: "met" },
    {
      expectation: "{ from: hub, name: web.corp.example, not: { is: private, resolves: 10.0.9.0/24 } }",
      gives: "expected not 10.0.9.0/24 and private, got 10.0.9.1, 10.0.9.2 (private)",
    },
    { expectation: "{ from: spoke, name: reg.azurecr.io, is: public, not: { resolves: 10.0.0.0/8 } }", gives: "met" },
    { expectation: "{ from: spoke, ask: hub/platform, name: reg.azurecr.io, resolves: no-reply }", gives: "met" },
    {
      expectation: "{ from: spoke, ask: hub/platform, name: reg.azurecr.io, ttl: { max: 60 } }",
      gives: "expected a TTL of at most 60, got none",
    },
    { expectation: "{ from: hub, name: no.corp.example, ttl: 10 }", gives: "met" },
    { expectation: "{ from: hub, ask: 168.63.129.16, name: reg.azurecr.io, is: private }", gives: "met" },
  ])("$expectation: $gives", ({ expectation, gives }) => {
    expect(outcome(expectation)).toBe(gives);
  });
});

describe("what only a real server knows", () => {
  test.each([
    { expectation: "{ from: hub, name: elsewhere.net, is: public }", gives: "unknown: 192.0.2.53 would be asked" },
    {
      expectation: "{ from: hub, name: elsewhere.net, not: { resolves: 10.0.0.0/8 } }",
      gives: "unknown: 192.0.2.53 would be asked",
    },
    { expectation: "{ from: hub, name: elsewhere.net, resolves: unknown }", gives: "met" },
    {
      expectation: "{ from: hub, name: elsewhere.net, not: { resolves: unknown } }",
      gives: "expected not unknown, got unknown",
    },
  ])("$expectation is $gives", ({ expectation, gives }) => {
    expect(outcome(expectation)).toBe(gives);
  });

  test("it fails where unknown is to fail", () => {
    const { snapshot } = loadText(`${MODEL}expect: [{ from: hub, name: elsewhere.net, is: public }]\n`);
    const [result] = testOffline(snapshot, snapshot.topology.expectations, { strict: true });
    expect(result).toMatchObject({
      verdict: "failed",
      faults: [{ expected: "an answer", got: "unknown: 192.0.2.53 would be asked" }],
    });
  });
});

describe("matrices and patterns", () => {
  /** Who asks for what. */
  function asked(expectation: string): string[] {
    const { snapshot } = loadText(`${MODEL}expect:\n  - ${expectation}\n`);
    return testOffline(snapshot, snapshot.topology.expectations).map(
      ({ from, name, type, verdict }) => `${from} ${name} ${type} ${verdict}`,
    );
  }

  test("every asker asks every name for every type", () => {
    expect(asked("{ from: [hub, spoke], name: [a.net, b.net], type: [A, TXT], resolves: unknown }")).toEqual([
      "hub a.net A met",
      "hub a.net TXT met",
      "spoke a.net A met",
      "spoke a.net TXT met",
      "hub b.net A met",
      "hub b.net TXT met",
      "spoke b.net A met",
      "spoke b.net TXT met",
    ]);
  });

  test("a pattern is every name that fits and has the type, or is an alias", () => {
    expect(asked("{ from: hub, name: '*.corp.example', resolves: 10.0.9.0/24 }")).toEqual([
      "hub *.apps.corp.example A met",
      "hub mail.corp.example A met",
      "hub web.corp.example A met",
      "hub www.corp.example A met",
    ]);
    expect(asked("{ from: hub, name: 'REG.*', is: private }")).toContain("hub reg.azurecr.io A met");
  });

  test("a pattern that nothing fits fails once, whoever asks", () => {
    const { snapshot } = loadText(`${MODEL}expect: [{ from: [hub, spoke], name: "*.vault.azure.net", is: private }]\n`);
    const results = testOffline(snapshot, snapshot.topology.expectations);
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({
      from: "hub, spoke",
      name: "*.vault.azure.net",
      verdict: "failed",
      faults: [{ got: "the model knows no such name that has A records or is an alias" }],
    });
  });

  test("a star behind a backslash is a label", () => {
    expect(asked("{ from: hub, name: '\\*.apps.corp.example', resolves: 10.0.9.9 }")).toEqual([
      "hub *.apps.corp.example A met",
    ]);
  });
});
