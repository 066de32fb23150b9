import { expect, test } from "vitest";
import { here } from "../../test/loopback.ts";
import { InheritedSockets } from "./inherited-sockets.ts";

const socket = (descriptor: number, transport: "udp" | "tcp", text: string) => ({
  descriptor,
  transport,
  at: here(text, 53),
});

test("a socket goes to the listener of its transport and address, and to that once", () => {
  const sockets = new InheritedSockets([socket(3, "udp", "127.0.0.1"), socket(4, "tcp", "127.0.0.1")]);
  expect(sockets.take("udp", here("127.0.0.2", 53))).toBeUndefined();
  expect(sockets.take("udp", here("127.0.0.1", 5300))).toBeUndefined();
  expect(sockets.take("tcp", here("127.0.0.1", 53))).toEqual({ kind: "socket", descriptor: 4 });
  expect(sockets.take("udp", here("127.0.0.1", 53))).toEqual({ kind: "socket", descriptor: 3 });
  expect(sockets.left()).toEqual([]);
});

test("one that was taken and closed cannot be had again: its address is bound where it came from", () => {
  const sockets = new InheritedSockets([socket(3, "udp", "127.0.0.1")]);
  sockets.take("udp", here("127.0.0.1", 53));
  expect(sockets.take("udp", here("127.0.0.1", 53))).toEqual({ kind: "let-go" });
});

test("what nobody takes is left over, a second one at an address too", () => {
  const all = [socket(3, "udp", "127.0.0.1"), socket(4, "udp", "127.0.0.1"), socket(5, "tcp", "::1")];
  const sockets = new InheritedSockets(all);
  sockets.take("udp", here("127.0.0.1", 53));
  expect(sockets.left()).toEqual([all[1], all[2]]);
});
