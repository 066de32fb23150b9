import { RecordClasses, RecordTypes } from "../record/record-type.ts";
import { OptionCodes } from "./edns.ts";
import { HEADER_OCTETS } from "./header.ts";
import { isCookie } from "./server-cookie.ts";

/** QR, opcode, AA and TC: none of them stands in a plain question. */
const NOT_PLAIN_HIGH = 0b1111_1110;
/** RA, Z and the rcode. */
const NOT_PLAIN_LOW = 0b1100_1111;
const RD = 0b0000_0001;
const CD = 0b0001_0000;
const DNSSEC_OK = 0b1000_0000;
const MAX_LABEL_OCTETS = 63;
/** Behind a name: type and class. */
const QUESTION_TAIL_OCTETS = 4;
/** An OPT without options (RFC 6891 §6.1.2). */
const BARE_OPT_OCTETS = 11;
/** An option's code and length. */
const OPTION_HEADER_OCTETS = 4;
/** A name of 255 octets (RFC 1035 §2.3.4) ends here at the latest. */
const MAX_NAME_END = HEADER_OCTETS + 255;

/**
 * Recognises in a few dozen steps, and without an object, the message that nearly every client sends: one question of
 * class IN, with no OPT, one without options, or one whose only option is a cookie, as dig sends it. All that shapes its
 * reply lies then at known places; how much the client takes is not read. Whatever else is
 * well-formed, or is not, is for `decodeQuery`.
 */
export class PlainQuery {
  /** One past the question: of the name, the type and the class. */
  questionEnd = 0;
  type = 0;
  rd = false;
  cd = false;
  hasOpt = false;
  dnssecOk = false;
  /** Octets of the cookie, which stands at the end of the message; 0 without one. */
  cookieOctets = 0;

  /** Reads a message, and says whether it is a plain query: only then do the fields hold, until the next call. */
  read(octets: Uint8Array): boolean {
    const high = octets[2] ?? 0xff;
    const low = octets[3] ?? 0xff;
    if ((high & NOT_PLAIN_HIGH) !== 0 || (low & NOT_PLAIN_LOW) !== 0) return false;
    if (u16(octets, 4) !== 1 || u16(octets, 6) !== 0 || u16(octets, 8) !== 0) return false;
    const nameEnd = endOfName(octets);
    if (nameEnd === 0 || u16(octets, nameEnd + 2) !== RecordClasses.IN) return false;
    this.type = u16(octets, nameEnd);
    this.questionEnd = nameEnd + QUESTION_TAIL_OCTETS;
    this.rd = (high & RD) !== 0;
    this.cd = (low & CD) !== 0;
    switch (u16(octets, 10)) {
      case 0:
        return this.readEnd(octets);
      case 1:
        return this.readOpt(octets);
      default:
        return false;
    }
  }

  private readEnd(octets: Uint8Array): boolean {
    this.hasOpt = false;
    this.dnssecOk = false;
    this.cookieOctets = 0;
    return octets.length === this.questionEnd;
  }

  private readOpt(octets: Uint8Array): boolean {
    const at = this.questionEnd;
    const optionsOctets = octets.length - at - BARE_OPT_OCTETS;
    if (optionsOctets < 0) return false; // Cut short: a length that is not there is -1 as well.
    const isRoot = octets[at] === 0 && u16(octets, at + 1) === RecordTypes.OPT;
    // No bits of a rcode, version 0. Other flags than DO mean nothing yet (RFC 6891 §6.1.4).
    if (!isRoot || u16(octets, at + 5) !== 0 || u16(octets, at + 9) !== optionsOctets) return false;
    if (optionsOctets > 0 && !isOnlyCookie(octets, at + BARE_OPT_OCTETS)) return false;
    this.cookieOctets = optionsOctets === 0 ? 0 : optionsOctets - OPTION_HEADER_OCTETS;
    this.hasOpt = true;
    this.dnssecOk = ((octets[at + 7] ?? 0) & DNSSEC_OK) !== 0;
    return true;
  }
}

/** Whether what begins here, and goes on to the end of the message, is one well-formed cookie (RFC 7873 §4). */
function isOnlyCookie(octets: Uint8Array, at: number): boolean {
  const length = octets.length - at - OPTION_HEADER_OCTETS;
  return u16(octets, at) === OptionCodes.COOKIE && u16(octets, at + 2) === length && isCookie({ length });
}

/** One past the name behind the header, or 0 where it is compressed, too long or cut short. */
function endOfName(octets: Uint8Array): number {
  let at = HEADER_OCTETS;
  for (;;) {
    const length = octets[at];
    if (length === undefined || length > MAX_LABEL_OCTETS) return 0;
    at += 1 + length;
    if (at > MAX_NAME_END) return 0;
    if (length === 0) return at;
  }
}

/** Two octets, or -1 where they are not there. */
function u16(octets: Uint8Array, at: number): number {
  const high = octets[at];
  const low = octets[at + 1];
  return high === undefined || low === undefined ? -1 : (high << 8) | low;
}
