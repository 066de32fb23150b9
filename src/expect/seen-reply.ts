import { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { Origin } from "../explain/verdict.ts";
import { OptionCodes } from "../message/edns.ts";
import type { Message } from "../message/message.ts";
import { Rcodes, rcodeName } from "../message/rcodes.ts";
import { type DomainName, sameName } from "../name/domain-name.ts";
import { type Address, addressOf, isPrivateAddress } from "../net/address.ts";
import { type Cidr, containsAddress } from "../net/cidr.ts";
import { planEndpoints } from "../platform/allocate.ts";
import { formatRdata } from "../record/rdata-text.ts";
import { RecordClasses, type RecordType, RecordTypes } from "../record/record-type.ts";
import type { ResourceRecord } from "../record/rrset.ts";
import type { Question } from "../resolve/resolution.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { chainOf, negativeTtl, type Seen } from "./seen.ts";

/** Addresses that are the model's own, whatever range they lie in: of its endpoints, and of its networks' machines. */
export interface OwnAddresses {
  readonly endpoints: ReadonlySet<string>;
  readonly prefixes: readonly Cidr[];
}

export function ownAddresses({ topology }: Snapshot): OwnAddresses {
  const plans = planEndpoints(topology, new Diagnostics()); // What is wrong with them was told when they were loaded.
  const members = [...plans.values()].flatMap((plan) => plan.members);
  return {
    endpoints: new Set(members.flatMap(({ addresses }) => addresses.map(({ text }) => text))),
    prefixes: [...topology.networks.values()].flatMap(({ prefixes }) => prefixes),
  };
}

/**
 * What a real server's reply gives. Its records may stand in any order; what does not belong to the chain from the name
 * asked is left out. A server does not say whose data it is, so an answer is private when each of its addresses is
 * nobody's in public or the model's own, public when none is, and otherwise neither.
 */
export function seenInReply({ name, type }: Question, message: Message, own: OwnAddresses): Seen {
  const { aliases, records } = chainIn(message.answers, name, type);
  const chain = chainOf(aliases.map((record) => ({ ...record, rdatas: [record.rdata] })));
  const origin = originOf(records, own);
  const isAnswer = message.rcode === Rcodes.NOERROR && records.length > 0;
  const ttls = [...aliases, ...records].map(({ ttl }) => ttl);
  return {
    ending: isAnswer ? "answer" : endingOf(message.rcode),
    values: isAnswer ? records.map((record) => ({ type: record.type, text: textOf(record) })) : [],
    chain,
    ttls: isAnswer ? ttls : [...ttls, ...denialTtls(message)],
    ...(isAnswer && origin !== undefined ? { origin } : {}),
  };
}

/** Whether a reply says that it holds for just the subnet that its question named: only then the server took it. */
export function honoursSubnet({ edns }: Message, { length }: Cidr): boolean {
  const option = edns?.options.find(({ code }) => code === OptionCodes.CLIENT_SUBNET);
  return option !== undefined && option.octets[2] === length && option.octets[3] === length;
}

function endingOf(rcode: number): string {
  switch (rcode) {
    case Rcodes.NOERROR:
      return "nodata";
    case Rcodes.NXDOMAIN:
      return "nxdomain";
    case Rcodes.SERVFAIL:
      return "servfail";
    case Rcodes.REFUSED:
      return "refused";
    default:
      return rcodeName(rcode).toLowerCase();
  }
}

interface Chain {
  readonly aliases: readonly ResourceRecord[];
  /** Of the type asked, of the last name. */
  readonly records: readonly ResourceRecord[];
}

/** Follows CNAMEs from the name asked; a name that was met before ends it. */
function chainIn(answers: readonly ResourceRecord[], asked: DomainName, type: RecordType): Chain {
  const aliases: ResourceRecord[] = [];
  const met = new Set<string>();
  for (let name = asked; ; ) {
    met.add(name.key);
    const here = answers.filter((record) => record.class === RecordClasses.IN && sameName(record.owner, name));
    const records = here.filter((record) => record.type === type || type === RecordTypes.ANY);
    const alias = records.length > 0 ? undefined : here.find((record) => record.type === RecordTypes.CNAME);
    if (alias === undefined) return { aliases, records };
    aliases.push(alias);
    const [target] = chainOf([{ ...alias, rdatas: [alias.rdata] }]);
    if (target === undefined || met.has(target.key)) return { aliases, records: [] };
    name = target;
  }
}

function originOf(records: readonly ResourceRecord[], own: OwnAddresses): Origin | undefined {
  const addresses = records.filter(isAddress).map(({ rdata }) => addressOf(rdata));
  if (addresses.length === 0 || addresses.length < records.length) return undefined;
  const owned = addresses.filter((address) => isOwn(address, own));
  if (owned.length === addresses.length) return "private";
  return owned.length === 0 ? "public" : undefined;
}

function isAddress({ type, rdata }: ResourceRecord): boolean {
  return (type === RecordTypes.A && rdata.length === 4) || (type === RecordTypes.AAAA && rdata.length === 16);
}

function isOwn(address: Address, { endpoints, prefixes }: OwnAddresses): boolean {
  return (
    isPrivateAddress(address) ||
    endpoints.has(address.text) ||
    prefixes.some((prefix) => containsAddress(prefix, address))
  );
}

function denialTtls({ authorities }: Message): number[] {
  return authorities
    .filter(({ type }) => type === RecordTypes.SOA)
    .map((soa) => negativeTtl({ ...soa, rdatas: [soa.rdata] }));
}

function textOf({ type, rdata }: ResourceRecord): string {
  return formatRdata(type, rdata);
}
