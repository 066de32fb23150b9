import { createSocket } from "node:dgram";
import * as fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import {
  answerInTime,
  answerOne,
  closeAfterEach,
  type DatagramClient,
  datagramClient,
  firstLabelOf,
  freePort,
  here,
  idOf,
  pause,
  queryOctets,
  run,
  unexpected,
  until,
} from "../../test/loopback.ts";
import { needs, needsAddOn } from "../../test/support/tools.ts";
import { openBatched } from "./batched-datagrams.ts";
import type { DatagramDoor, DatagramOptions, OpenDatagrams } from "./datagram-door.ts";
import type { Peer, Responder } from "./responder.ts";
import { openUdp } from "./udp.ts";

const closeLater = closeAfterEach();

async function client(text = "127.0.0.1"): Promise<DatagramClient> {
  const opened = await datagramClient(here(text));
  closeLater(() => opened.close());
  return opened;
}

function idsOf({ replies }: DatagramClient): number[] {
  return replies.map(({ octets }) => idOf(octets));
}

/** Sends so many queries with a forged source, an address and a port, through a raw socket. */
const FORGE = `
import socket, struct, sys
to, source, port, times = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
body = bytes.fromhex("00070100000100000000000001610000010001")
datagram = struct.pack("!HHHH", port, to, 8 + len(body), 0) + body
ends = socket.inet_aton(source) + socket.inet_aton("127.0.0.1")
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
for i in range(times):
    raw.sendto(struct.pack("!BBHHHBBH", 69, 0, 20 + len(datagram), i, 0, 64, 17, 0) + ends + datagram, ("127.0.0.1", 0))
print("sent")
`;

/** Each engine keeps the same promises; the second is for Linux. */
const ENGINES: readonly { readonly engine: string; readonly openDatagrams: OpenDatagrams }[] = [
  { engine: "node:dgram", openDatagrams: openUdp },
  ...(process.platform === "linux" ? [{ engine: "batched system calls", openDatagrams: openBatched }] : []),
];

describe.each(ENGINES)("datagrams by $engine", ({ openDatagrams }) => {
  if (openDatagrams === openBatched) beforeEach(needsAddOn);

  async function open(respond: Responder, options: Partial<DatagramOptions> = {}): Promise<DatagramDoor> {
    const door = await openDatagrams({ at: here(), respond, onFault: unexpected, ...options });
    if (door.kind === "problem") throw new Error(door.text);
    closeLater(() => door.close(0));
    return door;
  }

  describe("real clients get their answer", () => {
    test.for([
      { at: "127.0.0.1", tool: "dig", args: ["+norec"], finds: "flags: qr ad; QUERY: 1, ANSWER: 1" },
      { at: "127.0.0.1", tool: "dig", args: ["+bufsize=4096"], finds: "192.0.2.1" },
      { at: "127.0.0.1", tool: "kdig", args: ["+noedns"], finds: "192.0.2.1" },
      { at: "127.10.0.4", tool: "dig", args: [], finds: "SERVER: 127.10.0.4#" },
      { at: "::1", tool: "dig", args: [], finds: "SERVER: ::1#" },
      { at: "::1", tool: "kdig", args: ["+bufsize=1232"], finds: "192.0.2.1" },
    ])("$tool $args @$at shows $finds", async ({ at, tool, args, finds }, context) => {
      await needs(tool, at)(context);
      const door = await open(answerOne, { at: here(at) });
      const shown = await run(
        tool,
        `@${at}`,
        "-p",
        `${door.at.port}`,
        "+retry=0",
        "+time=2",
        ...args,
        "a.example",
        "A",
      );
      expect(shown).toContain(finds);
    });
  });

  test("port 0 becomes the port that was given, and the responder hears who asks and where", async () => {
    const peers: Peer[] = [];
    const door = await open(
      (octets, from) => {
        peers.push(from);
        return answerOne(octets, from);
      },
      { at: here("127.10.0.4") },
    );
    const asker = await client("127.12.0.9");
    asker.send(queryOctets(1), door.at);
    await until(() => asker.replies.length === 1, "the reply is here");

    expect(door.at.port).toBeGreaterThan(0);
    expect(peers).toEqual([
      { transport: "udp", address: here("127.12.0.9").address, port: asker.socket.address().port, local: door.at },
    ]);
    expect(asker.replies[0]?.from).toMatchObject({ address: "127.10.0.4", port: door.at.port });
  });

  test("a reply may be written into one buffer again and again", async () => {
    const buffer = new Uint8Array(2048);
    const door = await open((octets) => {
      buffer.set(octets);
      return buffer.subarray(0, octets.length);
    });
    const asker = await client();
    asker.socket.setRecvBufferSize(1024 * 1024); // An engine may send more in a turn than the client reads in one.
    for (let id = 1; id <= 500; id++) asker.send(queryOctets(id, `n${id}.example`), door.at);
    await until(() => asker.replies.length === 500, "every reply is here");

    for (const { octets } of asker.replies) expect(firstLabelOf(octets)).toBe(`n${idOf(octets)}`);
    expect(new Set(idsOf(asker)).size).toBe(500);
  });

  test("promised replies leave when they come, and later queries overtake them", async () => {
    const door = await open(answerInTime);
    const asker = await client();
    asker.send(queryOctets(1, "40.example"), door.at);
    asker.send(queryOctets(2, "1.example"), door.at);
    await until(() => asker.replies.length === 2, "both replies are here");
    expect(idsOf(asker)).toEqual([2, 1]);
  });

  describe("no bug in a responder ends the process", () => {
    const broken = new Error("a bug");
    test.each<{ how: string; respond: Responder }>([
      {
        how: "throws",
        respond: () => {
          throw broken;
        },
      },
      { how: "rejects", respond: () => Promise.reject(broken) },
      { how: "rejects later", respond: () => pause(5).then(() => Promise.reject(broken)) },
    ])("one that $how is told of, and the next query is answered", async ({ respond }) => {
      const faults: unknown[] = [];
      const door = await open(
        (octets, from) => (idOf(octets) === 1 ? respond(octets, from) : answerOne(octets, from)),
        {
          onFault: (fault) => {
            faults.push(fault);
            throw new Error("a bug in the log");
          },
        },
      );
      const asker = await client();
      asker.send(queryOctets(1), door.at);
      asker.send(queryOctets(2), door.at);
      await until(() => asker.replies.length === 1 && faults.length === 1, "one is answered and the other told");
      expect(faults).toEqual([broken]);
      expect(idsOf(asker)).toEqual([2]);
    });
  });

  describe("what cannot be sent is counted", () => {
    test("a reply that is too long for a datagram", async () => {
      const errors: Error[] = [];
      const door = await open(
        (octets, from) => (idOf(octets) === 2 ? answerOne(octets, from) : new Uint8Array(65_508)),
        {
          onError: (error) => errors.push(error),
        },
      );
      const asker = await client();
      for (const id of [1, 2, 1, 1]) asker.send(queryOctets(id), door.at);
      await until(() => asker.replies.length === 1 && errors.length === 3, "all four are done");
      expect(errors.map((error) => "code" in error && error.code)).toEqual(["EMSGSIZE", "EMSGSIZE", "EMSGSIZE"]);
      expect(door.counts).toMatchObject({ received: 4, sent: 1, sendErrors: 3 });
    });

    test("a datagram from port 0, where nobody can be answered", async () => {
      const asked: Peer[] = [];
      const door = await open((octets, from) => {
        asked.push(from);
        return answerOne(octets, from);
      });
      const asker = await client();
      const forged = await run("python3", "-c", FORGE, `${door.at.port}`, "127.0.0.1", "0", "1");
      asker.send(queryOctets(7), door.at);
      await until(() => asker.replies.length === 1, "the next query is answered");
      // Who may not forge a packet can try no more than the second half.
      expect(door.counts.fromPortZero).toBe(forged.includes("sent") ? 1 : 0);
      expect(asked).toHaveLength(1);
    });

    test("replies to an address that cannot be sent to, each of them", async () => {
      const door = await open(answerOne);
      // Broadcast is forbidden to ordinary sockets.
      const forged = await run("python3", "-c", FORGE, `${door.at.port}`, "127.255.255.255", "5353", "20");
      const times = forged.includes("sent") ? 20 : 0; // Not everybody may forge a packet.
      await until(() => door.counts.received === times, "they have arrived");
      expect(door.counts).toMatchObject({ sent: 0, sendErrors: times });

      const asker = await client();
      asker.send(queryOctets(7), door.at);
      await until(() => asker.replies.length === 1, "the next query is answered");
    });
  });

  test("any octets whatever get a reply or none, and the door lives", async () => {
    const door = await open(answerOne);
    const asker = await client();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 20 }), async (datagrams) => {
        const before = asker.replies.length;
        for (const datagram of datagrams) asker.send(datagram, door.at);
        asker.send(queryOctets(0xbeef, "last.example"), door.at);
        await until(
          () => asker.replies.slice(before).some(({ octets }) => firstLabelOf(octets) === "last"),
          "the good query is answered",
        );
      }),
      { numRuns: 40 },
    );
  });

  describe("addresses that cannot be opened are values", () => {
    test("a port that is taken", async () => {
      const first = await open(answerOne);
      const second = await openDatagrams({ at: first.at, respond: answerOne, onFault: unexpected });
      expect(second).toEqual({
        kind: "problem",
        transport: "udp",
        at: first.at,
        code: "EADDRINUSE",
        text: `udp 127.0.0.1:${first.at.port}: port ${first.at.port} is taken by another program: stop it (\`ss -lntup\` names it) or choose another port or address`,
      });
    });

    test.each([
      { at: here("203.0.113.7"), code: "EADDRNOTAVAIL", says: "no interface of this machine has the address" },
      { at: here("fe80::1234"), code: "EINVAL", says: "a link-local one is listened on by asking for [::]" },
    ])("$at.address.text gives $code", async ({ at, code, says }) => {
      const problem = await openDatagrams({ at, respond: answerOne, onFault: unexpected });
      expect(problem).toMatchObject({ kind: "problem", code });
      expect(problem.kind === "problem" ? problem.text : "").toContain(says);
    });

    test("::1 does not take the port of 127.0.0.1", async (context) => {
      await needs("::1")(context);
      const first = await open(answerOne);
      const second = await open(answerOne, { at: here("::1", first.at.port) });
      expect(second.at.port).toBe(first.at.port);
    });
  });

  test("the receive buffer is asked for, and what was granted is told in the same octets", async () => {
    const small = await open(answerOne, { receiveBuffer: 65_536 });
    expect(small.receiveBuffer).toBe(65_536);
    const own = await open(answerOne);
    expect(own.receiveBuffer).toBeGreaterThan(65_536); // As much as the system's limit allows.
  });

  describe("closing", () => {
    test("answers what has arrived and what is in flight, then lets go of the port", async () => {
      const respond: Responder = (octets, from) => {
        const copy = octets.slice();
        return pause(30).then(() => answerOne(copy, from));
      };
      const door = await open(respond, { at: here("127.0.0.1", await freePort()) });
      const asker = await client();
      for (let id = 1; id <= 200; id++) asker.send(queryOctets(id), door.at);
      await until(() => door.counts.received > 0, "the first has arrived");
      await Promise.all([door.close(), door.close()]);
      expect(door.counts).toMatchObject({ received: 200, sent: 200 });
      await until(() => asker.replies.length === 200, "every reply is here");

      const again = createSocket("udp4");
      await new Promise<void>((resolve) => {
        again.bind(door.at.port, "127.0.0.1", resolve);
      });
      again.close();
    });

    test("does not wait for a promise longer than it was told, and a reply that comes later is dropped", async () => {
      let release: (octets: Uint8Array) => void = unexpected;
      const door = await open(
        () =>
          new Promise((resolve) => {
            release = resolve;
          }),
      );
      const asker = await client();
      asker.send(queryOctets(1), door.at);
      await until(() => door.counts.received === 1, "it has arrived");
      const start = performance.now();
      await door.close(50);
      expect(performance.now() - start).toBeLessThan(1000);
      release(queryOctets(1));
      await pause(5);
      expect(door.counts).toMatchObject({ sent: 0, dropped: 1, sendErrors: 0 });
    });
  });
});
