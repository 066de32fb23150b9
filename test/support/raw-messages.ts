import { expect } from "vitest";
import { decodeMessage } from "../../src/message/decode.ts";
import type { Edns } from "../../src/message/edns.ts";
import { readExtendedErrors } from "../../src/message/extended-errors.ts";
import { opcodeName } from "../../src/message/opcodes.ts";
import { rcodeName } from "../../src/message/rcodes.ts";
import { type CookieMaker, judgeCookie } from "../../src/message/server-cookie.ts";
import { knownAddress } from "../../src/net/address.ts";
import { LOOPBACK_PREFIXES } from "../../src/net/cidr.ts";
import { createAnswer } from "../../src/serve/answer.ts";
import { ReadyStore } from "../../src/serve/ready-store.ts";
import type { AnsweringListener } from "../../src/serve/reply-terms.ts";
import type { Responder } from "../../src/serve/responder.ts";
import { holdSnapshot } from "../../src/snapshot/holder.ts";
import { dump } from "../rdata-line.ts";
import { loadText } from "./memory-files.ts";

/** What messages written octet by octet are asked of. */
export const estate = loadText(`
networks:
  hub: { prefixes: 10.0.0.0/16, clients: 127.10.0.0/16 }
zones:
  corp.example:
    links: hub
    records: |
      @ 60 SOA ns hostmaster 1 2 3 4 5
      www 60 A 10.0.0.80
      $GENERATE 1-29 many 60 A 10.3.0.$
      $GENERATE 1-60 some 60 A 10.5.0.$
      $GENERATE 1-150 lots 60 A 10.4.0.$
`);

const SECRETS = { current: new Uint8Array(16).fill(7) };
const SECONDS = 1_800_000_000;
/** How a message is sent: over UDP from a client of the network unless said. */
export interface Sent {
  readonly from?: string;
  readonly over?: "udp" | "tcp";
  readonly listener?: Partial<AnsweringListener>;
  readonly cookies?: false;
  readonly idleMs?: number;
}

const ready = new ReadyStore();
/** What was noticed on the way. */
export const counts = { trailing: 0 };
const snapshots = holdSnapshot(estate.snapshot);

/** What answers messages of the estate, with replies that are ready where there are some. */
export function answering(sent: Sent = {}): Responder {
  const { listener = {} } = sent;
  return createAnswer({
    snapshots,
    ready,
    counts,
    listener: () => ({ trust: LOOPBACK_PREFIXES, ...listener }),
    identity: { version: "privlink 1", id: "here" },
    onFault: () => undefined, // Answered SERVFAIL, which nothing here expects.
    ...(sent.cookies === false ? {} : { cookies: () => SECRETS, seconds: () => SECONDS }),
  });
}

/** Made once, since some tests send a question for each of 65,536 numbers. */
const usual = answering();

/** The reply to octets. */
export function replyTo(octets: Uint8Array, sent: Sent = {}): Uint8Array | undefined {
  const { from = "127.10.0.4", over = "udp", idleMs = 10_000 } = sent;
  const answer = sent.listener === undefined && sent.cookies === undefined ? usual : answering(sent);
  const local = { address: knownAddress("127.0.0.1"), port: 53 };
  const peer = { transport: over, address: knownAddress(from), port: 5353, local };
  const reply = answer(octets, over === "tcp" ? { ...peer, idleMs } : peer);
  if (reply instanceof Promise) throw new Error("nothing here waits");
  return reply;
}

/** A reply in one line: rcode, flags, counts of question, answer and authority, OPT with its options. */
export function told(reply: Uint8Array | undefined, from = "127.10.0.4"): string {
  if (reply === undefined) return "silence";
  const message = decodeMessage(reply);
  const { flags, questions, answers, authorities, additionals, edns } = message;
  expect(additionals).toEqual([]);
  expect({ qr: flags.qr, aa: flags.aa, ra: flags.ra, ad: flags.ad }).toEqual({
    qr: true,
    aa: false,
    ra: true,
    ad: false,
  });
  expect((reply[3] ?? 0) & 0x40, "Z").toBe(0);
  const set = (["tc", "rd", "cd"] as const).filter((name) => flags[name]);
  return [
    message.opcode === 0 ? "" : opcodeName(message.opcode),
    [rcodeName(message.rcode), ...set].join(" "),
    `${questions.length}/${answers.length}/${authorities.length}`,
    edns === undefined ? "" : optText(edns, from),
  ]
    .filter((part) => part !== "")
    .join(", ");
}

function optText(edns: Edns, from: string): string {
  expect(edns.version).toBe(0);
  const by: CookieMaker = { secrets: SECRETS, address: knownAddress(from).octets, seconds: SECONDS };
  const options = edns.options.map(({ code, octets }) => {
    if (code === 15)
      return readExtendedErrors({ ...edns, options: [{ code, octets }] }).map((error) =>
        `EDE ${error.code} ${error.text}`.trim(),
      );
    if (code === 3) return `NSID ${Buffer.from(octets).toString()}`;
    if (code === 10) {
      const client = Buffer.from(octets.subarray(0, 8)).toString("hex");
      return `COOKIE ${client} ${judgeCookie(octets, by)}`;
    }
    return `${code}:${Buffer.from(octets).toString("hex")}`;
  });
  return [`OPT ${edns.udpSize}${edns.dnssecOk ? " do" : ""}`, ...options].join(", ");
}

/** The question for A of www.corp.example, which is there. */
export const WWW = "03777777 04636f7270 076578616d706c65 00 0001 0001";
/** A cookie of a client's. */
export const COOKIE = "0102030405060708";

/** A query: its flags, question, OPT's size, ttl field (rcode, version, flags) and options. */
export function query(
  question: string,
  opt?: { size?: string; ttl?: string; options?: string },
  flags = "0100",
): Uint8Array {
  if (opt === undefined) return dump(`1234 ${flags} 0001 0000 0000 0000 ${question}`);
  return dump(`1234 ${flags} 0001 0000 0000 0001 ${question} ${record(opt)}`);
}

/** An OPT record. */
export function record({ size = "04d0", ttl = "00000000", options = "" }): string {
  return `00 0029 ${size} ${ttl} ${hex16(octetCount(options))} ${options}`;
}

/** An option of OPT. */
export function option(code: number, octets: string): string {
  return `${hex16(code)} ${hex16(octetCount(octets))} ${octets}`;
}

/** Two octets. */
export function hex16(value: number): string {
  return value.toString(16).padStart(4, "0");
}

function octetCount(hex: string): number {
  return hex.replaceAll(" ", "").length / 2;
}
