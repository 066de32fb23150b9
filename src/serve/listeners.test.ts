import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import {
  answerOne,
  closeAfterEach,
  connectTo,
  datagramClient,
  here,
  listenHere,
  queryOctets,
  run,
  unexpected,
  until,
} from "../../test/loopback.ts";
import { formatAddressPort } from "../net/address.ts";
import type { OpenDatagrams } from "./datagram-door.ts";
import type { ListenChange } from "./door-set.ts";
import { type InterfaceAddress, interfaceAddresses } from "./interface-addresses.ts";
import { type Listeners, type ListenersFailure, type ListenersOptions, openListeners } from "./listeners.ts";
import type { Responder } from "./responder.ts";
import { openUdp } from "./udp.ts";

const closeLater = closeAfterEach();

async function open(options: Partial<ListenersOptions>): Promise<Listeners | ListenersFailure> {
  const opened = await openListeners({ listeners: [], onFault: unexpected, interfacesEveryMs: 0, ...options });
  if (opened.kind === "listening") closeLater(() => opened.close(0));
  return opened;
}

async function listening(options: Partial<ListenersOptions>): Promise<Listeners> {
  const opened = await open(options);
  if (opened.kind === "failed") throw new Error(opened.problems.map(({ text }) => text).join("; "));
  return opened;
}

function places(listeners: Listeners): string[] {
  return listeners.doors.map((door) => formatAddressPort(door.at));
}

/** Loopback addresses that stand for those of interfaces. */
function interfaces(...texts: string[]): InterfaceAddress[] {
  return texts.map((text) => ({ address: here(text).address }));
}

/** Answers with its last octet changed, so that one can tell who answered. */
function answerAs(octet: number): Responder {
  return (octets, from) => {
    const reply = answerOne(octets, from);
    if (reply instanceof Uint8Array) reply[reply.length - 1] = octet;
    return reply;
  };
}

async function dig(at: string, port: number | undefined, ...args: string[]): Promise<string> {
  const shown = await run("dig", `@${at}`, "-p", `${port}`, "+short", "+tries=1", "+time=1", ...args, "a.example");
  return shown.trim();
}

/** A port that nobody has, for now. */
async function freePort(): Promise<number> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => {
    socket.bind(0, "127.0.0.1", resolve);
  });
  const { port } = socket.address();
  await new Promise<void>((resolve) => {
    socket.close(resolve);
  });
  return port;
}

test("a listener answers over UDP and TCP on one port, also when any port may do", async () => {
  const listeners = await listening({ listeners: [{ at: here(), respond: answerOne }] });
  const port = listeners.doors[0]?.at.port;
  expect(await dig("127.0.0.1", port)).toBe("192.0.2.1");
  expect(await dig("127.0.0.1", port, "+tcp")).toBe("192.0.2.1");
});

test("each listener has its own responder", async () => {
  const listeners = await listening({
    listeners: [
      { at: here(), respond: answerAs(1) },
      { at: here("127.10.0.4"), respond: answerAs(2) },
      { at: here("::1"), respond: answerAs(3) },
    ],
  });
  const [first, second, third] = listeners.doors.map((door) => door.at.port);
  expect(await dig("127.0.0.1", first)).toBe("192.0.2.1");
  expect(await dig("127.10.0.4", second)).toBe("192.0.2.2");
  expect(await dig("::1", third, "+tcp")).toBe("192.0.2.3");
});

describe("a wildcard is a socket for each address of the machine", () => {
  test("every address has the same port, and replies leave from the address that was asked", async () => {
    const listeners = await listening({
      listeners: [{ at: here("0.0.0.0"), respond: answerOne }],
      readInterfaces: () => interfaces("127.0.0.1", "127.0.0.2", "::1", "127.0.0.3"),
    });
    const port = listeners.doors[0]?.at.port ?? 0;
    expect(places(listeners)).toEqual([`127.0.0.1:${port}`, `127.0.0.2:${port}`, `127.0.0.3:${port}`]);

    const asker = await datagramClient();
    closeLater(() => asker.close());
    asker.send(queryOctets(1), here("127.0.0.3", port));
    await until(() => asker.replies.length === 1, "the reply is here");
    expect(asker.replies[0]?.from.address).toBe("127.0.0.3");
    expect(await dig("127.0.0.2", port)).toBe("192.0.2.1");
    expect(await dig("127.0.0.2", port, "+tcp")).toBe("192.0.2.1");
  });

  test("[::] stands for the IPv6 addresses alone", async () => {
    const listeners = await listening({
      listeners: [{ at: here("::"), respond: answerOne }],
      readInterfaces: () => interfaces("127.0.0.1", "::1"),
    });
    expect(listeners.doors.map((door) => door.at.address.text)).toEqual(["::1"]);
  });

  test("the interfaces of this machine are opened, link-local ones too", async () => {
    const own = interfaceAddresses();
    expect(own.map(({ address }) => address.text)).toContain("127.0.0.1");
    const listeners = await listening({
      listeners: [...new Set(own.map(({ address: { family } }) => (family === 4 ? "0.0.0.0" : "::")))].map((text) => ({
        at: here(text),
        respond: answerOne,
      })),
    });
    const opened = listeners.doors.map((door) => door.at.address.text);
    expect(opened.toSorted()).toEqual(own.map(({ address }) => address.text).toSorted());
    for (const { address, zone } of own) {
      const port = listeners.doors.find((door) => door.at.address.text === address.text)?.at.port;
      expect(await dig(zone === undefined ? address.text : `${address.text}%${zone}`, port)).toBe("192.0.2.1");
    }
  });

  test("an address that another listener names on that port is the other's", async () => {
    const port = await freePort();
    const listeners = await listening({
      listeners: [
        { at: here("0.0.0.0", port), respond: answerAs(1) },
        { at: here("127.0.0.2", port), respond: answerAs(2) },
      ],
      readInterfaces: () => interfaces("127.0.0.1", "127.0.0.2"),
    });
    expect(places(listeners)).toEqual([`127.0.0.1:${port}`, `127.0.0.2:${port}`]);
    expect(await dig("127.0.0.1", port)).toBe("192.0.2.1");
    expect(await dig("127.0.0.2", port)).toBe("192.0.2.2");
  });

  test("addresses that come are opened, those that go are closed, and both are told", async () => {
    let now = interfaces("127.0.0.1", "127.0.0.2");
    const changes: ListenChange[] = [];
    const listeners = await listening({
      listeners: [{ at: here("0.0.0.0"), respond: answerOne }],
      readInterfaces: () => now,
      interfacesEveryMs: 10,
      onChange: (change) => changes.push(change),
    });
    const port = listeners.doors[0]?.at.port ?? 0;
    now = interfaces("127.0.0.2", "127.0.0.3", "203.0.113.7");
    await until(() => changes.length === 3, "the change was followed");
    expect(changes).toMatchObject([
      { kind: "closed", at: here("127.0.0.1", port) },
      { kind: "opened", at: here("127.0.0.3", port) },
      { kind: "problem", code: "EADDRNOTAVAIL", at: here("203.0.113.7", port) },
    ]);
    expect(await dig("127.0.0.3", port)).toBe("192.0.2.1");
    await expect(connectTo(here("127.0.0.1", port))).rejects.toThrow("ECONNREFUSED");
    expect(changes).toHaveLength(3); // The address that cannot be opened was tried again, and told once.
  });

  test("interfaces that cannot be read leave the doors as they are", async () => {
    let fails = false;
    const changes: ListenChange[] = [];
    const listeners = await listening({
      listeners: [{ at: here("0.0.0.0"), respond: answerOne }],
      readInterfaces: () => {
        if (fails) throw new Error("not today");
        return interfaces("127.0.0.1");
      },
      interfacesEveryMs: 10,
      onChange: (change) => changes.push(change),
    });
    fails = true;
    await until(() => changes.length > 0, "it is told");
    expect(changes).toMatchObject([{ kind: "problem", text: expect.stringContaining("not today") }]);
    expect(await dig("127.0.0.1", listeners.doors[0]?.at.port)).toBe("192.0.2.1");
  });

  test("an address that is not ready at the start is told and left for later", async () => {
    const changes: ListenChange[] = [];
    const listeners = await listening({
      listeners: [{ at: here("0.0.0.0"), respond: answerOne }],
      readInterfaces: () => interfaces("127.0.0.1", "203.0.113.7"),
      onChange: (change) => changes.push(change),
    });
    expect(listeners.doors).toHaveLength(1);
    expect(changes).toMatchObject([{ kind: "problem", code: "EADDRNOTAVAIL" }]);
  });
});

describe("all or nothing", () => {
  /** Keeps a port for one transport. */
  async function take(transport: "udp" | "tcp", text = "127.0.0.1"): Promise<number> {
    if (transport === "udp") {
      const taker = await datagramClient();
      closeLater(() => taker.close());
      return taker.socket.address().port;
    }
    const server = createServer();
    const { port } = await listenHere(server, text);
    closeLater(() => {
      server.close();
    });
    return port;
  }

  test.each(["udp", "tcp"] as const)("a port that is taken over %s leaves nothing open", async (transport) => {
    const port = await take(transport);
    const other = here("127.0.0.1", await freePort());
    const failed = await open({
      listeners: [
        { at: other, respond: answerOne },
        { at: here("127.0.0.1", port), respond: answerOne },
        { at: here("203.0.113.7"), respond: answerOne },
      ],
    });
    expect(failed).toMatchObject({
      kind: "failed",
      problems: [
        { transport, code: "EADDRINUSE", at: here("127.0.0.1", port) },
        { code: "EADDRNOTAVAIL", at: here("203.0.113.7") },
      ],
    });
    const again = await listening({ listeners: [{ at: other, respond: answerOne }] });
    expect(again.doors).toHaveLength(1);
  });

  test("a family that the machine has no address of", async () => {
    const failed = await open({
      listeners: [{ at: here("::", 5300), respond: answerOne }],
      readInterfaces: () => interfaces("127.0.0.1"),
    });
    expect(failed).toMatchObject({
      kind: "failed",
      problems: [{ text: "[::]:5300: no interface of this machine has an IPv6 address" }],
    });
  });

  test("when TCP has lost the port that UDP was given, another is tried for all addresses", async () => {
    const taken = await take("tcp");
    const asked: number[] = [];
    const openDatagrams: OpenDatagrams = (options) => {
      asked.push(options.at.port);
      return openUdp(asked.length === 1 ? { ...options, at: here("127.0.0.1", taken) } : options);
    };
    const listeners = await listening({
      listeners: [{ at: here("0.0.0.0"), respond: answerOne }],
      readInterfaces: () => interfaces("127.0.0.1", "127.0.0.2"),
      openDatagrams,
    });
    const port = listeners.doors[0]?.at.port;
    expect(port).not.toBe(taken);
    expect(asked).toEqual([0, 0, port]);
    expect(await dig("127.0.0.2", port, "+tcp")).toBe("192.0.2.1");
  });

  test("when a later address has lost the port, another is tried for the first one too", async () => {
    const taken = await take("tcp", "127.0.0.2");
    const asked: number[] = [];
    const openDatagrams: OpenDatagrams = (options) => {
      asked.push(options.at.port);
      return openUdp(asked.length === 1 ? { ...options, at: here("127.0.0.1", taken) } : options);
    };
    const listeners = await listening({
      listeners: [{ at: here("0.0.0.0"), respond: answerOne }],
      readInterfaces: () => interfaces("127.0.0.1", "127.0.0.2"),
      openDatagrams,
    });
    const port = listeners.doors[0]?.at.port;
    expect(asked).toEqual([0, taken, 0, port]);
    expect(places(listeners)).toEqual([`127.0.0.1:${port}`, `127.0.0.2:${port}`]);
  });

  test("a clash that lasts ends as a problem", async () => {
    const taken = await take("tcp");
    let tries = 0;
    const failed = await open({
      listeners: [{ at: here(), respond: answerOne }],
      openDatagrams: (options) => {
        tries += 1;
        return openUdp({ ...options, at: here("127.0.0.1", taken) });
      },
    });
    expect(failed).toMatchObject({ kind: "failed", problems: [{ code: "EADDRINUSE", transport: "tcp" }] });
    expect(tries).toBe(10);
  });
});

test("the limits on connections hold over all doors together", async () => {
  const listeners = await listening({
    listeners: [
      { at: here(), respond: answerOne },
      { at: here("127.0.0.2"), respond: answerOne },
    ],
    limits: { connectionsPerClient: 2 },
  });
  const [first = here(), second = here()] = listeners.doors.map(({ at }) => at);
  for (const at of [first, second]) {
    const asker = await connectTo(at);
    closeLater(() => {
      asker.socket.destroy();
    });
  }
  // The system accepts it, so it may still look open for a moment.
  connectTo(second).catch(() => {});
  await until(() => listeners.book.refused === 1, "the third is refused");
  expect(listeners.book.size).toBe(2);
});

test("closing closes every door, one that is just being opened included", async () => {
  let now = interfaces("127.0.0.1");
  let letGo: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let isOpening = false;
  const listeners = await listening({
    listeners: [{ at: here("0.0.0.0"), respond: answerOne }],
    readInterfaces: () => now,
    interfacesEveryMs: 5,
    openDatagrams: async (options) => {
      if (options.at.address.text === "127.0.0.2") {
        isOpening = true;
        await gate;
      }
      return openUdp(options);
    },
  });
  const port = listeners.doors[0]?.at.port ?? 0;
  now = interfaces("127.0.0.1", "127.0.0.2");
  await until(() => isOpening, "the new address is being opened");
  const closed = Promise.all([listeners.close(), listeners.close()]);
  letGo();
  await closed;
  expect(listeners.doors).toEqual([]);
  const again = await listening({
    listeners: ["127.0.0.1", "127.0.0.2"].map((text) => ({ at: here(text, port), respond: answerOne })),
  });
  expect(again.doors).toHaveLength(2);
});
