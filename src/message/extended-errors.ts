import { OctetWriter } from "../octets/octet-writer.ts";
import { WireError } from "../octets/wire-error.ts";
import { type Edns, type EdnsOption, OptionCodes, optionReader } from "./edns.ts";

/** Why, in a number (RFC 8914 §4, the IANA registry "Extended DNS Error Codes"). */
export const ExtendedErrors = {
  OTHER: 0,
  UNSUPPORTED_DNSKEY_ALGORITHM: 1,
  UNSUPPORTED_DS_DIGEST_TYPE: 2,
  STALE_ANSWER: 3,
  FORGED_ANSWER: 4,
  DNSSEC_INDETERMINATE: 5,
  DNSSEC_BOGUS: 6,
  SIGNATURE_EXPIRED: 7,
  SIGNATURE_NOT_YET_VALID: 8,
  DNSKEY_MISSING: 9,
  RRSIGS_MISSING: 10,
  NO_ZONE_KEY_BIT_SET: 11,
  NSEC_MISSING: 12,
  CACHED_ERROR: 13,
  NOT_READY: 14,
  BLOCKED: 15,
  CENSORED: 16,
  FILTERED: 17,
  PROHIBITED: 18,
  STALE_NXDOMAIN_ANSWER: 19,
  NOT_AUTHORITATIVE: 20,
  NOT_SUPPORTED: 21,
  NO_REACHABLE_AUTHORITY: 22,
  NETWORK_ERROR: 23,
  INVALID_DATA: 24,
} as const satisfies Record<string, number>;

/** The most octets of text that are sent: more would cost room that records need. */
export const MAX_TEXT_OCTETS = 120;

/** Why a reply is what it is (RFC 8914). */
export interface ExtendedError {
  readonly code: number;
  /** A sentence without a full stop, for people; perhaps empty. */
  readonly text: string;
}

/** An Extended DNS Error as an option; the text is cut between characters to at most 120 octets of UTF-8. */
export function extendedErrorOption({ code, text }: ExtendedError): EdnsOption {
  const writer = new OctetWriter(2 + MAX_TEXT_OCTETS);
  writer.u16(code);
  writer.bytes(cutUtf8(text, MAX_TEXT_OCTETS));
  return { code: OptionCodes.EXTENDED_ERROR, octets: writer.finish() };
}

/** The UTF-8 of as many whole characters from the start of `text` as fit. */
function cutUtf8(text: string, maxOctets: number): Uint8Array {
  const octets = new Uint8Array(maxOctets);
  const { written } = new TextEncoder().encodeInto(text, octets);
  return octets.subarray(0, written);
}

/**
 * The Extended DNS Errors that OPT holds, in their order. Zero octets at the end of a text are left out: some senders
 * terminate it (RFC 8914 §2).
 * @throws WireError when an option is too short for its code.
 */
export function readExtendedErrors(edns: Pick<Edns, "options">): ExtendedError[] {
  return edns.options.filter(({ code }) => code === OptionCodes.EXTENDED_ERROR).map(readExtendedError);
}

function readExtendedError(option: EdnsOption): ExtendedError {
  if (option.octets.length < 2) throw new WireError("option-malformed", 0);
  const reader = optionReader(option);
  const code = reader.u16();
  const text = new TextDecoder().decode(reader.take(reader.remaining));
  return { code, text: text.replace(/\0+$/, "") };
}
