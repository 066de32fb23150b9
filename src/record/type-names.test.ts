import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { className, classNumber, isMetaType, typeName, typeNumber } from "./type-names.ts";

describe("types", () => {
  test.each([
    { text: "A", type: 1 },
    { text: "aaaa", type: 28 },
    { text: "CnAmE", type: 5 },
    { text: "NSEC3PARAM", type: 51 },
    { text: "nsap-ptr", type: 23 },
    { text: "HTTPS", type: 65 },
    { text: "ANY", type: 255 },
    { text: "AXFR", type: 252 },
    { text: "caa", type: 257 },
    { text: "DLV", type: 32769 },
    { text: "TYPE0", type: 0 },
    { text: "TYPE1", type: 1 },
    { text: "type65280", type: 65280 },
    { text: "TYPE65535", type: 65535 },
  ])("$text is $type", ({ text, type }) => {
    expect(typeNumber(text)).toBe(type);
  });

  test.each([
    "",
    "TYPE",
    "TYPE65536",
    "TYPE-1",
    "TYPE1a",
    "TYPE 1",
    "*",
    "IN",
    "1",
    "300",
    "AA",
    "nſ",
    "ßHFP",
    "constructor",
  ])("%s is no type", (text) => {
    expect(typeNumber(text)).toBeUndefined();
  });

  test.each([
    { type: 1, name: "A" },
    { type: 64, name: "SVCB" },
    { type: 255, name: "ANY" },
    { type: 0, name: "TYPE0" },
    { type: 54, name: "TYPE54" },
    { type: 65280, name: "TYPE65280" },
  ])("$type is written $name", ({ type, name }) => {
    expect(typeName(type)).toBe(name);
  });

  test.each([
    { name: "TYPE0", meta: true },
    { name: "A", meta: false },
    { name: "OPT", meta: true },
    { name: "TYPE127", meta: false },
    { name: "NXNAME", meta: true },
    { name: "TSIG", meta: true },
    { name: "ANY", meta: true },
    { name: "URI", meta: false },
    { name: "TYPE65535", meta: false },
  ])("whether messages alone use $name: $meta", ({ name, meta }) => {
    expect(isMetaType(typeNumber(name) ?? -1)).toBe(meta);
  });

  test("every number is read back from its name, in any case", () => {
    const types = Array.from({ length: 0x1_0000 }, (_, type) => type);
    expect(types.map((type) => typeNumber(typeName(type)))).toEqual(types);
    expect(types.map((type) => typeNumber(typeName(type).toLowerCase()))).toEqual(types);
  });

  test("any text is a type or none", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^(TYPE|class)[0-9]{0,6}$/)), (text) => {
        const type = typeNumber(text);
        if (type !== undefined) expect(type >= 0 && type <= 0xffff).toBe(true);
      }),
    );
  });
});

describe("classes", () => {
  test.each([
    { text: "IN", value: 1 },
    { text: "ch", value: 3 },
    { text: "Hs", value: 4 },
    { text: "NONE", value: 254 },
    { text: "any", value: 255 },
    { text: "CLASS1", value: 1 },
    { text: "class65535", value: 65535 },
  ])("$text is $value", ({ text, value }) => {
    expect(classNumber(text)).toBe(value);
  });

  test.each(["", "CLASS", "CLASS65536", "A", "TYPE1", "ın"])("%s is no class", (text) => {
    expect(classNumber(text)).toBeUndefined();
  });

  test("every number is read back from its name", () => {
    const values = Array.from({ length: 0x1_0000 }, (_, value) => value);
    expect(values.map((value) => classNumber(className(value)))).toEqual(values);
    expect(className(1)).toBe("IN");
    expect(className(32)).toBe("CLASS32");
  });
});
