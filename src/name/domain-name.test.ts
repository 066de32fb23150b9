import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyLabel, anyName, anyOctetChar } from "../../test/arbitraries.ts";
import {
  ancestorOf,
  compareNames,
  foldedLabels,
  foldLabel,
  isAtOrBelow,
  keyOffset,
  nameFromLabels,
  parentOf,
  prepend,
  ROOT,
  sameName,
} from "./domain-name.ts";
import { formatName, knownName } from "./name-text.ts";

describe("nameFromLabels", () => {
  test("keeps the case of the labels and folds it in the key", () => {
    const name = nameFromLabels(["MyRegistry", "azurecr", "IO"]);
    expect(name.labels).toEqual(["MyRegistry", "azurecr", "IO"]);
    expect(name.key).toBe("\x0amyregistry\x07azurecr\x02io\0");
  });

  test("makes the root of no labels", () => {
    expect(nameFromLabels([])).toEqual(ROOT);
  });

  test.each([
    { what: "an empty label", labels: ["a", "", "b"] },
    { what: "a label of 64 octets", labels: ["a".repeat(64)] },
    { what: "a name of 256 octets", labels: ["a", "b", "c"].map((char) => char.repeat(63)).concat("d".repeat(62)) },
    { what: "128 labels", labels: Array.from({ length: 128 }, () => "a") },
    { what: "a char that is no octet", labels: ["€"] },
  ])("refuses $what", ({ labels }) => {
    expect(() => nameFromLabels(labels)).toThrow(RangeError);
  });

  test.each([
    { what: "255 octets", labels: ["a", "b", "c"].map((char) => char.repeat(63)).concat("d".repeat(61)) },
    { what: "127 labels", labels: Array.from({ length: 127 }, () => "a") },
  ])("accepts a name of $what", ({ labels }) => {
    expect(nameFromLabels(labels).key.length).toBe(255);
  });
});

describe("foldLabel", () => {
  test.each([
    { label: "ABCXYZ", folded: "abcxyz", because: "letters fold" },
    { label: "@[`{", folded: "@[`{", because: "the neighbours of the letters do not" },
    { label: "\xc0\xdd", folded: "\xc0\xdd", because: "octets that are capitals in Latin-1 do not (RFC 4343 §3)" },
    { label: "already-0", folded: "already-0", because: "there is nothing to fold" },
  ])("$label → $folded: $because", ({ label, folded }) => {
    expect(foldLabel(label)).toBe(folded);
  });

  test("is idempotent and keeps the length of any label", () => {
    fc.assert(
      fc.property(anyLabel, (label) => {
        const folded = foldLabel(label);
        expect(folded).toHaveLength(label.length);
        expect(foldLabel(folded)).toBe(folded);
        expect(folded).toBe(label.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
      }),
    );
  });
});

describe("isAtOrBelow", () => {
  test.each([
    { name: "www.corp.example.", ancestor: "corp.example.", is: true, because: "it is one label below" },
    { name: "corp.example.", ancestor: "corp.example.", is: true, because: "it is the name itself" },
    { name: "WWW.Corp.Example.", ancestor: "cORP.eXAMPLE.", is: true, because: "case folds" },
    { name: "corp.example.", ancestor: ".", is: true, because: "all is below the root" },
    { name: ".", ancestor: ".", is: true, because: "the root is the root" },
    { name: ".", ancestor: "example.", is: false, because: "the root is above" },
    { name: "example.", ancestor: "corp.example.", is: false, because: "it is above" },
    { name: "mycorp.example.", ancestor: "corp.example.", is: false, because: "the label only ends alike" },
    { name: "a.azurecr.io.", ancestor: "privatelink.azurecr.io.", is: false, because: "it is a sibling" },
    { name: "a\\.b.example.", ancestor: "b.example.", is: false, because: "an escaped dot is part of its label" },
    {
      name: "x\\004corp.example.",
      ancestor: "corp.example.",
      is: false,
      because: "an octet of 4 before corp is data, not a length",
    },
    {
      name: "\\001a\\000.example.",
      ancestor: "a\\000.example.",
      is: false,
      because: "an octet of 1 that starts a label is data, not a length",
    },
  ])("$name is at or below $ancestor: $is, $because", ({ name, ancestor, is }) => {
    expect(isAtOrBelow(knownName(name), knownName(ancestor))).toBe(is);
  });

  test("says what comparing whole folded labels from the right says", () => {
    const unrelated = fc.tuple(anyName, anyName);
    const related = fc.tuple(anyName, fc.nat(8)).map(([name, count]) => [name, ancestorOf(name, count)] as const);
    // The first label of the one name swallows the length octet and the first label of the other.
    const swallowing = fc.tuple(anyName, anyOctetChar).map(([ancestor, char]) => {
      const [first = "a", ...rest] = ancestor.labels;
      const label = (char + String.fromCharCode(first.length) + first).slice(0, 63);
      return [prepend([label], nameFromLabels(rest)) ?? ancestor, ancestor] as const;
    });
    fc.assert(
      fc.property(fc.oneof(unrelated, related, swallowing), ([name, ancestor]) => {
        const below = foldedLabels(name).toReversed();
        const above = foldedLabels(ancestor).toReversed();
        expect(isAtOrBelow(name, ancestor)).toBe(above.every((label, i) => label === below[i]));
      }),
    );
  });
});

describe("ancestors", () => {
  test("parentOf climbs one label and stays at the root", () => {
    expect(formatName(parentOf(knownName("a.b.c.")))).toBe("b.c.");
    expect(parentOf(knownName("c."))).toEqual(ROOT);
    expect(parentOf(ROOT)).toEqual(ROOT);
  });

  test("ancestorOf is the name of the labels that are left", () => {
    fc.assert(
      fc.property(anyName, fc.nat(10), (name, count) => {
        const ancestor = ancestorOf(name, count);
        expect(ancestor).toEqual(nameFromLabels(name.labels.slice(count)));
        expect(name.key.slice(keyOffset(name, Math.min(count, name.labels.length)))).toBe(ancestor.key);
        expect(isAtOrBelow(name, ancestor)).toBe(true);
      }),
    );
  });

  test("prepend undoes ancestorOf, and says when the name would be over 255 octets", () => {
    fc.assert(
      fc.property(anyName, fc.nat(10), (name, count) => {
        expect(prepend(name.labels.slice(0, count), ancestorOf(name, count))).toEqual(name);
      }),
    );
    const long = nameFromLabels(["a", "b", "c"].map((char) => char.repeat(63)).concat("d".repeat(59)));
    expect(prepend(["x"], long)?.key).toHaveLength(255);
    expect(prepend(["xx"], long)).toBeUndefined();
  });
});

describe("order and equality", () => {
  test("compareNames gives the canonical order of RFC 4034 §6.1", () => {
    const ordered = [
      "example.",
      "a.example.",
      "yljkjljk.a.example.",
      "Z.a.example.",
      "zABC.a.EXAMPLE.",
      "z.example.",
      "\\001.z.example.",
      "*.z.example.",
      "\\200.z.example.",
    ];
    const names = ordered.map((text) => knownName(text));
    const shuffled = [3, 8, 0, 5, 7, 1, 6, 2, 4].flatMap((i) => names.slice(i, i + 1));
    expect(shuffled.sort(compareNames).map((name) => formatName(name))).toEqual(ordered);
  });

  test("the shorter of two labels is first, an octet of zero counting as more than none", () => {
    expect(compareNames(knownName("a.example."), knownName("a\\000.example."))).toBeLessThan(0);
  });

  test("is a total order that agrees with equality", () => {
    fc.assert(
      fc.property(anyName, anyName, anyName, (a, b, c) => {
        expect(Math.sign(compareNames(a, b))).toBe(-Math.sign(compareNames(b, a)) + 0);
        expect(compareNames(a, b) === 0).toBe(sameName(a, b));
        const [x, y, z] = [a, b, c].sort(compareNames);
        if (x !== undefined && y !== undefined && z !== undefined) {
          expect(compareNames(x, y)).toBeLessThanOrEqual(0);
          expect(compareNames(x, z)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  test("names are equal exactly when their labels are, case folded", () => {
    expect(sameName(knownName("A.b."), knownName("a.B."))).toBe(true);
    expect(sameName(knownName("a\\.b."), knownName("a.b."))).toBe(false);
    fc.assert(
      fc.property(anyName, anyName, (a, b) => {
        const upper = nameFromLabels(
          a.labels.map((label) => label.replace(/[a-z]/g, (letter) => letter.toUpperCase())),
        );
        expect(sameName(a, upper)).toBe(true);
        expect(sameName(a, b)).toBe(JSON.stringify(foldedLabels(a)) === JSON.stringify(foldedLabels(b)));
      }),
    );
  });

  test("a name survives a structured clone", () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(structuredClone(name)).toEqual(name);
      }),
    );
  });
});
