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
