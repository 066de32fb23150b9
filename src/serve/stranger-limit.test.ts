import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { decodeMessage } from "../message/decode.ts";
import { OptionCodes } from "../message/edns.ts";
import { encodeQuery } from "../message/query.ts";
import { rcodeName } from "../message/rcodes.ts";
import { knownName } from "../name/name-text.ts";
import { knownAddress } from "../net/address.ts";
import { knownCidr, LOOPBACK_PREFIXES } from "../net/cidr.ts";
import { RecordTypes } from "../record/record-type.ts";
import { holdSnapshot } from "../snapshot/holder.ts";
import { createAnswer } from "./answer.ts";
import type { QueryEvent } from "./query-event.ts";
import { ReadyStore } from "./ready-store.ts";
import type { AnsweringListener } from "./reply-terms.ts";
import { ResponseRates } from "./response-rates.ts";

const { snapshot } = loadText(`
networks:
  hub: { prefixes: 10.0.0.0/16, clients: 127.10.0.0/16 }
public: { records: "www.example. 60 A 192.0.2.1" }
`);
const SECRETS = { current: new Uint8Array(16).fill(7) };
const STRANGER = "203.0.113.7";
const COOKIE = Uint8Array.from({ length: 8 }, (_, i) => i + 1);

interface Asking {
  readonly from?: string;
  readonly transport?: "udp" | "tcp";
  /** Octets of a cookie. */
  readonly cookie?: Uint8Array;
  readonly listener?: Partial<AnsweringListener>;
  readonly ready?: boolean;
  readonly octets?: Uint8Array;
}

function question(name: string, cookie?: Uint8Array): Uint8Array {
  return encodeQuery({
    id: 4711,
    name: knownName(name),
    type: RecordTypes.A,
    rd: true,
    ...(cookie === undefined
      ? {}
      : {
          edns: { version: 0, udpSize: 1232, dnssecOk: false, options: [{ code: OptionCodes.COOKIE, octets: cookie }] },
        }),
  });
}

/** What comes back of the same question again and again within one moment, and what the readers of events are told. */
function ask(count: number, asking: Asking = {}): { replies: (Uint8Array | undefined)[]; events: QueryEvent[] } {
  const { from = STRANGER, transport = "udp", listener = {}, ready = true } = asking;
  const events: QueryEvent[] = [];
  const answer = createAnswer({
    snapshots: holdSnapshot(snapshot),
    listener: () => ({ trust: LOOPBACK_PREFIXES, rateLimit: { responsesPerSecond: 4 }, ...listener }),
    identity: { version: "v", id: "i" },
    onFault: (error) => expect.fail(String(error)),
    onEvent: (event) => events.push(event),
    cookies: () => SECRETS,
    seconds: () => 1_800_000_000,
    rates: new ResponseRates({ now: () => 0 }),
    ...(ready ? { ready: new ReadyStore() } : {}),
  });
  const local = { address: knownAddress("192.0.2.53"), port: 53 };
  const peer = { transport, address: knownAddress(from), port: 5353, local };
  const octets = asking.octets ?? question("www.example", asking.cookie);
  const replies = Array.from({ length: count }, () => {
    const reply = answer(octets, peer);
    if (reply instanceof Promise) throw new Error("nothing here waits");
    return reply?.slice();
  });
  return { replies, events };
}

/** `NOERROR 1`, `NOERROR tc`, `silence`: what a reply is, and how many answers it has. */
function told(reply: Uint8Array | undefined): string {
  if (reply === undefined) return "silence";
  const { rcode, flags, answers } = decodeMessage(reply);
  return `${rcodeName(rcode)} ${flags.tc ? "tc" : answers.length}`;
}

const toldOf = (count: number, asking?: Asking): string[] => ask(count, asking).replies.map((reply) => told(reply));
const WHOLE = ["NOERROR 1", "NOERROR 1", "NOERROR 1", "NOERROR 1"];

describe("a stranger", () => {
  test.each([{ ready: true }, { ready: false }])(
    "is limited, whether replies are ready ($ready) or made anew",
    ({ ready }) => {
      expect(toldOf(8, { ready })).toEqual([...WHOLE, "silence", "NOERROR tc", "silence", "NOERROR tc"]);
    },
  );

  test("gets short replies that are no longer than its query, with its id and question", () => {
    const octets = question("www.example");
    const short = ask(6, { octets }).replies[5] ?? new Uint8Array();
    expect(short.length).toBe(octets.length);
    const { id, questions } = decodeMessage(short);
    expect({ id, names: questions.map(({ name }) => name.key) }).toEqual({
      id: 4711,
      names: [knownName("www.example").key],
    });
  });

  test("that knows cookies is sent BADCOOKIE with one, and with that one it gets all", () => {
    const { replies } = ask(6, { cookie: COOKIE });
    expect(replies.map((reply) => told(reply))).toEqual([...WHOLE, "silence", "BADCOOKIE 0"]);
    const cookie = decodeMessage(replies[5] ?? new Uint8Array()).edns?.options[0]?.octets ?? new Uint8Array();
    expect(toldOf(8, { cookie })).toEqual([...WHOLE, ...WHOLE]);
    const stolen = { cookie, from: "203.0.114.9" };
    expect(toldOf(6, stolen)).toEqual([...WHOLE, "silence", "BADCOOKIE 0"]);
  });

  test("whose message is malformed is limited too", () => {
    const octets = question("www.example").subarray(0, 20);
    expect(toldOf(6, { octets })).toEqual([
      "FORMERR 0",
      "FORMERR 0",
      "FORMERR 0",
      "FORMERR 0",
      "silence",
      "NOERROR tc",
    ]);
  });

  test("is limited at an authoritative listener, which then says REFUSED for what it does not serve", () => {
    const authority = { serves: { key: "public" } };
    expect(toldOf(5, { listener: authority }).at(-1)).toBe("silence");
  });

  test("whose replies are held back is told to who reads events: nothing sent, or few octets", () => {
    for (const ready of [true, false]) {
      const sizes = ask(6, { ready }).events.map(({ replySize, rcode }) => `${rcodeName(rcode)} ${replySize}`);
      expect(sizes).toEqual([...WHOLE.map(() => "NOERROR 45"), "NOERROR 0", "NOERROR 29"]);
    }
  });
});

describe("never limited", () => {
  test.each<Asking & { readonly who: string }>([
    { who: "a client of a network", from: "10.0.0.4" },
    { who: "a stand-in of a network", from: "127.10.0.4" },
    { who: "loopback", from: "127.0.0.1" },
    { who: "loopback over IPv6", from: "::1" },
    { who: "a trusted peer", listener: { trust: [knownCidr("203.0.113.0/24")] } },
    { who: "everybody at a listener with a network", listener: { network: "hub" } },
    { who: "everybody over TCP", transport: "tcp" },
    { who: "everybody where the listener says so", listener: { rateLimit: false } },
  ])("$who", (asking) => {
    for (const ready of [true, false])
      expect(toldOf(600, { ...asking, ready }).filter((one) => one !== "NOERROR 1")).toEqual([]);
  });

  test("a client, while strangers are limited by the thousand and share every account there is", () => {
    const rates = new ResponseRates({ now: () => 0 });
    const answer = createAnswer({
      snapshots: holdSnapshot(snapshot),
      listener: () => ({ trust: LOOPBACK_PREFIXES }),
      identity: { version: "v", id: "i" },
      onFault: (error) => expect.fail(String(error)),
      ready: new ReadyStore(),
      rates,
    });
    const local = { address: knownAddress("192.0.2.53"), port: 53 };
    const askFrom = (address: string): unknown =>
      answer(question("www.example"), { transport: "udp", address: knownAddress(address), port: 53, local });
    for (let i = 0; i < 20_000; i++) {
      askFrom(`203.0.${i % 2}.${i & 255}`);
      expect(i % 100 > 0 || askFrom("127.0.0.1") instanceof Uint8Array).toBe(true);
    }
    expect(rates.counts.drop).toBeGreaterThan(9000);
  });
});
