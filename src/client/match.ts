import { type Header, readHeader } from "../message/header.ts";
import { Opcodes } from "../message/opcodes.ts";
import { type Question, readQuestion } from "../message/question.ts";
import { Rcodes } from "../message/rcodes.ts";
import { sameName } from "../name/domain-name.ts";
import { OctetReader } from "../octets/octet-reader.ts";
import { WireError } from "../octets/wire-error.ts";

/**
 * Whether octets are a reply to the query with this id and question (RFC 5452 §9.1); what follows the question is not
 * looked at. Names are compared without case. A reply without a question counts only when it is an error: servers that
 * could not read the query have none to repeat, and no data comes in that way.
 */
export function isReplyTo(id: number, question: Question, octets: Uint8Array): boolean {
  const start = readStart(octets);
  if (start === undefined) return false;
  const { header, question: repeated } = start;
  if (!header.flags.qr || header.id !== id || header.opcode !== Opcodes.QUERY) return false;
  if (repeated === undefined) return header.rcode !== Rcodes.NOERROR && header.rcode !== Rcodes.NXDOMAIN;
  return repeated.type === question.type && repeated.class === question.class && sameName(repeated.name, question.name);
}

/** The header and the one question; nothing when they cannot be read, or there are more. */
function readStart(octets: Uint8Array): { readonly header: Header; readonly question?: Question } | undefined {
  try {
    const reader = new OctetReader(octets);
    const header = readHeader(reader);
    if (header.questionCount > 1) return undefined;
    return header.questionCount === 0 ? { header } : { header, question: readQuestion(reader) };
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

/** Whether the server had more to say than the datagram holds; of octets that are at least a header. */
export function isTruncated(octets: Uint8Array): boolean {
  return readHeader(new OctetReader(octets)).flags.tc;
}
