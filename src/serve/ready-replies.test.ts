import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PlainQuery } from "../message/plain-query.ts";
import { encodeQuery } from "../message/query.ts";
import { knownName } from "../name/name-text.ts";
import { ReadyReplies } from "./ready-replies.ts";

interface Asked {
  readonly name: string;
  readonly type?: number;
  readonly rd?: boolean;
  readonly cd?: boolean;
  readonly standing?: number;
}

const query = new PlainQuery();

function messageOf({ name, type = 1, rd = true, cd = false }: Asked, id = 7): Uint8Array {
  const octets = encodeQuery({ id, name: knownName(name), type, rd, cd });
  if (!query.read(octets)) throw new Error(`${name} is not plain`);
  return octets;
}

/** A reply that says `what` behind its question. */
function keep(ready: ReadyReplies, asked: Asked, what: number, repeatsLetters = false): void {
  const octets = messageOf(asked, 1);
  ready.keep(asked.standing ?? 0, query, Uint8Array.of(...octets, what >> 16, what >> 8, what), { repeatsLetters });
}

/** What the ready reply says. */
function find(ready: ReadyReplies, asked: Asked): number | undefined {
  const octets = messageOf(asked);
  const reply = ready.find(asked.standing ?? 0, query, octets);
  if (reply === undefined) return undefined;
  expect(reply.subarray(0, 2)).toEqual(octets.subarray(0, 2)); // The asker's id and letters.
  expect(reply.subarray(12, octets.length)).toEqual(octets.subarray(12));
  const [high = 0, middle = 0, low = 0] = reply.subarray(octets.length);
  return (high << 16) | (middle << 8) | low;
}

describe("a ready reply is for", () => {
  test.each([
    { asked: { name: "www.io" }, finds: 5, because: "that is its question" },
    { asked: { name: "WWW.iO" }, finds: 5, because: "letters make no difference" },
    { asked: { name: "www.io", type: 28 }, finds: undefined, because: "the type is another" },
    { asked: { name: "wwv.io" }, finds: undefined, because: "the name is another" },
    { asked: { name: "ww.io" }, finds: undefined, because: "the name is shorter" },
    { asked: { name: "www.io", rd: false }, finds: undefined, because: "RD may shape a reply" },
    { asked: { name: "www.io", cd: true }, finds: undefined, because: "CD is copied into it" },
    { asked: { name: "www.io", standing: 1 }, finds: undefined, because: "another is asked, or told less" },
  ])("$asked: $finds, because $because", ({ asked, finds }) => {
    const ready = new ReadyReplies();
    keep(ready, { name: "www.io" }, 5);
    expect(find(ready, asked)).toBe(finds);
  });

  test("whoever writes it with the same letters, where it repeats them", () => {
    const ready = new ReadyReplies();
    keep(ready, { name: "wWw.io" }, 5, true);
    expect([find(ready, { name: "www.io" }), find(ready, { name: "wWw.io" })]).toEqual([undefined, 5]);
  });

  test("its type, also where the octets of two types differ like a letter's cases", () => {
    const ready = new ReadyReplies();
    keep(ready, { name: "www.io", type: 65 }, 5); // HTTPS, "A" in ASCII.
    expect([find(ready, { name: "www.io", type: 97 }), find(ready, { name: "www.io", type: 65 })]).toEqual([
      undefined,
      5,
    ]);
  });
});

test("what is asked for stays while others come and go", () => {
  const ready = new ReadyReplies(64);
  keep(ready, { name: "hot.io" }, 0xffffff);
  for (let i = 0; i < 1000; i++) {
    keep(ready, { name: `n${i}.io` }, i);
    expect(find(ready, { name: "hot.io" })).toBe(0xffffff);
  }
  const kept = Array.from({ length: 1000 }, (_, i) => find(ready, { name: `n${i}.io` })).filter(
    (what) => what !== undefined,
  );
  expect(kept.length).toBeLessThanOrEqual(128); // Two halves of 64.
  expect(find(ready, { name: "n0.io" })).toBeUndefined();
});

test("a reply that some client could not take whole is not kept", () => {
  const ready = new ReadyReplies();
  const octets = messageOf({ name: "www.io" });
  ready.keep(0, query, Uint8Array.of(...octets, ...new Uint8Array(512)));
  expect(find(ready, { name: "www.io" })).toBeUndefined();
});

test("a table of any size says of each question what was kept last, or nothing", () => {
  const asked = fc.record({
    name: fc.tuple(fc.nat(40), fc.constantFrom("io", "IO", "Io")).map(([n, zone]) => `a${n}.${zone}`),
    type: fc.constantFrom(1, 28, 65, 97),
    standing: fc.nat(2),
    keeps: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 200 }), fc.constantFrom(2, 8, 64), fc.integer(), (all, capacity, seed) => {
      const ready = new ReadyReplies(capacity, undefined, seed);
      const model = new Map<string, number>();
      for (const { keeps, ...one } of all) {
        const key = `${one.name.toLowerCase()} ${one.type} ${one.standing}`;
        const found = find(ready, one);
        if (found !== undefined) expect(found).toBe(model.get(key));
        if (found !== undefined || !keeps) continue;
        model.set(key, model.size);
        keep(ready, one, model.get(key) ?? 0);
        expect(find(ready, one)).toBe(model.get(key));
      }
    }),
  );
});
