import { expect, test } from "vitest";
import { listenForStop, type SignalName, signalMeanings } from "./lifecycle.ts";

test.each([
  { platform: "linux", stop: ["SIGINT", "SIGTERM"], reload: ["SIGHUP"] },
  { platform: "darwin", stop: ["SIGINT", "SIGTERM"], reload: ["SIGHUP"] },
  { platform: "win32", stop: ["SIGINT", "SIGTERM", "SIGHUP"], reload: [] },
])("on $platform $stop stop, $reload reload", ({ platform, stop, reload }) => {
  expect(signalMeanings(platform)).toEqual({ stop, reload });
});

test("the first of the signals asks, the second insists, and none is listened to any more at the end", async () => {
  const handlers = new Map<SignalName, () => void>();
  const onSignal = (name: SignalName, handler: () => void) => {
    handlers.set(name, handler);
    return () => void handlers.delete(name);
  };
  const stop = listenForStop(onSignal, signalMeanings("win32").stop);
  handlers.get("SIGHUP")?.();
  expect(await stop.asked).toBe("SIGHUP");
  handlers.get("SIGINT")?.();
  expect(await stop.insisted).toBe("SIGINT");
  stop.close();
  expect([...handlers.keys()]).toEqual([]);
});
