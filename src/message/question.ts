import type { DomainName } from "../name/domain-name.ts";
import { readName, writeCompressedName } from "../octets/name.ts";
import type { OctetReader } from "../octets/octet-reader.ts";
import type { OctetWriter } from "../octets/octet-writer.ts";
import type { RecordType } from "../record/record-type.ts";

/** What is asked (RFC 1035 §4.1.2). The name keeps the case it was asked in. */
export interface Question {
  readonly name: DomainName;
  readonly type: RecordType;
  readonly class: number;
}

/** A question and where it stands in the message it came in: `end` excluded. */
export interface ReceivedQuestion extends Question {
  readonly start: number;
  readonly end: number;
}

/** Reads a question. */
export function readQuestion(reader: OctetReader): ReceivedQuestion {
  const start = reader.offset;
  const name = readName(reader);
  const type = reader.u16();
  return { name, type, class: reader.u16(), start, end: reader.offset };
}

/**
 * Writes a question. The first of a message has nothing to be compressed against, so the octets are those it was read
 * from, case included: resolvers check that (0x20). Names that follow are compressed against it and take its case.
 */
export function writeQuestion(writer: OctetWriter, question: Question): void {
  writeCompressedName(writer, question.name);
  writer.u16(question.type);
  writer.u16(question.class);
}
