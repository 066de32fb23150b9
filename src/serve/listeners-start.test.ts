import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { askFor } from "../../test/asking.ts";
import { interfaces, opened, openInTests, places } from "../../test/listening.ts";
import { answerOne, closeAfterEach, datagramClient, freePort, here, listenHere } from "../../test/loopback.ts";
import type { OpenDatagrams } from "./datagram-door.ts";
import type { Listeners, ListenersOptions } from "./listeners.ts";
import { openUdp } from "./udp.ts";

const closeLater = closeAfterEach();
const open = openInTests();
const listening = (options: Partial<ListenersOptions>): Promise<Listeners> => opened(open(options));

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
    expect(asked.slice(0, 2)).toEqual([0, 0]);
    expect(asked.at(-1)).toBe(port); // Other programs may have cost another try.
    expect(await askFor(here("127.0.0.2", port), { transport: { kind: "tcp" } })).toMatchObject({ kind: "reply" });
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
    expect(asked.slice(0, 3)).toEqual([0, taken, 0]);
    expect(asked.at(-1)).toBe(port);
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
