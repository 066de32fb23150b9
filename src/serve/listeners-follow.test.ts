import { expect, test } from "vitest";
import { askFor } from "../../test/asking.ts";
import { interfaces, opened, openInTests, places } from "../../test/listening.ts";
import { answerOne, closeAfterEach, connectTo, freePort, here, queryOctets, until } from "../../test/loopback.ts";
import { formatAddressPort } from "../net/address.ts";
import type { ListenChange } from "./door-set.ts";
import type { Listeners, ListenersOptions } from "./listeners.ts";
import { openUdp } from "./udp.ts";

const closeLater = closeAfterEach();
const open = openInTests();

/** Opened listeners, and what they tell afterwards, as text. */
async function listening(
  options: Partial<ListenersOptions>,
): Promise<{ readonly listeners: Listeners; readonly told: string[] }> {
  const told: string[] = [];
  const onChange = (change: ListenChange): void =>
    void told.push(`${change.kind === "problem" ? change.code : change.kind} ${formatAddressPort(change.at)}`);
  return { listeners: await opened(open({ ...options, onChange })), told };
}

async function isAnswered(text: string, port: number): Promise<boolean> {
  const { kind } = await askFor(here(text, port), { transport: { kind: "udp-then-tcp" }, timeoutMs: 1000 });
  return kind === "reply";
}

test("what is new is opened, what is gone is closed, and what stays keeps its connections", async () => {
  const port = await freePort();
  const stays = { at: here("127.0.0.1", port), respond: answerOne };
  const { listeners, told } = await listening({
    listeners: [{ at: here("127.0.0.2", port), respond: answerOne }, stays],
  });
  const [, door] = listeners.doors;
  const connection = await connectTo(here("127.0.0.1", port));
  await listeners.follow([stays, { at: here("127.0.0.3", port), respond: answerOne }]);
  expect(places(listeners)).toEqual([`127.0.0.1:${port}`, `127.0.0.3:${port}`]);
  await until(() => told.length === 2, "both are told");
  expect(told.toSorted()).toEqual([`closed 127.0.0.2:${port}`, `opened 127.0.0.3:${port}`]);
  expect(listeners.doors[0]).toBe(door);
  expect(await isAnswered("127.0.0.3", port)).toBe(true);
  await expect(connectTo(here("127.0.0.2", port))).rejects.toThrow("ECONNREFUSED");
  connection.ask(queryOctets(7));
  await until(() => connection.replies.length === 1, "the connection is answered still");
});

test("a wildcard makes room for an address that is named, and takes it back when nobody names it", async () => {
  const port = await freePort();
  const wildcard = { at: here("0.0.0.0", port), respond: answerOne };
  const { listeners, told } = await listening({
    listeners: [wildcard],
    readInterfaces: () => interfaces("127.0.0.1", "127.0.0.2"),
  });
  await listeners.follow([{ at: here("127.0.0.2", port), respond: answerOne }, wildcard]);
  expect(listeners.byRequest.map((doors) => doors.map(({ at }) => at.address.text))).toEqual([
    ["127.0.0.2"],
    ["127.0.0.1"],
  ]);
  await listeners.follow([wildcard]);
  expect(places(listeners).toSorted()).toEqual([`127.0.0.1:${port}`, `127.0.0.2:${port}`]);
  const [closed, opened] = [`closed 127.0.0.2:${port}`, `opened 127.0.0.2:${port}`];
  expect(told).toEqual([closed, opened, closed, opened]);
});

test("a place that goes behind a proxy is another socket at the same address", async () => {
  const port = await freePort();
  const at = here("127.0.0.1", port);
  const { listeners, told } = await listening({ listeners: [{ at, respond: answerOne }] });
  const [before] = listeners.doors;
  await listeners.follow([{ at, respond: answerOne, isProxy: () => true }]);
  expect(listeners.doors).toHaveLength(1);
  expect(listeners.doors[0]).not.toBe(before);
  expect(told).toEqual([`closed 127.0.0.1:${port}`, `opened 127.0.0.1:${port}`]);
});

test("an address that another program holds is told once, the others go on, and it is opened when it is free", async () => {
  const port = await freePort();
  const other = await openUdp({ at: here("127.0.0.2", port), respond: answerOne, onFault: () => undefined });
  if (other.kind === "problem") throw new Error(other.text);
  closeLater(() => other.close(0));
  const stays = { at: here("127.0.0.1", port), respond: answerOne };
  const { listeners, told } = await listening({ listeners: [stays], interfacesEveryMs: 10 });
  await listeners.follow([stays, { at: here("127.0.0.2", port), respond: answerOne }]);
  expect(told).toEqual([`EADDRINUSE 127.0.0.2:${port}`]);
  expect(await isAnswered("127.0.0.1", port)).toBe(true);
  await other.close(0);
  await until(() => told.length === 2, "it was tried again");
  expect(told[1]).toBe(`opened 127.0.0.2:${port}`);
});

test("of several places where any port will do each keeps its own port", async () => {
  const any = { at: here("127.0.0.1"), respond: answerOne };
  const { listeners } = await listening({ listeners: [any, any] });
  const [first] = places(listeners);
  await listeners.follow([any]);
  expect(places(listeners)).toEqual([first]);
});

test("what was asked of a place that goes is answered still", async () => {
  const port = await freePort();
  let answer: (() => void) | undefined;
  const { listeners } = await listening({
    listeners: [
      {
        at: here("127.0.0.1", port),
        respond: (octets, from) =>
          new Promise((resolve) => {
            answer = () => resolve(answerOne(octets, from));
          }),
      },
    ],
  });
  const reply = askFor(here("127.0.0.1", port), { transport: { kind: "tcp" }, timeoutMs: 2000 });
  await until(() => answer !== undefined, "it has read the question");
  await listeners.follow([]);
  setTimeout(() => answer?.(), 50);
  expect((await reply).kind).toBe("reply");
});

test("a server that is closed opens nothing more", async () => {
  const { listeners } = await listening({ listeners: [] });
  await listeners.close();
  await listeners.follow([{ at: here(), respond: answerOne }]);
  expect(listeners.doors).toEqual([]);
});
