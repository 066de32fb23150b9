/** What a zone may hold, and hardly means: told by `check`, never in the way of a start. */
import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { ancestorOf, type DomainName, keyOffset } from "../name/domain-name.ts";
import { formatName } from "../name/name-text.ts";
import { namesIn, soaTimers } from "../record/rdata-wire.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import { typeName } from "../record/type-names.ts";
import type { Zone } from "./zone.ts";
import { rrsetAt } from "./zone-tree.ts";

const { NS, CNAME, SOA, PTR, MX, SRV, DNAME } = RecordTypes;
const SECONDS_OF_A_DAY = 86_400;
const WILDCARD = "\u0001*";

/** Types that have names. */
const WITH_NAMES: ReadonlySet<number> = new Set([NS, CNAME, PTR, MX, SRV, DNAME]);

/**
 * Reports what is unusual in the records of a zone: names that were completed twice, wildcards that do not do what they seem
 * to. Show it every set in canonical order, then let it `finish`.
 */
export class HabitCheck {
  private readonly origin: DomainName;
  private readonly diagnostics: Diagnostics;
  private readonly owners = new Map<string, RRset>();
  /** The first set below each name that lies between it and the apex. */
  private readonly below = new Map<string, RRset>();
  private hasWildcard = false;
  private zeroTtls = 0;
  private firstZero: RRset | undefined;

  constructor(origin: DomainName, diagnostics: Diagnostics) {
    this.origin = origin;
    this.diagnostics = diagnostics;
  }

  see(rrset: RRset): void {
    if (rrset.places === undefined) return; // Made by endpoints: not what somebody wrote.
    const { owner, ttl } = rrset;
    checkNames(rrset, this.origin, this.diagnostics);
    if (ttl === 0) {
      this.zeroTtls += 1;
      this.firstZero ??= rrset;
    }
    if (this.owners.has(owner.key)) return;
    this.owners.set(owner.key, rrset);
    if (owner.labels[0] === "*") this.hasWildcard = true;
    for (let count = 1; owner.labels.length - count > this.origin.labels.length; count++) {
      const key = owner.key.slice(keyOffset(owner, count));
      if (this.below.has(key)) break;
      this.below.set(key, rrset);
    }
  }

  finish(): void {
    if (this.hasWildcard) checkHidden(this.owners, this.below, this.diagnostics);
    if (this.firstZero !== undefined) reportZeroTtl(this.firstZero, this.zeroTtls, this.diagnostics);
  }
}

function checkNames(rrset: RRset, origin: DomainName, diagnostics: Diagnostics): void {
  const { owner, type, rdatas, places = [] } = rrset;
  const [place] = places;
  if (place === undefined) return;
  if (isDoubled(owner, origin)) {
    const meant = formatName(owner).slice(0, -formatName(origin).length);
    diagnostics.report("zone/doubled-origin", `${formatName(owner)} ends with ${formatName(origin)} twice`, place, {
      hint: `write ${meant} with a dot at its end, or without the name of the zone`,
    });
  } else if (owner.labels.includes("*", 1)) {
    // RFC 4592 §2.1.1: only a name whose first label is an asterisk is a wildcard.
    diagnostics.report(
      "zone/star-inside",
      `${formatName(owner)} is no wildcard: its asterisk is not the first label`,
      place,
      {
        hint: "write the names one by one, or put the asterisk first",
      },
    );
  }
  if (!WITH_NAMES.has(type)) return;
  for (const [index, rdata] of rdatas.entries()) {
    const span = places[index];
    for (const name of span === undefined ? [] : namesIn(type, rdata)) {
      if (span === undefined || !isDoubled(name, origin)) continue;
      const what = `${formatName(owner)} ${typeName(type)}`;
      const message = `${what} names ${formatName(name)}, which ends with ${formatName(origin)} twice`;
      diagnostics.report("zone/doubled-origin", message, span, { hint: "write the name with a dot at its end" });
    }
  }
}

/** Whether a name ends with an origin of several labels twice: it was written whole, without the dot at its end. */
export function isDoubled({ key, labels }: DomainName, origin: DomainName): boolean {
  if (origin.labels.length < 2 || labels.length < 2 * origin.labels.length) return false;
  const suffix = origin.key.endsWith("\0") ? origin.key.slice(0, -1) : origin.key;
  return key.endsWith(suffix + origin.key);
}

/** RFC 4592 §2.2.2: a name that exists, if only because of one below it, is nothing that a wildcard speaks for. */
function checkHidden(
  owners: ReadonlyMap<string, RRset>,
  below: ReadonlyMap<string, RRset>,
  diagnostics: Diagnostics,
): void {
  const hidden = new Map<RRset, { readonly name: DomainName; readonly by: RRset }[]>();
  for (const [key, by] of below) {
    if (owners.has(key) || key.charCodeAt(1) === 0x5f) continue; // `_tcp` and its like are no hosts.
    const wildcard = owners.get(WILDCARD + key.slice(1 + key.charCodeAt(0)));
    if (wildcard === undefined) continue;
    const labels = by.owner.labels.length - labelsIn(key);
    hidden.set(wildcard, [...(hidden.get(wildcard) ?? []), { name: ancestorOf(by.owner, labels), by }]);
  }
  for (const [wildcard, names] of hidden) {
    const [first] = names;
    const [place] = wildcard.places ?? [];
    if (first === undefined || place === undefined) continue;
    const others = names.length === 1 ? "" : ` and ${names.length - 1} more`;
    const message = `${formatName(wildcard.owner)} does not answer for ${formatName(first.name)}${others}: the name exists`;
    const related = (first.by.places ?? []).slice(0, 1).map((span) => ({ message: "as this lies below it", span }));
    diagnostics.report("zone/wildcard-hidden", message, place, {
      related,
      hint: `write the records at ${formatName(first.name)} too, if they are meant for it`,
    });
  }
}

function labelsIn(key: string): number {
  let count = 0;
  for (let at = 0; at < key.length && key.charCodeAt(at) !== 0; at += 1 + key.charCodeAt(at)) count += 1;
  return count;
}

function reportZeroTtl({ owner, type, places }: RRset, count: number, diagnostics: Diagnostics): void {
  const [place] = places ?? [];
  if (place === undefined) return;
  const others = count === 1 ? "" : `, as ${count - 1} more sets`;
  diagnostics.report(
    "zone/zero-ttl",
    `${formatName(owner)} ${typeName(type)} has TTL 0${others}: nobody may keep it`,
    place,
    {
      hint: "write the seconds that an old answer would do no harm",
    },
  );
}

/** Reports what is unusual at the apex of a zone that servers of the internet would hold. */
export function checkApex({ origin, tree }: Zone, diagnostics: Diagnostics): void {
  const soa = rrsetAt(tree, tree.root, SOA);
  const [place] = soa?.places ?? [];
  const [rdata] = soa?.rdatas ?? [];
  if (soa === undefined || place === undefined || rdata === undefined) return;
  for (const message of timerProblems(rdata))
    diagnostics.report("zone/soa-timers", `the SOA of ${formatName(origin)}: ${message}`, place, {
      hint: "RFC 1912 §2.2 has values that fit: refresh 1d, retry 2h, expire 4w, minimum 1h",
    });
  const servers = rrsetAt(tree, tree.root, NS);
  const count = servers?.rdatas.length ?? 0;
  if (count > 1) return;
  const message = `${formatName(origin)} has ${count === 0 ? "no NS record" : "a single NS record"}, and a zone has two servers or more`;
  diagnostics.report("zone/few-name-servers", message, servers?.places?.[0] ?? place, {
    hint: "add NS records of its name servers", // RFC 1034 §4.1.
  });
}

/** Sentences about the timers of a SOA (RFC 1912 §2.2, RFC 2308 §5). */
function timerProblems(rdata: Uint8Array): string[] {
  const { refresh, retry, expire, minimum } = soaTimers(rdata);
  const found: string[] = [];
  if (retry >= refresh) found.push(`retry ${retry} is not shorter than refresh ${refresh}`);
  if (expire <= refresh + retry) found.push(`expire ${expire} is not longer than refresh and retry together`);
  if (minimum > SECONDS_OF_A_DAY) found.push(`minimum ${minimum} lets denials be kept for more than a day`);
  return found;
}
