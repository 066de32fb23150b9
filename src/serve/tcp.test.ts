import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  answerInTime,
  answerOne,
  connectTo,
  freePort,
  here,
  idOf,
  pause,
  queryOctets,
  run,
  unexpected,
  until,
} from "../../test/loopback.ts";
import { ids, streamsOfTest } from "../../test/stream-doors.ts";
import { needs } from "../../test/support/tools.ts";
import { frame } from "../transport/stream-framing.ts";
import type { Responder } from "./responder.ts";
import { openTcp } from "./tcp.ts";

const { open, client } = streamsOfTest();

describe("real clients get their answers", () => {
  test.for([
    { at: "127.0.0.1", tool: "dig", args: ["+tcp", "a.example"] },
    { at: "127.0.0.1", tool: "kdig", args: ["+tcp", "+noedns", "a.example"] },
    { at: "127.10.0.4", tool: "kdig", args: ["+tcp", "+bufsize=4096", "a.example"] },
    { at: "::1", tool: "dig", args: ["+tcp", "a.example"] },
  ])("$tool $args @$at", async ({ at, tool, args }, context) => {
    await needs(tool, at)(context);
    const door = await open(answerOne, { at: here(at) });
    const shown = await run(tool, `@${at}`, "-p", `${door.at.port}`, "+retry=0", "+time=2", ...args);
    expect(shown).toContain("192.0.2.1");
    expect(shown).toContain("(TCP)");
  });

  test.for([
    { tool: "kdig", args: ["+tcp", "+keepopen", "a.example", "b.example", "c.example"] },
    { tool: "dig", args: ["+tcp", "+keepopen", "a.example", "b.example", "c.example"] },
  ])("$tool $args keeps one connection for three questions", async ({ tool, args }, context) => {
    await needs(tool)(context);
    const door = await open(answerOne);
    const shown = await run(tool, "@127.0.0.1", "-p", `${door.at.port}`, ...args);
    expect(shown.match(/192\.0\.2\.1/g)).toHaveLength(3);
    expect(door.counts).toMatchObject({ accepted: 1, queries: 3, replies: 3 });
  });
});

describe("how long a connection may be idle", () => {
  test("is told with every query, and is how long it then lasts", async () => {
    const told: (number | undefined)[] = [];
    const door = await open(
      (octets, from) => {
        told.push(from.idleMs);
        return answerOne(octets, from);
      },
      { limits: { idleMs: 300 } },
    );
    const asker = await client(door);
    asker.ask(queryOctets(1));
    await until(() => asker.replies.length === 1, "the reply is here");
    const answeredAt = performance.now();
    await until(() => door.counts.timedOut === 1, "the connection was idle for too long");
    expect(performance.now() - answeredAt).toBeGreaterThan(250);
    expect(told).toEqual([300]);
  });

  test("is nothing where the connection is about to be ended", async () => {
    const told: (number | undefined)[] = [];
    const door = await open(
      (octets, from) => {
        told.push(from.idleMs);
        return new Promise((resolve) => {
          setTimeout(() => resolve(octets), 20);
        });
      },
      { limits: { inFlight: 1 } },
    );
    const asker = await client(door);
    asker.ask(queryOctets(1), queryOctets(2));
    await until(() => told.length === 1, "the first is being answered");
    const closed = door.close();
    await until(() => asker.replies.length === 2, "both are answered");
    await closed;
    expect(told).toEqual([10_000, 0]);
  });

  test("is nothing either while there is no room for another connection", async () => {
    const told: (number | undefined)[] = [];
    const door = await open(
      (octets, from) => {
        told.push(from.idleMs);
        return answerOne(octets, from);
      },
      { limits: { connections: 2 } },
    );
    const first = await client(door);
    first.ask(queryOctets(1));
    await until(() => first.replies.length === 1, "one connection is open");
    const second = await client(door);
    second.ask(queryOctets(2));
    await until(() => second.replies.length === 1, "two are, and that is all");
    expect(told).toEqual([10_000, 0]);
  });
});

describe("many queries on one connection", () => {
  test("a thousand pipelined in one write are each answered once, in order", async () => {
    const door = await open(answerOne);
    const asker = await client(door);
    const all = Array.from({ length: 1000 }, (_, id) => id);
    asker.ask(...all.map((id) => queryOctets(id)));
    await until(() => asker.replies.length >= 1000, "every reply is here");
    expect(ids(asker)).toEqual(all);
  });

  test("a thousand promised replies come too, never more than the limit of them in flight", async () => {
    let inFlight = 0;
    let most = 0;
    const door = await open(
      async (octets, from) => {
        most = Math.max(most, ++inFlight);
        await pause(1);
        inFlight -= 1;
        return answerOne(octets, from);
      },
      { limits: { inFlight: 50 } },
    );
    const asker = await client(door);
    asker.ask(...Array.from({ length: 1000 }, (_, id) => queryOctets(id)));
    await until(() => asker.replies.length >= 1000, "every reply is here");
    expect(new Set(ids(asker)).size).toBe(1000);
    expect(most).toBe(50);
  });

  test("replies leave when they are ready, not in the order of the queries", async () => {
    const door = await open(answerInTime);
    const asker = await client(door);
    asker.ask(queryOctets(1, "60.example"), queryOctets(2, "30.example"), queryOctets(3, "1.example"));
    await until(() => asker.replies.length === 3, "every reply is here");
    expect(ids(asker)).toEqual([3, 2, 1]);
  });

  test("queries may come octet by octet", async () => {
    const door = await open(answerOne);
    const asker = await client(door);
    asker.socket.setNoDelay(true);
    for (const octet of Buffer.concat([frame(queryOctets(1)), frame(queryOctets(2))])) {
      asker.socket.write(Buffer.of(octet));
      await pause(1);
    }
    await until(() => asker.replies.length === 2, "both replies are here");
    expect(ids(asker)).toEqual([1, 2]);
  });

  test("other connections have their turn while one sends thousands of queries", async () => {
    const order: number[] = [];
    const door = await open((octets, from) => {
      order.push(from.port);
      return answerOne(octets, from);
    });
    const [greedy, modest] = [await client(door), await client(door)];
    greedy.ask(...Array.from({ length: 3000 }, (_, id) => queryOctets(id)));
    modest.ask(queryOctets(1));
    await until(() => greedy.replies.length === 3000 && modest.replies.length === 1, "all is answered");
    expect(order.indexOf(modest.socket.localPort ?? 0)).toBeLessThan(2500);
  });

  test("however the octets are cut, every query gets its reply", async () => {
    const door = await open(answerOne);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 120 }), { maxLength: 8 }), async (cuts) => {
        const asker = await client(door);
        asker.socket.setNoDelay(true);
        const octets = Buffer.concat([1, 2, 3, 4].map((id) => frame(queryOctets(id))));
        let at = 0;
        for (const cut of [...cuts.sort((a, b) => a - b), octets.length]) {
          if (cut > at) asker.socket.write(octets.subarray(at, cut));
          at = Math.max(at, cut);
          await pause(0);
        }
        await until(() => asker.replies.length === 4, "every reply is here");
        expect(ids(asker)).toEqual([1, 2, 3, 4]);
        asker.socket.destroy();
      }),
      { numRuns: 30 },
    );
  });
});

describe("the end of a connection", () => {
  test("a client that ends after its queries still gets every answer, then our end", async () => {
    const door = await open(answerInTime);
    const asker = await client(door);
    asker.ask(queryOctets(1, "40.example"), queryOctets(2, "5.example"));
    asker.socket.end();
    await until(() => asker.state.closed, "the connection is closed");
    expect(ids(asker)).toEqual([2, 1]);
    expect(asker.state).toEqual({ end: true, closed: true, reset: false });
    await until(() => door.connections === 0, "nothing is left");
  });

  test("closing the listener answers what was asked, refuses new connections and ends the old ones", async () => {
    const door = await open(answerInTime, { at: here("127.0.0.1", await freePort()) });
    const [asker, idler] = [await client(door), await client(door)];
    asker.ask(queryOctets(1, "40.example"), queryOctets(2, "5.example"));
    await until(() => door.counts.queries === 2, "the queries are read");
    const closed = door.close();
    await expect(connectTo(door.at)).rejects.toThrow("ECONNREFUSED");
    await until(() => asker.state.end && idler.state.end, "both see our end");
    asker.socket.end();
    idler.socket.end();
    await closed;
    expect(ids(asker)).toEqual([2, 1]);
    expect(door.connections).toBe(0);
  });

  test("a client that never ends its side cannot hold up the close", async () => {
    const door = await open(answerOne, { limits: { lingerMs: 30 } });
    const asker = await client(door);
    asker.ask(queryOctets(1));
    await until(() => asker.replies.length === 1, "it is answered");
    const start = performance.now();
    await door.close();
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test("closing drops what takes longer than it may", async () => {
    const door = await open(() => new Promise(() => {}));
    const asker = await client(door);
    asker.ask(queryOctets(1));
    await until(() => door.counts.queries === 1, "the query is read");
    await door.close(30);
    expect(door.connections).toBe(0);
  });

  test("a reset while replies are promised leaves nothing behind and harms nobody", async () => {
    const release: (() => void)[] = [];
    const door = await open((octets, from) => {
      if (idOf(octets) === 3) return answerOne(octets, from);
      return new Promise((resolve) => {
        release.push(() => resolve(answerOne(octets, from)));
      });
    });
    const [rude, asker] = [await client(door), await client(door)];
    rude.ask(queryOctets(1), queryOctets(2));
    await until(() => release.length === 2, "the queries are read");
    rude.socket.resetAndDestroy();
    await until(() => door.connections === 1, "the connection is gone");
    for (const answer of release) answer();
    asker.ask(queryOctets(3));
    await until(() => asker.replies.length === 1, "the other is answered");
    expect(door.counts).toMatchObject({ broken: 1, replies: 1 });
  });
});

describe("no bug in a responder ends the process", () => {
  const broken = new Error("a bug");
  test.each<{ how: string; respond: Responder; fault: unknown }>([
    {
      how: "throws",
      respond: () => {
        throw broken;
      },
      fault: broken,
    },
    { how: "rejects", respond: () => Promise.reject(broken), fault: broken },
    {
      how: "makes a reply longer than a message can be",
      respond: () => new Uint8Array(65_536),
      fault: new RangeError("a message of 65536 octets"),
    },
    {
      how: "promises such a reply",
      respond: () => Promise.resolve(new Uint8Array(65_536)),
      fault: new RangeError("a message of 65536 octets"),
    },
  ])("one that $how is told of, and the next query is answered", async ({ respond, fault }) => {
    const faults: unknown[] = [];
    const door = await open((octets, from) => (idOf(octets) === 1 ? respond(octets, from) : answerOne(octets, from)), {
      onFault: (told) => {
        faults.push(told);
        throw new Error("a bug in the log");
      },
    });
    const asker = await client(door);
    asker.ask(queryOctets(1), queryOctets(2));
    await until(() => asker.replies.length === 1 && faults.length === 1, "one is answered and the other told");
    expect(faults).toEqual([fault]);
    expect(ids(asker)).toEqual([2]);
  });
});

test.each([
  { what: "a taken port", code: "EADDRINUSE", says: "is taken by another program" },
  { what: "an address of nobody", code: "EADDRNOTAVAIL", says: "no interface of this machine has the address" },
])("$what is a value with code $code", async ({ code, says }) => {
  const first = await open(answerOne);
  const at = code === "EADDRINUSE" ? first.at : here("203.0.113.7");
  const problem = await openTcp({ at, respond: answerOne, onFault: unexpected });
  expect(problem).toMatchObject({ kind: "problem", transport: "tcp", code });
  expect(problem.kind === "problem" ? problem.text : "").toContain(says);
});
