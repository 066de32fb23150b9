import { OctetReader } from "../../octets/octet-reader.ts";
import { WireError } from "../../octets/wire-error.ts";
import { nothing } from "../field/chosen.ts";
import type { Field, RdataLayout } from "../field/field.ts";
import type { RdataCursor } from "../rdata-token.ts";
import { parseNumber } from "../text/number-text.ts";

const OCTETS = 16;

/** Angles count thousandths of a second of arc from here (RFC 1876 §2). */
const ORIGIN_OF_ANGLES = 2 ** 31;
const DEGREE = 3_600_000;
const MINUTE = 60_000;

/** Altitudes count centimetres from 100 km below the spheroid (RFC 1876 §2). */
const DEPTH_OF_ZERO = 10_000_000;

/** A size and two precisions as they are when nobody writes them: 1 m, 10 km, 10 m (RFC 1876 §3). */
const DEFAULT_SIZES = [0x12, 0x16, 0x13] as const;
const SIZE_NOUNS = ["a size", "a horizontal precision", "a vertical precision"] as const;
const MAX_SIZE_CM = 9_000_000_000;

interface Axis {
  readonly noun: string;
  readonly degrees: number;
  readonly forward: string;
  readonly backward: string;
}

const LATITUDE: Axis = { noun: "a latitude", degrees: 90, forward: "N", backward: "S" };
const LONGITUDE: Axis = { noun: "a longitude", degrees: 180, forward: "E", backward: "W" };

/** Everything in one field: text begins with what the octets end with. */
const place: Field = {
  noun: "a latitude, a longitude and an altitude",
  parse(cursor, writer) {
    const latitude = parseAngle(cursor, LATITUDE);
    if (typeof latitude === "string") return latitude;
    const longitude = parseAngle(cursor, LONGITUDE);
    if (typeof longitude === "string") return longitude;
    const altitude = parseCentimetres(cursor.word);
    if (altitude === undefined || altitude < -DEPTH_OF_ZERO || altitude + DEPTH_OF_ZERO > 0xffff_ffff)
      return cursor.needs("an altitude from -100000.00m to 42849672.95m");
    cursor.index += 1;
    const sizes: number[] = [];
    for (const [i, size] of DEFAULT_SIZES.entries()) {
      const centimetres = cursor.atEnd ? undefined : parseCentimetres(cursor.word);
      const isRight = centimetres !== undefined && !cursor.word.startsWith("-") && centimetres <= MAX_SIZE_CM;
      if (!cursor.atEnd && !isRight) return cursor.needs(`${SIZE_NOUNS[i] ?? ""} from 0m to 90000000m`);
      sizes.push(centimetres === undefined ? size : sizeOctet(centimetres));
      cursor.index += cursor.atEnd ? 0 : 1;
    }
    writer.u8(0);
    for (const size of sizes) writer.u8(size);
    writer.u32(ORIGIN_OF_ANGLES + latitude);
    writer.u32(ORIGIN_OF_ANGLES + longitude);
    writer.u32(DEPTH_OF_ZERO + altitude);
    return undefined;
  },
  read(reader, writer) {
    const version = reader.u8();
    writer.u8(version);
    const rest = reader.take(version === 0 ? OCTETS - 1 : reader.remaining); // Other versions are not known.
    if (version === 0) check(rest, reader.offset - rest.length);
    writer.bytes(rest);
  },
  format(reader) {
    const at = reader.offset;
    if (reader.u8() !== 0) throw new WireError("rdata-malformed", at);
    const sizes = [formatSize(reader.u8()), formatSize(reader.u8()), formatSize(reader.u8())];
    const latitude = formatAngle(reader.u32(), LATITUDE);
    const longitude = formatAngle(reader.u32(), LONGITUDE);
    return [latitude, longitude, `${formatCentimetres(reader.u32() - DEPTH_OF_ZERO)}m`, ...sizes].join(" ");
  },
};

/** LOC (RFC 1876 §2, §3). */
export const loc: RdataLayout = [place, { ...nothing, noun: "a vertical precision" }];

/** Reads `DEGREES [MINUTES [SECONDS]] N|S` into thousandths of a second; a sentence when it is none. */
function parseAngle(cursor: RdataCursor, axis: Axis): number | string {
  const { noun, degrees, forward, backward } = axis;
  const whole = parseNumber(cursor.word, degrees);
  if (whole === undefined) return cursor.needs(`${noun} in degrees from 0 to ${degrees}`);
  cursor.index += 1;
  let angle = whole * DEGREE;
  for (const unit of ["minutes", "seconds"] as const) {
    if (cursor.word === forward || cursor.word === backward) break;
    const part = unit === "minutes" ? parseMinutes(cursor.word) : parseSecondsOfArc(cursor.word);
    const wanted = `${unit} from 0 to ${unit === "minutes" ? "59" : "59.999"}, or ${forward} or ${backward}`;
    if (part === undefined) return cursor.needs(wanted);
    if (angle + part > degrees * DEGREE) return cursor.needs(`${noun} of at most ${degrees} degrees`);
    angle += part;
    cursor.index += 1;
  }
  if (cursor.word !== forward && cursor.word !== backward)
    return cursor.needs(`${forward} or ${backward} after ${noun}`);
  const isForward = cursor.word === forward;
  cursor.index += 1;
  return isForward ? angle : -angle;
}

function parseMinutes(text: string): number | undefined {
  const minutes = parseNumber(text, 59);
  return minutes === undefined ? undefined : minutes * MINUTE;
}

function parseSecondsOfArc(text: string): number | undefined {
  const [, whole = "", fraction = ""] = /^([0-9]+)(?:\.([0-9]{0,3}))?$/.exec(text) ?? [];
  const seconds = parseNumber(whole, 59);
  return seconds === undefined ? undefined : seconds * 1000 + (parseNumber(fraction.padEnd(3, "0"), 999) ?? 0);
}

/** Reads metres with at most two decimals, `m` behind them or not. */
function parseCentimetres(text: string): number | undefined {
  const [, sign, whole = "", fraction = ""] = /^(-?)([0-9]*)(?:\.([0-9]{0,2}))?m?$/.exec(text) ?? [];
  if (whole === "" && fraction === "") return undefined;
  const metres = parseNumber(whole === "" ? "0" : whole, 100_000_000);
  if (metres === undefined) return undefined;
  const centimetres = metres * 100 + (parseNumber(fraction.padEnd(2, "0"), 99) ?? 0);
  return sign === "-" ? 0 - centimetres : centimetres;
}

/** The first digit and how many zeros follow it, in centimetres; further digits have no room (RFC 1876 §2, appendix A). */
function sizeOctet(centimetres: number): number {
  const digits = String(centimetres);
  const first = digits.charCodeAt(0) - 0x30;
  return first === 0 ? 0 : (first << 4) | (digits.length - 1);
}

function formatSize(octet: number): string {
  const centimetres = (octet >>> 4) * 10 ** (octet & 0xf);
  return centimetres >= 100 ? `${centimetres / 100}m` : `${formatCentimetres(centimetres)}m`;
}

function formatCentimetres(value: number): string {
  const centimetres = Math.abs(value);
  const fraction = String(centimetres % 100).padStart(2, "0");
  return `${value < 0 ? "-" : ""}${Math.floor(centimetres / 100)}.${fraction}`;
}

function formatAngle(value: number, { forward, backward }: Axis): string {
  const angle = Math.abs(value - ORIGIN_OF_ANGLES);
  const minutes = Math.floor((angle % DEGREE) / MINUTE);
  const seconds = Math.floor((angle % MINUTE) / 1000);
  const thousandths = String(angle % 1000).padStart(3, "0");
  const side = value < ORIGIN_OF_ANGLES ? backward : forward;
  return `${Math.floor(angle / DEGREE)} ${minutes} ${seconds}.${thousandths} ${side}`;
}

/** Throws where octets of version 0, `at` being that of the first, say what no text can. */
function check(octets: Uint8Array, at: number): void {
  const reader = new OctetReader(octets);
  for (let i = 0; i < DEFAULT_SIZES.length; i++) {
    const size = reader.u8();
    const isSize = size === 0 || (size >>> 4 >= 1 && size >>> 4 <= 9 && (size & 0xf) <= 9);
    if (!isSize) throw new WireError("rdata-malformed", at + i);
  }
  for (const { degrees } of [LATITUDE, LONGITUDE]) {
    const start = reader.offset;
    if (Math.abs(reader.u32() - ORIGIN_OF_ANGLES) > degrees * DEGREE)
      throw new WireError("rdata-malformed", at + start);
  }
}
