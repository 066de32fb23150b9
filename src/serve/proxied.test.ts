import { describe, expect, test } from "vitest";
import { opened, openInTests } from "../../test/listening.ts";
import {
  closeAfterEach,
  connectTo,
  constantReply,
  datagramClient,
  here,
  idOf,
  pause,
  queryOctets,
  until,
} from "../../test/loopback.ts";
import { type AddressPort, formatAddressPort } from "../net/address.ts";
import { writeProxyHeader } from "../transport/proxy-header.ts";
import { frame } from "../transport/stream-framing.ts";
import type { Listeners } from "./listeners.ts";
import type { Peer } from "./responder.ts";

const closeLater = closeAfterEach();
const open = openInTests();
const CLIENT = { source: here("10.1.0.4", 4711), destination: here("10.0.0.5", 53) };

/** A listener behind proxies at 127.0.0.1, with whom it was asked by. */
async function listen(limits = {}): Promise<{
  readonly at: AddressPort;
  readonly peers: string[];
  readonly locals: Set<unknown>;
  readonly listeners: Listeners;
}> {
  const peers: string[] = [];
  const locals = new Set<unknown>();
  const respond = (octets: Uint8Array, { address, port, local }: Peer): Uint8Array => {
    peers.push(`${formatAddressPort({ address, port })} → ${formatAddressPort(local)}`);
    locals.add(local);
    return constantReply(octets);
  };
  const isProxy = ({ text }: AddressPort["address"]): boolean => text === "127.0.0.1";
  const listeners = await opened(open({ listeners: [{ at: here(), respond, isProxy }], limits }));
  return { at: listeners.doors[0]?.at ?? here(), peers, locals, listeners };
}

const datagram = (id: number, client = CLIENT): Uint8Array =>
  Uint8Array.of(...writeProxyHeader(client, "udp"), ...queryOctets(id));

describe("behind a proxy a datagram", () => {
  test("is whose the header says, and its reply has none and goes back to the proxy", async () => {
    const { at, peers, locals } = await listen();
    const proxy = await datagramClient();
    closeLater(() => proxy.close());
    proxy.send(datagram(7), at);
    proxy.send(datagram(8), at);
    await until(() => proxy.replies.length === 2, "replies came");
    expect(new Set(proxy.replies.map(({ octets }) => idOf(octets)))).toEqual(new Set([7, 8]));
    expect(peers).toEqual(Array(2).fill("10.1.0.4:4711 → 10.0.0.5:53"));
    expect(locals.size).toBe(1); // What is remembered by the address that was asked is found again.
  });

  test("of the proxy itself is the proxy's", async () => {
    const { at, peers } = await listen();
    const proxy = await datagramClient();
    closeLater(() => proxy.close());
    proxy.send(datagram(7, { source: here("10.1.0.4"), destination: here("::1") }), at);
    await until(() => proxy.replies.length === 1, "a reply came");
    expect(peers[0]).toMatch(/^127\.0\.0\.1:\d+ → 127\.0\.0\.1:/);
  });

  test.each([
    { what: "without a header", octets: queryOctets(7), from: "127.0.0.1" },
    { what: "of a peer that is no proxy", octets: datagram(7), from: "127.0.0.2" },
    {
      what: "that is a header and nothing else",
      octets: writeProxyHeader(CLIENT, "udp").subarray(0, 20),
      from: "127.0.0.1",
    },
  ])("$what is dropped", async ({ octets, from }) => {
    const { at, peers } = await listen();
    const client = await datagramClient(here(from));
    const proxy = await datagramClient();
    closeLater(() => Promise.all([client.close(), proxy.close()]).then(() => undefined));
    client.send(octets, at);
    proxy.send(datagram(9), at);
    await until(() => proxy.replies.length === 1, "a reply came");
    expect(peers.length).toBe(1);
    expect(client.replies).toEqual([]);
  });
});

describe("behind a proxy a connection", () => {
  const header = writeProxyHeader(CLIENT, "tcp");

  test("is whose its header says, however it is split", async () => {
    const { at, peers } = await listen();
    const whole = Uint8Array.of(...header, ...frame(queryOctets(7)), ...frame(queryOctets(8)));
    for (const split of [1, 11, 20, header.length, header.length + 1, whole.length]) {
      const proxy = await connectTo(at);
      proxy.socket.write(whole.subarray(0, split));
      await pause(5);
      proxy.socket.write(whole.subarray(split));
      await until(() => proxy.replies.length === 2, "replies came");
      proxy.socket.destroy();
    }
    expect(new Set(peers)).toEqual(new Set(["10.1.0.4:4711 → 10.0.0.5:53"]));
  });

  test("without a header is ended", async () => {
    const { at, peers } = await listen();
    const client = await connectTo(at);
    client.ask(queryOctets(7));
    await until(() => client.state.end || client.state.closed, "it is ended");
    expect(peers).toEqual([]);
  });

  test("counts for its client, not for the proxy", async () => {
    const { at } = await listen({ connectionsPerClient: 2 });
    const begin = async (last: number): Promise<Awaited<ReturnType<typeof connectTo>>> => {
      const proxy = await connectTo(at);
      closeLater(() => void proxy.socket.destroy());
      const client = { ...CLIENT, source: here(`10.1.0.${last}`, 4711) };
      proxy.socket.write(Uint8Array.of(...writeProxyHeader(client, "tcp"), ...frame(queryOctets(last))));
      await until(() => proxy.replies.length === 1 || proxy.state.end || proxy.state.closed, "it is answered or ended");
      return proxy;
    };
    const open = [await begin(1), await begin(1), await begin(2), await begin(3), await begin(1)];
    expect(open.map(({ replies }) => replies.length)).toEqual([1, 1, 1, 1, 0]);
  });
});
