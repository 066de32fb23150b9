import type { Message } from "../../src/message/message.ts";
import { Rcodes } from "../../src/message/rcodes.ts";
import { type DomainName, isAtOrBelow, sameName } from "../../src/name/domain-name.ts";
import { knownName } from "../../src/name/name-text.ts";
import { soaMinimum } from "../../src/record/rdata-wire.ts";
import { RecordTypes } from "../../src/record/record-type.ts";
import type { ResourceRecord } from "../../src/record/rrset.ts";
import { typeNumber } from "../../src/record/type-names.ts";
import { lookup } from "../../src/zone/lookup.ts";
import type { Zone } from "../../src/zone/zone.ts";
import type { AskedQuestion } from "./ask-all.ts";
import { linesOfSet } from "./read-zone.ts";

/** A reply in lines that can be compared; those of a section are sorted, and each is there once. */
export interface ReplyLines {
  readonly rcode: number;
  readonly aa: boolean;
  readonly answer: readonly string[];
  /** The SOA of a denial, the NS set of a referral. */
  readonly authority: readonly string[];
  /** Addresses of a referral's servers that lie in what is delegated. */
  readonly glue: readonly string[];
}

/** What a zone has to say, and how. */
export interface ExpectedReply extends ReplyLines {
  /** What the name asked says itself; the rest of the answer comes from following. */
  readonly first: readonly string[];
  /** The aliases never end. */
  readonly endless: boolean;
}

/** More aliases than a chain can have whose names grow at every step, to 255 octets. */
const MAX_ALIASES = 200;

/**
 * What an authoritative server with this zone alone says by our `lookup()`: aliases are followed inside the zone, and end
 * where it ends (RFC 1034 §4.3.2), unless the question is for aliases themselves.
 */
export function expectedReply(
  first: Zone,
  { name, type }: AskedQuestion,
  /** Where a name is looked up that an alias leads to: in the same zone, and nowhere else. */
  zoneFor: (name: DomainName) => Zone | undefined = (target) => (isAtOrBelow(target, first.origin) ? first : undefined),
): ExpectedReply {
  const asked = typeNumber(type) ?? 0;
  const wantsAlias = asked === RecordTypes.CNAME || asked === RecordTypes.ANY;
  const steps: (readonly string[])[] = [];
  const seen = new Set<string>();
  const reply = (rcode: number, rest: Partial<ExpectedReply> = {}): ExpectedReply => ({
    rcode,
    aa: true,
    answer: sortedOnce(steps.flat()),
    first: steps[0] ?? [],
    authority: [],
    glue: [],
    endless: false,
    ...rest,
  });
  let zone: Zone | undefined = first;
  for (let at = knownName(name); zone !== undefined; zone = zoneFor(at)) {
    if (seen.has(at.key) || seen.size === MAX_ALIASES) return reply(Rcodes.NOERROR, { endless: true });
    seen.add(at.key);
    const found = lookup(zone, at, asked);
    switch (found.kind) {
      case "data":
        steps.push(found.rrsets.flatMap(linesOfSet));
        return reply(Rcodes.NOERROR);
      case "alias":
        steps.push(linesOfSet(found.cname));
        at = found.target;
        break;
      case "dname":
        steps.push([found.dname, ...(found.cname === undefined ? [] : [found.cname])].flatMap(linesOfSet));
        if (found.target === undefined) return reply(Rcodes.YXDOMAIN);
        if (wantsAlias) return reply(Rcodes.NOERROR);
        at = found.target;
        break;
      case "delegation":
        // AA speaks for the first owner (RFC 1035 §4.1.1).
        return reply(Rcodes.NOERROR, {
          aa: steps.length > 0,
          authority: sortedOnce(linesOfSet(found.ns)),
          glue: sortedOnce(found.glue.flatMap(linesOfSet)),
        });
      case "nodata":
        return reply(Rcodes.NOERROR, { authority: denial(zone) });
      case "nxdomain":
        return reply(Rcodes.NXDOMAIN, { authority: denial(zone) });
    }
  }
  return reply(Rcodes.NOERROR);
}

/** The SOA as denials carry it (RFC 2308 §3). */
function denial({ soa }: Zone): string[] {
  const minimum = soaMinimum(soa.rdatas[0] ?? new Uint8Array());
  return linesOfSet({ ...soa, ttl: Math.min(soa.ttl, minimum) });
}

/** A reply of a server with the zone `origin` in the same lines. */
export function linesOfReply(message: Message, origin: DomainName): ReplyLines {
  const { rcode, flags, answers, authorities, additionals } = message;
  const cut = authorities.find(({ type, owner }) => type === RecordTypes.NS && !sameName(owner, origin))?.owner;
  const glue = additionals.filter(({ owner }) => cut !== undefined && isAtOrBelow(owner, cut));
  return {
    rcode,
    aa: flags.aa,
    answer: sortedOnce(answers.flatMap(lineOf)),
    authority: sortedOnce(authorities.flatMap(lineOf)),
    glue: sortedOnce(glue.flatMap(lineOf)),
  };
}

function lineOf({ owner, type, ttl, rdata }: ResourceRecord): string[] {
  return linesOfSet({ owner, type, ttl, rdatas: [rdata] });
}

function sortedOnce(lines: readonly string[]): string[] {
  return [...new Set(lines)].sort();
}
