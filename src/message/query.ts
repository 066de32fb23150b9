import { OctetReader } from "../octets/octet-reader.ts";
import { OctetWriter } from "../octets/octet-writer.ts";
import { WireError, type WireProblem } from "../octets/wire-error.ts";
import { RecordClasses, RecordTypes } from "../record/record-type.ts";
import type { ResourceRecord } from "../record/rrset.ts";
import { readRecordFrame, skipName } from "./_record-frame.ts";
import { unknownKey } from "./_tsig.ts";
import { type ClientSubnet, readClientSubnet } from "./client-subnet.ts";
import { EDNS_VERSION, type Edns, type EdnsOption, OptionCodes, readOpt, writeOpt } from "./edns.ts";
import { HEADER_OCTETS, type Header, readHeader, writeHeader } from "./header.ts";
import { Opcodes } from "./opcodes.ts";
import { type Question, type ReceivedQuestion, readQuestion, writeQuestion } from "./question.ts";
import { Rcodes } from "./rcodes.ts";
import { isCookie } from "./server-cookie.ts";

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
export type QueryEdns = Edns & KnownOptions;

/** What a server reads from a question's options. */
export interface KnownOptions {
  readonly clientSubnet?: ClientSubnet;
  /** The octets of the first cookie: 8, or 16 to 40. */
  readonly cookie?: Uint8Array;
  /** The client wants to know which server this is (RFC 5001). */
  readonly wantsServerId?: true;
  /** The client wants to know how long its connection may be idle (RFC 7828); never over UDP. */
  readonly wantsKeepalive?: true;
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
  readonly edns?: QueryEdns;
  readonly optAtFault: boolean;
  /** What to tell whoever signed the query: the last record of the reply. */
  readonly tsig?: ResourceRecord;
}

/** Why a query is malformed. Without a question it may still ask for a cookie (RFC 7873 §5.4). */
export type QueryProblem = WireProblem | "opcode" | "edns-version" | "no-question" | "several-questions" | "tsig";

/**
 * Reads what a client sent, over UDP unless said: some options mean something over a stream alone. Linear in the octets,
 * whatever the counts claim; never throws.
 */
export function decodeQuery(octets: Uint8Array, transport: "udp" | "tcp" = "udp"): DecodedQuery {
  if (octets.length < HEADER_OCTETS) return { kind: "ignored", why: "shorter-than-a-header" };
  const reader = new OctetReader(octets);
  const header = readHeader(reader);
  if (header.flags.qr) return { kind: "ignored", why: "is-a-reply" };

  const parts = readParts(reader, header, transport);
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
  if (question === undefined) {
    return malformed(Rcodes.FORMERR, header.questionCount === 0 ? "no-question" : "several-questions"); // RFC 9619 §4
  }
  if (tsig !== undefined) return malformed(Rcodes.NOTAUTH, "tsig");

  const { id, flags } = header;
  const { rd, cd, ad } = flags;
  const query: Query = {
    id,
    rd,
    cd,
    ad,
    question,
    trailingOctets: reader.remaining,
    ...(edns === undefined ? {} : { edns }),
  };
  return { kind: "query", query };
}

/** What was read of a query before the end or the first fault. */
interface QueryParts {
  question?: ReceivedQuestion;
  edns?: QueryEdns;
  tsig?: ResourceRecord;
  fault?: WireProblem;
  optAtFault: boolean;
}

function readParts(reader: OctetReader, header: Header, transport: "udp" | "tcp"): QueryParts {
  const parts: QueryParts = { optAtFault: false };
  try {
    readSections(reader, header, parts, transport);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    parts.fault = error.problem;
  }
  return parts;
}

function readSections(reader: OctetReader, header: Header, parts: QueryParts, transport: "udp" | "tcp"): void {
  if (header.questionCount === 1) parts.question = readQuestion(reader);
  else for (let i = 0; i < header.questionCount; i++) skipQuestion(reader); // None of several is the question.
  // Nothing in these sections matters to a query, nor does OPT: it is one in the additional section (RFC 6891 §6.1.1).
  for (let i = header.answerCount + header.authorityCount; i > 0; i--) readRecordFrame(reader);
  for (let i = 1; i <= header.additionalCount; i++) {
    readAdditional(reader, parts, i === header.additionalCount, transport);
  }
}

function readAdditional(reader: OctetReader, parts: QueryParts, isLast: boolean, transport: "udp" | "tcp"): void {
  const frame = readRecordFrame(reader);
  switch (frame.type) {
    case RecordTypes.OPT:
      parts.optAtFault = true; // Until it is read whole.
      if (parts.edns !== undefined) throw new WireError("opt-malformed", frame.start); // RFC 6891 §6.1.1: one at most.
      parts.edns = readKnownOptions(readOpt(frame).edns, transport);
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

/**
 * Reads the options that a server knows. Those that count must be well-formed, and of subnets every one; what is sent by the
 * wrong transport, and what nobody knows, is left aside.
 */
function readKnownOptions(edns: Edns, transport: "udp" | "tcp"): QueryEdns {
  if (edns.options.length === 0) return edns;
  const known: Found = {};
  for (const option of edns.options) readKnownOption(option, known, transport);
  return { ...edns, ...known };
}

type Found = { -readonly [Key in keyof KnownOptions]: KnownOptions[Key] };

function readKnownOption(option: EdnsOption, known: Found, transport: "udp" | "tcp"): void {
  const { octets } = option;
  switch (option.code) {
    case OptionCodes.CLIENT_SUBNET: {
      const subnet = readClientSubnet(option);
      if (subnet.scopeLength !== 0) throw new WireError("option-malformed", 3); // RFC 7871 §6: MUST be 0 in queries.
      known.clientSubnet ??= subnet;
      return;
    }
    case OptionCodes.COOKIE:
      if (known.cookie !== undefined) return; // RFC 7873 §4: all others are ignored.
      if (!isCookie(octets)) throw new WireError("option-malformed", 0);
      known.cookie = octets;
      return;
    case OptionCodes.NSID:
      known.wantsServerId = true; // RFC 5001 §2.2: octets in it MUST be ignored.
      return;
    case OptionCodes.TCP_KEEPALIVE:
      if (transport === "udp") return; // RFC 7828 §3.3.1: MUST be ignored.
      if (octets.length > 0) throw new WireError("option-malformed", 0); // RFC 7828 §3.2.1: a client says no time.
      known.wantsKeepalive = true;
      return;
  }
}

/** A question for another server. */
export interface QueryToSend {
  /** 0 by default, for whoever puts it in later. */
  readonly id?: number;
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

/** Where every question is written before it is copied: a buffer for each would be most of what it costs. */
const writer = new OctetWriter();

/** Writes a question as a client sends it. */
export function encodeQuery(query: QueryToSend): Uint8Array {
  const { id = 0, name, type, rd, cd = false, ad = false, edns } = query;
  writer.truncate(0);
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
