import { describe, expect, test } from "vitest";
import { here } from "../../test/loopback.ts";
import { chooseOrder, LOOK_AGAIN } from "./choose-order.ts";
import type { NamedServer } from "./inquiry.ts";
import { RealServer } from "./real-server.ts";

/** `b20` = server b with a round trip of 20 ms; `c` = one whose is not known. */
function servers(text: string): NamedServer[] {
  return text.split(" ").map((word) => {
    const server = new RealServer(
      { at: here() },
      () => 0,
      () => 0,
    );
    if (word.length > 1) server.health.replied(Number(word.slice(1)));
    return { server, text: word.slice(0, 1) };
  });
}

describe("servers are asked", () => {
  test.each([
    { order: "listed", of: "a90 b20 c", looks: false, gives: "abc", because: "that is how they are listed" },
    { order: "fastest", of: "a90 b20 c50", looks: false, gives: "bca", because: "the round trip decides" },
    { order: "fastest", of: "a90 b20 c", looks: false, gives: "cba", because: "one that is not known is tried first" },
    { order: "fastest", of: "a90 b20 c50", looks: true, gives: "cba", because: "another one is looked at again" },
    { order: "listed", of: "a90 b20", looks: true, gives: "ab", because: "there is nothing to look at" },
    { order: "fastest", of: "a90", looks: true, gives: "a", because: "there is no other" },
  ] as const)("$order of $of: $gives, because $because", ({ order, of, looks, gives }) => {
    const random = (below: number): number => (below === LOOK_AGAIN && !looks ? 1 : 0);
    expect(
      chooseOrder(servers(of), order, random)
        .map(({ text }) => text)
        .join(""),
    ).toBe(gives);
  });
});
