import type { OctetReader } from "../../octets/octet-reader.ts";
import type { OctetWriter } from "../../octets/octet-writer.ts";
import { WireError } from "../../octets/wire-error.ts";
import type { RdataCursor } from "../rdata-token.ts";
import { quoteOctets, showText, unescapeText } from "../text/string-text.ts";
import type { Field } from "./field.ts";

/** The longest character-string, whose length is one octet (RFC 1035 §3.3). */
const MAX_STRING_OCTETS = 255;

/** One character-string (RFC 1035 §3.3), quoted or not. */
export function characterString(noun: string): Field {
  return { noun, parse: parseString, read: copyString, format: formatString };
}

/** A character-string that may be missing at the end. */
export function optionalString(noun: string): Field {
  const string = characterString(noun);
  return {
    noun,
    mayBeAbsent: true,
    parse: (cursor, writer) => (cursor.atEnd ? undefined : string.parse(cursor, writer)),
    read(reader, writer) {
      if (reader.remaining > 0) string.read(reader, writer);
    },
    format: (reader) => (reader.remaining > 0 ? string.format(reader) : ""),
  };
}

/** A character-string of a form of its own: `expected` says it in a sentence, `isValid` of its octets, one per char. */
export function checkedString(noun: string, expected: string, isValid: (octets: string) => boolean): Field {
  return {
    noun,
    parse(cursor, writer) {
      const string = resolve(cursor);
      if (string.kind === "octets" && !isValid(string.octets)) return cursor.needs(expected);
      return parseString(cursor, writer);
    },
    read(reader, writer) {
      const at = reader.offset;
      const octets = reader.text(reader.u8());
      if (!isValid(octets)) throw new WireError("rdata-malformed", at);
      writer.u8(octets.length);
      writer.text(octets);
    },
    format: formatString,
  };
}

/** Character-strings to the end of the rdata, at least one. */
export const characterStrings: Field = {
  noun: "one or more strings",
  parse(cursor, writer) {
    do {
      const wrong = parseString(cursor, writer);
      if (wrong !== undefined) return wrong;
    } while (!cursor.atEnd);
    return undefined;
  },
  read(reader, writer) {
    do copyString(reader, writer);
    while (reader.remaining > 0);
  },
  format(reader) {
    const texts = [formatString(reader)];
    while (reader.remaining > 0) texts.push(formatString(reader));
    return texts.join(" ");
  },
};

/** One string to the end of the rdata, without a length of its own and so not bound to 255 octets. */
export function longString(noun: string): Field {
  return {
    noun,
    parse(cursor, writer) {
      const octets = resolve(cursor);
      if (octets.kind === "problem") return octets.problem;
      writer.text(octets.octets);
      cursor.index += 1;
      return undefined;
    },
    read: (reader, writer) => writer.bytes(reader.take(reader.remaining)),
    format: (reader) => quoteOctets(reader.text(reader.remaining)),
  };
}

function parseString(cursor: RdataCursor, writer: OctetWriter): string | undefined {
  const string = resolve(cursor);
  if (string.kind === "problem") return string.problem;
  const { length } = string.octets;
  if (length > MAX_STRING_OCTETS)
    return `a string has at most ${MAX_STRING_OCTETS} octets, this one has ${length}: split it into several strings`;
  writer.u8(length);
  writer.text(string.octets);
  cursor.index += 1;
  return undefined;
}

function resolve(cursor: RdataCursor): ReturnType<typeof unescapeText> {
  const { text } = cursor.token;
  const string = unescapeText(text, cursor.encoding);
  return string.kind === "octets"
    ? string
    : { kind: "problem", problem: `the string ${showText(text)} ${string.problem}` };
}

function copyString(reader: OctetReader, writer: OctetWriter): void {
  const length = reader.u8();
  writer.u8(length);
  writer.bytes(reader.take(length));
}

function formatString(reader: OctetReader): string {
  return quoteOctets(reader.text(reader.u8()));
}
