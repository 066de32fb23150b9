import type { DomainName } from "../name/domain-name.ts";
import { OctetReader } from "../octets/octet-reader.ts";
import { OctetWriter } from "../octets/octet-writer.ts";
import { WireError } from "../octets/wire-error.ts";
import type { Field, RdataLayout } from "./field/field.ts";
import { RDATA_LAYOUTS } from "./rdata/table.ts";
import { RdataCursor, type RdataToken } from "./rdata-token.ts";
import { MAX_RDATA_OCTETS, readRdata } from "./rdata-wire.ts";
import type { RecordType } from "./record-type.ts";
import { parseNumber } from "./text/number-text.ts";
import { formatHex, parseHex } from "./text/octets-text.ts";
import { showText, type TextEncoding } from "./text/string-text.ts";
import { isMetaType, typeName } from "./type-names.ts";

export type { RdataToken } from "./rdata-token.ts";

export type ParsedRdata = { readonly kind: "rdata"; readonly octets: Uint8Array } | RdataProblem;

/** What is wrong with the tokens of one record. */
export interface RdataProblem {
  readonly kind: "problem";
  /** A sentence without a full stop. */
  readonly message: string;
  /** Index of the token at fault; the number of tokens when something is missing at the end. */
  readonly at: number;
}

/** What stands before rdata in the generic form (RFC 3597 §5). */
const GENERIC = "\\#";

/** One buffer for all parsing, which ends before the next begins: a zone has millions of records. */
const scratch = new OctetWriter();

/**
 * Reads the rdata of a type from its tokens into the octets that are kept: names uncompressed, in the case they were
 * written, completed with `origin`. Every type may be written as `\# LENGTH HEX` (RFC 3597 §5). Any tokens give a result.
 */
export function parseRdata(
  type: RecordType,
  tokens: readonly RdataToken[],
  origin: DomainName,
  encoding: TextEncoding = "octets",
): ParsedRdata {
  if (isMetaType(type)) return problem(`${typeName(type)} is not a type of records: only messages use it`, 0);
  const first = tokens[0];
  if (first !== undefined && !first.quoted && first.text === GENERIC) return parseGeneric(type, tokens);
  const layout = RDATA_LAYOUTS.get(type);
  if (layout === undefined) return problem(`${typeName(type)} needs the generic form \\# LENGTH HEX`, 0);

  scratch.truncate(0);
  const cursor = new RdataCursor(type, tokens, origin, encoding);
  for (const field of layout) {
    if (cursor.atEnd && field.mayBeAbsent !== true) return problem(missing(type, layout, field, tokens), cursor.index);
    const wrong = field.parse(cursor, scratch);
    if (wrong !== undefined) return problem(wrong, cursor.index);
  }
  if (!cursor.atEnd) return problem(`extra text after ${definite(layout.at(-1))}`, cursor.index);
  if (scratch.offset > MAX_RDATA_OCTETS)
    return problem(`${typeName(type)} has at most ${MAX_RDATA_OCTETS} octets of rdata, this is ${scratch.offset}`, 0);
  return { kind: "rdata", octets: scratch.finish() };
}

function problem(message: string, at: number): RdataProblem {
  return { kind: "problem", message, at };
}

/** `MX needs a preference and a name, the name is missing`. */
function missing(type: RecordType, layout: RdataLayout, field: Field, tokens: readonly RdataToken[]): string {
  const nouns = layout.filter((one) => one.mayBeAbsent !== true).map((one) => one.noun);
  const last = nouns.pop() ?? "";
  const all = nouns.length === 0 ? last : `${nouns.join(", ")} and ${last}`;
  return `${typeName(type)} needs ${all}, ${tokens.length === 0 ? "found nothing" : `${definite(field)} ${isPlural(field) ? "are" : "is"} missing`}`;
}

/** `flags`, but not `a number of labels`. */
function isPlural({ noun }: Field): boolean {
  return /^[a-z]*s$/.test(noun);
}

function definite(field: Field | undefined): string {
  return (field?.noun ?? "").replace(/^an? |^/, "the ");
}

/** Reads `\# LENGTH HEX…`; for a type we understand the octets must be of that type (RFC 3597 §5). */
function parseGeneric(type: RecordType, tokens: readonly RdataToken[]): ParsedRdata {
  const form = "\\# needs a length and as many octets in hexadecimal digits";
  const [, size, ...words] = tokens;
  if (size === undefined) return problem(`${form}, the length is missing`, tokens.length);
  const length = size.quoted ? undefined : parseNumber(size.text, MAX_RDATA_OCTETS);
  if (length === undefined) return problem(`${form}, found ${showText(size.text)} for the length`, 1);
  const stray = words.findIndex((word) => word.quoted || !/^[0-9a-fA-F]+$/.test(word.text));
  if (stray !== -1) return problem(`${form}, found ${showText(words[stray]?.text ?? "")}`, stray + 2);
  const digits = words.map((word) => word.text).join("");
  const octets = parseHex(digits);
  if (octets === undefined) return problem(`${form}, an octet is cut in half`, tokens.length - 1);
  if (octets.length < length)
    return problem(`\\# ${length} is followed by ${countOf(octets.length)}, some are missing`, tokens.length);
  if (octets.length > length)
    return problem(`\\# ${length} is followed by ${countOf(octets.length)}, more than it says`, 1);
  return checkGeneric(type, octets, words);
}

function countOf(octets: number): string {
  return octets === 1 ? "1 octet" : `${octets} octets`;
}

function checkGeneric(type: RecordType, octets: Uint8Array, words: readonly RdataToken[]): ParsedRdata {
  try {
    const kept = readRdata(type, new OctetReader(octets), octets.length);
    // Names in it must not be compressed: there is no message that a pointer could lead into.
    if (formatHex(kept) === formatHex(octets)) return { kind: "rdata", octets };
    return problem(`these octets are no ${typeName(type)}: a name in them is compressed`, 2);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const where = error.offset < octets.length ? `wrong from octet ${error.offset} on` : "they end too early";
    return problem(`these octets are no ${typeName(type)}: ${where}`, 2 + wordOfOctet(words, error.offset));
  }
}

/** Index of the word that the digits of an octet, counted from 0, begin in; the number of words past the last. */
function wordOfOctet(words: readonly RdataToken[], octet: number): number {
  let digits = 0;
  const index = words.findIndex((word) => {
    digits += word.text.length;
    return digits > octet * 2;
  });
  return index === -1 ? words.length : index;
}

/**
 * Writes the octets of a type in its one presentation form, names absolute, as `dig` prints it. Octets that are not of
 * the type, or of one we do not know, come out in the generic form.
 */
export function formatRdata(type: RecordType, octets: Uint8Array): string {
  const layout = RDATA_LAYOUTS.get(type);
  if (layout === undefined) return formatGeneric(octets);
  const reader = new OctetReader(octets);
  try {
    const texts = layout.map((field) => field.format(reader)).filter((text) => text !== "");
    return reader.remaining === 0 ? texts.join(" ") : formatGeneric(octets);
  } catch (error) {
    if (error instanceof WireError) return formatGeneric(octets);
    throw error;
  }
}

function formatGeneric(octets: Uint8Array): string {
  return octets.length === 0 ? `${GENERIC} 0` : `${GENERIC} ${octets.length} ${formatHex(octets)}`;
}
