import { parseNumber } from "../text/number-text.ts";
import type { Field } from "./field.ts";
import { u8, u16 } from "./number.ts";

/** Names of numbers; where two names share a number, the first is the one that is printed. */
export type Mnemonics = Readonly<Record<string, number>>;

/**
 * A number of one or two octets that may be written as a mnemonic, in any case, `example` being one of them; `prints` says how it
 * is written back.
 */
export function mnemonic(
  noun: string,
  octets: 1 | 2,
  names: Mnemonics,
  example: string,
  prints: "number" | "name",
): Field {
  const plain = octets === 1 ? u8(noun) : u16(noun);
  const max = octets === 1 ? 0xff : 0xffff;
  const numbers = new Map(Object.entries(names).map(([name, value]) => [name.toUpperCase(), value]));
  return {
    ...plain,
    parse(cursor, writer) {
      const value = parseNumber(cursor.word, max) ?? numbers.get(cursor.word.toUpperCase());
      if (value === undefined) return cursor.needs(`${noun} from 0 to ${max} or a name like ${example}`);
      if (octets === 1) writer.u8(value);
      else writer.u16(value);
      cursor.index += 1;
      return undefined;
    },
    format(reader) {
      const value = octets === 1 ? reader.u8() : reader.u16();
      const name = prints === "name" ? Object.entries(names).find(([, number]) => number === value) : undefined;
      return name?.[0] ?? String(value);
    },
  };
}
