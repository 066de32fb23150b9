import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { askFor } from "../../test/asking.ts";
import { serversOfTest } from "../../test/listening-servers.ts";
import {
  answerOne,
  changedReply,
  closeAfterEach,
  constantReply,
  datagramClient,
  here,
  idOf,
} from "../../test/loopback.ts";
import { needs } from "../../test/support/tools.ts";
import type { Responder } from "../serve/responder.ts";
import { Deframer, frame } from "../transport/stream-framing.ts";
import type { AskTransport } from "./ask.ts";

const closeLater = closeAfterEach();

const { serve, serveDatagrams, serveConnections } = serversOfTest();

describe("a server that answers", () => {
  test.for<{ at: string; transport: AskTransport; by: string }>([
    { at: "127.0.0.1", transport: { kind: "udp-then-tcp" }, by: "udp" },
    { at: "127.0.0.1", transport: { kind: "tcp" }, by: "tcp" },
    { at: "::1", transport: { kind: "udp-then-tcp" }, by: "udp" },
    { at: "::1", transport: { kind: "tcp" }, by: "tcp" },
  ])("is heard at $at by $by", async ({ at, transport, by }, context) => {
    await needs(at)(context);
    const server = await serve(answerOne, here(at));
    const result = await askFor(server, { transport });
    expect(result).toMatchObject({
      kind: "reply",
      transport: by,
      server,
      message: { rcode: 0, answers: [{ ttl: 10 }] },
    });
    expect(result.kind === "reply" && result.ms).toBeGreaterThan(0);
    expect(result.kind === "reply" && result.octets.length).toBe(43);
  });

  test.each<AskTransport["kind"]>(["udp-then-tcp", "tcp"])(
    "is asked from the address that is given, by %s",
    async (kind) => {
      const seen: string[] = [];
      const server = await serve((octets, from) => {
        seen.push(from.address.text);
        return answerOne(octets, from);
      });
      const transport: AskTransport = kind === "tcp" ? { kind } : { kind: "udp-then-tcp" };
      expect((await askFor(server, { transport, from: here("127.10.0.4").address })).kind).toBe("reply");
      expect(seen).toEqual(["127.10.0.4"]);
    },
  );

  test("sees a random id and another port each time", async () => {
    const ids = new Set<number>();
    const ports = new Set<number>();
    const server = await serve((octets, from) => {
      ids.add(idOf(octets));
      ports.add(from.port);
      return answerOne(octets, from);
    });
    for (let i = 0; i < 30; i++) await askFor(server);
    expect(ids.size).toBeGreaterThan(25);
    expect(ports.size).toBeGreaterThan(25);
  });

  test("may have any rcode: that is a reply", async () => {
    const server = await serveDatagrams((query) => [changedReply(query, (reply) => (reply[3] = 5))]);
    expect(await askFor(server)).toMatchObject({ kind: "reply", message: { rcode: 5 } });
  });

  test("may repeat the name in another case", async () => {
    const server = await serveDatagrams((query) => [changedReply(query, (reply) => (reply[13] = 0x41))]);
    expect(await askFor(server)).toMatchObject({ kind: "reply" });
  });

  test("may leave out the question of a query that it could not read", async () => {
    const server = await serveDatagrams((query) => [
      Uint8Array.of(...query.subarray(0, 2), 0x81, 1, 0, 0, 0, 0, 0, 0, 0, 0),
    ]);
    expect(await askFor(server)).toMatchObject({ kind: "reply", message: { rcode: 1, questions: [] } });
  });
});

describe("what is no reply to the question is thrown away, and the wait goes on", () => {
  const wrong: { what: string; forge: (query: Uint8Array) => Uint8Array }[] = [
    { what: "another id", forge: (query) => changedReply(query, (reply) => (reply[1] = (reply[1] ?? 0) ^ 1)) },
    { what: "another name", forge: (query) => changedReply(query, (reply) => (reply[13] = 0x62)) },
    { what: "another type", forge: (query) => changedReply(query, (reply) => (reply[24] = 28)) },
    { what: "another class", forge: (query) => changedReply(query, (reply) => (reply[26] = 3)) },
    { what: "the query itself", forge: (query) => query },
    { what: "another opcode", forge: (query) => changedReply(query, (reply) => (reply[2] = 0xa1)) },
    { what: "two questions", forge: (query) => changedReply(query, (reply) => (reply[5] = 2)) },
    {
      what: "data without the question",
      forge: (query) => Uint8Array.of(...query.subarray(0, 2), 0x81, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    },
    { what: "half a header", forge: (query) => query.subarray(0, 6) },
    {
      what: "a name that points at itself",
      forge: (query) => changedReply(query, (reply) => reply.set([0xc0, 0x0c], 12)),
    },
    { what: "nothing", forge: () => new Uint8Array(0) },
  ];

  test.each(wrong)("over UDP: $what", async ({ forge }) => {
    const only = await serveDatagrams((query) => [forge(query)]);
    expect(await askFor(only)).toEqual({ kind: "failed", why: "timeout", text: "gave no reply in 150 ms" });
    const before = await serveDatagrams((query) => [forge(query), constantReply(query)]);
    expect(await askFor(before)).toMatchObject({ kind: "reply", message: { answers: [{ ttl: 10 }] } });
  });

  test.each(wrong)("over TCP: $what", async ({ forge }) => {
    const server = await serveConnections((socket) => {
      const deframer = new Deframer();
      socket.on("data", (chunk: Uint8Array) => {
        for (const query of deframer.push(chunk))
          socket.write(Buffer.concat([frame(forge(query)), frame(constantReply(query))]));
      });
    });
    expect(await askFor(server, { transport: { kind: "tcp" } })).toMatchObject({
      kind: "reply",
      message: { answers: [{ ttl: 10 }] },
    });
  });

  test("datagrams from another port or address do not come in at all", async () => {
    const [stranger, neighbour] = [await datagramClient(), await datagramClient(here("127.0.0.2"))];
    for (const forger of [stranger, neighbour]) closeLater(() => forger.close());
    const server = await datagramClient();
    closeLater(() => server.close());
    server.socket.on("message", (query, { port }) => {
      for (const forger of [stranger, neighbour]) forger.send(constantReply(query), here("127.0.0.1", port));
    });
    expect(await askFor(here("127.0.0.1", server.socket.address().port))).toMatchObject({ why: "timeout" });
  });
});

describe("replies that cannot be read are failures", () => {
  test.each([
    { what: "a count that lies", octet: 7, value: 9 },
    { what: "an address of three octets", octet: 38, value: 3 },
    { what: "a name that points forward", octet: 28, value: 0xff },
  ])("$what", async ({ octet, value }) => {
    const server = await serveDatagrams((query) => [changedReply(query, (reply) => (reply[octet] = value))]);
    const result = await askFor(server);
    expect(result).toMatchObject({ kind: "failed", why: "malformed-reply" });
    expect(result.kind === "failed" && result.text).toMatch(/^sent a malformed reply: [a-z-]+ at octet \d+$/);
  });

  test("any octets behind the question end in a reply or a failure", async () => {
    let tail = new Uint8Array(0);
    const server = await serveDatagrams((query) => [Buffer.concat([constantReply(query).subarray(0, 27), tail])]);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (octets) => {
        tail = Uint8Array.from(octets);
        const result = await askFor(server);
        expect(result.kind === "reply" || result.why === "malformed-reply").toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a truncated reply", () => {
  /** Answers over UDP with TC and nothing that can be read behind the question. */
  const truncate: Responder = (octets, from) => {
    if (from.transport === "tcp") return answerOne(octets, from);
    return changedReply(octets, (reply) => reply.set([0x83, 0, 0, 1, 0, 9], 2)).subarray(0, 30);
  };

  test("is asked again over TCP, however it is cut", async () => {
    const server = await serve(truncate);
    expect(await askFor(server)).toMatchObject({
      kind: "reply",
      transport: "tcp",
      message: { answers: [{ ttl: 10 }] },
    });
  });

  test("that cannot be had over TCP is a failure that says so", async () => {
    const server = await serveDatagrams((query) => [changedReply(query, (reply) => (reply[2] = 0x83))]);
    expect(await askFor(server)).toEqual({
      kind: "failed",
      why: "refused-connection",
      text: "truncated its reply over UDP, and over TCP refused the connection: nothing listens there",
    });
  });
});
