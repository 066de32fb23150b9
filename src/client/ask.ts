import type { Edns } from "../message/edns.ts";
import type { Message } from "../message/message.ts";
import { encodeQuery } from "../message/query.ts";
import type { DomainName } from "../name/domain-name.ts";
import type { Address, AddressPort } from "../net/address.ts";
import { RecordClasses, type RecordType } from "../record/record-type.ts";
import { type AskFailure, type Attempt, type Exchange, failureOf } from "./exchange.ts";
import { isReplyTo, isTruncated } from "./match.ts";
import type { TlsIdentity } from "./open-stream.ts";
import { exchangeOverTcp, exchangeOverTls } from "./over-stream.ts";
import { exchangeOverUdp } from "./over-udp.ts";
import { readMessage } from "./read-message.ts";

/** One question to one real server. */
export interface ServerQuestion {
  readonly server: AddressPort;
  readonly name: DomainName;
  readonly type: RecordType;
  /** IN by default. */
  readonly class?: number;
  readonly rd: boolean;
  readonly cd?: boolean;
  readonly ad?: boolean;
  /** Without it no OPT is sent, and a reply over UDP has at most 512 octets. */
  readonly edns?: Edns;
  /** The address to ask from; the system chooses when absent. */
  readonly from?: Address;
  /** For each try; a reply that does not fit UDP has as long again over TCP. */
  readonly timeoutMs: number;
  /** Queries sent at most, while they time out or the server closes the connection; 1 or more. */
  readonly tries: number;
  readonly transport: AskTransport;
}

export type AskTransport =
  /** UDP, and TCP when the reply is truncated (RFC 7766 §5). */
  | { readonly kind: "udp-then-tcp" }
  | { readonly kind: "tcp" }
  /** DNS over TLS (RFC 7858). */
  | ({ readonly kind: "tls" } & TlsIdentity);

export interface AskReply {
  readonly kind: "reply";
  readonly message: Message;
  /** The message as it came. */
  readonly octets: Uint8Array;
  /** By which transport it came. */
  readonly transport: "udp" | "tcp" | "tls";
  /** From the start of the exchange that brought it, a connection's set-up included. */
  readonly ms: number;
  readonly server: AddressPort;
}

/** A whole number from 0 up to `below`, `below` excluded, that nobody can foresee. */
export type Random = (below: number) => number;

/**
 * Asks a server and gives its reply, whatever its rcode, or why there is none. Never rejects.
 *
 * Every try has a random id and a port of its own; what does not come from the server or does not answer the question is
 * thrown away and the wait goes on.
 */
export async function ask(question: ServerQuestion, random: Random): Promise<AskReply | AskFailure> {
  const { from, server } = question;
  if (from !== undefined && from.family !== server.address.family) {
    return { kind: "failed", why: "local-address", text: `cannot be asked from ${from.text}, of the other IP version` };
  }
  try {
    return await askRepeatedly(question, random);
  } catch (error) {
    return failureOf(error, from);
  }
}

async function askRepeatedly(question: ServerQuestion, random: Random): Promise<AskReply | AskFailure> {
  for (let left = question.tries; ; left--) {
    const result = await askOnce(question, random);
    if (result.kind === "reply" || left <= 1 || !isWorthRepeating(result)) return result;
  }
}

/** A lost datagram or a connection that the server was closing anyway; the rest would only fail again. */
function isWorthRepeating({ why }: AskFailure): boolean {
  return why === "timeout" || why === "closed-connection";
}

async function askOnce(question: ServerQuestion, random: Random): Promise<AskReply | AskFailure> {
  const { transport } = question;
  if (transport.kind === "udp-then-tcp") return askOverUdpThenTcp(question, random);
  const exchange =
    transport.kind === "tcp" ? exchangeOverTcp : (attempt: Attempt) => exchangeOverTls(attempt, transport);
  return readReply(await exchangeBy(transport.kind, question, random, exchange));
}

async function askOverUdpThenTcp(question: ServerQuestion, random: Random): Promise<AskReply | AskFailure> {
  const arrived = await exchangeBy("udp", question, random, exchangeOverUdp);
  if (arrived.kind === "failed" || !isTruncated(arrived.octets)) return readReply(arrived);
  // What is cut off may be cut off inside a record: only the whole reply is read.
  const whole = await askOnce({ ...question, transport: { kind: "tcp" } }, random);
  if (whole.kind === "reply") return whole;
  return { ...whole, text: `truncated its reply over UDP, and over TCP ${whole.text}` };
}

/** A reply that answers the question, as it came. */
type ArrivedReply = Omit<AskReply, "kind" | "message"> & { readonly kind: "arrived" };

async function exchangeBy(
  transport: AskReply["transport"],
  question: ServerQuestion,
  random: Random,
  exchange: (attempt: Attempt) => Promise<Exchange>,
): Promise<ArrivedReply | AskFailure> {
  const { server, from, timeoutMs } = question;
  const id = random(0x1_0000);
  const asked = { name: question.name, type: question.type, class: question.class ?? RecordClasses.IN };
  const start = performance.now();
  const result = await exchange({
    server,
    timeoutMs,
    query: encodeQuery({ ...question, id }),
    isReply: (octets) => isReplyTo(id, asked, octets),
    ...(from === undefined ? {} : { from }),
  });
  if (result.kind === "failed") return result;
  return { kind: "arrived", octets: result.octets, transport, ms: performance.now() - start, server };
}

function readReply(arrived: ArrivedReply | AskFailure): AskReply | AskFailure {
  if (arrived.kind === "failed") return arrived;
  const read = readMessage(arrived.octets);
  return read.kind === "failed" ? read : { ...arrived, kind: "reply", message: read.message };
}
