import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { dump, parseLine, rdataVectors, typeOf } from "../../../test/rdata-line.ts";
import { OctetReader } from "../../octets/octet-reader.ts";
import { formatRdata } from "../rdata-text.ts";
import { namesIn, readRdata } from "../rdata-wire.ts";
import { typeName } from "../type-names.ts";
import { RDATA_LAYOUTS } from "./table.ts";

const FOLDER = join(import.meta.dirname, "vectors");
const { good, bad } = rdataVectors(FOLDER);

describe("vectors of rdata", () => {
  test.each(good)("$line is read, printed, and read from the wire", ({ line, octets, prints }) => {
    const type = typeOf(line);
    expect(parseLine(line)).toEqual({ kind: "rdata", octets });
    expect(formatRdata(type, octets)).toBe(prints);
    expect(parseLine(`${typeName(type)} ${prints}`.trimEnd())).toEqual({ kind: "rdata", octets });
    expect(readRdata(type, new OctetReader(octets), octets.length)).toEqual(octets);
    expect(() => namesIn(type, octets)).not.toThrow();
  });

  test.each(good)("$line is read from its generic form, too", ({ line, octets }) => {
    const generic = `${typeName(typeOf(line))} \\# ${octets.length} ${Buffer.from(octets).toString("hex")}`;
    expect(parseLine(generic)).toEqual({ kind: "rdata", octets });
  });

  test.each(bad)("$line is refused at token $at: $says", ({ line, at, says }) => {
    expect(parseLine(line)).toEqual({ kind: "problem", at, message: says });
  });

  test.each([
    { type: "APL", octets: "0003 08 02 0a01", because: "a family that came later" },
    { type: "LOC", octets: "01 1216", because: "a version that came later" },
    { type: "AMTRELAY", octets: "0a 84 0102", because: "a kind of relay that came later" },
    { type: "WKS", octets: "0a000001 06 0000", because: "ports would not say the zeros at its end" },
  ])("$type $octets is kept, and printed in the generic form: $because", ({ type, octets }) => {
    const generic = `\\# ${dump(octets).length} ${octets.replaceAll(" ", "").toUpperCase()}`;
    expect(parseLine(`${type} ${generic}`)).toEqual({ kind: "rdata", octets: dump(octets) });
    expect(formatRdata(typeOf(type), dump(octets))).toBe(generic);
  });

  test.each([...RDATA_LAYOUTS.keys()].map(typeName))("%s has at least three good ones and three bad ones", (name) => {
    const count = (vectors: readonly { readonly line: string }[]): number =>
      vectors.filter(({ line }) => line.split(" ")[0] === name).length;
    expect(count(good)).toBeGreaterThanOrEqual(3);
    expect(count(bad)).toBeGreaterThanOrEqual(3);
  });

  test("none is passed over", () => {
    const files = readdirSync(FOLDER).map((file) => readFileSync(join(FOLDER, file), "utf8"));
    const lines = files
      .join("")
      .split("\n")
      .filter((line) => line !== "" && !/^[=>!] /.test(line));
    expect([...good, ...bad].map(({ line }) => line).sort()).toEqual(lines.sort());
  });
});
