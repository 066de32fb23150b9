import { parseNumber } from "../text/number-text.ts";
import type { Field } from "./field.ts";

/**
 * A moment of a signature: seconds since 1970 in four octets, written as `YYYYMMDDHHmmSS` or, in ten digits at most, as
 * the number itself (RFC 4034 §3.2). Printed as a moment from 1970 to 2106.
 */
export function moment(noun: string): Field {
  return {
    noun,
    parse(cursor, writer) {
      const value = parseMoment(cursor.word);
      if (value === undefined) return cursor.needs(`${noun} like 20300131235959, from 1970 to 2106`);
      writer.u32(value);
      cursor.index += 1;
      return undefined;
    },
    read: (reader, writer) => writer.u32(reader.u32()),
    format: (reader) => new Date(reader.u32() * 1000).toISOString().replace(/[-:T]|\..*/g, ""),
  };
}

function parseMoment(text: string): number | undefined {
  if (text.length <= 10) return parseNumber(text, 0xffff_ffff);
  const parts = /^([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})$/.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1)
    .map((digits) => parseNumber(digits, 9999));
  const date = new Date(Date.UTC(year, month - 1, day));
  const isDay = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isDay || hour > 23 || minute > 59 || second > 60) return undefined; // 60 is a leap second.
  const seconds = date.getTime() / 1000 + hour * 3600 + minute * 60 + second;
  return seconds >= 0 && seconds <= 0xffff_ffff ? seconds : undefined;
}
