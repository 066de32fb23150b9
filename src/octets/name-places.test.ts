import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyName } from "../../test/arbitraries.ts";
import { keyOffset } from "../name/domain-name.ts";
import { knownName } from "../name/name-text.ts";
import { NamePlaces } from "./name-places.ts";

/** Remembers a name written at an offset, with each of its endings. */
function addName(places: NamePlaces, text: string, offset: number): void {
  const name = knownName(text);
  places.enter(name.key);
  for (let i = 0; i < name.labels.length; i++) places.add(name.key, keyOffset(name, i), offset + keyOffset(name, i));
}

function placeOf(places: NamePlaces, text: string): number {
  const { key } = knownName(text);
  places.enter(key);
  return places.find(key, 0);
}

describe("places of names", () => {
  test.each([
    { name: "www.io", at: 12, because: "it stands there" },
    { name: "WWW.IO", at: 12, because: "case is folded" },
    { name: "io", at: 16, because: "it is an ending of one" },
    { name: "ww.io", at: -1, because: "labels are whole" },
    { name: "www", at: -1, because: "it is a beginning, and no ending" },
  ])("$name is at $at: $because", ({ name, at }) => {
    const places = new NamePlaces();
    addName(places, "www.io", 12);
    expect(placeOf(places, name)).toBe(at);
  });

  test("the first place of a name is kept, and nothing behind the reach of pointers", () => {
    const places = new NamePlaces();
    addName(places, "a.io", 12);
    addName(places, "b.io", 40);
    addName(places, "far.example", 0x3ffe);
    expect([placeOf(places, "io"), placeOf(places, "far.example"), placeOf(places, "example")]).toEqual([
      14, 0x3ffe, -1,
    ]);
  });

  test("what is cut off is forgotten, and what stands before it is not", () => {
    fc.assert(
      fc.property(fc.array(anyName, { maxLength: 8 }), fc.nat(400), (names, cut) => {
        const [places, before] = [new NamePlaces(), new NamePlaces()];
        let offset = 12;
        for (const { key } of names) {
          for (const all of offset < cut ? [places, before] : [places]) {
            all.enter(key);
            all.add(key, 0, offset);
          }
          offset += key.length;
        }
        places.forgetFrom(cut);
        for (const { key } of names) {
          places.enter(key);
          expect(places.find(key, 0)).toBe(before.find(key, 0));
        }
      }),
    );
  });
});
