import { expect, test } from "vitest";
import { memoryFiles } from "../../test/support/memory-files.ts";
import { knownAddress } from "../net/address.ts";
import type { LoadOrder, LoadResult } from "../project/load-order.ts";
import { loadProject } from "../project/load-project.ts";
import { holdSnapshot, type SnapshotHolder } from "../snapshot/holder.ts";
import { sourceFile } from "../source/source-file.ts";
import { oncePerPeer } from "./once-per-peer.ts";
import { createReloader } from "./reload.ts";

const ORDER: LoadOrder = { request: { paths: [], networks: [] }, folder: "/", exampleFolder: "/", listen: [] };

function loaded(topology: string, digest: string): Extract<LoadResult, { kind: "loaded" }> {
  const { input, diagnostics, hasErrors } = loadProject(sourceFile("privlink.yaml", topology), memoryFiles({}));
  return {
    kind: "loaded",
    digest,
    input,
    diagnostics,
    untold: 0,
    hasErrors,
    name: "privlink.yaml",
    isExample: false,
    touched: [digest],
    files: [],
  };
}

/** A reloader over results that come one by one; tells what it logged, followed and asked for. */
function reloading(results: readonly LoadResult[]) {
  const told: string[] = [];
  const note =
    (level: string) =>
    (...parts: unknown[]): void =>
      void told.push(`${level} ${String(parts.at(-1))}`);
  const log = { error: note("error"), warn: note("warn"), info: note("info"), debug: note("debug") };
  const queue = [...results];
  const holder: SnapshotHolder = holdSnapshot(
    loadProject(sourceFile("privlink.yaml", "networks: { a: }\n"), memoryFiles({})).snapshot,
  );
  const thread = {
    load: async (order: LoadOrder): Promise<LoadResult> => {
      told.push(`load beside ${order.known}${order.afresh === true ? ", everything again" : ""}`);
      return queue.shift() ?? { kind: "unchanged" };
    },
  };
  const follow = (paths: readonly string[]): void => void told.push(`follow ${paths.join()}`);
  return {
    told,
    holder,
    reloader: createReloader(
      { order: ORDER, thread, holder, log, follow, onLoaded: () => void told.push("loaded") },
      "first",
    ),
  };
}

test("a model with errors leaves the old one, is told, and is followed; the next is measured against what is served", async () => {
  const { told, holder, reloader } = reloading([
    loaded("networks: { a: }\nzonse: {}\n", "broken"),
    { kind: "unchanged" },
    loaded("networks: { a: , b: }\n", "second"),
  ]);
  const before = holder.current;
  for (let i = 0; i < 2; i++) {
    reloader.request("files changed");
    await reloader.idle();
  }
  expect(holder.current).toBe(before);
  reloader.request("SIGHUP", { afresh: true });
  await reloader.idle();
  expect([...holder.current.topology.networks.keys()]).toEqual(["a", "b"]);
  expect(told.filter((line) => !line.startsWith("debug"))).toEqual([
    "load beside first",
    "follow broken",
    expect.stringMatching(/^error privlink\.yaml:2:1: error: .*zonse/),
    expect.stringMatching(/^error reload failed, the old model goes on answering: 1 error/),
    "load beside first",
    "info the files say again what is answered",
    "load beside first, everything again",
    "follow second",
    "loaded",
    expect.stringMatching(/^info reloaded: 2 networks/),
  ]);
});

test("of more problems than people read the worst are told, and how many more there are", async () => {
  const broken = { ...loaded("networks: { a: }\nzonse: {}\n", "broken"), untold: 7 };
  const { told, reloader } = reloading([broken]);
  reloader.request("files changed");
  await reloader.idle();
  expect(told.slice(-2)).toEqual([
    "warn 7 more problems: privlink check tells all of them",
    "error reload failed, the old model goes on answering: 1 error and 7 more",
  ]);
});

test("a wish to read everything again is not lost to a request that comes after it", async () => {
  const { told, reloader } = reloading([]);
  reloader.request("files changed");
  reloader.request("SIGHUP", { afresh: true });
  reloader.request("files changed");
  await reloader.idle();
  expect(told.filter((line) => line.startsWith("load"))).toEqual([
    "load beside first",
    "load beside first, everything again",
  ]);
});

test("requests that come while one runs are one more run", async () => {
  const { told, reloader } = reloading([]);
  for (let i = 0; i < 5; i++) reloader.request("files changed");
  await reloader.idle();
  expect(told.filter((line) => line.startsWith("load"))).toHaveLength(2);
});

test("each peer is told of once, and strangers cannot fill a log", () => {
  const told: string[] = [];
  const tell = oncePerPeer(({ address }) => told.push(address.text));
  const at = { address: knownAddress("127.0.0.1"), port: 53 };
  for (let i = 0; i < 3000; i++) {
    const address = knownAddress(`10.0.${(i % 1500) >> 8}.${(i % 1500) & 255}`);
    tell({ transport: "udp", address, port: 1, local: at });
  }
  expect(told).toHaveLength(1000);
  expect(new Set(told).size).toBe(1000);
});
