import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { knownName } from "../name/name-text.ts";
import { RecordTypes } from "../record/record-type.ts";
import { type Addressee, resolve } from "./resolve.ts";
import type { UpstreamQuestion } from "./upstream.ts";

const { snapshot } = loadText(`networks: { hub: { prefixes: 10.0.0.0/16, dns: [first, second] } }
resolvers:
  fwd: { network: hub, forward: { corp.example: [first, second, third], ".": internet } }
  first: { network: hub, address: 192.0.2.1, external: true }
  second: { network: hub, address: [192.0.2.2, 192.0.2.3], order: fastest, external: true }
  third: { network: hub, address: 192.0.2.4, external: true, tls: dns.example }
public: { upstream: [192.0.2.53, 192.0.2.54] }
`);

/** Who is asked for a name when everybody fails, in order: `ASKER SERVERS ORDER +ALTERNATIVES`. */
async function askedFor(addressee: Addressee, name: string): Promise<string[]> {
  const asked: UpstreamQuestion[] = [];
  const terms = { dnssecOk: true, checkingDisabled: true, until: 7 };
  await resolve(
    snapshot,
    addressee,
    { name: knownName(name), type: RecordTypes.A },
    {
      terms,
      ask: (wanted) => {
        asked.push(wanted);
        return { kind: "failed", targets: [] };
      },
    },
  );
  expect(asked.map((wanted) => wanted.terms)).toEqual(asked.map(() => terms));
  return asked.map(({ asker, servers: { targets, order }, alternatives }) => {
    const at = targets.map((target) => (target.kind === "address" ? target.at.address.text : target.text));
    return `${asker} ${at.join("|")} ${order} +${alternatives}`;
  });
}

describe("real servers are asked", () => {
  test("for the resolver whose rule leads there, which shares its client's patience among them", async () => {
    expect(await askedFor({ kind: "resolver", key: "fwd" }, "www.corp.example")).toEqual([
      "fwd 192.0.2.1 listed +2",
      "fwd 192.0.2.2|192.0.2.3 fastest +1",
      "fwd 192.0.2.4 listed +0",
    ]);
  });

  test("for the resolver that iterates, of public data", async () => {
    expect(await askedFor({ kind: "resolver", key: "fwd" }, "www.elsewhere.example")).toEqual([
      "fwd 192.0.2.53|192.0.2.54 listed +0",
    ]);
  });

  test("by a network's clients themselves, one after the other", async () => {
    expect(await askedFor({ kind: "servers-of", network: "hub" }, "www.corp.example")).toEqual([
      "first 192.0.2.1 listed +1",
      "second 192.0.2.2|192.0.2.3 fastest +0",
    ]);
  });
});
