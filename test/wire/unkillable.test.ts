import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { decodeMessage } from "../../src/message/decode.ts";
import { rcodeName } from "../../src/message/rcodes.ts";
import type { AddressPort } from "../../src/net/address.ts";
import { LOOPBACK_PREFIXES } from "../../src/net/cidr.ts";
import { loadProject } from "../../src/project/load-project.ts";
import { ProjectFiles } from "../../src/project/project-files.ts";
import type { Resolution } from "../../src/resolve/resolution.ts";
import { resolve } from "../../src/resolve/resolve.ts";
import { createAnswer } from "../../src/serve/answer.ts";
import { openListeners } from "../../src/serve/listeners.ts";
import { holdSnapshot } from "../../src/snapshot/holder.ts";
import { sourceFile } from "../../src/source/source-file.ts";
import { frame } from "../../src/transport/stream-framing.ts";
import { closeAfterEach, connectTo, datagramClient, here, idOf, pause, queryOctets, until } from "../loopback.ts";
import { EXAMPLE } from "../support/serving.ts";

const { snapshot } = loadProject(
  sourceFile("privlink.yaml", readFileSync(join(EXAMPLE, "privlink.yaml"), "utf8")),
  new ProjectFiles(EXAMPLE, EXAMPLE),
);
const GOOD = "myregistry.azurecr.io";
const BAD = "bad.example";
const later = closeAfterEach();

/** The engine, but for one name. */
function resolveExcept(bad: () => Resolution | Promise<Resolution>): typeof resolve {
  return (model, addressee, question, options) =>
    question.name.labels[0] === "bad" ? bad() : resolve(model, addressee, question, options);
}

/** A server with the example behind it; `faults` are the bugs that it was told of. */
async function open(
  engine: typeof resolve = resolve,
  onFault?: (error: unknown) => void,
): Promise<{ at: AddressPort; faults: unknown[]; answered: () => number }> {
  const faults: unknown[] = [];
  let answered = 0;
  const tell = onFault ?? ((error: unknown) => void faults.push(error));
  const respond = createAnswer({
    snapshots: holdSnapshot(snapshot),
    listener: () => ({ trust: LOOPBACK_PREFIXES }),
    identity: { version: "test", id: "test" },
    onFault: tell,
    onEvent: () => void (answered += 1),
    resolve: engine,
  });
  const listeners = await openListeners({ listeners: [{ at: here(), respond }], onFault: tell });
  if (listeners.kind === "failed") throw new Error(listeners.problems.map(({ text }) => text).join("; "));
  later(() => listeners.close(0));
  return { at: listeners.doors[0]?.at ?? here(), faults, answered: () => answered };
}

/** Waits until a count that rises has stopped to. */
async function untilStill(count: () => number): Promise<void> {
  for (let before = -1; before !== count(); await pause(150)) before = count();
}

/** Asks over one socket and waits for as many replies: `id rcode`, sorted. */
async function askUdp(at: AddressPort, ...queries: Uint8Array[]): Promise<string[]> {
  const client = await datagramClient();
  later(() => client.close());
  for (const query of queries) client.send(query, at);
  await until(() => client.replies.length >= queries.length, `${queries.length} replies came over UDP`);
  return client.replies.map(({ octets }) => shown(octets)).toSorted();
}

async function askTcp(at: AddressPort, ...queries: Uint8Array[]): Promise<string[]> {
  const client = await connectTo(at);
  later(() => void client.socket.destroy());
  client.ask(...queries);
  await until(() => client.replies.length >= queries.length, `${queries.length} replies came over TCP`);
  return client.replies.map((octets) => shown(octets)).toSorted();
}

function shown(octets: Uint8Array): string {
  return `${idOf(octets)} ${rcodeName(decodeMessage(octets).rcode)}`;
}

describe("a bug in one question", () => {
  const boom = new Error("boom");
  const bugs = [
    {
      bug: "throws",
      engine: resolveExcept(() => {
        throw boom;
      }),
    },
    { bug: "rejects", engine: resolveExcept(() => Promise.reject(boom)) },
    { bug: "rejects late", engine: resolveExcept(() => pause(20).then(() => Promise.reject(boom))) },
    {
      bug: "throws what is no error",
      engine: resolveExcept(() => {
        const reason: unknown = boom.message;
        throw reason;
      }),
    },
  ];
  test.each(bugs)("that $bug is SERVFAIL, is told, and the next question is answered", async ({ engine }) => {
    const { at, faults } = await open(engine);
    const queries = [queryOctets(1, BAD), queryOctets(2, GOOD)];
    expect(await askUdp(at, ...queries)).toEqual(["1 SERVFAIL", "2 NOERROR"]);
    expect(await askTcp(at, ...queries)).toEqual(["1 SERVFAIL", "2 NOERROR"]);
    expect(faults.map(String).join()).toMatch(/^(Error: )?boom,(Error: )?boom$/);
    expect(await askUdp(at, queryOctets(3, GOOD))).toEqual(["3 NOERROR"]);
  });

  test("is survived although whoever is told of it has a bug too", async () => {
    const { at } = await open(
      resolveExcept(() => {
        throw boom;
      }),
      () => {
        throw new Error("and here");
      },
    );
    expect(await askUdp(at, queryOctets(1, BAD), queryOctets(2, GOOD))).toEqual(["1 SERVFAIL", "2 NOERROR"]);
  });

  test("that never settles keeps nobody else waiting, on its own connection neither", async () => {
    const { at } = await open(resolveExcept(() => new Promise<Resolution>(() => undefined)));
    expect(await askUdp(at, queryOctets(2, GOOD))).toEqual(["2 NOERROR"]);
    const client = await connectTo(at);
    later(() => void client.socket.destroy());
    client.ask(queryOctets(1, BAD), queryOctets(2, GOOD));
    await until(() => client.replies.length === 1, "the second question overtook the first");
    expect(client.replies.map((octets) => idOf(octets))).toEqual([2]);
  });
});

/** Datagrams that no well-meaning client sends; what comes back is `ID RCODE`, or nothing. */
const GARBAGE: readonly {
  readonly what: string;
  readonly octets: readonly number[];
  readonly gets: readonly string[];
}[] = [
  { what: "no octets at all", octets: [], gets: [] },
  { what: "one octet", octets: [0], gets: [] },
  { what: "eleven octets, one short of a header", octets: Array.from({ length: 11 }, () => 0), gets: [] },
  { what: "a reply", octets: [0, 7, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0], gets: [] },
  {
    what: "a header that promises 65,535 of everything",
    octets: [0, 7, 1, 0, ...filled(8, 0xff)],
    gets: ["7 FORMERR"],
  },
  { what: "a name that points to itself", octets: [...head(1), 0xc0, 0x0c, 0, 1, 0, 1], gets: ["7 FORMERR"] },
  { what: "a name that points into the header", octets: [...head(1), 0xc0, 0x00, 0, 1, 0, 1], gets: ["7 FORMERR"] },
  { what: "a name that ends with the packet", octets: [...head(1), 63, 97], gets: ["7 FORMERR"] },
  { what: "a label of a reserved kind", octets: [...head(1), 0x80, 0, 0, 1, 0, 1], gets: ["7 FORMERR"] },
  { what: "a name of 256 octets", octets: [...head(1), ...longName(), 0, 1, 0, 1], gets: ["7 FORMERR"] },
  { what: "nothing but 0xff", octets: filled(512, 0xff), gets: [] },
  { what: "no question", octets: head(0), gets: ["7 FORMERR"] },
  { what: "opcode 15", octets: [0, 7, 0x78, 0, 0, 0, 0, 0, 0, 0, 0, 0], gets: ["7 NOTIMP"] },
];

function head(questions: number): number[] {
  return [0, 7, 1, 0, 0, questions, 0, 0, 0, 0, 0, 0];
}

function filled(length: number, octet: number): number[] {
  return Array.from({ length }, () => octet);
}

/** Four labels of 63 octets with their lengths, and the root: one more than a name may have. */
function longName(): number[] {
  return [...[1, 2, 3].flatMap(() => [63, ...filled(63, 97)]), 62, ...filled(62, 97), 0];
}

describe("garbage", () => {
  test.each(GARBAGE)("over UDP: $what gets $gets, and the next question is answered", async ({ octets, gets }) => {
    const { at, faults } = await open();
    const client = await datagramClient();
    later(() => client.close());
    client.send(Uint8Array.from(octets), at);
    client.send(queryOctets(9, GOOD), at);
    await until(() => client.replies.some((reply) => idOf(reply.octets) === 9), "the good question was answered");
    expect(client.replies.map((reply) => shown(reply.octets))).toEqual([...gets, "9 NOERROR"]);
    expect(faults).toEqual([]);
  });

  test.each(GARBAGE)("over TCP: $what gets $gets, and the next question is answered", async ({ octets, gets }) => {
    const { at, faults } = await open();
    const client = await connectTo(at);
    later(() => void client.socket.destroy());
    client.ask(Uint8Array.from(octets));
    client.ask(queryOctets(9, GOOD));
    if (octets.length < 12) {
      // What is no message cannot be answered, and whoever sent it does not speak DNS: the stream ends.
      await until(() => client.state.end, "the stream ended");
      expect(client.replies).toEqual([]);
    } else {
      await until(() => client.replies.some((reply) => idOf(reply) === 9), "the good question was answered");
      expect(client.replies.map((reply) => shown(reply))).toEqual([...gets, "9 NOERROR"]);
    }
    expect(await askTcp(at, queryOctets(10, GOOD))).toEqual(["10 NOERROR"]);
    expect(faults).toEqual([]);
  });

  test.each([
    { what: "a length that never comes whole", bytes: [0] },
    { what: "a length without its message", bytes: [0xff, 0xff] },
    { what: "half a question", bytes: [...frame(queryOctets(1, GOOD)).subarray(0, 20)] },
    { what: "text of another protocol", bytes: [...Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")] },
  ])("on a stream that stops: $what keeps nobody from an answer", async ({ bytes }) => {
    const { at, faults } = await open();
    const clients = await Promise.all(Array.from({ length: 20 }, () => connectTo(at)));
    for (const client of clients) {
      later(() => void client.socket.destroy());
      client.socket.write(Uint8Array.from(bytes));
    }
    expect(await askTcp(at, queryOctets(2, GOOD))).toEqual(["2 NOERROR"]);
    expect(await askUdp(at, queryOctets(3, GOOD))).toEqual(["3 NOERROR"]);
    for (const client of clients) client.socket.resetAndDestroy();
    expect(await askTcp(at, queryOctets(4, GOOD))).toEqual(["4 NOERROR"]);
    expect(faults).toEqual([]);
  });

  test("in thousands of random datagrams ends nothing, and every reply is a reply", async () => {
    const { at, faults } = await open();
    const client = await datagramClient();
    later(() => client.close());
    let seed = 20_240_229;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    for (let i = 0; i < 3000; i++) {
      const octets = i % 2 === 0 ? Uint8Array.from({ length: random(80) }, () => random(256)) : queryOctets(i, GOOD);
      if (i % 2 === 1) octets[random(octets.length)] = random(256);
      client.send(octets, at);
      if (i % 100 === 0) await pause(1);
    }
    await until(() => client.replies.length > 500, "replies to what could be read");
    await untilStill(() => client.replies.length); // What comes while the queue is full is lost, as is meant.
    for (const { octets } of client.replies) expect(decodeMessage(octets).flags.qr).toBe(true);
    expect(await askUdp(at, queryOctets(9, GOOD))).toEqual(["9 NOERROR"]);
    expect(faults).toEqual([]);
  });
});

describe("a reader who stops", () => {
  test("gets no more than its buffers hold, and keeps nobody else from an answer", async () => {
    const { at, faults, answered } = await open();
    const lazy = await connectTo(at);
    later(() => void lazy.socket.destroy());
    lazy.socket.pause();
    const batch = Buffer.concat(Array.from({ length: 500 }, (_, i) => frame(queryOctets(i, GOOD))));
    for (let i = 0; i < 200; i++) lazy.socket.write(batch); // 100,000 questions, more than 20 MB of answers.
    await untilStill(answered);
    const held = answered();
    expect(held).toBeLessThan(90_000);
    expect(await askTcp(at, queryOctets(1, GOOD))).toEqual(["1 NOERROR"]);
    expect(await askUdp(at, queryOctets(2, GOOD))).toEqual(["2 NOERROR"]);
    lazy.socket.resume();
    await until(() => lazy.replies.length > held + 500, "the reader went on and got more than what was held");
    expect(faults).toEqual([]);
  });

  test("who goes away in the middle of a reply is forgotten", async () => {
    const { at, faults } = await open();
    for (let i = 0; i < 20; i++) {
      const client = await connectTo(at);
      client.ask(...Array.from({ length: 50 }, (_, id) => queryOctets(id, GOOD)));
      client.socket.resetAndDestroy();
    }
    expect(await askTcp(at, queryOctets(1, GOOD))).toEqual(["1 NOERROR"]);
    expect(faults).toEqual([]);
  });
});
