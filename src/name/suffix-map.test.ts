import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyName } from "../../test/arbitraries.ts";
import { ancestorOf, type DomainName, isAtOrBelow } from "./domain-name.ts";
import { formatName, knownName } from "./name-text.ts";
import { longestSuffix } from "./suffix-map.ts";

function mapOf(names: readonly string[]): Map<string, string> {
  return new Map(names.map((name) => [knownName(name).key, name]));
}

describe("longestSuffix", () => {
  const map = mapOf(["azurecr.io.", "privatelink.azurecr.io.", "deep.a.privatelink.azurecr.io."]);

  test.each([
    { name: "myregistry.azurecr.io.", finds: "azurecr.io.", because: "only the shorter domain holds it" },
    { name: "r.privatelink.azurecr.io.", finds: "privatelink.azurecr.io.", because: "the longer domain wins" },
    {
      name: "PRIVATELINK.azurecr.IO.",
      finds: "privatelink.azurecr.io.",
      because: "a domain holds its own apex, case folded",
    },
    {
      name: "a.privatelink.azurecr.io.",
      finds: "privatelink.azurecr.io.",
      because: "a domain below it does not count",
    },
    { name: "xprivatelink.azurecr.io.", finds: "azurecr.io.", because: "only whole labels match" },
    { name: "r.privatelink\\.azurecr.io.", finds: undefined, because: "an escaped dot is no boundary" },
    { name: "io.", finds: undefined, because: "it is above all of them" },
    { name: ".", finds: undefined, because: "the root is above all of them" },
  ])("$name → $finds: $because", ({ name, finds }) => {
    expect(longestSuffix(map, knownName(name))).toBe(finds);
  });

  test("the root holds every name, itself included", () => {
    const everything = mapOf([".", "example."]);
    expect(longestSuffix(everything, knownName("a.b.c."))).toBe(".");
    expect(longestSuffix(everything, knownName("."))).toBe(".");
    expect(longestSuffix(everything, knownName("a.example."))).toBe("example.");
  });
});

test("it finds what a scan of the list finds", () => {
  const family = fc.array(anyName, { minLength: 1, maxLength: 4 }).chain((names) => {
    const related = names.flatMap((name) => [0, 1, 2, 3].map((count) => ancestorOf(name, count)));
    return fc.tuple(fc.subarray(related), fc.constantFrom(...related));
  });
  fc.assert(
    fc.property(family, ([domains, name]) => {
      const map = new Map(domains.map((domain) => [domain.key, formatName(domain)]));
      expect(longestSuffix(map, name)?.toLowerCase()).toBe(scan(domains, name));
    }),
  );
});

function scan(domains: readonly DomainName[], name: DomainName): string | undefined {
  let best: DomainName | undefined;
  for (const domain of domains) {
    if (isAtOrBelow(name, domain) && (best === undefined || domain.labels.length > best.labels.length)) best = domain;
  }
  return best === undefined ? undefined : formatName(best).toLowerCase();
}
