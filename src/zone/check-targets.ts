/** What a zone answers that its files did not mean: its aliases, and the hosts that its MX, SRV and NS records name. */
import type { DiagnosticCode } from "../diagnostics/catalogue.ts";
import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { ancestorOf, type DomainName, nameFromLabels, sameName } from "../name/domain-name.ts";
import { formatName } from "../name/name-text.ts";
import { nearest } from "../name/nearest.ts";
import { namesIn } from "../record/rdata-wire.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import { typeName } from "../record/type-names.ts";
import { isDoubled } from "./check-habits.ts";
import { lookup } from "./lookup.ts";
import type { Zone, ZoneAnswer } from "./zone.ts";
import { zoneRecords } from "./zone-records.ts";
import { nodeCount } from "./zone-tree.ts";

const { A, NS, CNAME, AAAA, MX, SRV } = RecordTypes;

/** Types whose last name is that of a host. */
const HOST_TYPES: ReadonlySet<RecordType> = new Set([NS, MX, SRV]);
const MAX_NAMES_SEARCHED = 10_000;

/** Where a name is to be looked up; `undefined` where it is nobody's that is known here. */
export type ZoneFinder = (name: DomainName) => Zone | undefined;

/** Reports of a set of a zone that its aliases or hosts lead nowhere, as far as the zones that `zoneOf` knows can tell. */
export function checkTargets(rrset: RRset, zone: Zone, zoneOf: ZoneFinder, diagnostics: Diagnostics): void {
  if (rrset.type === CNAME) checkAlias(rrset, zone, zoneOf, diagnostics);
  else if (HOST_TYPES.has(rrset.type)) checkHosts(rrset, zone, zoneOf, diagnostics);
}

/** How the aliases from a name on end. */
type Chain =
  | {
      readonly kind: "known";
      readonly aliases: readonly RRset[];
      readonly answer: ZoneAnswer;
      readonly last: DomainName;
    }
  | { readonly kind: "elsewhere"; readonly aliases: readonly RRset[] }
  /** A name is met again: told by whoever asks the model. */
  | { readonly kind: "loop"; readonly aliases: readonly RRset[] };

function follow(name: DomainName, type: RecordType, zoneOf: ZoneFinder): Chain {
  const aliases: RRset[] = [];
  const seen = new Set<string>();
  for (let at = name; ; ) {
    if (seen.has(at.key)) return { kind: "loop", aliases };
    seen.add(at.key);
    const zone = zoneOf(at);
    if (zone === undefined) return { kind: "elsewhere", aliases };
    const answer = lookup(zone, at, type);
    // What lies below a cut is the business of another server; a DNAME leads wherever it leads.
    if (answer.kind === "delegation" || answer.kind === "dname") return { kind: "elsewhere", aliases };
    if (answer.kind !== "alias") return { kind: "known", aliases, answer, last: at };
    aliases.push(answer.cname);
    at = answer.target;
  }
}

function checkAlias(rrset: RRset, zone: Zone, zoneOf: ZoneFinder, diagnostics: Diagnostics): void {
  const [target] = namesOf(rrset);
  const [place] = rrset.places ?? [];
  if (target === undefined || place === undefined) return;
  const owner = formatName(rrset.owner);
  const chain = follow(target, A, zoneOf);
  if (chain.kind !== "known" || chain.aliases.length > 0 || chain.answer.kind !== "nxdomain") return;
  // An address, or a name without its dot: told as what it is.
  if (isDoubled(target, zone.origin) || target.labels.slice(0, 4).every((label) => /^[0-9]+$/.test(label))) return;
  const near = nearName(target, zoneOf(target) ?? zone);
  const name = formatName(target);
  diagnostics.report("zone/dangling-alias", `${owner} is an alias of ${name}, which does not exist`, place, {
    hint: near === undefined ? `add ${name}, or let ${owner} lead to a name that exists` : `did you mean ${near}?`,
  });
}

/** The name of a zone that was probably meant. In a large one nobody looks for it: it would be one of many. */
function nearName(name: DomainName, { tree }: Zone): string | undefined {
  if (nodeCount(tree) > MAX_NAMES_SEARCHED) return undefined;
  const [label = "", ...above] = name.labels;
  const siblings = new Map<string, DomainName>();
  for (const { owner } of zoneRecords(tree)) {
    const [first = ""] = owner.labels;
    if (owner.labels.length === name.labels.length && sameName(ancestorOf(owner, 1), nameFromLabels(above)))
      siblings.set(first, owner);
  }
  const near = siblings.get(nearest(label, siblings.keys()) ?? "");
  return near === undefined ? undefined : formatName(near);
}

/** Hosts must have addresses, and names of their own (RFC 1034 §3.6.2, RFC 2181 §10.3, RFC 2782). */
function checkHosts(rrset: RRset, zone: Zone, zoneOf: ZoneFinder, diagnostics: Diagnostics): void {
  for (const [index, rdata] of rrset.rdatas.entries()) {
    const host = namesIn(rrset.type, rdata).at(-1);
    const place = rrset.places?.[index];
    // The root as a host says that there is none (RFC 7505, RFC 2782). Glue is another check.
    if (host === undefined || place === undefined || host.labels.length === 0) continue;
    if (isDoubled(host, zone.origin)) continue; // Told as that.
    if (rrset.type === NS && rrset.owner.key !== zone.origin.key) continue;
    const found = findingOf(rrset, host, zoneOf);
    if (found !== undefined) diagnostics.report(found.code, found.message, place, { hint: found.hint });
  }
}

interface Finding {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string;
}

function findingOf({ owner, type }: RRset, host: DomainName, zoneOf: ZoneFinder): Finding | undefined {
  const what = `${formatName(owner)} ${typeName(type)}`;
  const chain = follow(host, A, zoneOf);
  const name = formatName(host);
  const [alias] = chain.aliases;
  if (alias !== undefined) {
    return {
      code: "zone/host-is-alias",
      message: `${what} names ${name}, which is an alias, and must be a host itself`,
      hint: "name the host that the alias leads to",
    };
  }
  if (chain.kind !== "known" || chain.answer.kind === "data") return undefined;
  const zone = zoneOf(host);
  if (zone === undefined || lookup(zone, host, AAAA).kind === "data") return undefined;
  const message = `${what} names ${name}, which ${chain.answer.kind === "nodata" ? "has no address" : "does not exist"}`;
  return { code: "zone/host-without-address", message, hint: `add an A or AAAA record of ${name}` };
}

function namesOf({ type, rdatas: [rdata] }: RRset): readonly DomainName[] {
  return rdata === undefined ? [] : namesIn(type, rdata);
}
