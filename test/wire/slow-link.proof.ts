import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, test } from "vitest";
import { runTool } from "../support/server.ts";
import { needs, needsAddOn } from "../support/tools.ts";

const CHILD = fileURLToPath(new URL("slow-link-child.mjs", import.meta.url));
const OCTETS = 1000;
/** A loopback of 24 megabits: what is sent lies in the system until it has left, and the sender's buffer fills. */
const SLOW = "ip link set lo up && tc qdisc add dev lo root tbf rate 24mbit burst 64kb limit 64mb";

beforeEach(needs("unshare", "ip", "tc"));

interface Printed {
  readonly ids: readonly number[];
  readonly counts: Readonly<Record<string, number>>;
}

async function ask(engine: string, questions: number): Promise<Printed> {
  const asking = `${SLOW} && exec "$0" ${CHILD} ${engine} ${questions} ${OCTETS}`;
  const { stdout, stderr } = await runTool("unshare", ["--net", "sh", "-c", asking, process.execPath]);
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

describe.each(["node", "batched"])("replies over a link that is slower than the server, moved by %s", (engine) => {
  if (engine === "batched") beforeEach(needsAddOn);

  test("wait in the process once the system takes no more, and leave in order", async () => {
    const { ids, counts } = await ask(engine, 3000);
    expect(ids).toEqual(Array.from({ length: 3000 }, (_, id) => id));
    expect(counts).toMatchObject({ received: 3000, sent: 3000, dropped: 0, sendErrors: 0 });
  }, 30_000);

  test("are dropped, and counted, where more than four megabytes would wait", async () => {
    const { ids, counts } = await ask(engine, 8000);
    const { received = 0, sent = 0, dropped = 0 } = counts;
    expect(sent).toBe(ids.length);
    expect(sent + dropped).toBe(received);
    expect(dropped).toBeGreaterThan(1000);
    expect(sent * OCTETS).toBeGreaterThan(4_000_000);
  }, 30_000);
});
