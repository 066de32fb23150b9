import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { knownName } from "../src/name/name-text.ts";
import { type ParsedRdata, parseRdata, type RdataToken } from "../src/record/rdata-text.ts";
import { typeNumber } from "../src/record/type-names.ts";

/** The words and quoted strings of a line of rdata, as a zone file has them: a quote ends a word. */
export function tokensOf(line: string): RdataToken[] {
  const tokens = line.matchAll(/"((?:[^"\\]|\\.)*)"|((?:[^\s"\\]|\\.)+)/gs);
  return [...tokens].map(([, quoted, word = ""]) => ({ text: quoted ?? word, quoted: quoted !== undefined }));
}

/** Parses `TYPE RDATA…` with the origin example.com. */
export function parseLine(line: string): ParsedRdata {
  const [, ...rest] = line.split(" ");
  return parseRdata(typeOf(line), tokensOf(rest.join(" ")), knownName("example.com"));
}

/** The type that a line begins with. */
export function typeOf(line: string): number {
  const type = typeNumber(line.split(" ")[0] ?? "");
  if (type === undefined) throw new RangeError(`${line} begins with no type`);
  return type;
}

/** Octets of a dump: pairs of hexadecimal digits with blanks anywhere. */
export function dump(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"));
}

/** A line of rdata that is read. */
export interface GoodVector {
  readonly line: string;
  readonly octets: Uint8Array;
  readonly prints: string;
}

/** A line of rdata that is refused. */
export interface BadVector {
  readonly line: string;
  /** Index of the token at fault. */
  readonly at: number;
  readonly says: string;
}

/**
 * Reads every file of vectors in a folder: a line `TYPE RDATA…`, and below it `= OCTETS` and, where it differs from what
 * was written, `> TEXT`; or `! TOKEN SENTENCE`.
 */
export function rdataVectors(folder: string): { readonly good: GoodVector[]; readonly bad: BadVector[] } {
  const good: GoodVector[] = [];
  const bad: BadVector[] = [];
  const text = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
  const blocks = text.join("").matchAll(/^([A-Z].*)\n(?:= (.*)\n(?:> (.*)\n)?|! ([0-9]+) (.*)\n)/gm);
  for (const [, line = "", octets, prints, at, says = ""] of blocks) {
    if (octets === undefined) bad.push({ line, at: Number.parseInt(at ?? "", 10), says });
    else good.push({ line, octets: dump(octets), prints: prints ?? line.split(" ").slice(1).join(" ") });
  }
  return { good, bad };
}
