import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Deframer, frame, MAX_MESSAGE_OCTETS } from "./stream-framing.ts";

describe("frame", () => {
  test("puts the length in front, network order", () => {
    expect(frame(Uint8Array.of(7, 8, 9))).toEqual(Uint8Array.of(0, 3, 7, 8, 9));
    expect(frame(new Uint8Array(0x1234)).subarray(0, 2)).toEqual(Uint8Array.of(0x12, 0x34));
    expect(frame(new Uint8Array(0))).toEqual(Uint8Array.of(0, 0));
  });

  test("refuses a message that the length cannot say", () => {
    expect(frame(new Uint8Array(MAX_MESSAGE_OCTETS))).toHaveLength(MAX_MESSAGE_OCTETS + 2);
    expect(() => frame(new Uint8Array(MAX_MESSAGE_OCTETS + 1))).toThrow(RangeError);
  });
});

/** The messages that each chunk makes whole, in hexadecimal. */
function deframe(deframer: Deframer, ...chunks: string[]): string[][] {
  return chunks.map((chunk) =>
    deframer.push(Uint8Array.from(Buffer.from(chunk, "hex"))).map((message) => Buffer.from(message).toString("hex")),
  );
}

describe("Deframer", () => {
  test.each([
    { what: "one message in one chunk", chunks: ["0002aabb"], gives: [["aabb"]] },
    { what: "two messages in one chunk", chunks: ["0001aa0002bbcc"], gives: [["aa", "bbcc"]] },
    { what: "a length cut in two", chunks: ["00", "02aabb"], gives: [[], ["aabb"]] },
    { what: "a length alone", chunks: ["0002", "aabb"], gives: [[], ["aabb"]] },
    { what: "a message cut in three", chunks: ["0003aa", "bb", "cc"], gives: [[], [], ["aabbcc"]] },
    {
      what: "the end of one and the start of the next",
      chunks: ["0002aa", "bb0002cc", "dd"],
      gives: [[], ["aabb"], ["ccdd"]],
    },
    { what: "a chunk of nothing", chunks: ["0001", "", "aa"], gives: [[], [], ["aa"]] },
    { what: "messages of no octets", chunks: ["00", "000000", "0001aa"], gives: [[], ["", ""], ["aa"]] },
  ])("reads $what", ({ chunks, gives }) => {
    expect(deframe(new Deframer(), ...chunks)).toEqual(gives);
  });

  test("says how many octets wait for their message", () => {
    const deframer = new Deframer();
    const waiting = ["00", "03", "aa", "bb", "cc00"].map((chunk) => {
      deframe(deframer, chunk);
      return deframer.buffered;
    });
    expect(waiting).toEqual([1, 2, 3, 4, 1]);
    deframe(deframer, "00");
    expect(deframer.buffered).toBe(0);
  });

  test("stops at a message over the limit, with what came before it", () => {
    const deframer = new Deframer(4);
    expect(deframe(deframer, "0004aabbccdd0005", "aabbccddee0001ff")).toEqual([["aabbccdd"], []]);
    expect(deframer.refusedLength).toBe(5);
    expect(deframer.buffered).toBe(0);
  });

  test("takes the longest messages there are, octet by octet, without copying them again for each", () => {
    const message = Uint8Array.from({ length: MAX_MESSAGE_OCTETS }, (_, i) => i & 0xff);
    const framed = frame(message);
    const deframer = new Deframer();
    // Copied again for each octet this would be some 40 GB, and over the time that a test has.
    for (let round = 0; round < 20; round++) {
      const messages = Array.from(framed, (_, i) => deframer.push(framed.subarray(i, i + 1))).flat();
      expect(messages).toHaveLength(1);
      expect(Buffer.compare(messages[0] ?? new Uint8Array(0), message)).toBe(0);
    }
    expect(deframer.refusedLength).toBeUndefined();
  });

  test("a message in pieces is a copy: the chunks may be written to again", () => {
    const deframer = new Deframer();
    const first = Uint8Array.of(0, 2, 0xaa);
    deframer.push(first);
    first.fill(0);
    expect(deframer.push(Uint8Array.of(0xbb))).toEqual([Uint8Array.of(0xaa, 0xbb)]);
  });

  test("an announced length alone buys little memory", () => {
    const deframer = new Deframer();
    deframer.push(Uint8Array.of(0xff, 0xff));
    const [message] = deframer.push(new Uint8Array(MAX_MESSAGE_OCTETS));
    expect(message).toHaveLength(MAX_MESSAGE_OCTETS);
    const before = process.memoryUsage().arrayBuffers;
    const idle = Array.from({ length: 1000 }, () => {
      const one = new Deframer();
      one.push(Uint8Array.of(0xff, 0xff, 0));
      return one;
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
    expect(idle.every((one) => one.buffered === 3)).toBe(true);
  });

  test("any messages, split and coalesced anywhere, are given whole, in order and exactly once", () => {
    const sizes = fc.oneof({ weight: 5, arbitrary: fc.nat(20) }, { weight: 1, arbitrary: fc.nat(3000) });
    const messages = fc.array(
      sizes.chain((size) => fc.nat(255).map((seed) => Uint8Array.from({ length: size }, (_, i) => (seed + i) & 0xff))),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(messages, fc.array(fc.oneof(fc.nat(3), fc.nat(1500)), { minLength: 1 }), (sent, cuts) => {
        const stream = Buffer.concat(sent.map((message) => frame(message)));
        const deframer = new Deframer();
        const received: Uint8Array[] = [];
        for (let at = 0, i = 0; at < stream.length; i++) {
          const size = Math.max(1, cuts[i % cuts.length] ?? 1);
          received.push(...deframer.push(Uint8Array.from(stream.subarray(at, at + size))));
          at += size;
          expect(deframer.buffered).toBeLessThan(MAX_MESSAGE_OCTETS + 2);
        }
        expect(received).toEqual(sent);
        expect(deframer.buffered).toBe(0);
      }),
    );
  });
});
