import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { askFor } from "../../test/asking.ts";
import {
  answerOne,
  closeAfterEach,
  connectionServer,
  constantReply,
  datagramServer,
  here,
  pause,
  unexpected,
} from "../../test/loopback.ts";
import type { AddressPort } from "../net/address.ts";
import { ConnectionBook } from "../serve/connection-book.ts";
import { openDoor } from "../serve/door.ts";
import type { Responder } from "../serve/responder.ts";
import { STREAM_LIMITS } from "../serve/stream-limits.ts";
import { frame } from "../transport/stream-framing.ts";
import type { AskTransport } from "./ask.ts";

const closeLater = closeAfterEach();

/** A listener of ours, over UDP and TCP. */
async function serve(respond: Responder, at = here()): Promise<AddressPort> {
  const book = new ConnectionBook(STREAM_LIMITS);
  const door = await openDoor(at, undefined, { respond, onFault: unexpected, book });
  if (door.kind === "problem") throw new Error(door.text);
  closeLater(() => door.close(0));
  return door.at;
}

async function serveDatagrams(replies: (query: Uint8Array) => readonly Uint8Array[]): Promise<AddressPort> {
  const { at, close } = await datagramServer(replies);
  closeLater(close);
  return at;
}

async function serveConnections(onConnection: (socket: Socket) => void): Promise<AddressPort> {
  const { at, close } = await connectionServer(onConnection);
  closeLater(close);
  return at;
}

describe("silence and its kinds", () => {
  test("every try is a query, and the first reply ends it", async () => {
    let queries = 0;
    const server = await serveDatagrams((query) => (++queries === 3 ? [constantReply(query)] : []));
    expect(await askFor(server, { timeoutMs: 30, tries: 2 })).toMatchObject({ why: "timeout" });
    expect(queries).toBe(2);
    queries = 0;
    expect(await askFor(server, { timeoutMs: 30, tries: 5 })).toMatchObject({ kind: "reply" });
    expect(queries).toBe(3);
  });

  test.each<AskTransport>([{ kind: "udp-then-tcp" }, { kind: "tcp" }, { kind: "tls", serverName: "dns.example" }])(
    "a port where nobody listens is told at once, once: $kind",
    async (transport) => {
      const server = await serveConnections(() => {});
      await closeLater.now();
      const start = performance.now();
      expect(await askFor(server, { transport, timeoutMs: 2000, tries: 3 })).toMatchObject({
        why: "refused-connection",
      });
      expect(performance.now() - start).toBeLessThan(1000);
    },
  );

  test("a server that closes, or resets, is asked again as often as was said", async () => {
    let connections = 0;
    const server = await serveConnections((socket) => {
      connections += 1;
      socket.once("data", () => (connections === 1 ? socket.end() : socket.resetAndDestroy()));
    });
    expect(await askFor(server, { transport: { kind: "tcp" }, tries: 3 })).toEqual({
      kind: "failed",
      why: "closed-connection",
      text: "closed the connection without a reply",
    });
    expect(connections).toBe(3);
  });

  test("a reply that comes in pieces and late is waited for, and no longer than was said", async () => {
    const server = await serveConnections((socket) => {
      socket.once("data", async (chunk: Uint8Array) => {
        for (const octet of frame(constantReply(chunk.subarray(2)))) {
          socket.write(Uint8Array.of(octet));
          await pause(3);
        }
      });
    });
    expect(await askFor(server, { transport: { kind: "tcp" }, timeoutMs: 1500 })).toMatchObject({ kind: "reply" });
    expect(await askFor(server, { transport: { kind: "tcp" }, timeoutMs: 50 })).toMatchObject({ why: "timeout" });
  });

  test.each<{ from: string; transport: AskTransport }>([
    { from: "203.0.113.9", transport: { kind: "udp-then-tcp" } },
    { from: "203.0.113.9", transport: { kind: "tcp" } },
    { from: "::1", transport: { kind: "udp-then-tcp" } },
    { from: "::1", transport: { kind: "tcp" } },
  ])("asking 127.0.0.1 from $from by $transport.kind is our own mistake", async ({ from, transport }) => {
    const server = await serve(answerOne);
    const result = await askFor(server, { from: here(from).address, transport });
    expect(result).toMatchObject({ kind: "failed", why: "local-address" });
  });

  test("nothing is left open, whatever the end", async () => {
    const before = process.getActiveResourcesInfo().filter((kind) => kind !== "Timeout").length;
    const silent = await serveDatagrams(() => []);
    await Promise.all([
      askFor(silent, { timeoutMs: 20 }),
      askFor(here("127.0.0.1", 1)),
      askFor(here("192.0.2.77", 1), { timeoutMs: 20 }),
    ]);
    await closeLater.now();
    await pause(20);
    expect(process.getActiveResourcesInfo().filter((kind) => kind !== "Timeout").length).toBeLessThanOrEqual(before);
  });
});
