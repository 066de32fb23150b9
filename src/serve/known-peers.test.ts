import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { knownAddress } from "../net/address.ts";
import { KnownPeers } from "./_known-peers.ts";

const NAME_OCTETS = 32;

/** A `struct sockaddr_in` or `sockaddr_in6` as Linux writes it. */
function sockaddr(octets: Uint8Array, port: number): Uint8Array {
  const name = new Uint8Array(NAME_OCTETS);
  new DataView(name.buffer).setUint16(2, port);
  name.set(octets, octets.length === 4 ? 4 : 8);
  return name;
}

describe.each([
  { family: "IPv4", local: "127.0.0.1", length: 4 },
  { family: "IPv6", local: "::1", length: 16 },
])("peers by their $family names", ({ local, length }) => {
  // A few octets and ports, and any: names that differ in one place, and more of them than are remembered.
  const names = fc.tuple(
    fc.array(fc.oneof(fc.constantFrom(0, 1), fc.nat({ max: 255 })), { minLength: length, maxLength: length }),
    fc.oneof(fc.constantFrom(53, 54), fc.nat({ max: 65_535 })),
  );

  test("are who they are, whoever came before", () => {
    const memory = new ArrayBuffer(NAME_OCTETS * 2);
    const own = { address: knownAddress(local), port: 53 };
    const peers = new KnownPeers(memory, NAME_OCTETS, NAME_OCTETS, own);
    fc.assert(
      fc.property(fc.array(names, { minLength: 1, maxLength: 400 }), (all) => {
        for (const [octets, port] of all) {
          new Uint8Array(memory).set(sockaddr(Uint8Array.from(octets), port), NAME_OCTETS);
          const peer = peers.at(0);
          expect([[...peer.address.octets], peer.port, peer.local]).toEqual([octets, port, own]);
        }
      }),
    );
  });
});
