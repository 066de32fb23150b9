import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { formatAddressPort, knownAddress } from "../net/address.ts";
import { holdSnapshot } from "../snapshot/holder.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Listener } from "../topology/model.ts";
import { currentListener, openedListeners, possibleHere } from "./listening.ts";

const NETWORKS = "networks: { hub: { prefixes: 10.0.0.0/16 }, spoke: { prefixes: 10.1.0.0/16 } }";

function snapshotWith(...listeners: string[]): Snapshot {
  return loadText(`${NETWORKS}\nlisten: [${listeners.join(", ")}]\n`).snapshot;
}

const places = (listeners: readonly Listener[]): string[] => listeners.map(({ at }) => formatAddressPort(at));

describe("listeners that a machine can have", () => {
  const { listeners } = snapshotWith("127.0.0.1:5300", '"[::1]:5300"').topology;
  const ipv4 = [{ address: knownAddress("127.0.0.1") }];

  test("are all of them where ::1 is there", () => {
    const { possible, without } = possibleHere(listeners, [...ipv4, { address: knownAddress("::1") }]);
    expect(places(possible)).toEqual(["127.0.0.1:5300", "[::1]:5300"]);
    expect(without).toEqual([]);
  });

  test("are those of IPv4 where it is not", () => {
    const { possible, without } = possibleHere(listeners, ipv4);
    expect(places(possible)).toEqual(["127.0.0.1:5300"]);
    expect(places(without)).toEqual(["[::1]:5300"]);
  });

  test("are those of IPv4 where every address of IPv6 is none", () => {
    const everywhere = snapshotWith("0.0.0.0:5300", '"[::]:5300"').topology.listeners;
    expect(places(possibleHere(everywhere, ipv4).possible)).toEqual(["0.0.0.0:5300"]);
    const own6 = [...ipv4, { address: knownAddress("fd00::5") }];
    expect(places(possibleHere(everywhere, own6).possible)).toEqual(["0.0.0.0:5300", "[::]:5300"]);
  });

  test("stay what was asked for where nothing else would be left", () => {
    expect(places(possibleHere(listeners.slice(1), ipv4).possible)).toEqual(["[::1]:5300"]);
  });
});

test("a reload changes who answers at an address, each of several at one address in its turn", () => {
  const holder = holdSnapshot(
    snapshotWith("{ address: 127.0.0.1:0, network: hub }", "{ address: 127.0.0.1:0, network: spoke }"),
  );
  const [first, second] = holder.current.topology.listeners.map((listener) => currentListener(holder, listener));
  expect([first?.().network, second?.().network]).toEqual(["hub", "spoke"]);
  holder.swap(snapshotWith("{ address: 127.0.0.1:0, network: spoke }", "127.0.0.1:0"));
  expect([first?.().network, second?.().network]).toEqual(["spoke", undefined]);
  holder.swap(snapshotWith("127.0.0.2:53"));
  expect([first?.().network, second?.().network]).toEqual(["hub", "spoke"]);
});

test("a wildcard is told with every address that it got", () => {
  const { listeners } = snapshotWith("{ address: 0.0.0.0:0, network: hub }", "127.0.0.1:5300").topology;
  const at = (text: string, port: number) => ({ at: { address: knownAddress(text), port } });
  const doors = [[at("127.0.0.1", 4001), at("10.0.0.5", 4001)], [at("127.0.0.1", 5300)]];
  const open = openedListeners(listeners, doors);
  expect(open.map((one) => `${formatAddressPort(one.at)} ${one.network}`)).toEqual([
    "127.0.0.1:4001 hub",
    "10.0.0.5:4001 hub",
    "127.0.0.1:5300 undefined",
  ]);
});
