import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NAMED, type RealServer, startServer } from "../../test/agreement/servers.ts";
import { here, listenHere } from "../../test/loopback.ts";
import { needs } from "../../test/support/tools.ts";
import { knownName } from "../name/name-text.ts";
import { typeName } from "../record/type-names.ts";
import { frame } from "../transport/stream-framing.ts";
import { transferZone } from "./transfer.ts";

const ZONE = knownName("corp.example");
const REQUEST = { zone: ZONE, silenceMs: 2000, maxRecords: 20_000 };
const HEAD = "@ 300 SOA ns.corp.example. h.corp.example. 1 2 3 4 5\n@ 300 NS ns.invalid.\n";

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

async function named(text: string): Promise<RealServer> {
  const server = await startServer(NAMED, [{ origin: "corp.example.", text }]);
  if (server === undefined) throw new Error("named is not there");
  running.push(server);
  return server;
}

describe("a zone of named", () => {
  beforeEach(needs("named"));

  test("comes whole, in as many messages as it takes, the SOA once", async () => {
    const lines = Array.from({ length: 5000 }, (_, i) => `host${i} 60 A 10.0.${i >> 8}.${i & 0xff}\n`);
    const { at } = await named(HEAD + lines.join(""));
    const transfer = await transferZone({ ...REQUEST, server: at }, 7);
    if (transfer.kind !== "records") throw new Error(transfer.text);
    expect(transfer.records).toHaveLength(5002);
    expect(new Set(transfer.records.map(({ owner }) => owner.key)).size).toBe(5001);
    expect(transfer.records.map(({ type }) => typeName(type)).filter((type) => type === "SOA")).toEqual(["SOA"]);
  });

  test("that it does not have is refused, in words that say what to do", async () => {
    const { at } = await named(HEAD);
    const transfer = await transferZone({ ...REQUEST, zone: knownName("other.example"), server: at }, 7);
    expect(transfer.kind === "records" ? "" : transfer.text).toMatch(
      /^said (?:NOTAUTH|REFUSED): it may let other addresses/,
    );
  });

  test("over the most records that are taken is none", async () => {
    const { at } = await named(`${HEAD}www 60 A 10.0.0.1\n`);
    expect(await transferZone({ ...REQUEST, maxRecords: 2, server: at }, 7)).toEqual({
      kind: "no-zone",
      text: "sent more than 2 records",
    });
  });
});

/** Octets of a message: a header with the id, the flags and the number of answers, and what follows. */
function message(id: number, flags: number, answers: number, rest: readonly number[] = []): Uint8Array {
  return Uint8Array.from([id >> 8, id & 0xff, flags >> 8, flags & 0xff, 0, 0, 0, answers, 0, 0, 0, 0, ...rest]);
}

/** `. A 10.0.0.1` */
const ROOT_A = [0, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 1];

describe("a server that gives no zone is told, and never waited for in vain", () => {
  test.each([
    { says: "did not begin with the SOA of the zone", octets: message(7, 0x8400, 1, ROOT_A) },
    { says: "sent a message without records", octets: message(7, 0x8400, 0) },
    { says: "sent a message that answers no question of ours", octets: message(8, 0x8400, 1, ROOT_A) },
    {
      says: "said REFUSED: it may let other addresses transfer the zone, or ask for a key",
      octets: message(7, 0x8005, 0),
    },
    { says: "sent what is no DNS message: ", octets: message(7, 0x8400, 9) },
  ])("$says", async ({ says, octets }) => {
    const server = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.once("data", () => socket.write(frame(octets)));
    });
    const { port } = await listenHere(server);
    const transfer = await transferZone({ ...REQUEST, server: here("127.0.0.1", port) }, 7);
    server.close();
    expect(transfer.kind === "no-zone" ? transfer.text : transfer.kind).toContain(says);
  });

  test("silence ends after its time, and nobody there at once", async () => {
    const server = createServer((socket) => socket.on("error", () => socket.destroy()).resume());
    const { port } = await listenHere(server);
    const at = here("127.0.0.1", port);
    expect(await transferZone({ ...REQUEST, silenceMs: 50, server: at }, 7)).toMatchObject({ why: "timeout" });
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    expect(await transferZone({ ...REQUEST, server: at }, 7)).toMatchObject({ why: "refused-connection" });
  });
});
