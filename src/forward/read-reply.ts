import type { Message } from "../message/message.ts";
import { Rcodes, rcodeName } from "../message/rcodes.ts";
import { type DomainName, isAtOrBelow, prepend, sameName } from "../name/domain-name.ts";
import { nameRdata } from "../record/name-rdata.ts";
import { aliasTarget } from "../record/rdata-wire.ts";
import { RecordClasses, RecordTypes } from "../record/record-type.ts";
import type { ResourceRecord, RRset } from "../record/rrset.ts";
import type { Question } from "../resolve/resolution.ts";
import type { ReplyMarks, UpstreamReply } from "../resolve/upstream.ts";
import { proofIn, signaturesIn } from "./read-signatures.ts";

type Chain = Extract<UpstreamReply, { kind: "reply" }>;

/** What a server's reply says of the name, or what is wrong with it in a few words. */
export type ReadReply = Chain | { readonly kind: "unusable"; readonly why: string };

/**
 * Takes from a reply what counts (SEMANTICS 46): the records that form the chain from the name asked, and the SOA of a
 * denial; where DO was set the signatures of both, and the proof of the denial. Everything else is dropped; a chain with a
 * gap, a referral and rcodes that say nothing of the name are no use.
 */
export function readReply(question: Question, message: Message, dnssecOk = false): ReadReply {
  const { rcode } = message;
  if (rcode !== Rcodes.NOERROR && rcode !== Rcodes.NXDOMAIN && rcode !== Rcodes.YXDOMAIN)
    return unusable(rcodeName(rcode));
  const read = readChain(question, message);
  if (read.kind === "unusable") return read;
  const marks = marksOf(read, message, dnssecOk);
  return marks === undefined ? read : { kind: "reply", aliases: read.aliases, outcome: read.outcome, marks };
}

function readChain(question: Question, message: Message): ReadReply {
  const sets = groupSets(message.answers);
  const aliases: RRset[] = [];
  let { name } = question;
  // Each turn uses up a set, so a loop of aliases ends too: as a name without data.
  for (let left = sets.length; left >= 0; left--) {
    const data = setsAt(sets, name, question.type);
    if (data.length > 0) return { kind: "reply", aliases, outcome: { kind: "answer", rrsets: data } };
    const dname = dnameAbove(sets, name);
    const cname = setsAt(sets, name, RecordTypes.CNAME)[0];
    if (dname !== undefined) aliases.push(dname);
    const rdata = cname?.rdatas[0];
    if (cname === undefined || rdata === undefined) break;
    const made = dname === undefined ? undefined : madeBy(dname, name);
    const target = aliasTarget(rdata);
    // What a server makes of a DNAME has the letters that it was asked with, which were chance.
    const isMade = made !== undefined && sameName(made, target);
    aliases.push(isMade ? { ...cname, rdatas: [nameRdata(made)] } : cname);
    name = isMade ? made : target;
  }
  return readDenial(message, name, aliases);
}

function readDenial(message: Message, name: DomainName, aliases: readonly RRset[]): ReadReply {
  const soa = groupSets(message.authorities).find(
    ({ type, owner }) => type === RecordTypes.SOA && isAtOrBelow(name, owner),
  );
  const denied = soa === undefined ? {} : { soa };
  if (message.rcode === Rcodes.YXDOMAIN) return { kind: "reply", aliases, outcome: { kind: "yxdomain" } };
  if (message.rcode === Rcodes.NXDOMAIN) return { kind: "reply", aliases, outcome: { kind: "nxdomain", ...denied } };
  if (soa !== undefined) return { kind: "reply", aliases, outcome: { kind: "nodata", soa } };
  if (message.authorities.some(({ type }) => type === RecordTypes.NS)) return unusable("a referral");
  return aliases.length > 0
    ? unusable("a chain of aliases without an end")
    : { kind: "reply", aliases, outcome: { kind: "nodata" } };
}

function marksOf(read: Chain, message: Message, dnssecOk: boolean): ReplyMarks | undefined {
  const isAuthentic = message.flags.ad ? ({ isAuthentic: true } as const) : {};
  if (!dnssecOk) return message.flags.ad ? isAuthentic : undefined;
  const { aliases, outcome } = read;
  const soa = "soa" in outcome && outcome.soa !== undefined ? [outcome.soa] : [];
  const kept = [...aliases, ...(outcome.kind === "answer" ? outcome.rrsets : []), ...soa];
  const signatures = signaturesIn([...message.answers, ...message.authorities], kept);
  const proof = proofIn(message.authorities);
  if (signatures.length === 0 && proof.length === 0) return message.flags.ad ? isAuthentic : undefined;
  return { ...isAuthentic, signatures, proof };
}

function unusable(why: string): ReadReply {
  return { kind: "unusable", why };
}

/** Records of class IN as sets, in the order of the message; an RRset has the lowest TTL of its records (RFC 2181 §5.2). */
function groupSets(records: readonly ResourceRecord[]): RRset[] {
  const sets = new Map<string, { owner: DomainName; type: number; ttl: number; rdatas: Uint8Array[] }>();
  for (const record of records) {
    if (record.class !== RecordClasses.IN) continue;
    const key = `${record.type} ${record.owner.key}`;
    const set = sets.get(key);
    if (set === undefined)
      sets.set(key, { owner: record.owner, type: record.type, ttl: record.ttl, rdatas: [record.rdata] });
    else {
      set.ttl = Math.min(set.ttl, record.ttl);
      set.rdatas.push(record.rdata);
    }
  }
  return [...sets.values()];
}

function setsAt(sets: readonly RRset[], name: DomainName, type: number): RRset[] {
  return sets.filter((set) => set.type === type && sameName(set.owner, name)).map((set) => ({ ...set, owner: name }));
}

/** What a DNAME makes of a name below it (RFC 6672 §2.2). */
function madeBy({ owner, rdatas }: RRset, name: DomainName): DomainName | undefined {
  const [rdata] = rdatas;
  const own = name.labels.slice(0, name.labels.length - owner.labels.length);
  return rdata === undefined ? undefined : prepend(own, aliasTarget(rdata));
}

function dnameAbove(sets: readonly RRset[], name: DomainName): RRset | undefined {
  return sets.find(
    ({ type, owner }) => type === RecordTypes.DNAME && isAtOrBelow(name, owner) && !sameName(name, owner),
  );
}
