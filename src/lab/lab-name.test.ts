import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { labName, listedNamespaces, namesOfLab, placeNamespace, serverNamespace } from "./lab-name.ts";

/** What a namespace can be called: a file of that name is made. */
const POSSIBLE = /^(?!\.\.?$)[^/\s]{1,255}$/;

describe("names of a lab", () => {
  const lab = labName("/srv/dns/privlink.yaml");

  test.each([
    { who: "hub", gives: `privlink-${lab}-hub`, because: "a plain key is its own name" },
    { who: "Hub", gives: `privlink-${lab}-hub`, because: "case does not count" },
    { who: "legacy@spoke", gives: `privlink-${lab}-legacy@spoke`, because: "a host keeps its name" },
    { who: "rg-weu/hub", gives: `privlink-${lab}-rg-weu-hub~8f9b0d89`, because: "a slash cannot be in a file's name" },
    { who: "büro", gives: `privlink-${lab}-b-ro~2616f09c`, because: "other letters might be anything to a shell" },
  ])("$who is $gives: $because", ({ who, gives }) => {
    expect(placeNamespace(lab, who)).toBe(gives);
  });

  test("the same file always has the same lab, and another file another", () => {
    expect(labName("/srv/dns/privlink.yaml")).toBe(lab);
    expect(labName("/srv/dns2/privlink.yaml")).not.toBe(lab);
  });

  test("law: every key gives a name that can be, and no two keys give one", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 80 }), fc.string({ minLength: 1, maxLength: 80 }), (a, b) => {
        const [first, second] = [placeNamespace(lab, a), placeNamespace(lab, b)];
        expect(first).toMatch(POSSIBLE);
        expect(first === second).toBe(a.toLowerCase() === b.toLowerCase());
        expect(first).not.toBe(serverNamespace(lab, 1));
        expect(namesOfLab(lab, [first, serverNamespace(lab, 1)])).toHaveLength(2);
        expect(namesOfLab(labName("/other"), [first])).toEqual([]);
      }),
    );
  });

  test("a listing has names, with or without numbers", () => {
    expect(listedNamespaces("a (id: 0)\nb\n")).toEqual(["a", "b"]);
    expect(listedNamespaces("")).toEqual([]);
  });
});
