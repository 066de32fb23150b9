import { OctetReader } from "../octets/octet-reader.ts";
import { OctetWriter } from "../octets/octet-writer.ts";
import { WireError, type WireProblem } from "../octets/wire-error.ts";
import { RecordClasses, RecordTypes } from "../record/record-type.ts";
import type { ResourceRecord } from "../record/rrset.ts";
import { readRecordFrame, skipName } from "./_record-frame.ts";
import { unknownKey } from "./_tsig.ts";
import { type ClientSubnet, readClientSubnet } from "./client-subnet.ts";
import { EDNS_VERSION, type Edns, OptionCodes, readOpt, writeOpt } from "./edns.ts";
import { HEADER_OCTETS, type Header, readHeader, writeHeader } from "./header.ts";
import { Opcodes } from "./opcodes.ts";
import { type Question, type ReceivedQuestion, readQuestion, writeQuestion } from "./question.ts";
import { Rcodes } from "./rcodes.ts";

/** What a server makes of octets that came in. */
export type DecodedQuery =
  | { readonly kind: "query"; readonly query: Query }
  | MalformedQuery
  /** Never answered: two servers would talk for ever, or there is nothing to answer to. */
  | { readonly kind: "ignored"; readonly why: "shorter-than-a-header" | "is-a-reply" };

/** One question, with what shapes its reply. */
export interface Query {
  readonly id: number;
  readonly rd: boolean;
  readonly cd: boolean;
  readonly ad: boolean;
  readonly question: ReceivedQuestion;
  /** Absent when there was no OPT. Version 0, options in order. */
  readonly edns?: QueryEdns;
  /** Octets behind the counted records, which are ignored. */
  readonly trailingOctets: number;
}

/** A question's OPT, its options known to be well-formed as far as we know them. */
export interface QueryEdns extends Edns {
  readonly clientSubnet?: ClientSubnet;
}

/** Something that is no question we could resolve, with as much of it as can be read. */
export interface MalformedQuery {
  readonly kind: "malformed";
  /** What to answer: FORMERR, NOTIMP, BADVERS or NOTAUTH. */
  readonly rcode: number;
  readonly problem: QueryProblem;
  readonly id: number;
  readonly opcode: number;
  readonly rd: boolean;
  readonly cd: boolean;
  /** The question, when there was one and it could be read. */
  readonly question?: ReceivedQuestion;
  /** Absent also when OPT was at fault, or was not reached: the reply must have none then. */
  readonly edns?: Edns;
  readonly optAtFault: boolean;
  /** What to tell whoever signed the query: the last record of the reply. */
  readonly tsig?: ResourceRecord;
}

/** Why a query is malformed. */
export type QueryProblem = WireProblem | "opcode" | "edns-version" | "question-count" | "tsig";

/** Reads what a client sent. Linear in the octets, whatever the counts claim; never throws. */
export function decodeQuery(octets: Uint8Array): DecodedQuery {
  if (octets.length < HEADER_OCTETS) return { kind: "ignored", why: "shorter-than-a-header" };
  const reader = new OctetReader(octets);
  const header = readHeader(reader);
  if (header.flags.qr) return { kind: "ignored", why: "is-a-reply" };

  const parts = readParts(reader, header);
  const { question, edns, fault, tsig } = parts;
  const malformed = (rcode: number, problem: QueryProblem): MalformedQuery => ({
    kind: "malformed",
    rcode,
    problem,
    id: header.id,
    opcode: header.opcode,
    rd: header.flags.rd,
    cd: header.flags.cd,
    ...(question === undefined ? {} : { question }),
    ...(edns === undefined || parts.optAtFault ? {} : { edns }),
    optAtFault: parts.optAtFault,
    ...(tsig === undefined ? {} : { tsig }),
  });
  // What follows the header is the opcode's own affair: nothing in it matters where the opcode is not known.
  if (header.opcode !== Opcodes.QUERY) return malformed(Rcodes.NOTIMP, "opcode");
  if (fault !== undefined) return malformed(Rcodes.FORMERR, fault);
  if (edns !== undefined && edns.version !== EDNS_VERSION) return malformed(Rcodes.BADVERS, "edns-version");
  if (question === undefined) return malformed(Rcodes.FORMERR, "question-count"); // RFC 9619 §4
  if (tsig !== undefined) return malformed(Rcodes.NOTAUTH, "tsig");

  const { id, flags } = header;
  const { rd, cd, ad } = flags;
  const query = { id, rd, cd, ad, question, trailingOctets: reader.remaining };
  return { kind: "query", query: edns === undefined ? query : { ...query, edns } };
}

/** What was read of a query before the end or the first fault. */
interface QueryParts {
  question?: ReceivedQuestion;
  edns?: QueryEdns;
  tsig?: ResourceRecord;
  fault?: WireProblem;
  optAtFault: boolean;
}

function readParts(reader: OctetReader, header: Header): QueryParts {
  const parts: QueryParts = { optAtFault: false };
  try {
    readSections(reader, header, parts);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    parts.fault = error.problem;
  }
  return parts;
}

function readSections(reader: OctetReader, header: Header, parts: QueryParts): void {
  if (header.questionCount === 1) parts.question = readQuestion(reader);
  else for (let i = 0; i < header.questionCount; i++) skipQuestion(reader); // None of several is the question.
  for (let i = header.answerCount + header.authorityCount; i > 0; i--) {
    const frame = readRecordFrame(reader);
    parts.optAtFault = frame.type === RecordTypes.OPT;
    if (parts.optAtFault) throw new WireError("opt-malformed", frame.start); // RFC 6891 §6.1.1: additional section only.
  }
  for (let i = 1; i <= header.additionalCount; i++) {
    readAdditional(reader, parts, i === header.additionalCount);
  }
}

function readAdditional(reader: OctetReader, parts: QueryParts, isLast: boolean): void {
  const frame = readRecordFrame(reader);
  switch (frame.type) {
    case RecordTypes.OPT:
      parts.optAtFault = true; // Until it is read whole.
      if (parts.edns !== undefined) throw new WireError("opt-malformed", frame.start); // RFC 6891 §6.1.1: one at most.
      parts.edns = checkOptions(readOpt(frame).edns);
      parts.optAtFault = false;
      return;
    case RecordTypes.TSIG:
      if (!isLast) throw new WireError("rdata-malformed", frame.start); // RFC 8945 §5.1: the last, and so one at most.
      parts.tsig = unknownKey(frame);
      return;
  }
}

function skipQuestion(reader: OctetReader): void {
  skipName(reader);
  reader.u32();
}

/** Reads the options that must be well-formed whether or not they count; of several client subnets the first counts. */
function checkOptions(edns: Edns): QueryEdns {
  let clientSubnet: ClientSubnet | undefined;
  for (const option of edns.options) {
    if (option.code === OptionCodes.COOKIE) checkCookie(option.octets);
    if (option.code !== OptionCodes.CLIENT_SUBNET) continue;
    const subnet = readClientSubnet(option);
    if (subnet.scopeLength !== 0) throw new WireError("option-malformed", 3); // RFC 7871 §6: MUST be 0 in queries.
    clientSubnet ??= subnet;
  }
  return clientSubnet === undefined ? edns : { ...edns, clientSubnet };
}

/** A client cookie of 8 octets, alone or with a server cookie of 8 to 32 (RFC 7873 §5.2.2). */
function checkCookie({ length }: Uint8Array): void {
  if (length !== 8 && (length < 16 || length > 40)) throw new WireError("option-malformed", 0);
}

/** A question for another server. */
export interface QueryToSend {
  readonly id: number;
  readonly name: Question["name"];
  readonly type: Question["type"];
  /** IN by default. */
  readonly class?: number;
  readonly rd: boolean;
  readonly cd?: boolean;
  readonly ad?: boolean;
  /** Without it no OPT is sent. */
  readonly edns?: Edns;
}

/** Writes a question as a client sends it. */
export function encodeQuery(query: QueryToSend): Uint8Array {
  const { id, name, type, rd, cd = false, ad = false, edns } = query;
  const writer = new OctetWriter();
  writeHeader(writer, {
    id,
    opcode: Opcodes.QUERY,
    rcode: Rcodes.NOERROR,
    flags: { qr: false, aa: false, tc: false, rd, ra: false, ad, cd },
    questionCount: 1,
    answerCount: 0,
    authorityCount: 0,
    additionalCount: edns === undefined ? 0 : 1,
  });
  writeQuestion(writer, { name, type, class: query.class ?? RecordClasses.IN });
  if (edns !== undefined) writeOpt(writer, edns, Rcodes.NOERROR);
  return writer.finish();
}
