import { connect } from "node:net";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerInTime, answerOne, pause, queryOctets, until } from "../../test/loopback.ts";
import { ids, streamsOfTest } from "../../test/stream-doors.ts";
import { frame } from "../transport/stream-framing.ts";
import type { Responder } from "./responder.ts";
import type { StreamLimits } from "./stream-limits.ts";

const { open, client } = streamsOfTest();

describe("time is limited", () => {
  const limits: Partial<StreamLimits> = { firstQueryMs: 60, idleMs: 150, answerMs: 400, lingerMs: 20 };
  const drops = (octets: Uint8Array): Uint8Array[] => Array.from(octets, (octet) => Uint8Array.of(octet));
  const [query, half] = [frame(queryOctets(1)), frame(queryOctets(9)).subarray(0, 8)];
  const never: Responder = () => new Promise(() => {});

  test.each<{ who: string; respond?: Responder; sends: Uint8Array[]; everyMs?: number; afterMs: number }>([
    { who: "that asks nothing", sends: [], afterMs: 60 },
    { who: "whose first query drips in", sends: drops(query), everyMs: 20, afterMs: 60 },
    { who: "that asks once and then nothing", sends: [query], afterMs: 150 },
    { who: "whose second query drips in", sends: [query, ...drops(half)], everyMs: 100, afterMs: 150 },
    { who: "whose reply never comes", respond: never, sends: [query], afterMs: 400 },
  ])("a connection $who is ended after $afterMs ms", async ({ respond, sends, everyMs, afterMs }) => {
    const door = await open(respond ?? answerOne, { limits });
    const start = performance.now();
    const asker = await client(door);
    void (async () => {
      for (const octets of sends) {
        if (asker.socket.writable) asker.socket.write(octets);
        await pause(everyMs ?? 0);
      }
    })();
    await until(() => asker.state.end || asker.state.closed, "it is ended");
    expect(performance.now() - start).toBeGreaterThan(afterMs - 10);
    expect(performance.now() - start).toBeLessThan(afterMs + 230);
    expect(door.counts.timedOut).toBe(1);
    expect(door.connections).toBe(0);
  });

  test("a connection that goes on asking lives on", async () => {
    const door = await open(answerOne, { limits });
    const asker = await client(door);
    for (let id = 1; id <= 5; id++) {
      asker.ask(queryOctets(id));
      await pause(90);
    }
    expect(ids(asker)).toEqual([1, 2, 3, 4, 5]);
    expect(asker.state.end).toBe(false);
  });
});

describe("a client that does not read", () => {
  const big = new Uint8Array(60_000);

  test("is answered no further than the bound, and in full once it reads", async () => {
    let made = 0;
    const door = await open(() => {
      made += 1;
      return big;
    });
    const asker = await client(door);
    asker.socket.pause();
    asker.ask(...Array.from({ length: 400 }, (_, id) => queryOctets(id)));
    let last = -1;
    await until(() => {
      const still = made > 0 && made === last;
      last = made;
      return still;
    }, "no more replies are made");
    await pause(30);
    expect(made).toBeLessThan(300); // What the system's buffers and ours hold, of 24 MB.
    asker.socket.resume();
    await until(() => asker.replies.length === 400, "every reply is here");
  });

  test("and asks on is read no further: its own socket fills up", async () => {
    const door = await open(() => big);
    const asker = await client(door);
    asker.socket.pause();
    const flood = Buffer.concat(Array.from({ length: 2000 }, (_, id) => frame(queryOctets(id))));
    let taken = 0;
    let since = performance.now();
    const push = (): void => {
      taken += 1;
      since = performance.now();
      asker.socket.write(flood, () => taken < 1000 && push());
    };
    push();
    await until(() => performance.now() - since > 150, "no more is taken");
    expect(taken).toBeLessThan(300); // The system's buffers hold some of the 58 MB, and ours a chunk.
    expect(door.counts.queries).toBeLessThan(2000);
  });

  test("is dropped when nothing moves in time", async () => {
    const door = await open(() => big, { limits: { idleMs: 80 } });
    const asker = await client(door);
    asker.socket.pause();
    asker.ask(...Array.from({ length: 400 }, (_, id) => queryOctets(id)));
    await until(() => door.counts.timedOut === 1, "it is dropped");
    expect(door.connections).toBe(0);
  });
});

describe("frames that are no query end the connection, after the replies to what came before", () => {
  test.each([
    { what: "of no octets", octets: Uint8Array.of(0, 0) },
    { what: "shorter than a header", octets: Uint8Array.of(0, 11, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) },
    { what: "over the limit", octets: Uint8Array.of(4, 1, 1, 2) },
    { what: "that are HTTP", octets: Buffer.from("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n") },
  ])("one $what", async ({ octets }) => {
    const door = await open(answerInTime, { limits: { queryOctets: 1024 } });
    const asker = await client(door);
    asker.socket.write(
      Buffer.concat([frame(queryOctets(1, "15.example")), octets, frame(queryOctets(2, "1.example"))]),
    );
    await until(() => asker.state.end, "the connection is ended");
    expect(ids(asker)).toEqual([1]);
    expect(asker.state.reset).toBe(false);
    expect(door.counts).toMatchObject({ badFrames: 1, queries: 1 });
  });

  test("any octets whatever end in replies or an end, and the listener lives", async () => {
    const door = await open(answerOne, { limits: { lingerMs: 5 } });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }), async (chunks) => {
        const garbage = await client(door);
        for (const chunk of chunks) garbage.socket.write(chunk);
        garbage.socket.end();
        await until(() => garbage.state.closed, "it is over");
      }),
      { numRuns: 60 },
    );
    const asker = await client(door);
    asker.ask(queryOctets(1));
    await until(() => asker.replies.length === 1, "a good query is answered");
    expect(door.connections).toBe(1);
  });
});

describe("connections are limited", () => {
  test("200 over the limit of one client are refused at once, and the others are served", async () => {
    const door = await open(answerOne, { limits: { connectionsPerClient: 20 } });
    const askers = await Promise.all(Array.from({ length: 20 }, () => client(door)));
    const refused = await Promise.all(
      Array.from(
        { length: 200 },
        () =>
          new Promise<boolean>((resolve) => {
            const socket = connect(door.at.port, "127.0.0.1");
            socket.on("error", () => {});
            socket.on("close", () => resolve(true));
          }),
      ),
    );
    expect(refused).toHaveLength(200);
    for (const asker of askers) asker.ask(queryOctets(1));
    await until(() => askers.every((asker) => asker.replies.length === 1), "the first 20 are answered");
    expect(door.connections).toBe(20);
    expect(door.counts.accepted).toBe(20);
  });

  test("a place that was given back can be taken again", async () => {
    const door = await open(answerOne, { limits: { connectionsPerClient: 1 } });
    for (let i = 0; i < 5; i++) {
      const asker = await client(door);
      asker.ask(queryOctets(i));
      await until(() => asker.replies.length === 1, "it is answered");
      asker.socket.destroy();
      await until(() => door.connections === 0, "it is gone");
    }
    expect(door.counts.accepted).toBe(5);
  });

  test("at the limit of all, the connection that has been idle longest makes room, busy ones do not", async () => {
    const door = await open(answerInTime, { limits: { connections: 3 } });
    const busy = await client(door);
    busy.ask(queryOctets(1, "80.example"));
    const older = await client(door);
    const newer = await client(door);
    older.ask(queryOctets(2, "1.example")); // Now `newer` has been idle longer.
    await until(() => older.replies.length === 1, "it is answered");
    const late = await client(door);
    late.ask(queryOctets(3, "1.example"));
    await until(() => newer.state.closed || newer.state.end, "the longest idle is gone");
    await until(() => late.replies.length === 1 && busy.replies.length === 1, "the rest is answered");
    expect(older.state.end).toBe(false);
    expect(door.connections).toBe(3);
  });
});
