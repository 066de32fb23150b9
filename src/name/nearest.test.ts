import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countMistakes, mistakesAllowed, nearest } from "./nearest.ts";

describe("the word that was meant", () => {
  const words = [
    "A",
    "MX",
    "TXT",
    "CNAME",
    "prefixes",
    "peers",
    "clients",
    "privateDns",
    "privatelink.vaultcore.azure.net",
    "privatelink.blob.core.cloudapi.de",
  ];
  test.each([
    { text: "prefixs", meant: "prefixes", because: "a char is left out" },
    { text: "prefixess", meant: "prefixes", because: "one is put in" },
    { text: "prefizes", meant: "prefixes", because: "one is changed" },
    { text: "perfixes", meant: "prefixes", because: "two are swapped, which is one mistake" },
    { text: "PREFIXSE", meant: "prefixes", because: "case does not count" },
    { text: "prifates", meant: undefined, because: "more than two of eight are wrong" },
    { text: "pirvtaeDn", meant: "privateDns", because: "nine chars may have three mistakes" },
    {
      text: "privatelink.vault.azure.net",
      meant: "privatelink.vaultcore.azure.net",
      because: "a long one may lack four",
    },
    {
      text: "privatelink.blob.core.windows.net",
      meant: undefined,
      because: "no text is so long that six may be wrong",
    },
    { text: "TXX", meant: "TXT", because: "three chars may have one" },
    { text: "TTX", meant: "TXT", because: "a swap is one mistake" },
    { text: "TAAT", meant: undefined, because: "four may have one" },
    { text: "M", meant: "MX", because: "one char may lack its neighbour" },
    { text: "Z", meant: undefined, because: "nothing of a single char would be left" },
    { text: "", meant: undefined, because: "nothing was typed" },
  ])("of $text is $meant: $because", ({ text, meant }) => {
    expect(nearest(text, words)).toBe(meant);
  });

  test("is the nearest one, and the first of equals", () => {
    expect(nearest("hubs", ["hub", "hubs1", "hubs"])).toBe("hubs");
    expect(nearest("hubz", ["hub1", "hub2"])).toBe("hub1");
  });

  test("of a long word is not looked for among short ones", () => {
    expect(nearest("a".repeat(1_000_000), words)).toBeUndefined();
  });
});

const word = fc.string({ maxLength: 12 });

describe("mistakes", () => {
  test.each([
    { text: "keyvualt", meant: "key-vault", mistakes: 2 },
    { text: "ab", meant: "ba", mistakes: 1 },
    { text: "ca", meant: "abc", mistakes: 3 },
    { text: "kitten", meant: "sitting", mistakes: 3 },
  ])("from $text to $meant: $mistakes", ({ text, meant, mistakes }) => {
    expect(countMistakes(text, meant)).toBe(mistakes);
  });

  test("are none exactly between texts of one folding, and as many both ways", () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(countMistakes(a, b) === 0).toBe(a.toLowerCase() === b.toLowerCase());
        expect(countMistakes(a, b)).toBe(countMistakes(b, a));
      }),
    );
  });

  test("are never more than are allowed in a guess", () => {
    fc.assert(
      fc.property(word, fc.array(word), (text, candidates) => {
        const guess = nearest(text, candidates);
        if (guess !== undefined) expect(countMistakes(text, guess)).toBeLessThanOrEqual(mistakesAllowed(text));
      }),
    );
  });
});
