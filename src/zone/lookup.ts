import { ancestorOf, type DomainName, isAtOrBelow, prepend } from "../name/domain-name.ts";
import { formatName } from "../name/name-text.ts";
import { nameRdata } from "../record/name-rdata.ts";
import { aliasTarget } from "../record/rdata-wire.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import type { Zone, ZoneAnswer } from "./zone.ts";
import { child, findNode, hasDname, isCut, nodeName, rrsetAt, rrsetsAt, type ZoneTree } from "./zone-tree.ts";

/**
 * What a zone says of a name and a type (RFC 1034 §4.3.2 step 3). It follows nothing: an alias is an outcome, as another
 * zone may own its target.
 * @throws RangeError when the name is not at or below the zone's origin: zones are chosen before they are asked.
 */
export function lookup(zone: Zone, name: DomainName, type: RecordType): ZoneAnswer {
  const { tree } = zone;
  if (!isAtOrBelow(name, tree.origin)) throw new RangeError(`${formatName(name)} is not in ${formatName(tree.origin)}`);
  let node = tree.root;
  for (let above = name.labels.length - tree.origin.labels.length; above > 0; above--) {
    // `node` is the name without its first `above` labels. Below a DNAME nothing else counts (RFC 6672 §2.4).
    if (hasDname(tree, node)) return redirection(tree, node, name, above);
    const next = child(tree, node, name.labels[above - 1] ?? "");
    if (next === undefined) return synthesis(zone, node, name, type, above);
    // The parent's side answers for DS at a cut (RFC 4035 §3.1.4.1).
    if (isCut(tree, next) && !(above === 1 && type === RecordTypes.DS)) return delegation(tree, next, name, above - 1);
    node = next;
  }
  return answerAt(zone, node, name, type);
}

/** The name itself exists, or a wildcard speaks for it: `wildcard` is its name. */
function answerAt(zone: Zone, node: number, name: DomainName, type: RecordType, wildcard?: DomainName): ZoneAnswer {
  const { tree } = zone;
  const by = wildcard === undefined ? {} : { wildcard };
  if (node === tree.root && type === RecordTypes.SOA) return { kind: "data", rrsets: [{ ...zone.soa, owner: name }] };
  const cname = rrsetAt(tree, node, RecordTypes.CNAME, name);
  if (cname !== undefined) {
    if (type === RecordTypes.CNAME || type === RecordTypes.ANY) return { kind: "data", rrsets: [cname], ...by };
    return { kind: "alias", cname, target: onlyName(cname), ...by };
  }
  if (type === RecordTypes.ANY) {
    const rrsets = everySet(zone, node, name);
    return rrsets.length === 0 ? { kind: "nodata", ...by } : { kind: "data", rrsets, ...by };
  }
  const rrset = rrsetAt(tree, node, type, name);
  return rrset === undefined ? { kind: "nodata", ...by } : { kind: "data", rrsets: [rrset], ...by };
}

/** Every set of a node by type number; at the apex the zone's SOA, also where it is in no file. */
function everySet({ tree, soa }: Zone, node: number, owner: DomainName): RRset[] {
  const rrsets = rrsetsAt(tree, node, owner);
  if (node !== tree.root) return rrsets;
  const others = rrsets.filter((rrset) => rrset.type !== RecordTypes.SOA);
  return [...others, { ...soa, owner }].sort((a, b) => a.type - b.type);
}

/** The name does not exist; `node`, its closest encloser, may have a wildcard that speaks for it. No other may (RFC 4592 §3.3.1). */
function synthesis(zone: Zone, node: number, name: DomainName, type: RecordType, above: number): ZoneAnswer {
  const wildcard = child(zone.tree, node, "*");
  if (wildcard === undefined) return { kind: "nxdomain", closestEncloser: ancestorOf(name, above) };
  return answerAt(zone, wildcard, name, type, nodeName(zone.tree, wildcard));
}

/** The DNAME at `node` puts another suffix in the place of its owner, which is `name` without `above` labels. */
function redirection(tree: ZoneTree, node: number, name: DomainName, above: number): ZoneAnswer {
  const dname = setAt(tree, node, RecordTypes.DNAME, ancestorOf(name, above));
  const target = prepend(name.labels.slice(0, above), onlyName(dname));
  if (target === undefined) return { kind: "dname", dname }; // RFC 6672 §2.2: YXDOMAIN.
  const { ttl, places } = dname; // The CNAME has the DNAME's TTL (RFC 6672 §3.1).
  const rdatas = [nameRdata(target)];
  const cname = { owner: name, type: RecordTypes.CNAME, ttl, rdatas, ...(places === undefined ? {} : { places }) };
  return { kind: "dname", dname, cname, target };
}

/** The name lies at or below the cut at `node`, whose name is `name` without `above` labels. */
function delegation(tree: ZoneTree, node: number, name: DomainName, above: number): ZoneAnswer {
  const cut = ancestorOf(name, above);
  const ns = setAt(tree, node, RecordTypes.NS, cut);
  const glue = new Map<string, readonly RRset[]>();
  for (const rdata of ns.rdatas) {
    const server = aliasTarget(rdata);
    // In-domain servers alone cannot be found without glue (RFC 9471 §2.1).
    if (!isAtOrBelow(server, cut)) continue;
    const host = findNode(tree, server);
    if (host !== undefined) glue.set(server.key, addressSets(tree, host, server));
  }
  return { kind: "delegation", ns, glue: [...glue.values()].flat() };
}

function addressSets(tree: ZoneTree, node: number, owner: DomainName): RRset[] {
  return [RecordTypes.A, RecordTypes.AAAA]
    .map((type) => rrsetAt(tree, node, type, owner))
    .filter((rrset) => rrset !== undefined);
}

/** A set that the node's flags promise. */
function setAt(tree: ZoneTree, node: number, type: RecordType, owner: DomainName): RRset {
  const rrset = rrsetAt(tree, node, type, owner);
  if (rrset === undefined) throw new RangeError(`${formatName(owner)} has no set of type ${type}`);
  return rrset;
}

/** The name that is the rdata of a set's only record. */
function onlyName(rrset: RRset): DomainName {
  return aliasTarget(rrset.rdatas[0] ?? new Uint8Array());
}
