import { describe, expect, test } from "vitest";
import { askFor } from "../../test/asking.ts";
import { interfaces, opened, openInTests, places } from "../../test/listening.ts";
import {
  answerOne,
  closeAfterEach,
  connectTo,
  datagramClient,
  freePort,
  here,
  queryOctets,
  run,
  until,
} from "../../test/loopback.ts";
import { needs } from "../../test/support/tools.ts";
import type { ListenChange } from "./door-set.ts";
import { interfaceAddresses } from "./interface-addresses.ts";
import type { Listeners, ListenersOptions } from "./listeners.ts";
import type { Responder } from "./responder.ts";
import { openUdp } from "./udp.ts";

const closeLater = closeAfterEach();
const open = openInTests();
const listening = (options: Partial<ListenersOptions>): Promise<Listeners> => opened(open(options));

/** Answers with its last octet changed, so that one can tell who answered. */
function answerAs(octet: number): Responder {
  return (octets, from) => {
    const reply = answerOne(octets, from);
    if (reply instanceof Uint8Array) reply[reply.length - 1] = octet;
    return reply;
  };
}

/** The address that a server gives for a.example; why not, when it gives none. */
async function answerAt(text: string, port: number | undefined, kind: "udp-then-tcp" | "tcp" = "udp-then-tcp") {
  const result = await askFor(here(text, port), { transport: { kind }, timeoutMs: 1000 });
  return result.kind === "reply" ? result.message.answers.map(({ rdata }) => rdata.join(".")).join() : result.why;
}

test("a listener answers over UDP and TCP on one port, also when any port may do", async () => {
  const listeners = await listening({ listeners: [{ at: here(), respond: answerOne }] });
  const port = listeners.doors[0]?.at.port;
  expect(await answerAt("127.0.0.1", port)).toBe("192.0.2.1");
  expect(await answerAt("127.0.0.1", port, "tcp")).toBe("192.0.2.1");
});

test("each listener has its own responder", async () => {
  const listeners = await listening({
    listeners: [
      { at: here(), respond: answerAs(1) },
      { at: here("127.10.0.4"), respond: answerAs(2) },
      { at: here("127.0.0.2"), respond: answerAs(3) },
    ],
  });
  const [first, second, third] = listeners.doors.map((door) => door.at.port);
  expect(await answerAt("127.0.0.1", first)).toBe("192.0.2.1");
  expect(await answerAt("127.10.0.4", second)).toBe("192.0.2.2");
  expect(await answerAt("127.0.0.2", third, "tcp")).toBe("192.0.2.3");
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
    expect(await answerAt("127.0.0.2", port)).toBe("192.0.2.1");
    expect(await answerAt("127.0.0.2", port, "tcp")).toBe("192.0.2.1");
  });

  test("[::] stands for the IPv6 addresses alone", async (context) => {
    await needs("::1")(context);
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
    const texts = listeners.doors.map((door) => door.at.address.text);
    expect(texts.toSorted()).toEqual(own.map(({ address }) => address.text).toSorted());
    for (const { address } of own.filter(({ zone }) => zone === undefined)) {
      const port = listeners.doors.find((door) => door.at.address.text === address.text)?.at.port;
      expect(await answerAt(address.text, port)).toBe("192.0.2.1");
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
    expect(await answerAt("127.0.0.1", port)).toBe("192.0.2.1");
    expect(await answerAt("127.0.0.2", port)).toBe("192.0.2.2");
  });

  test("addresses that come are opened, those that go are closed, and both are told", async () => {
    const port = await freePort();
    let now = interfaces("127.0.0.1", "127.0.0.2");
    const changes: ListenChange[] = [];
    await listening({
      listeners: [{ at: here("0.0.0.0", port), respond: answerOne }],
      readInterfaces: () => now,
      interfacesEveryMs: 10,
      onChange: (change) => changes.push(change),
    });
    now = interfaces("127.0.0.2", "127.0.0.3", "203.0.113.7");
    await until(() => changes.length === 3, "the change was followed");
    expect(changes).toMatchObject([
      { kind: "closed", at: here("127.0.0.1", port) },
      { kind: "opened", at: here("127.0.0.3", port) },
      { kind: "problem", code: "EADDRNOTAVAIL", at: here("203.0.113.7", port) },
    ]);
    expect(await answerAt("127.0.0.3", port)).toBe("192.0.2.1");
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
    expect(await answerAt("127.0.0.1", listeners.doors[0]?.at.port)).toBe("192.0.2.1");
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

const linkLocal = interfaceAddresses().filter(({ zone }) => zone !== undefined);

describe("link-local addresses", () => {
  // Not every machine has one: then there is nothing to try.
  test.for(linkLocal)("$address.text on $zone answers there", async ({ address, zone }, context) => {
    await needs("dig")(context);
    const listeners = await listening({ listeners: [{ at: here("::"), respond: answerOne }] });
    const port = listeners.doors.find((door) => door.at.address.text === address.text)?.at.port;
    const shown = await run("dig", `@${address.text}%${zone}`, "-p", `${port}`, "+short", "+time=2", "a.example");
    expect(shown.trim()).toBe("192.0.2.1");
  });
  test("are opened with their interface", () => {
    expect(linkLocal.every(({ address: { text } }) => text.startsWith("fe80:"))).toBe(true);
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
  const port = await freePort();
  let now = interfaces("127.0.0.1");
  let letGo: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let isOpening = false;
  const listeners = await listening({
    listeners: [{ at: here("0.0.0.0", port), respond: answerOne }],
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
