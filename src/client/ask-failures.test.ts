import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { askFor } from "../../test/asking.ts";
import { serversOfTest } from "../../test/listening-servers.ts";
import { answerOne, changedReply, constantReply, countResources, freePort, here, pause } from "../../test/loopback.ts";
import { frame } from "../transport/stream-framing.ts";
import type { AskTransport } from "./ask.ts";

const { serve, serveDatagrams, serveConnections } = serversOfTest();

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
      const nobody = here("127.0.0.1", await freePort());
      const start = performance.now();
      expect(await askFor(nobody, { transport, timeoutMs: 2000, tries: 3 })).toMatchObject({
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
    const drip = async (socket: Socket, octets: Uint8Array): Promise<void> => {
      for (const octet of octets) {
        socket.write(Uint8Array.of(octet));
        await pause(3);
      }
    };
    const server = await serveConnections((socket) => {
      socket.once("data", (chunk: Uint8Array) => void drip(socket, frame(constantReply(chunk.subarray(2)))));
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

  test("what would fail again is not tried again", async () => {
    let queries = 0;
    const server = await serveDatagrams((query) => {
      queries += 1;
      return [changedReply(query, (reply) => (reply[7] = 9))];
    });
    expect(await askFor(server, { tries: 3 })).toMatchObject({ why: "malformed-reply" });
    expect(queries).toBe(1);
  });

  test("nothing is left open, whatever the end", async () => {
    const silent = await serveDatagrams(() => []);
    const mute = await serveConnections((socket) => socket.resume());
    const fine = await serve(answerOne);
    const leftOver = countResources();
    const tcp = { kind: "tcp" } as const;
    const ends = await Promise.all([
      askFor(silent, { timeoutMs: 20 }),
      askFor(mute, { timeoutMs: 20, transport: tcp }),
      askFor(fine, { timeoutMs: 5000 }),
      askFor(fine, { timeoutMs: 5000, transport: tcp }),
      askFor(here("127.0.0.1", 1), { timeoutMs: 5000 }),
      askFor(here("127.0.0.1", 1), { timeoutMs: 5000, transport: tcp }),
      askFor(fine, { timeoutMs: 5000, from: here("203.0.113.9").address }),
    ]);
    expect(ends.map((end) => (end.kind === "reply" ? end.kind : end.why))).toEqual([
      "timeout",
      "timeout",
      "reply",
      "reply",
      "refused-connection",
      "refused-connection",
      "local-address",
    ]);
    expect(await leftOver()).toEqual([]);
  });
});
