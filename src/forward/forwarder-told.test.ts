import { describe, expect, test } from "vitest";
import { type FakeUpstream, type GotQuery, openFakeUpstream } from "../../test/fake-upstream.ts";
import { forwarderOf, promised, realServer, said, wantedOf } from "../../test/forwarding.ts";
import { changedReply, closeAfterEach, constantReply, freePort, here } from "../../test/loopback.ts";
import { formatAddressPort, knownAddress } from "../net/address.ts";
import type { AskTerms, UpstreamQuestion } from "../resolve/upstream.ts";
import type { ToldOfClients } from "../topology/model.ts";
import type { Forwarder } from "./forwarder.ts";

const closeLater = closeAfterEach();
const LOCAL = { address: knownAddress("10.0.0.4"), port: 53 };
const SUBNET = { subnet: { ipv4: 24, ipv6: 56 } };

function forwarder(): Forwarder {
  const made = forwarderOf({ limits: { patienceMs: 1000 } });
  closeLater(() => made.close());
  return made;
}

type Send = (octets: Uint8Array) => void;
type Change = (option: Uint8Array) => void;

/** The last octet of an answer's address is the last octet of its client's prefix, or how often it was asked. */
async function upstream(reply: (got: GotQuery, send: Send, count: number) => void): Promise<FakeUpstream> {
  let count = 0;
  const fake = await openFakeUpstream({ udp: (got, send) => reply(got, send, (count += 1)) });
  closeLater(() => fake.close());
  return fake;
}

/** A reply whose address ends in `last`, with the query's OPT behind it, the client subnet in it changed. */
function replyWith(got: GotQuery, last: number, change: Change = () => {}): Uint8Array {
  const reply = changedReply(got.octets, (octets) => {
    octets[octets.length - 1] = last;
    octets[11] = 1;
  });
  const options = (got.query.edns?.options ?? []).map(({ code, octets }) => {
    const copy = octets.slice();
    change(copy);
    return Uint8Array.of(code >> 8, code & 255, copy.length >> 8, copy.length & 255, ...copy);
  });
  const length = options.reduce((sum, one) => sum + one.length, 0);
  return Uint8Array.of(
    ...reply,
    0,
    0,
    41,
    4,
    208,
    0,
    0,
    0,
    0,
    length >> 8,
    length & 255,
    ...options.flatMap((one) => [...one]),
  );
}

function asking(at: FakeUpstream["at"], told: ToldOfClients, terms: Partial<AskTerms> = {}): UpstreamQuestion {
  const wanted = wantedOf([realServer(at)], "www.example", terms);
  return { ...wanted, servers: { ...wanted.servers, told } };
}

function by(address: string, given?: AskTerms["clientSubnet"]): Partial<AskTerms> {
  const client = { address: knownAddress(address), port: 4000, local: LOCAL };
  return given === undefined ? { client } : { client, clientSubnet: given };
}

const optionsOf = ({ query }: GotQuery): readonly string[] =>
  (query.edns?.options ?? []).map(({ code, octets }) => `${code}: ${[...octets].join(" ")}`);

function headOf({ proxied }: GotQuery): string {
  if (proxied === undefined || proxied === "nobody") return proxied ?? "no header";
  return `${formatAddressPort(proxied.source)} asks ${formatAddressPort(proxied.destination)}`;
}

describe("a server that is sent PROXY headers", () => {
  test("learns of each client, over UDP and over TCP, and each has its own answers", async () => {
    const fake = await openFakeUpstream({
      udp: (got, send) => send(changedReply(got.octets, (reply) => (reply[2] = (reply[2] ?? 0) | 0x02))),
      tcp: (got, send) => send(constantReply(got.octets)),
    });
    closeLater(() => fake.close());
    const asker = forwarder();
    for (const client of ["10.1.0.4", "10.1.0.4", "10.1.0.5"])
      expect(said(await promised(asker, asking(fake.at, { proxy: true }, by(client))))).toBe("192.0.2.1");
    expect(fake.got.map((got) => `${got.transport}: ${headOf(got)}`)).toEqual([
      "udp: 10.1.0.4:4000 asks 10.0.0.4:53",
      "tcp: 10.1.0.4:4000 asks 10.0.0.4:53",
      "udp: 10.1.0.5:4000 asks 10.0.0.4:53",
      "tcp: 10.1.0.5:4000 asks 10.0.0.4:53",
    ]);
    expect(fake.connections()).toBe(2); // A header speaks for all of a connection.
  });

  test.each([
    { what: "nobody asks", terms: {} },
    { what: "the two addresses are of two families", terms: by("2001:db8::4") },
  ])("is told of nobody where $what", async ({ terms }) => {
    const fake = await upstream((got, send) => send(constantReply(got.octets)));
    expect(said(await promised(forwarder(), asking(fake.at, { proxy: true }, terms)))).toBe("192.0.2.1");
    expect(fake.got.map(headOf)).toEqual(["nobody"]);
  });

  test("and is not there is told of as any other", async () => {
    const at = here("127.0.0.1", await freePort());
    const reply = await promised(forwarder(), asking(at, { proxy: true }, by("10.1.0.4")));
    expect(said(reply)).toContain("nothing listens there");
  });
});

describe("a server that is sent client subnets", () => {
  test("is sent them in OPT, one question for each subnet", async () => {
    const fake = await upstream((got, send) => send(replyWith(got, 9, (option) => (option[3] = 24))));
    const asker = forwarder();
    const clients = ["10.1.2.3", "10.1.2.4", "10.1.3.4", "2001:db8:1:2ff::3"];
    await Promise.all(clients.map((client) => promised(asker, asking(fake.at, SUBNET, by(client)))));
    expect(fake.got.flatMap(optionsOf).toSorted()).toEqual([
      "8: 0 1 24 0 10 1 2",
      "8: 0 1 24 0 10 1 3",
      "8: 0 2 56 0 32 1 13 184 0 1 2",
    ]);
  });

  test.each([
    { scope: 0, remembered: ["10.1.2.200", "10.9.9.9", "2001:db8::1"], asked: [] },
    { scope: 16, remembered: ["10.1.2.200", "10.1.9.9"], asked: ["10.2.0.1"] },
    { scope: 24, remembered: ["10.1.2.200"], asked: ["10.1.3.1"] },
    { scope: 32, remembered: ["10.1.2.200"], asked: ["10.1.3.1"] },
  ])(
    "says that its answer is for $scope bits: it is given to $remembered, not to $asked",
    async ({ scope, remembered, asked }) => {
      const fake = await upstream((got, send, count) => send(replyWith(got, count, (option) => (option[3] = scope))));
      const asker = forwarder();
      const ask = async (client: string): Promise<string> =>
        said(await promised(asker, asking(fake.at, SUBNET, by(client))));
      expect(await ask("10.1.2.3")).toBe("192.0.2.1");
      for (const client of remembered) expect([client, await ask(client)]).toEqual([client, "192.0.2.1"]);
      for (const client of asked) expect([client, await ask(client)]).toEqual([client, "192.0.2.2"]);
    },
  );

  test("that says nothing of them is asked once for all", async () => {
    const fake = await upstream((got, send) => send(constantReply(got.octets)));
    const asker = forwarder();
    for (const client of ["10.1.2.3", "10.2.0.1", "2001:db8::1"])
      await promised(asker, asking(fake.at, SUBNET, by(client)));
    expect(fake.got.length).toBe(1);
  });

  test("is told nothing of a client that does not want it, whose answer is for nobody else", async () => {
    const fake = await upstream((got, send, count) => send(replyWith(got, count)));
    const asker = forwarder();
    const ask = async (terms: Partial<AskTerms>): Promise<string> =>
      said(await promised(asker, asking(fake.at, SUBNET, terms)));
    expect(await ask(by("10.1.2.3", { sourceLength: 0 }))).toBe("192.0.2.1");
    expect(fake.got.flatMap(optionsOf)).toEqual(["8: 0 1 0 0"]);
    expect(await ask(by("10.1.2.3"))).toBe("192.0.2.2");
    expect(await ask(by("10.7.7.7", { sourceLength: 0 }))).toBe("192.0.2.1");
  });

  test.each<{ what: string; change: Change }>([
    { what: "another prefix", change: (option) => (option[6] = 99) },
    { what: "another length", change: (option) => (option[2] = 23) },
    { what: "another family", change: (option) => (option[1] = 2) },
    { what: "more bits than an address has", change: (option) => (option[3] = 33) },
  ])("and answers for $what has not answered", async ({ change }) => {
    const fake = await upstream((got, send) => send(replyWith(got, 9, change)));
    const reply = await promised(forwarder(), asking(fake.at, SUBNET, by("10.1.2.3")));
    expect(said(reply)).toContain("answered for another client subnet");
  });

  test("gives an answer that says for whom it is, fetched and remembered; nothing is made ready of it", async () => {
    const fake = await upstream((got, send) => send(replyWith(got, 9, (option) => (option[3] = 16))));
    const asker = forwarder();
    const wanted = asking(fake.at, SUBNET, by("10.1.2.3"));
    for (let round = 0; round < 2; round++) {
      const reply = await promised(asker, wanted);
      expect(reply.kind === "reply" ? reply.marks : reply).toEqual({ isAuthentic: true, scopeLength: 16 });
    }
    expect([...asker.cache.list(0)].map(({ client }) => client)).toEqual([";10.1.0.0/16"]);
  });
});

test("a server that is told nothing learns nothing of who asks", async () => {
  const fake = await upstream((got, send) => send(constantReply(got.octets)));
  const asker = forwarder();
  for (const client of ["10.1.2.3", "10.2.0.1"]) {
    const wanted = wantedOf([realServer(fake.at)], "www.example", by(client, { sourceLength: 24 }));
    await promised(asker, wanted);
  }
  expect(fake.got.map((got) => [headOf(got), optionsOf(got)])).toEqual([["no header", []]]);
});
