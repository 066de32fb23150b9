// Packets: questions and replies, mutated and made up, against the readers and the whole query flow.
import { readReply } from "../../dist/forward/read-reply.js";
import { countDown } from "../../dist/message/count-down.js";
import { decodeMessage } from "../../dist/message/decode.js";
import { encodeReply, STREAM_LIMIT } from "../../dist/message/encode.js";
import { readExtendedErrors } from "../../dist/message/extended-errors.js";
import { rcodeIn } from "../../dist/message/header.js";
import { PlainQuery } from "../../dist/message/plain-query.js";
import { decodeQuery } from "../../dist/message/query.js";
import { judgeCookie } from "../../dist/message/server-cookie.js";
import { knownName } from "../../dist/name/name-text.js";
import { parseAddress } from "../../dist/net/address.js";
import { LOOPBACK_PREFIXES } from "../../dist/net/cidr.js";
import { WireError } from "../../dist/octets/wire-error.js";
import { formatRdata, parseRdata } from "../../dist/record/rdata-text.js";
import { coveredType, soaTimers } from "../../dist/record/rdata-wire.js";
import { isMetaType } from "../../dist/record/type-names.js";
import { createAnswer } from "../../dist/serve/answer.js";
import { ReadyStore } from "../../dist/serve/ready-store.js";
import { holdSnapshot } from "../../dist/snapshot/holder.js";
import { Deframer, frame } from "../../dist/transport/stream-framing.js";
import { must, poolOf, sameOctets } from "./checks.mjs";
import { madeUp, mutate } from "./make-packets.mjs";
import { packetSeeds, SECONDS, SECRETS, seedQueries } from "./packet-seeds.mjs";

const SERVICE_TYPES = [64, 65];
const [SOA, RRSIG] = [6, 46];
const SERVFAIL = 2;
/** So many more records to write are worth the time that one is which is read. */
const COPIES_OF_A_RECORD = 20;
const PEERS = [
  "127.0.0.1",
  "127.10.0.4",
  "127.11.0.4",
  "127.11.0.9",
  "127.12.0.4",
  "10.0.0.4",
  "192.168.0.53",
  "203.0.113.9",
  "::1",
  "2001:db8::1",
];
const LOCALS = ["127.0.0.1", "10.0.0.4", "192.168.0.53", "168.63.129.16", "::1"];

const IDLE_MS = 10_000;
const [NSID, COOKIE, KEEPALIVE] = [3, 10, 11];

/**
 * Fuzzes packets against the snapshot; `recordText` are zone-file lines whose records replies are made of. `tally.past` counts
 * the packets that were read past their question.
 */
export function packetFuzz(snapshot, recordText, tally) {
  const faults = [];
  const ready = new ReadyStore({ keepsResolutions: false, seed: 1 });
  const answering = (listener) =>
    createAnswer({
      ready,
      snapshots: holdSnapshot(snapshot),
      listener: () => listener,
      identity: { version: "fuzz", id: "fuzz" },
      cookies: () => SECRETS,
      seconds: () => SECONDS,
      onFault: (error) => faults.push(error),
    });
  const respond = answering({ trust: LOOPBACK_PREFIXES });
  const authoritative = snapshot.topology.listeners.find(({ serves }) => serves !== undefined);
  const serve = answering(authoritative);
  const seeds = packetSeeds(recordText);
  for (const query of seedQueries()) seeds.push(respond(query, peerOf("127.10.0.4", "127.0.0.1", "tcp")));

  return {
    seeds,
    make: (random, kept) => (random.oneIn(4) ? madeUp(random) : mutate(random, poolOf(random, kept, seeds))),
    prepare(random, octets) {
      const peer = peerOf(random.pick(PEERS), random.pick(LOCALS), random.oneIn(3) ? "tcp" : "udp");
      const cuts = Array.from({ length: random.below(4) }, () => random.below(octets.length + 3));
      const answer = random.oneIn(4) ? serve : respond;
      const limit = random.pick([512, 513, 600, 1232, 4096, STREAM_LIMIT]);
      const copies = random.oneIn(8) ? random.pick([40, 4000]) : 1; // Now and then more records than any message holds.
      return () => {
        if (isReadPastQuestion(octets, peer)) tally.past += 1;
        checkEncoding(octets, limit, copies);
        checkPacket(octets, peer, cuts, answer, faults);
        return copies / COPIES_OF_A_RECORD;
      };
    },
  };
}

/** Whether the reader of queries got to what stands behind the question; a reply is read as the query that it answers. */
function isReadPastQuestion(octets, { transport }) {
  const asQuery = octets.slice();
  if (asQuery.length > 2) asQuery[2] &= 0x7f;
  const decoded = decodeQuery(asQuery, transport);
  return decoded.kind === "query" || decoded.question !== undefined;
}

function peerOf(address, local, transport) {
  return {
    ...(transport === "tcp" ? { idleMs: IDLE_MS } : {}),
    transport,
    address: parseAddress(address),
    port: 5353,
    local: { address: parseAddress(local), port: 53 },
  };
}

function checkPacket(octets, peer, cuts, respond, faults) {
  checkQuery(octets, peer, respond, faults);
  if (octets.length > 2 && (octets[2] & 0x80) !== 0) {
    const asQuery = octets.slice();
    asQuery[2] &= 0x7f; // Nobody answers a reply: what is in it is worth a question too.
    checkQuery(asQuery, peer, respond, faults);
  }
  checkMessage(octets);
  checkFraming(octets, cuts);
}

function checkQuery(octets, peer, respond, faults) {
  const before = octets.slice();
  const decoded = decodeQuery(octets, peer.transport);
  const reply = respond(octets, peer);
  if (faults.length > 0) throw faults.pop();
  must(reply === undefined || reply instanceof Uint8Array, () => "a reply that is neither octets nor nothing");
  must(
    (reply === undefined) === (decoded.kind === "ignored"),
    () => `a query that is ${decoded.kind} got ${reply === undefined ? "no reply" : "a reply"}`,
  );
  if (reply !== undefined) checkReply(octets, decoded, reply, peer);
  must(sameOctets(octets, before), () => "the query's own octets were changed");
}

/** A reply belongs to its query, can be read, and keeps its bounds. */
function checkReply(octets, decoded, reply, peer) {
  const { transport } = peer;
  const message = decodeMessage(reply);
  checkCountDown(octets, reply, message);
  must(rcodeIn(reply) === (message.rcode & 15), () => "another rcode in the header");
  must(reply[0] === octets[0] && reply[1] === octets[1], () => "a reply with another id");
  must(message.flags.qr && message.opcode === ((octets[2] >> 3) & 15), () => "a reply with another opcode, or none");
  const asked = decoded.kind === "query" ? decoded.query : decoded;
  const limit = transport === "tcp" ? STREAM_LIMIT : Math.max(512, Math.min(asked.edns?.udpSize ?? 512, 1232));
  must(reply.length <= limit, () => `a reply of ${reply.length} octets where ${limit} fit`);
  must(
    (message.edns !== undefined) === (asked.edns !== undefined),
    () => "OPT in one of query and reply, and not in the other",
  );
  checkOptions(asked.edns, message.edns, peer);
  must(
    message.questions.length === (asked.question === undefined ? 0 : 1),
    () => `${message.questions.length} questions in a reply`,
  );
  if (asked.question === undefined) return;
  const { name, type } = asked.question;
  must(
    message.questions[0].type === type && message.questions[0].name.labels.join(".") === name.labels.join("."),
    () => "a reply to another question",
  );
}

/** TTLs count down in place, none below 0, and nothing else changes. */
function checkCountDown(octets, reply, { answers, authorities }) {
  const query = new PlainQuery();
  if (!query.read(octets)) return;
  const later = Uint8Array.from(reply);
  const seconds = (octets[0] ?? 0) % 8;
  countDown(later, query.questionEnd, seconds);
  const message = decodeMessage(later);
  const isDown = (record, i, was) => record.ttl === Math.max(0, was[i].ttl - seconds);
  const holds =
    message.answers.every((record, i) => isDown(record, i, answers)) &&
    message.authorities.every((record, i) => isDown(record, i, authorities));
  must(holds, () => "TTLs that did not count down");
}

/** Options answer those of the query: cookies of ours for its client, keepalive over TCP alone, NSID for whoever asked. */
function checkOptions(asked, replied, { transport, address }) {
  const of = (code) => replied?.options.filter((option) => option.code === code) ?? [];
  const cookies = of(COOKIE);
  must(cookies.length === (asked?.cookie === undefined ? 0 : 1), () => `${cookies.length} cookies in a reply`);
  for (const { octets } of cookies) {
    const maker = { secrets: SECRETS, address: address.octets, seconds: SECONDS };
    must(judgeCookie(octets, maker) === "ours", () => "a cookie that is not ours");
    must(sameOctets(octets.slice(0, 8), asked.cookie.slice(0, 8)), () => "a cookie for another client");
  }
  const wantsKeepalive = transport === "tcp" && asked?.wantsKeepalive === true;
  must(of(KEEPALIVE).length === (wantsKeepalive ? 1 : 0), () => `keepalive over ${transport}, asked or not`);
  must(asked?.wantsServerId === true || of(NSID).length === 0, () => "NSID that nobody asked for");
}

/** Any octets are a message or a `WireError`; what they hold can be written as text and read again. */
function checkMessage(octets) {
  let message;
  try {
    message = decodeMessage(octets);
  } catch (error) {
    if (error instanceof WireError) return;
    throw error;
  }
  const [question] = message.questions;
  if (question !== undefined) readReply({ name: question.name, type: question.type }, message);
  for (const { type, class: recordClass, rdata } of recordsOf(message)) {
    if (type === SOA && recordClass === 1) soaTimers(rdata);
    if (type === RRSIG && recordClass === 1) coveredType(rdata);
    const text = formatRdata(type, rdata);
    if (isMetaType(type) || recordClass !== 1) continue; // Of other classes any octets are kept as they are.
    // An alias with parameters is received, and they are ignored; nobody may write one (RFC 9460 §2.4.2).
    if (SERVICE_TYPES.includes(type) && rdata[0] === 0 && rdata[1] === 0) continue;
    const parsed = parseRdata(type, tokensOf(text), knownName("."));
    must(parsed.kind === "rdata", () => `type ${type} is written as ${text}, which is not read: ${parsed.message}`);
    must(sameOctets(parsed.octets, rdata), () => `type ${type} is written as ${text}, which is read as other octets`);
  }
}

/** What was read can be written as a reply, within any limit, and read again; as many records as fit, and TC where some do not. */
function checkEncoding(octets, limit, copies) {
  let message;
  try {
    message = decodeMessage(octets);
  } catch (error) {
    if (error instanceof WireError) return;
    throw error;
  }
  const { answers, authorities, additionals, edns, questions } = message;
  const [question] = questions;
  const own = (records) =>
    records
      .filter((record) => record.class === (question?.class ?? 1))
      .map(({ owner, type, ttl, rdata }) => ({ owner, type, ttl, rdatas: [rdata] }));
  const sets = own(additionals.filter(({ type }) => !isMetaType(type)));
  const parts = {
    ...message,
    rcode: edns === undefined ? message.rcode & 15 : message.rcode,
    ...(question === undefined ? {} : { question }),
    answers: Array.from({ length: copies }, () => own(answers)).flat(),
    authorities: own(authorities),
    glue: sets.slice(0, 2),
    additionals: sets.slice(2),
    ...(edns === undefined ? {} : { edns: replyEdns(edns, additionals) }),
    ...(additionals.length === 0 ? {} : { tsig: additionals.at(-1) }),
  };
  if (optionOctets(parts.edns) > 200 || parts.answers.length > 8000) return; // Options go before all else: those of a reply are few.
  const written = encodeReply(parts, limit);
  must(written.length <= limit, () => `${written.length} octets were written where ${limit} fit`);
  const again = decodeMessage(written);
  must(again.answers.length <= parts.answers.length, () => "more answers than there were");
  const isWhole =
    again.answers.length === parts.answers.length && again.authorities.length === parts.authorities.length;
  const isRefused = again.rcode === SERVFAIL && again.answers.length === 0; // More than any message holds.
  must(isWhole || again.flags.tc || isRefused, () => "records were left out, and TC does not say so");
}

function replyEdns({ udpSize, dnssecOk, options }, additionals) {
  const [error] = extendedErrorsIn(options);
  const extendedError =
    error ?? (additionals.length > 1 ? { code: 22, text: "why ".repeat(additionals.length) } : undefined);
  const serverId = options.length > 1 ? { code: NSID, octets: new Uint8Array(40) } : undefined;
  return {
    udpSize,
    dnssecOk,
    options: options.slice(0, 3),
    ...(extendedError === undefined ? {} : { extendedError }),
    ...(serverId === undefined ? {} : { serverId }),
  };
}

function extendedErrorsIn(options) {
  try {
    return readExtendedErrors({ options });
  } catch (error) {
    if (error instanceof WireError) return [];
    throw error;
  }
}

function optionOctets(edns) {
  return (edns?.options ?? []).reduce((sum, { octets }) => sum + 4 + octets.length, 0);
}

function recordsOf({ answers, authorities, additionals }) {
  return [...answers, ...authorities, ...additionals].slice(0, 8);
}

/** The words of rdata as the scanner of zone files gives them: quotes off, escapes as they stand. */
function tokensOf(text) {
  return [...text.matchAll(/"((?:[^"\\]|\\[\s\S])*)"|(?:[^\s"\\]|\\[\s\S])+/g)].map((match) => ({
    text: match[1] ?? match[0],
    quoted: match[1] !== undefined,
  }));
}

/** A stream gives the same messages however it is cut. */
function checkFraming(octets, cuts) {
  const stream = frame(octets);
  const deframer = new Deframer();
  const ends = [...cuts, stream.length].sort((a, b) => a - b);
  const found = [];
  let at = 0;
  for (const end of ends) {
    found.push(...deframer.push(stream.slice(at, end)));
    at = Math.max(at, end);
  }
  must(found.length === 1 && sameOctets(found[0], octets), () => "a stream cut elsewhere gives other messages");
}
