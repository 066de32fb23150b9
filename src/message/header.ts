import type { OctetReader } from "../octets/octet-reader.ts";
import type { OctetWriter } from "../octets/octet-writer.ts";

/** Octets of the header that every message starts with (RFC 1035 §4.1.1). */
export const HEADER_OCTETS = 12;
/** Where the opcode, the rcode and the one-bit fields stand: two octets. */
export const FLAGS_OFFSET = 2;
/** Where ANCOUNT stands. */
export const ANSWER_COUNT_OFFSET = 6;
/** Where NSCOUNT stands. */
export const AUTHORITY_COUNT_OFFSET = 8;
/** Where ARCOUNT stands. */
export const ADDITIONAL_COUNT_OFFSET = 10;

const QR = 0x8000;
const AA = 0x0400;
const TC = 0x0200;
const RD = 0x0100;
const RA = 0x0080;
const AD = 0x0020;
const CD = 0x0010;

/** The one-bit fields (RFC 1035 §4.1.1, RFC 4035 §3). Z is not among them: read as if it were 0, and written as 0. */
export interface HeaderFlags {
  /** A reply. */
  readonly qr: boolean;
  /** Authoritative answer. */
  readonly aa: boolean;
  /** Truncated: more does not fit. */
  readonly tc: boolean;
  /** Recursion desired. */
  readonly rd: boolean;
  /** Recursion available. */
  readonly ra: boolean;
  /** Authentic data. */
  readonly ad: boolean;
  /** Checking disabled. */
  readonly cd: boolean;
}

/** The first twelve octets. The counts are what the sender claims, nothing more. */
export interface Header {
  readonly id: number;
  readonly opcode: number;
  /** The low four bits; the others are in OPT. */
  readonly rcode: number;
  readonly flags: HeaderFlags;
  readonly questionCount: number;
  readonly answerCount: number;
  readonly authorityCount: number;
  /** OPT included. */
  readonly additionalCount: number;
}

/** Reads a header. */
export function readHeader(reader: OctetReader): Header {
  const id = reader.u16();
  const word = reader.u16();
  return {
    id,
    opcode: (word >>> 11) & 0xf,
    rcode: word & 0xf,
    flags: {
      qr: (word & QR) !== 0,
      aa: (word & AA) !== 0,
      tc: (word & TC) !== 0,
      rd: (word & RD) !== 0,
      ra: (word & RA) !== 0,
      ad: (word & AD) !== 0,
      cd: (word & CD) !== 0,
    },
    questionCount: reader.u16(),
    answerCount: reader.u16(),
    authorityCount: reader.u16(),
    additionalCount: reader.u16(),
  };
}

/** Writes a header; of `rcode` the low four bits. */
export function writeHeader(writer: OctetWriter, header: Header): void {
  writer.u16(header.id);
  writer.u16(flagsWord(header.opcode, header.rcode, header.flags));
  writer.u16(header.questionCount);
  writer.u16(header.answerCount);
  writer.u16(header.authorityCount);
  writer.u16(header.additionalCount);
}

/** The two octets behind the id. */
export function flagsWord(opcode: number, rcode: number, flags: HeaderFlags): number {
  let word = ((opcode & 0xf) << 11) | (rcode & 0xf);
  if (flags.qr) word |= QR;
  if (flags.aa) word |= AA;
  if (flags.tc) word |= TC;
  if (flags.rd) word |= RD;
  if (flags.ra) word |= RA;
  if (flags.ad) word |= AD;
  if (flags.cd) word |= CD;
  return word;
}

/** The low four bits of the rcode in a message that has a header. */
export function rcodeIn(octets: Uint8Array): number {
  return (octets[FLAGS_OFFSET + 1] ?? 0) & 0xf;
}
