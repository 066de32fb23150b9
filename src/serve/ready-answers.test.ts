import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unexpected } from "../../test/loopback.ts";
import { loadText } from "../../test/support/memory-files.ts";
import { publicReason } from "../explain/public-reason.ts";
import { clientSubnetOption } from "../message/client-subnet.ts";
import { decodeMessage } from "../message/decode.ts";
import { OptionCodes } from "../message/edns.ts";
import { encodeQuery } from "../message/query.ts";
import { cookieOption } from "../message/server-cookie.ts";
import { nameFromLabels } from "../name/domain-name.ts";
import { knownName } from "../name/name-text.ts";
import { knownAddress } from "../net/address.ts";
import { cidrOf, LOOPBACK_PREFIXES } from "../net/cidr.ts";
import { RecordTypes } from "../record/record-type.ts";
import { resolve } from "../resolve/resolve.ts";
import { holdSnapshot } from "../snapshot/holder.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { createAnswer } from "./answer.ts";
import { ReadyStore } from "./ready-store.ts";
import type { Peer } from "./responder.ts";

/** When every question is asked. */
const SECONDS = 1_790_000_000;
/** A client's own cookie, one of nobody's server, and one that this server gave the client of the hub. */
const COOKIES = [
  Uint8Array.from({ length: 8 }, (_, i) => i),
  Uint8Array.from({ length: 40 }, (_, i) => i),
  cookieOption(new Uint8Array(8), {
    secrets: { current: new Uint8Array(16).fill(7) },
    address: Uint8Array.of(127, 10, 0, 4),
    seconds: SECONDS - 60,
  }).octets,
];

const MANY = Array.from({ length: 40 }, (_, i) => `        many 60 A 10.0.9.${i}`).join("\n");

function snapshotWith(address: string): Snapshot {
  return loadText(`
networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16, clients: 127.10.0.0/16 }
  spoke: { kind: azure, prefixes: 10.1.0.0/16, clients: 127.11.0.0/16, dns: fwd }
  twin: { kind: azure, prefixes: 10.2.0.0/16, clients: 127.12.0.0/16 }
  far: { kind: azure, prefixes: 10.3.0.0/16, clients: 127.13.0.0/16 }
  away: { kind: azure, prefixes: 10.4.0.0/16, clients: 127.14.0.0/16 }
zones:
  corp.example:
    links: [hub, twin]
    records: |
        www 60 A ${address}
        www 60 TXT "text"
        Alias 60 CNAME wWw
        deep.empty 60 A 10.0.0.2
        loop 60 CNAME loop
        *.wild 60 A 10.0.0.3
        sub 60 NS ns.sub
        ns.sub 60 A 10.0.0.9
        moved 60 DNAME sub
        @ 60 RRSIG SOA 13 2 60 20900101000000 20260101000000 1 corp.example. AAAA
        www 60 RRSIG A 13 3 60 20900101000000 20260101000000 1 corp.example. AAAA
${MANY}
  privatelink.vaultcore.azure.net: {}
services: { kv: { type: azure/key-vault } }
endpoints: { pe: { network: away, service: kv } }
resolvers: { fwd: { network: hub, address: 10.0.0.4, forward: { ".": platform } } }
public: { records: "public.example. 60 A 192.0.2.1" }
listen: [127.0.0.1:5300, { address: 127.0.0.1:5301, authoritative: true, network: hub }]
`).snapshot;
}

function peer(address: string, transport: "udp" | "tcp" = "udp"): Peer {
  return {
    transport,
    address: knownAddress(address),
    port: 4000,
    local: { address: knownAddress("127.0.0.1"), port: 53 },
  };
}

const holder = holdSnapshot(snapshotWith("10.0.0.1"));
const parts = {
  snapshots: holder,
  listener: () => ({ trust: LOOPBACK_PREFIXES }),
  identity: { version: "v", id: "i" },
  cookies: () => ({ current: new Uint8Array(16).fill(7) }),
  seconds: () => SECONDS,
  onFault: unexpected,
  warningOf: (...found: Parameters<typeof publicReason>) => publicReason(...found)?.sentence,
};
const NAMES = ["www", "alias", "empty", "loop", "a.wild", "many", "nosuch", "x.sub", "ns.sub", "x.moved"].map(
  (label) => `${label}.corp.example`,
);

/** One of each network, of none, and strangers. */
const CLIENTS = [
  "127.10.0.4",
  "127.11.0.4",
  "127.12.0.4",
  "127.13.0.4",
  "127.14.0.4",
  "127.0.0.1",
  "10.0.0.9",
  "203.0.113.5",
];

/** Queries as different clients send them: case, id, flags, EDNS, subnet, transport. */
const queries = fc
  .record({
    name: fc.constantFrom(...NAMES, "kv.vault.azure.net", "public.example", "localhost", "4.3.2.10.in-addr.arpa"),
    upper: fc.nat(),
    type: fc.constantFrom(
      RecordTypes.A,
      RecordTypes.AAAA,
      RecordTypes.TXT,
      RecordTypes.CNAME,
      RecordTypes.ANY,
      RecordTypes.PTR,
    ),
    id: fc.nat({ max: 0xffff }),
    rd: fc.boolean(),
    cd: fc.boolean(),
    edns: fc.option(
      fc.record({
        udpSize: fc.constantFrom(0, 512, 700, 1232, 4096),
        dnssecOk: fc.boolean(),
        subnet: fc.constantFrom("", "", "10.0.0.0", "10.1.0.0"),
        cookie: fc.constantFrom(undefined, ...COOKIES),
      }),
      { nil: undefined },
    ),
    from: fc.constantFrom(...CLIENTS),
    transport: fc.constantFrom("udp" as const, "tcp" as const),
  })
  .map(({ name, upper, edns, from, transport, ...rest }) => {
    const labels = knownName(name).labels.map((label) =>
      label.replace(/./g, (char, at: number) => ((upper >> (at % 31)) & 1 ? char.toUpperCase() : char)),
    );
    const subnet = edns === undefined || edns.subnet === "" ? [] : [knownAddress(edns.subnet)];
    const cookie = edns?.cookie === undefined ? [] : [{ code: OptionCodes.COOKIE, octets: edns.cookie }];
    const options = [...subnet.map((address) => clientSubnetOption(cidrOf(address, 24))), ...cookie];
    const opt =
      edns === undefined ? {} : { edns: { version: 0, udpSize: edns.udpSize, dnssecOk: edns.dnssecOk, options } };
    return { octets: encodeQuery({ ...rest, name: nameFromLabels(labels), ...opt }), from: peer(from, transport) };
  });

describe("a ready reply", () => {
  test("is octet for octet the one that would be made anew, whoever asked before, at either kind of listener", () => {
    const listeners = holder.current.topology.listeners.map((listener) => ({ ...parts, listener: () => listener }));
    const fresh = listeners.map(createAnswer);
    fc.assert(
      fc.property(fc.array(queries, { minLength: 2, maxLength: 12 }), (asked) => {
        const ready = new ReadyStore();
        const cached = listeners.map((one) => createAnswer({ ...one, ready }));
        for (const { octets, from } of [...asked, ...asked]) {
          for (const [at, answer] of cached.entries()) expect(answer(octets, from)).toEqual(fresh[at]?.(octets, from));
        }
      }),
    );
  });

  const ask = (name: string): Uint8Array =>
    encodeQuery({ id: 7, name: knownName(name), type: RecordTypes.A, rd: true });
  const addressIn = (reply: unknown): string =>
    reply instanceof Uint8Array
      ? decodeMessage(reply)
          .answers.map(({ rdata }) => rdata.join("."))
          .join()
      : "later";

  test("goes with its generation", () => {
    const own = holdSnapshot(snapshotWith("10.0.0.1"));
    const answer = createAnswer({ ...parts, snapshots: own, ready: new ReadyStore() });
    expect(addressIn(answer(ask("www.corp.example"), peer("127.10.0.4")))).toBe("10.0.0.1");
    own.swap(snapshotWith("10.0.0.8"));
    expect(addressIn(answer(ask("www.corp.example"), peer("127.10.0.4")))).toBe("10.0.0.8");
  });

  test("spares the engine: it is asked once for what two clients of a network ask", () => {
    const seen: string[] = [];
    const ready = new ReadyStore({ keepsResolutions: true });
    const counting = createAnswer({
      ...parts,
      ready,
      onEvent: ({ resolution }) => seen.push(String(resolution?.trace.length)),
    });
    void counting(ask("www.corp.example"), peer("127.10.0.4"));
    void counting(ask("www.corp.example"), peer("127.10.0.5"));
    expect(seen).toEqual(["2", "2"]); // Events know as much as without it.
    const never = createAnswer({
      ...parts,
      ready,
      resolve: () => {
        throw new Error("asked again");
      },
    });
    expect(addressIn(never(ask("www.corp.example"), peer("127.10.0.6")))).toBe("10.0.0.1");
  });

  test.each([
    {
      name: "www.corp.example",
      clients: ["127.10.0.4", "127.12.0.4"],
      asked: 1,
      what: "of networks that see the same",
    },
    {
      name: "no.corp.example",
      clients: ["127.10.0.4", "127.12.0.4"],
      asked: 1,
      what: "who are told the same of a denial",
    },
    {
      name: "www.corp.example",
      clients: ["127.10.0.4", "127.11.0.4"],
      asked: 2,
      what: "one of which asks a forwarder",
    },
    { name: "www.corp.example", clients: ["127.10.0.4", "127.13.0.4"], asked: 2, what: "of networks with other zones" },
    {
      name: "kv.vault.azure.net",
      clients: ["127.13.0.4", "127.14.0.4"],
      asked: 2,
      what: "whose hint names their network",
    },
  ])("spares the engine for clients $what: $name is asked of it $asked times", ({ name, clients, asked }) => {
    let count = 0;
    const counting: typeof resolve = (...question) => {
      count += 1;
      return resolve(...question);
    };
    const answer = createAnswer({ ...parts, ready: new ReadyStore(), resolve: counting });
    const edns = { version: 0, udpSize: 1232, dnssecOk: false, options: [] };
    const query = encodeQuery({ id: 7, name: knownName(name), type: RecordTypes.A, rd: true, edns });
    for (const client of clients) void answer(query, peer(client));
    expect(count).toBe(asked);
  });

  test("that others got before is told as a question of one's own network, once anybody wants to know", () => {
    const ready = new ReadyStore();
    const told: string[] = [];
    const answer = createAnswer({
      ...parts,
      ready,
      isWatched: () => ready.keepsResolutions,
      onEvent: ({ network, resolution }) => told.push(`${network} of ${resolution?.resolver?.key}`),
    });
    const clients = ["127.10.0.4", "127.12.0.4"];
    for (const client of clients) void answer(ask("www.corp.example"), peer(client));
    ready.keepResolutions(true);
    for (const client of [...clients, ...clients]) void answer(ask("www.corp.example"), peer(client));
    ready.keepResolutions(false);
    for (const client of clients) void answer(ask("www.corp.example"), peer(client));
    expect(told).toEqual([
      "hub of hub/platform",
      "twin of twin/platform",
      "hub of hub/platform",
      "twin of twin/platform",
    ]);
  });

  test("is told in the letters of the question, whoever wrote it before in others", () => {
    const told: string[] = [];
    const ready = new ReadyStore({ keepsResolutions: true });
    const answer = createAnswer({ ...parts, ready, onEvent: ({ name }) => told.push(name?.labels[0] ?? "") });
    for (const label of ["www", "WWW", "www", "wWw"]) void answer(ask(`${label}.corp.example`), peer("127.10.0.4"));
    expect(told).toEqual(["www", "WWW", "www", "wWw"]);
  });

  test.each([
    { first: "without a cookie", later: "with one", cookies: [undefined, COOKIES[0]] },
    { first: "with a cookie", later: "without one", cookies: [COOKIES[0], undefined] },
    { first: "with one's own cookie", later: "with another's", cookies: [COOKIES[0], COOKIES[1]] },
  ])("that was made $first is ready for a question $later", ({ cookies }) => {
    const ready = new ReadyStore();
    let asked = 0;
    const counting: typeof resolve = (...question) => {
      asked += 1;
      return resolve(...question);
    };
    const answer = createAnswer({ ...parts, ready, resolve: counting });
    for (const cookie of cookies) {
      const options = cookie === undefined ? [] : [{ code: OptionCodes.COOKIE, octets: cookie }];
      const edns = { version: 0, udpSize: 1232, dnssecOk: false, options };
      const query = encodeQuery({ name: knownName("www.corp.example"), type: RecordTypes.A, rd: true, edns });
      const reply = answer(query, peer("127.10.0.4"));
      const told = reply instanceof Uint8Array ? decodeMessage(reply).edns?.options.map(({ code }) => code) : undefined;
      expect(told).toEqual(cookie === undefined ? [] : [OptionCodes.COOKIE]);
    }
    expect(asked).toBe(1);
  });

  test.each([
    { what: "is ready while its TTLs count down", maxTtl: undefined, asked: 3, ttls: [60, 60, 59, 58, 55, 10, 9] },
    { what: "is ready for a second where they are capped", maxTtl: 59, asked: 6, ttls: [59, 59, 59, 58, 55, 10, 9] },
  ])("of a real server's answer that is remembered $what", ({ maxTtl, asked, ttls }) => {
    const { snapshot } = loadText("public: { upstream: 192.0.2.53 }\n");
    let now = 300;
    let count = 0;
    const answer = createAnswer({
      ...parts,
      snapshots: holdSnapshot(snapshot),
      listener: () => ({ trust: [], ...(maxTtl === undefined ? {} : { maxTtl }) }),
      ready: new ReadyStore({ now: () => now }),
      ask: ({ question }) => {
        count += 1;
        const ttl = 60 - Math.floor((now - 300) / 1000);
        const rrsets = [{ owner: question.name, type: RecordTypes.A, ttl, rdatas: [Uint8Array.of(192, 0, 2, 1)] }];
        const marks = { remembered: { since: 300, until: 50_300 } };
        return { kind: "reply", aliases: [], outcome: { kind: "answer", rrsets }, marks };
      },
    });
    const ttlAt = (ms: number): number | undefined => {
      now = 300 + ms;
      const reply = answer(ask("www.elsewhere.example"), peer("127.0.0.1"));
      return reply instanceof Uint8Array ? decodeMessage(reply).answers[0]?.ttl : undefined;
    };
    expect([0, 999, 1000, 2500, 5000, 50_000, 51_000].map(ttlAt)).toEqual(ttls);
    expect(count).toBe(asked);
  });

  test("of a real server's answer is for whoever asked it, also where others see the same", () => {
    const { snapshot } = loadText(`
networks:
  a: { kind: azure, prefixes: 10.0.0.0/16, clients: 127.10.0.0/16 }
  b: { kind: azure, prefixes: 10.1.0.0/16, clients: 127.11.0.0/16 }
public: { upstream: 192.0.2.53 }
`);
    let count = 0;
    const answer = createAnswer({
      ...parts,
      snapshots: holdSnapshot(snapshot),
      ready: new ReadyStore({ now: () => 0 }),
      ask: ({ question }) => {
        count += 1;
        const rrsets = [{ owner: question.name, type: RecordTypes.A, ttl: 60, rdatas: [Uint8Array.of(192, 0, 2, 1)] }];
        return {
          kind: "reply",
          aliases: [],
          outcome: { kind: "answer", rrsets },
          marks: { remembered: { since: 0, until: 60_000 } },
        };
      },
    });
    const clients = ["127.10.0.4", "127.11.0.4"];
    for (const client of [...clients, ...clients]) void answer(ask("www.elsewhere.example"), peer(client));
    expect(count).toBe(2);
  });

  test("is not there where AD, which is not looked at, makes a difference", () => {
    const { snapshot } = loadText("public: { upstream: 192.0.2.53 }\n");
    const answer = createAnswer({
      ...parts,
      snapshots: holdSnapshot(snapshot),
      ready: new ReadyStore({ now: () => 0 }),
      ask: ({ question }) => {
        const rrsets = [{ owner: question.name, type: RecordTypes.A, ttl: 60, rdatas: [Uint8Array.of(192, 0, 2, 1)] }];
        const marks = { isAuthentic: true, remembered: { since: 0, until: 60_000 } } as const;
        return { kind: "reply", aliases: [], outcome: { kind: "answer", rrsets }, marks };
      },
    });
    const adOf = (ad: boolean): unknown => {
      const query = encodeQuery({ id: 7, name: knownName("www.elsewhere.example"), type: RecordTypes.A, rd: true, ad });
      const reply = answer(query, peer("127.0.0.1"));
      return reply instanceof Uint8Array ? decodeMessage(reply).flags.ad : "later";
    };
    expect([true, false, true, false].map(adOf)).toEqual([true, false, true, false]);
  });

  test("is not kept of what a real server has just said", async () => {
    let asked = 0;
    const { snapshot } = loadText("public: { upstream: 192.0.2.53 }\n");
    const answer = createAnswer({
      ...parts,
      snapshots: holdSnapshot(snapshot),
      ready: new ReadyStore(),
      ask: async () => {
        asked += 1;
        return { kind: "reply", aliases: [], outcome: { kind: "nxdomain" } };
      },
    });
    await answer(ask("www.elsewhere.example"), peer("127.0.0.1"));
    await answer(ask("www.elsewhere.example"), peer("127.0.0.1"));
    expect(asked).toBe(2);
  });
});
