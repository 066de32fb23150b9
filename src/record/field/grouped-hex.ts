import { formatHex } from "../text/octets-text.ts";
import type { Field } from "./field.ts";

/** Octets as pairs of hexadecimal digits with hyphens between them: `00-00-5e-00-53-2a` (RFC 7043 §3.2, §4.2). */
export function hyphenatedHex(noun: string, octets: number): Field {
  const example = Array.from({ length: octets }, (_, i) => `0${i % 10}`).join("-");
  return {
    noun,
    parse(cursor, writer) {
      const pairs = cursor.word.split("-");
      if (pairs.length !== octets || !pairs.every((pair) => /^[0-9a-fA-F]{2}$/.test(pair)))
        return cursor.needs(`${noun} like ${example}`);
      for (const pair of pairs) writer.u8(Number.parseInt(pair, 16));
      cursor.index += 1;
      return undefined;
    },
    read: (reader, writer) => writer.bytes(reader.take(octets)),
    format: (reader) =>
      Array.from(reader.take(octets), (octet) => formatHex(Uint8Array.of(octet)).toLowerCase()).join("-"),
  };
}

/** Half an IPv6 address: four groups of 1 to 4 hexadecimal digits, never `::` (RFC 6742 §2.1.2, §2.3.2). */
export function fourGroups(noun: string, example: string): Field {
  return {
    noun,
    parse(cursor, writer) {
      const groups = cursor.word.split(":");
      if (groups.length !== 4 || !groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)))
        return cursor.needs(`${noun} like ${example}`);
      for (const group of groups) writer.u16(Number.parseInt(group, 16));
      cursor.index += 1;
      return undefined;
    },
    read: (reader, writer) => writer.bytes(reader.take(8)),
    format: (reader) => Array.from({ length: 4 }, () => reader.u16().toString(16)).join(":"),
  };
}
