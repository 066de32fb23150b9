import { appendFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { closeAfterEach, datagramClient, firstLabelOf, idOf, pause, queryOctets } from "../loopback.ts";
import { answerOf, untilAnswer } from "../support/answers.ts";
import { projectFolder } from "../support/project-folder.ts";
import { HUB, listenerOf, serveFolder } from "../support/reloading.ts";

const RECORDS = 50_000;
/** Two thousand questions in a second; fewer where that many wait: the kernel keeps some two hundred, no more. */
const PACE = 2;
const MOST_WAITING = 64;
const TOPOLOGY = `networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16, clients: 127.10.0.0/16, subnets: { pe: 10.0.1.0/24 } }
zones:
  corp.example: { file: corp.zone, links: hub }
  privatelink.vaultcore.azure.net: { links: hub }
services: { v: { type: azure/key-vault } }
endpoints: { pe: { network: hub, service: v, connection: approved } }
`;
const VAULT = "v.privatelink.vaultcore.azure.net";

const later = closeAfterEach();

/** Many hosts; all their addresses begin with `generation`, and end with the host's number. */
function zoneLines(generation: number): string[] {
  const host = (i: number): string => `h${i} A ${generation}.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
  return ["$TTL 300", ...Array.from({ length: RECORDS }, (_, i) => host(i))];
}

function zone(generation: number): string {
  return `${zoneLines(generation).join("\n")}\n`;
}

function served(): ReturnType<typeof projectFolder> {
  const folder = projectFolder({ "privlink.yaml": TOPOLOGY, "corp.zone": zone(1) });
  later(() => folder.close());
  return folder;
}

test("two reloads of fifty thousand records lose no question, and each answer is of one whole generation", async () => {
  const folder = served();
  const server = await serveFolder(later, folder, { listen: ["127.0.0.1:0=hub"], args: [] });
  const client = await datagramClient();
  later(() => client.close());
  const waiting = new Map<number, number>();
  const told: { readonly generation: number; readonly isOfItsHost: boolean; readonly asked: number }[] = [];
  let asked = 0;
  client.socket.on("message", (reply: Uint8Array) => {
    const number = waiting.get(idOf(reply));
    if (number === undefined) return;
    waiting.delete(idOf(reply));
    const host = Number(firstLabelOf(reply).slice(1));
    const [generation = 0, ...rest] = reply.subarray(-4);
    const isOfItsHost = ((rest[0] ?? 0) << 16) + ((rest[1] ?? 0) << 8) + (rest[2] ?? 0) === host;
    told.push({ generation, isOfItsHost, asked: number });
  });
  const ask = (): void => {
    const id = asked & 0xffff;
    waiting.set(id, asked);
    client.send(queryOctets(id, `h${(asked * 7919) % RECORDS}.corp.example`), listenerOf(server));
    asked += 1;
  };
  const askUntil = async (isOver: () => boolean): Promise<void> => {
    for (const end = performance.now() + 10_000; !isOver() && performance.now() < end; await pause(1))
      for (let i = 0; i < PACE && waiting.size < MOST_WAITING; i++) ask();
  };
  for (const next of [2, 3]) {
    folder.replace("corp.zone", zone(next));
    await askUntil(() => told.at(-1)?.generation === next);
  }
  for (const end = performance.now() + 3000; waiting.size > 0 && performance.now() < end; ) await pause(10);

  expect(waiting.size).toBe(0);
  expect(told.every(({ isOfItsHost }) => isOfItsHost)).toBe(true);
  const inOrder = told.toSorted((a, b) => a.asked - b.asked).map(({ generation }) => generation);
  expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b)); // Nobody hears of an older one again.
  expect(new Set(inOrder)).toEqual(new Set([1, 2, 3]));
}, 40_000);

test("beside fifty thousand records the new state of an endpoint is answered at once, there and back", async () => {
  const folder = served();
  const server = await serveFolder(later, folder);
  await pause(2100); // From now on its zone file has settled: a look at it is enough.
  for (const [state, wanted] of [
    ["rejected", "NXDOMAIN"],
    ["approved", "NOERROR 10.0.1.4"],
  ] as const) {
    folder.replace("privlink.yaml", TOPOLOGY.replace("approved", state));
    expect(await untilAnswer(listenerOf(server), VAULT, wanted, HUB)).toBe(wanted);
    expect(await answerOf(listenerOf(server), "h49999.corp.example", HUB)).toBe("NOERROR 1.0.195.79");
  }
});

test("a zone file that is written slowly is not answered from by halves", async () => {
  const folder = served();
  const server = await serveFolder(later, folder);
  const path = join(folder.path, "corp.zone");
  const lines = zoneLines(2);
  const write = async (): Promise<void> => {
    truncateSync(path);
    const size = Math.ceil(lines.length / 80);
    for (let at = 0; at < lines.length; at += size, await pause(10))
      appendFileSync(path, `${lines.slice(at, at + size).join("\n")}\n`);
  };
  const writing = write();
  const seen = new Set<string>();
  for (const end = performance.now() + 15_000; !seen.has("NOERROR 2.0.195.79") && performance.now() < end; )
    seen.add(await answerOf(listenerOf(server), "h49999.corp.example", HUB)); // Of the last line.
  await writing;
  expect(seen).toEqual(new Set(["NOERROR 1.0.195.79", "NOERROR 2.0.195.79"]));
});
