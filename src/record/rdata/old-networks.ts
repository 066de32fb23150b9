import type { Field, RdataLayout } from "../field/field.ts";
import { characterString, checkedString, optionalString } from "../field/string.ts";

/** X25 (RFC 1183 §3.1): the digits of an X.121 address. */
export const x25: RdataLayout = [
  checkedString("an X.25 address", "an X.25 address of at least 4 digits", (text) => /^[0-9]{4,}$/.test(text)),
];

/** ISDN (RFC 1183 §3.2). */
export const isdn: RdataLayout = [characterString("an ISDN address"), optionalString("a subaddress")];

/** GPOS (RFC 1712 §3). Which angle comes first differs between its text and its example, so both may have 180 degrees. */
export const gpos: RdataLayout = [
  angle("a longitude"),
  angle("a latitude"),
  checkedString("an altitude", "an altitude in metres like 10.0", isReal),
];

function angle(noun: string): Field {
  return checkedString(noun, `${noun} in degrees like -32.6882`, (text) => {
    return isReal(text) && Math.abs(Number.parseFloat(text)) <= 180;
  });
}

function isReal(text: string): boolean {
  return /^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$/.test(text);
}
