import { readName } from "../octets/name.ts";
import { OctetReader } from "../octets/octet-reader.ts";
import { WireError } from "../octets/wire-error.ts";
import { isOfKnownForm, readRdata } from "../record/rdata-wire.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { ResourceRecord } from "../record/rrset.ts";
import { readRecordFrame } from "./_record-frame.ts";
import { type ReadOpt, readOpt } from "./edns.ts";
import { type Header, readHeader } from "./header.ts";
import type { Message } from "./message.ts";
import { type Question, readQuestion } from "./question.ts";

/** The least a question takes: the root, type, class. */
const MIN_QUESTION_OCTETS = 5;
/** The least a record takes: the root, type, class, TTL, no rdata. */
const MIN_RECORD_OCTETS = 11;
/** TTLs above are none (RFC 2181 §8). */
const MAX_TTL = 0x7fff_ffff;

/**
 * Reads a whole message, as a client must: every record, names uncompressed. Its octets may be reused afterwards. What
 * follows the counted records is ignored.
 * @throws WireError for anything that is not as the RFCs say, records that a truncated reply ends in included.
 */
export function decodeMessage(octets: Uint8Array): Message {
  const reader = new OctetReader(octets, 0, octets.length, new Map());
  const header = readHeader(reader);
  checkCounts(header, reader);
  const questions: Question[] = [];
  for (let i = 0; i < header.questionCount; i++) {
    const { name, type, class: questionClass } = readQuestion(reader);
    questions.push({ name, type, class: questionClass });
  }
  const answers = readRecords(reader, header.answerCount);
  const authorities = readRecords(reader, header.authorityCount);
  const { records: additionals, opt } = readAdditionals(reader, header.additionalCount);
  return {
    id: header.id,
    opcode: header.opcode,
    rcode: header.rcode | ((opt?.rcodeBits ?? 0) << 4),
    flags: header.flags,
    questions,
    answers,
    authorities,
    additionals,
    ...(opt === undefined ? {} : { edns: opt.edns }),
  };
}

/** Counts are claims: what cannot be there is not looked for. */
function checkCounts(header: Header, reader: OctetReader): void {
  const records = header.answerCount + header.authorityCount + header.additionalCount;
  const least = header.questionCount * MIN_QUESTION_OCTETS + records * MIN_RECORD_OCTETS;
  if (least > reader.remaining) throw new WireError("message-too-short", reader.end);
}

function readRecords(reader: OctetReader, count: number): ResourceRecord[] {
  const records: ResourceRecord[] = [];
  for (let i = 0; i < count; i++) {
    const at = reader.offset;
    const record = readRecord(reader);
    if (record.type === RecordTypes.OPT) throw new WireError("opt-malformed", at); // RFC 6891 §6.1.1
    records.push(record);
  }
  return records;
}

function readAdditionals(reader: OctetReader, count: number): { records: ResourceRecord[]; opt?: ReadOpt } {
  const records: ResourceRecord[] = [];
  let opt: ReadOpt | undefined;
  for (let i = 0; i < count; i++) {
    const at = reader.offset;
    const frame = readRecordFrame(reader);
    if (frame.type !== RecordTypes.OPT) {
      reader.offset = at;
      records.push(readRecord(reader));
      continue;
    }
    if (opt !== undefined) throw new WireError("opt-malformed", at); // RFC 6891 §6.1.1: more than one is FORMERR.
    opt = readOpt(frame);
  }
  return opt === undefined ? { records } : { records, opt };
}

function readRecord(reader: OctetReader): ResourceRecord {
  const owner = readName(reader);
  const type = reader.u16();
  const recordClass = reader.u16();
  const ttl = reader.u32();
  const length = reader.u16();
  const rdata = isOfKnownForm(type, recordClass) ? readRdata(type, reader, length) : reader.take(length).slice();
  return { owner, type, class: recordClass, ttl: ttl > MAX_TTL ? 0 : ttl, rdata };
}
