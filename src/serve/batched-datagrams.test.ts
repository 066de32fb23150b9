import { readdirSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import {
  answerOne,
  closeAfterEach,
  datagramClient,
  firstLabelOf,
  here,
  idOf,
  pause,
  queryOctets,
  unexpected,
  until,
} from "../../test/loopback.ts";
import { needsAddOn } from "../../test/support/tools.ts";
import { openBatched } from "./batched-datagrams.ts";
import type { DatagramDoor, DatagramOptions } from "./datagram-door.ts";
import { chooseEngine } from "./datagram-engines.ts";
import type { Peer } from "./responder.ts";

const closeLater = closeAfterEach();

async function open(options: Partial<DatagramOptions> = {}): Promise<DatagramDoor> {
  const door = await openBatched({ at: here(), respond: answerOne, onFault: unexpected, ...options });
  if (door.kind === "problem") throw new Error(door.text);
  closeLater(() => door.close(0));
  return door;
}

describe.runIf(process.platform === "linux")("datagrams in batches", () => {
  beforeEach(needsAddOn);

  test.each(["127.0.0.1", "::1"])(
    "200 datagrams of four clients at %s are answered in order, each to its own",
    async (at) => {
      const door = await open({ at: here(at), respond: (octets) => octets });
      const clients = await Promise.all([1, 2, 3, 4].map(() => datagramClient(here(at))));
      for (const asker of clients) closeLater(() => asker.close());
      for (let id = 0; id < 200; id++) clients[id % 4]?.send(queryOctets(id, `n${id}.example`), door.at);
      await until(() => clients.every(({ replies }) => replies.length === 50), "every reply is here");

      for (const [i, { replies }] of clients.entries()) {
        expect(replies.map(({ octets }) => idOf(octets))).toEqual(Array.from({ length: 50 }, (_, n) => n * 4 + i));
        for (const { octets } of replies) expect(firstLabelOf(octets)).toBe(`n${idOf(octets)}`);
      }
      expect(door.counts).toMatchObject({ received: 200, sent: 200, dropped: 0, sendErrors: 0 });
    },
  );

  test("a datagram as long as there can be comes whole, and its reply leaves whole", async () => {
    const lengths: number[] = [];
    const door = await open({
      respond: (octets) => {
        lengths.push(octets.length);
        return octets;
      },
    });
    const asker = await datagramClient(here());
    closeLater(() => asker.close());
    for (let i = 0; i < 5; i++) {
      asker.send(new Uint8Array(65_507).fill(i), door.at);
      await until(() => asker.replies.length === i + 1, "the reply is here");
    }
    expect(lengths).toEqual([65_507, 65_507, 65_507, 65_507, 65_507]);
    expect(asker.replies.map(({ octets }) => [octets.length, octets[65_506]])).toEqual(
      [0, 1, 2, 3, 4].map((i) => [65_507, i]),
    );
  });

  test("a client's second datagram makes no new peer, and another client has another", async () => {
    const peers: Peer[] = [];
    const door = await open({
      respond: (octets, from) => {
        peers.push(from);
        return octets;
      },
    });
    const [one, other] = [await datagramClient(here("127.0.0.5")), await datagramClient(here("127.0.0.6"))];
    for (const asker of [one, other, one, other]) {
      const before = asker.replies.length;
      asker.send(queryOctets(1), door.at);
      await until(() => asker.replies.length > before, "the reply is here");
    }
    await one.close();
    await other.close();
    expect(peers.map(({ address }) => address.text)).toEqual(["127.0.0.5", "127.0.0.6", "127.0.0.5", "127.0.0.6"]);
    expect(peers[2]).toBe(peers[0]);
    expect(peers[3]).toBe(peers[1]);
  });

  test("a promised reply goes to who asked, whoever asked since", async () => {
    const door = await open({
      respond: (octets) => {
        const copy = octets.slice();
        return pause(20).then(() => copy);
      },
    });
    const clients = await Promise.all(["127.0.0.5", "127.0.0.6", "127.0.0.7"].map((at) => datagramClient(here(at))));
    for (const asker of clients) closeLater(() => asker.close());
    for (const [i, asker] of clients.entries()) {
      asker.send(queryOctets(i), door.at);
      await until(() => door.counts.received === i + 1, "it has arrived"); // Each alone in the first slot.
    }
    await until(() => door.counts.sent === 3, "all are answered");
    await until(() => clients.every(({ replies }) => replies.length === 1), "each has one");
    expect(clients.map(({ replies }) => replies.map(({ octets }) => idOf(octets)))).toEqual([[0], [1], [2]]);
  });

  test("two doors that share a port are both open, as those of two processes", async () => {
    const first = await open({ sharesPorts: true });
    const second = await open({ sharesPorts: true, at: first.at });
    expect(second.at.port).toBe(first.at.port);
  });

  test("opened and closed two hundred times, no descriptor is left", async () => {
    const before = readdirSync("/proc/self/fd").length;
    for (let i = 0; i < 200; i++) await (await open()).close(0);
    expect(readdirSync("/proc/self/fd").length).toBeLessThan(before + 20);
  });
});

describe("which engine it is", () => {
  test.each([
    { wanted: "auto", hasAddOn: true, name: "batched" },
    { wanted: "auto", hasAddOn: false, name: "node" },
    { wanted: "node", hasAddOn: true, name: "node" },
    { wanted: "batched", hasAddOn: true, name: "batched" },
    { wanted: "batched", hasAddOn: false, name: "node" },
  ] as const)("$wanted, with the add-on there: $hasAddOn, is $name", ({ wanted, hasAddOn, name }) => {
    expect(chooseEngine(wanted, hasAddOn).name).toBe(name);
  });
});
