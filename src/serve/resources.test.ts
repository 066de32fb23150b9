import { expect, test } from "vitest";
import { answerInTime, connectTo, countResources, here, queryOctets, unexpected, until } from "../../test/loopback.ts";
import { openListeners } from "./listeners.ts";

// The only test of its file: what other tests leave behind would be counted.
test("after the close nothing of ours keeps the process alive, however the connections ended", async () => {
  const leftOver = countResources();
  const listeners = await openListeners({
    listeners: [{ at: here("0.0.0.0"), respond: answerInTime }],
    readInterfaces: () => [{ address: here("127.0.0.1").address }, { address: here("127.0.0.2").address }],
    onFault: unexpected,
    interfacesEveryMs: 5,
    limits: { lingerMs: 20 },
  });
  if (listeners.kind === "failed") throw new Error("a port is taken");
  const [at = here()] = listeners.doors.map((door) => door.at);
  const askers = await Promise.all(Array.from({ length: 15 }, () => connectTo(at)));
  for (const asker of askers) asker.ask(queryOctets(1, "5.example"));
  await until(() => askers.every((asker) => asker.replies.length === 1), "all are answered");
  for (const asker of askers.slice(0, 5)) asker.socket.resetAndDestroy();
  for (const asker of askers.slice(5, 10)) asker.socket.destroy();
  await until(() => listeners.book.size === 5, "ten are gone");
  await listeners.close();
  for (const asker of askers.slice(10)) asker.socket.destroy();
  expect(await leftOver()).toEqual([]);
});
