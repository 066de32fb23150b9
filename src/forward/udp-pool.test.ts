import { randomInt } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type FakeUpstream, openFakeUpstream } from "../../test/fake-upstream.ts";
import { closeAfterEach, constantReply, freePort, here } from "../../test/loopback.ts";
import { knownName } from "../name/name-text.ts";
import { type SentQuery, writeQuery } from "./sent-query.ts";
import { UdpPool } from "./udp-pool.ts";
import type { DatagramEnd } from "./waiting.ts";

const closeLater = closeAfterEach();
const SETTINGS = { sockets: 4, questionsPerSocket: 10, idleMs: 60_000 };

const query = (name: string): SentQuery => writeQuery({ name: knownName(name), type: 1, rd: true }, undefined);

function ask(pool: UdpPool, name = "www.example"): Promise<DatagramEnd> {
  return new Promise((resolve) => {
    pool.ask(query(name), resolve);
  });
}

async function upstream(isSilent = false): Promise<FakeUpstream> {
  const fake = await openFakeUpstream({ udp: (got, send) => (isSilent ? undefined : send(constantReply(got.octets))) });
  closeLater(() => fake.close());
  return fake;
}

describe("a pool of ports", () => {
  test("gives each port up after its questions, and opens as many as it was told", async () => {
    const fake = await upstream();
    const pool = new UdpPool(fake.at, randomInt, SETTINGS);
    closeLater(() => pool.close());
    for (let i = 0; i < 200; i++) {
      expect((await ask(pool)).kind).toBe("octets");
      expect(pool.size).toBeLessThanOrEqual(SETTINGS.sockets);
    }
    const perPort = new Map<number, number>();
    for (const { port } of fake.got) perPort.set(port, (perPort.get(port) ?? 0) + 1);
    expect(Math.max(...perPort.values())).toBeLessThan(2 * SETTINGS.questionsPerSocket);
    expect(perPort.size).toBeGreaterThanOrEqual(200 / (2 * SETTINGS.questionsPerSocket));
  });

  test("keeps a port that was given up until its last reply has come", async () => {
    const held: (() => void)[] = [];
    const fake = await openFakeUpstream({ udp: (got, send) => held.push(() => send(constantReply(got.octets))) });
    closeLater(() => fake.close());
    const pool = new UdpPool(fake.at, randomInt, { ...SETTINGS, sockets: 1, questionsPerSocket: 1 });
    closeLater(() => pool.close());
    const asked = [ask(pool), ask(pool), ask(pool)];
    await expect.poll(() => held.length).toBe(3);
    pool.close();
    for (const reply of held) reply();
    expect((await Promise.all(asked)).map(({ kind }) => kind)).toEqual(["octets", "octets", "octets"]);
    expect(pool.size).toBe(0);
  });

  test("tells everybody who waits that the system does not connect to the address", async () => {
    const pool = new UdpPool(here("255.255.255.255", 53), randomInt, SETTINGS); // As where no route leads there.
    closeLater(() => pool.close());
    const ends = await Promise.all([ask(pool), ask(pool), ask(pool), ask(pool)]);
    expect(ends.map(({ kind }) => kind)).toEqual(["failed", "failed", "failed", "failed"]);
    expect((await ask(pool)).kind).toBe("failed");
    expect(pool.size).toBe(0);
  });

  test("tells everybody who waits that nobody listens there", async () => {
    const pool = new UdpPool(here("127.0.0.1", await freePort()), randomInt, SETTINGS);
    closeLater(() => pool.close());
    const ends = await Promise.all([ask(pool), ask(pool), ask(pool)]);
    expect(new Set(ends.map((end) => (end.kind === "failed" ? end.why : end.kind)))).toEqual(
      new Set(["refused-connection"]),
    );
  });

  test("closes its ports when nobody asks for a while, and not while somebody waits", async () => {
    const fake = await upstream(true);
    const pool = new UdpPool(fake.at, randomInt, { ...SETTINGS, idleMs: 20 });
    closeLater(() => pool.close());
    const cancel = pool.ask(query("www.example"), () => {});
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(pool.size).toBe(1);
    cancel();
    await expect.poll(() => pool.size).toBe(0);
  });
});
