import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { formatAddressPort } from "../net/address.ts";
import { beyondLoopback } from "./beyond-loopback.ts";

/** Who answers where, of the listeners of a topology once they are moved; the sentence where they cannot be. */
function moved(listen: string): string {
  const text = `networks: { hub: { prefixes: 10.0.0.0/16 }, spoke: { prefixes: 10.1.0.0/16 } }\nlisten: ${listen}\n`;
  const listeners = beyondLoopback(loadText(text).snapshot.topology.listeners);
  if (typeof listeners === "string") return listeners;
  return listeners.map(({ at, network = "anybody" }) => `${formatAddressPort(at)} ${network}`).join(", ");
}

describe("listeners of loopback addresses", () => {
  test.each([
    { listen: "127.0.0.1:5300", are: "0.0.0.0:5300 anybody", because: "it is every address of IPv4" },
    { listen: '"[::1]:5300"', are: "[::]:5300 anybody", because: "it is every address of IPv6" },
    { listen: "10.9.9.9:53", are: "10.9.9.9:53 anybody", because: "an address that others reach was meant" },
    {
      listen: "[127.0.0.1:5300, { address: 127.0.0.1:5301, network: hub }]",
      are: "0.0.0.0:5300 anybody, 0.0.0.0:5301 hub",
      because: "each keeps its port, and who answers there",
    },
    {
      listen: "[{ address: 127.0.0.2:53, network: hub }, { address: 127.0.0.3:53, network: hub }]",
      are: "0.0.0.0:53 hub",
      because: "the same there and there is one",
    },
    {
      listen: "[0.0.0.0:5300, 127.0.0.1:5300]",
      are: "0.0.0.0:5300 anybody",
      because: "one that is everywhere already has the other in it",
    },
    { listen: "[127.0.0.1:0, 127.0.0.1:0]", are: "0.0.0.0:0 anybody, 0.0.0.0:0 anybody", because: "any port will do" },
    {
      listen: "[{ address: 127.0.0.2:53, network: hub }, { address: 127.0.0.3:53, network: spoke }]",
      are: "--beyond-loopback: listeners 127.0.0.2:53 and 127.0.0.3:53 differ, and would both be at 0.0.0.0:53: give them ports of their own",
      because: "a question at 53 would be for either",
    },
    {
      listen: "[{ address: 127.0.0.2:53, maxTtl: 5 }, { address: 127.0.0.3:53, trust: 10.0.0.0/8 }]",
      are: "--beyond-loopback: listeners 127.0.0.2:53 and 127.0.0.3:53 differ, and would both be at 0.0.0.0:53: give them ports of their own",
      because: "they differ in more than who answers",
    },
  ])("$listen → $are: $because", ({ listen, are }) => {
    expect(moved(listen)).toBe(are);
  });
});
