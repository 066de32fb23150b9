import { type EdnsOption, OptionCodes } from "./edns.ts";

/** Milliseconds of one unit of the option, and how many units it can say. */
const UNIT_MS = 100;
const MAX_UNITS = 0xffff;

/** Tells a client how long its connection may be idle (RFC 7828 §3.1); never longer than it is. */
export function keepaliveOption(idleMs: number): EdnsOption {
  const units = Math.min(MAX_UNITS, Math.floor(idleMs / UNIT_MS));
  return { code: OptionCodes.TCP_KEEPALIVE, octets: Uint8Array.of(units >>> 8, units & 0xff) };
}
