import { writeCompressedName, writeName } from "../octets/name.ts";
import { OctetWriter } from "../octets/octet-writer.ts";
import { isOfKnownForm, writeRdata } from "../record/rdata-wire.ts";
import { RecordClasses } from "../record/record-type.ts";
import type { ResourceRecord, RRset } from "../record/rrset.ts";
import {
  DEFAULT_UDP_SIZE,
  EDNS_VERSION,
  type Edns,
  type EdnsOption,
  OPT_OCTETS,
  optionsOctets,
  writeOpt,
} from "./edns.ts";
import { ExtendedErrors, extendedErrorOption } from "./extended-errors.ts";
import {
  ADDITIONAL_COUNT_OFFSET,
  ANSWER_COUNT_OFFSET,
  AUTHORITY_COUNT_OFFSET,
  FLAGS_OFFSET,
  flagsWord,
} from "./header.ts";
import { writeQuestion } from "./question.ts";
import { Rcodes } from "./rcodes.ts";
import type { ReplyEdns, ReplyParts } from "./reply-parts.ts";

/** The limit of a reply over a stream (RFC 1035 §4.2.2). Above it there is nothing to fall back to. */
export const STREAM_LIMIT = 0xffff;
/** What every UDP client takes (RFC 1035 §4.2.1). */
const MIN_UDP_SIZE = 512;

/** How long a reply over UDP may be: what client and server both take, 512 octets for a client without OPT. */
export function udpLimit(edns: Edns | undefined, maxUdpSize: number = DEFAULT_UDP_SIZE): number {
  if (edns === undefined) return MIN_UDP_SIZE;
  return Math.max(MIN_UDP_SIZE, Math.min(edns.udpSize, maxUdpSize)); // RFC 6891 §6.2.3: less than 512 is 512.
}

/** Where every reply is written before it is copied. */
const scratch = new OctetWriter();

/**
 * Writes a reply of at most `limit` octets, 512 or more. What does not fit goes in this order: the text of the extended
 * error, the option itself, the server's id and additional records, without a word; then, with TC, whole RRsets from the end. Over a stream
 * (`STREAM_LIMIT`) TC would send the client where it is already: it gets SERVFAIL.
 */
export function encodeReply(parts: ReplyParts, limit: number): Uint8Array {
  const writer = scratch;
  writer.truncate(0);
  const bound = Math.min(limit, STREAM_LIMIT);
  const body = writeBody(writer, parts, bound - reservedOctets(parts.edns));
  if (!body.isWhole && bound === STREAM_LIMIT) return encodeReply(tooLong(parts), bound);
  let { additionalCount } = body;
  if (parts.edns !== undefined) {
    addOpt(writer, parts.edns, parts.rcode, bound);
    additionalCount += 1;
  }
  if (parts.tsig !== undefined && addTsig(writer, parts.tsig, bound)) additionalCount += 1;
  writer.patchU16(ADDITIONAL_COUNT_OFFSET, additionalCount);
  return writer.finish();
}

/** The octets that OPT takes in any case: what gives way to records is not among them. */
function reservedOctets(edns: ReplyEdns | undefined): number {
  return edns === undefined ? 0 : OPT_OCTETS + optionsOctets(edns.options);
}

/** What was written of a reply before OPT. */
interface Body {
  /** Whether all that is needed fits, which is when TC is not set. */
  readonly isWhole: boolean;
  readonly additionalCount: number;
}

/** Writes header, question and sections. */
function writeBody(writer: OctetWriter, parts: ReplyParts, limit: number): Body {
  const { id, rcode, question } = parts;
  if (rcode > 0xf && parts.edns === undefined) throw new RangeError(`rcode ${rcode} without OPT`);
  writer.u16(id);
  writer.u16(0); // The flags, and the counts below, are known only at the end.
  writer.u16(question === undefined ? 0 : 1);
  writer.u16(0);
  writer.u32(0);
  if (question !== undefined) writeQuestion(writer, question);

  const recordClass = question?.class ?? RecordClasses.IN;
  const write = (rrsets: readonly RRset[], before: Section): Section =>
    before.isWhole ? writeSection(writer, rrsets, recordClass, limit) : { records: 0, isWhole: false };
  const answers = write(parts.answers, { records: 0, isWhole: true });
  const authorities = write(parts.authorities, answers); // A denial without its SOA has TC, and so has a referral …
  const glue = write(parts.glue, authorities); // … without its in-domain glue (RFC 9471 §3.1).
  const additionals = write(parts.additionals, glue);

  writer.patchU16(FLAGS_OFFSET, replyFlagsWord(parts, !glue.isWhole));
  writer.patchU16(ANSWER_COUNT_OFFSET, answers.records);
  writer.patchU16(AUTHORITY_COUNT_OFFSET, authorities.records);
  const additionalCount = glue.records + additionals.records;
  writer.patchU16(ADDITIONAL_COUNT_OFFSET, additionalCount);
  return { isWhole: glue.isWhole, additionalCount };
}

function replyFlagsWord({ opcode, rcode, flags }: ReplyParts, tc: boolean): number {
  const { aa, rd, ra, ad, cd } = flags;
  return flagsWord(opcode, rcode, { qr: true, aa, tc, rd, ra, ad, cd });
}

/** What was written of a section. */
interface Section {
  readonly records: number;
  readonly isWhole: boolean;
}

/** Writes RRsets, each whole, up to the first that does not fit. */
function writeSection(writer: OctetWriter, rrsets: readonly RRset[], recordClass: number, limit: number): Section {
  let records = 0;
  for (const rrset of rrsets) {
    const start = writer.offset;
    if (!writeRRset(writer, rrset, recordClass, limit)) {
      writer.truncate(start);
      return { records, isWhole: false };
    }
    records += rrset.rdatas.length;
  }
  return { records, isWhole: true };
}

/** Writes records until all are written or one is over the limit, so that a huge set costs no more than its room. */
function writeRRset(writer: OctetWriter, rrset: RRset, recordClass: number, limit: number): boolean {
  for (const rdata of rrset.rdatas) {
    writeCompressedName(writer, rrset.owner);
    writer.u16(rrset.type);
    writer.u16(recordClass);
    writer.u32(rrset.ttl);
    const lengthAt = writer.offset;
    writer.u16(0);
    if (isOfKnownForm(rrset.type, recordClass)) writeRdata(rrset.type, rdata, writer);
    else writer.bytes(rdata);
    if (writer.offset > limit) return false;
    writer.patchU16(lengthAt, writer.offset - lengthAt - 2);
  }
  return true;
}

/** Writes OPT with the options that fit, then the server's id if it fits, and as much of the extended error as then fits. */
function addOpt(writer: OctetWriter, edns: ReplyEdns, rcode: number, limit: number): void {
  let room = limit - writer.offset - OPT_OCTETS;
  const options: EdnsOption[] = [];
  const keepIfFits = (option: EdnsOption): boolean => {
    const octets = optionsOctets([option]);
    if (octets > room) return false;
    room -= octets;
    options.push(option);
    return true;
  };
  for (const option of edns.options) keepIfFits(option);
  if (edns.serverId !== undefined) keepIfFits(edns.serverId);
  const error = edns.extendedError;
  // Differs from RFC 8914 §3, which wants TC: a second query over TCP for a comment is worse than no comment.
  if (error !== undefined && !keepIfFits(extendedErrorOption(error))) {
    keepIfFits(extendedErrorOption({ ...error, text: "" }));
  }
  const { udpSize, dnssecOk } = edns;
  writeOpt(writer, { version: EDNS_VERSION, udpSize, dnssecOk, options }, rcode);
}

/** Writes a TSIG record if it fits. */
function addTsig(writer: OctetWriter, record: ResourceRecord, limit: number): boolean {
  const start = writer.offset;
  writeName(writer, record.owner);
  writer.u16(record.type);
  writer.u16(record.class);
  writer.u32(record.ttl);
  writer.u16(record.rdata.length);
  writer.bytes(record.rdata);
  if (writer.offset <= limit) return true;
  writer.truncate(start);
  return false;
}

function tooLong(parts: ReplyParts): ReplyParts {
  const { edns } = parts;
  const extendedError = { code: ExtendedErrors.OTHER, text: `the answer is over ${STREAM_LIMIT} octets` };
  return {
    ...parts,
    rcode: Rcodes.SERVFAIL,
    answers: [],
    authorities: [],
    glue: [],
    additionals: [],
    ...(edns === undefined ? {} : { edns: { ...edns, extendedError } }),
  };
}
