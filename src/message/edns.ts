import { OctetReader } from "../octets/octet-reader.ts";
import type { OctetWriter } from "../octets/octet-writer.ts";
import { WireError } from "../octets/wire-error.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RecordFrame } from "./_record-frame.ts";

/** The only version there is (RFC 6891 §6.1.3). */
export const EDNS_VERSION = 0;
/** The UDP size that crosses today's networks unfragmented; what we announce and send at most by default. */
export const DEFAULT_UDP_SIZE = 1232;
/** Octets of an OPT record without options: root, type, class, TTL, length. */
export const OPT_OCTETS = 11;
/** Octets of an option's code and length. */
const OPTION_HEADER_OCTETS = 4;
/** The DO bit (RFC 3225 §3). */
const DNSSEC_OK = 0x8000;

/** Options that the code speaks of by name (the IANA registry "DNS EDNS0 Option Codes"). */
export const OptionCodes = {
  NSID: 3,
  CLIENT_SUBNET: 8,
  COOKIE: 10,
  TCP_KEEPALIVE: 11,
  PADDING: 12,
  EXTENDED_ERROR: 15,
} as const satisfies Record<string, number>;

/** One option of OPT, its octets as they are: unknown ones are normal. */
export interface EdnsOption {
  readonly code: number;
  readonly octets: Uint8Array;
}

/** What an OPT record says (RFC 6891 §6.1), but for the rcode bits in it: those are part of the message's rcode. */
export interface Edns {
  readonly version: number;
  /** The largest UDP message that the sender takes, as it says: under 512 counts as 512. */
  readonly udpSize: number;
  /** DO: the sender wants DNSSEC records. */
  readonly dnssecOk: boolean;
  /** In their order. Of versions other than 0 none are read: what they look like there, nobody knows. */
  readonly options: readonly EdnsOption[];
}

/** An OPT record as read: `rcodeBits` are bits 4 to 11 of the rcode. */
export interface ReadOpt {
  readonly edns: Edns;
  readonly rcodeBits: number;
}

/**
 * Reads the OPT record that a frame of the additional section is.
 * @throws WireError `opt-malformed` for an owner other than the root, `option-malformed` for options that are cut short.
 */
export function readOpt(frame: RecordFrame): ReadOpt {
  if (!frame.isAtRoot) throw new WireError("opt-malformed", frame.start); // RFC 6891 §6.1.2: MUST be 0.
  const version = (frame.ttl >>> 16) & 0xff;
  const options = version === EDNS_VERSION ? readOptions(frame.rdata) : [];
  return {
    edns: { version, udpSize: frame.class, dnssecOk: (frame.ttl & DNSSEC_OK) !== 0, options },
    rcodeBits: frame.ttl >>> 24,
  };
}

function readOptions(reader: OctetReader): EdnsOption[] {
  const options: EdnsOption[] = [];
  while (reader.remaining > 0) {
    const at = reader.offset;
    if (reader.remaining < OPTION_HEADER_OCTETS) throw new WireError("option-malformed", at);
    const code = reader.u16();
    const length = reader.u16();
    if (length > reader.remaining) throw new WireError("option-malformed", at);
    options.push({ code, octets: reader.take(length).slice() });
  }
  return options;
}

/** Writes an OPT record. `rcode` is the message's whole rcode, of which OPT holds the high eight bits. */
export function writeOpt(writer: OctetWriter, edns: Edns, rcode: number): void {
  writer.u8(0);
  writer.u16(RecordTypes.OPT);
  writer.u16(edns.udpSize);
  writer.u8(rcode >>> 4);
  writer.u8(edns.version);
  writer.u16(edns.dnssecOk ? DNSSEC_OK : 0);
  writer.u16(optionsOctets(edns.options));
  for (const { code, octets } of edns.options) {
    writer.u16(code);
    writer.u16(octets.length);
    writer.bytes(octets);
  }
}

/** How many octets the options take. */
export function optionsOctets(options: readonly EdnsOption[]): number {
  return options.reduce((sum, { octets }) => sum + OPTION_HEADER_OCTETS + octets.length, 0);
}

/** A reader of one option's octets; its offsets count from the start of the option. */
export function optionReader(option: EdnsOption): OctetReader {
  return new OctetReader(option.octets);
}
