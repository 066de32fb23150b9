import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SIPHASH_OCTETS, writeSiphash } from "./_siphash.ts";

/** The hashes of the authors' reference: of no octet, of 00, of 00 01 …, under the key 00 01 … 0f. */
const REFERENCE = `
310e0edd47db6f72 fd67dc93c539f874 5a4fa9d909806c0d 2d7efbd796666785 b7877127e09427cf 8da699cd64557618 cee3fe586e46c9cb
37d1018bf50002ab 6224939a79f5f593 b0e4a90bdf82009e f3b9dd94c5bb5d7a a7ad6b22462fb3f4 fbe50e86bc8f1e75 903d84c02756ea14
eef27a8e90ca23f7 e545be4961ca29a1 db9bc2577fcc2a3f 9447be2cf5e99a69 9cd38d96f0b3c14b bd6179a71dc96dbb 98eea21af25cd6be
c7673b2eb0cbf2d0 883ea3e395675393 c8ce5ccd8c030ca8 94af49f6c650adb8 eab8858ade92e1bc f315bb5bb835d817 adcf6b0763612e2f
a5c91da7acaa4dde 716595876650a2a6 28ef495c53a387ad 42c341d8fa92d832 ce7cf2722f512771 e37859f94623f3a7 381205bb1ab0e012
ae97a10fd434e015 b4a31508beff4d31 81396229f0907902 4d0cf49ee5d4dcca 5c73336a76d8bf9a d0a704536ba93e0e 925958fcd6420cad
a915c29bc8067318 952b79f3bc0aa6d4 f21df2e41d4535f9 87577519048f53a9 10a56cf5dfcd9adb eb75095ccd986cd0 51a9cb9ecba312e6
96afadfc2ce666c7 72fe52975a4364ee 5a1645b276d592a1 b274cb8ebf87870a 6f9bb4203de7b381 eaecb2a30b22a87f 9924a43cc1315724
bd838d3aafbf8db7 0b1a2a3265d51aea 135079a3231ce660 932b2846e4d70666 e1915f5cb1eca46c f325965ca16d629f 575ff28e60381be5
724506eb4c328a95`
  .trim()
  .split(/\s+/);

const KEY = Uint8Array.from({ length: 16 }, (_, i) => i);

function hash(key: Uint8Array, message: Uint8Array): string {
  const into = new Uint8Array(SIPHASH_OCTETS);
  writeSiphash(key, message, into, 0);
  return Buffer.from(into).toString("hex");
}

describe("SipHash-2-4", () => {
  test.each(REFERENCE.map((expected, length) => ({ length, expected })))(
    "of $length octets is the reference's $expected",
    ({ length, expected }) => {
      expect(
        hash(
          KEY,
          Uint8Array.from({ length }, (_, i) => i),
        ),
      ).toBe(expected);
    },
  );

  test("is what 64-bit arithmetic gives, whatever the key and the message", () => {
    const key = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(key, fc.uint8Array({ maxLength: 70 }), (secret, message) => {
        expect(hash(secret, message)).toBe(slowHash(secret, message));
      }),
    );
  });

  test("goes where it is told, and touches nothing beside", () => {
    const into = new Uint8Array(12).fill(0xee);
    writeSiphash(KEY, KEY.slice(0, 15), into, 2);
    expect(Buffer.from(into).toString("hex")).toBe("eeeee545be4961ca29a1eeee");
  });
});

/** SipHash as the paper writes it. */
function slowHash(key: Uint8Array, message: Uint8Array): string {
  const word = (octets: Uint8Array, at: number): bigint =>
    Array.from({ length: 8 }, (_, i) => BigInt(octets[at + i] ?? 0) << BigInt(8 * i)).reduce((a, b) => a | b, 0n);
  const turn = (value: bigint, bits: bigint): bigint => BigInt.asUintN(64, (value << bits) | (value >> (64n - bits)));
  const [k0, k1] = [word(key, 0), word(key, 8)];
  let [v0, v1] = [k0 ^ 0x736f6d6570736575n, k1 ^ 0x646f72616e646f6dn];
  let [v2, v3] = [k0 ^ 0x6c7967656e657261n, k1 ^ 0x7465646279746573n];
  const rounds = (count: number): void => {
    for (let i = 0; i < count; i++) {
      v0 = BigInt.asUintN(64, v0 + v1);
      v2 = BigInt.asUintN(64, v2 + v3);
      v1 = turn(v1, 13n) ^ v0;
      v3 = turn(v3, 16n) ^ v2;
      v0 = turn(v0, 32n);
      v2 = BigInt.asUintN(64, v2 + v1);
      v0 = BigInt.asUintN(64, v0 + v3);
      v1 = turn(v1, 17n) ^ v2;
      v3 = turn(v3, 21n) ^ v0;
      v2 = turn(v2, 32n);
    }
  };
  for (let at = 0; at <= message.length; at += 8) {
    const isLast = at + 8 > message.length;
    const block = word(message, at) | (isLast ? BigInt(message.length & 0xff) << 56n : 0n);
    v3 ^= block;
    rounds(2);
    v0 ^= block;
  }
  v2 ^= 0xffn;
  rounds(4);
  const octets = new Uint8Array(8);
  new DataView(octets.buffer).setBigUint64(0, v0 ^ v1 ^ v2 ^ v3, true);
  return Buffer.from(octets).toString("hex");
}
