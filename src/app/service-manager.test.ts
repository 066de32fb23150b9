import { describe, expect, test } from "vitest";
import { environmentForChildren, readServiceManager } from "./service-manager.ts";

const PID = 4711;

describe("what a service manager says is ours", () => {
  test.each([
    { because: "nobody says anything", env: {}, is: {} },
    { because: "there is a place to tell", env: { NOTIFY_SOCKET: "/run/n" }, is: { notify: { socket: "/run/n" } } },
    {
      because: "signs of life are wanted of this process",
      env: { NOTIFY_SOCKET: "@n", WATCHDOG_USEC: "30000000", WATCHDOG_PID: "4711" },
      is: { notify: { socket: "@n", watchdogMs: 30_000 } },
    },
    {
      because: "signs of life are wanted of whoever is there",
      env: { NOTIFY_SOCKET: "@n", WATCHDOG_USEC: "500" },
      is: { notify: { socket: "@n", watchdogMs: 0.5 } },
    },
    {
      because: "signs of life are wanted of another process",
      env: { NOTIFY_SOCKET: "@n", WATCHDOG_USEC: "30000000", WATCHDOG_PID: "1" },
      is: { notify: { socket: "@n" } },
    },
    { because: "signs of life have no place to go", env: { WATCHDOG_USEC: "30000000" }, is: {} },
    {
      because: "there are sockets with names",
      env: { LISTEN_FDS: "2", LISTEN_PID: "4711", LISTEN_FDNAMES: "dns:other" },
      is: { activation: { count: 2, names: ["dns", "other"] } },
    },
    {
      because: "there are sockets without",
      env: { LISTEN_FDS: "1", LISTEN_PID: "4711" },
      is: { activation: { count: 1, names: [] } },
    },
    { because: "the sockets are another's", env: { LISTEN_FDS: "2", LISTEN_PID: "1" }, is: {} },
    { because: "the sockets are nobody's", env: { LISTEN_FDS: "2" }, is: {} },
    { because: "there are no sockets", env: { LISTEN_FDS: "0", LISTEN_PID: "4711" }, is: {} },
  ])("$because", ({ env, is }) => {
    expect(readServiceManager(env, PID)).toEqual(is);
  });

  test.each([
    { env: { LISTEN_FDS: "two", LISTEN_PID: "4711" }, says: "LISTEN_FDS: two is no number of descriptors" },
    { env: { LISTEN_FDS: "99999", LISTEN_PID: "4711" }, says: "LISTEN_FDS: 99999 is no number of descriptors" },
    { env: { NOTIFY_SOCKET: "/n", WATCHDOG_USEC: "soon" }, says: "WATCHDOG_USEC: soon is no number of microseconds" },
    { env: { NOTIFY_SOCKET: "/n", WATCHDOG_USEC: "0" }, says: "WATCHDOG_USEC: 0 is no number of microseconds" },
  ])("$says", ({ env, says }) => {
    expect(readServiceManager(env, PID)).toContain(says);
  });
});

test("children hear nothing of it", () => {
  const env = {
    PATH: "/bin",
    LISTEN_FDS: "1",
    LISTEN_PID: "1",
    LISTEN_FDNAMES: "a",
    NOTIFY_SOCKET: "/n",
    WATCHDOG_USEC: "1",
  };
  const said = Object.entries(environmentForChildren(env)).filter(([, value]) => value !== undefined);
  expect(said).toEqual([["PATH", "/bin"]]);
});
