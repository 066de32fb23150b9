import type { DiagnosticCode } from "../diagnostics/catalogue.ts";
import type { Diagnostics, RelatedPlace } from "../diagnostics/diagnostic.ts";
import { type DomainName, isAtOrBelow } from "../name/domain-name.ts";
import { formatName } from "../name/name-text.ts";
import { aliasTarget } from "../record/rdata-wire.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import { typeName } from "../record/type-names.ts";
import type { SourceSpan } from "../source/source-file.ts";
import { checkRdata } from "./_rdata-checks.ts";
import {
  findNode,
  hasDname,
  hasType,
  hasTypeBeside,
  isCut,
  isWildcard,
  nodeName,
  rrsetAt,
  rrsetsAt,
  type ZoneTree,
} from "./zone-tree.ts";

const { A, NS, CNAME, SOA, AAAA, DNAME, DS, RRSIG, NSEC } = RecordTypes;
const KEY: RecordType = 25;

/** A CNAME, and what may stand beside it (RFC 4034 §3, RFC 4034 §4, RFC 3007 §3.1.1). */
const WITH_CNAME: ReadonlySet<RecordType> = new Set([CNAME, RRSIG, NSEC, KEY]);
/** What the parent itself says at a cut (RFC 4035 §2.6). */
const AT_CUT: ReadonlySet<RecordType> = new Set([NS, DS, RRSIG, NSEC]);
const ADDRESSES: ReadonlySet<RecordType> = new Set([A, AAAA]);

/** A place that hides what lies below it. */
interface Cover {
  readonly kind: "cut" | "dname";
  readonly node: number;
}

/**
 * Reports what is wrong between the RRsets of a zone as its files gave it. Names and positions only: nothing is changed.
 *
 * A zone needs neither SOA nor NS here: private zones of a cloud have none.
 */
export function checkZone(tree: ZoneTree, diagnostics: Diagnostics): void {
  const { nodeParent, nodeSets } = tree.base;
  const glue = glueNodes(tree);
  // Parents come before children, so one pass knows what covers a node.
  const covers: (Cover | undefined)[] = [];
  for (let node = 0; node < nodeParent.length; node++) {
    const cover = node === 0 ? undefined : coverBelow(tree, nodeParent[node] ?? 0, covers);
    covers.push(cover);
    if (nodeSets[node] === nodeSets[node + 1]) continue;
    if (cover === undefined) checkVisible(tree, node, glue, diagnostics);
    else checkCovered(tree, node, cover, glue, diagnostics);
  }
  checkRdata(tree, diagnostics);
  checkSigned(tree, diagnostics);
}

/** What covers the children of a node: what covers the node itself, else the node. */
function coverBelow(tree: ZoneTree, node: number, covers: readonly (Cover | undefined)[]): Cover | undefined {
  const cover = covers[node];
  if (cover !== undefined) return cover;
  if (isCut(tree, node)) return { kind: "cut", node };
  return hasDname(tree, node) ? { kind: "dname", node } : undefined;
}

/** The nodes of name servers that some cut of the zone names: addresses there are glue. */
function glueNodes(tree: ZoneTree): Set<number> {
  const nodes = new Set<number>();
  const { nodeParent } = tree.base;
  for (let node = 1; node < nodeParent.length; node++) {
    if (!isCut(tree, node)) continue;
    for (const rdata of rrsetAt(tree, node, NS)?.rdatas ?? []) {
      const host = findNode(tree, aliasTarget(rdata));
      if (host !== undefined) nodes.add(host);
    }
  }
  return nodes;
}

/** Rules for a name that questions reach. */
function checkVisible(tree: ZoneTree, node: number, glue: ReadonlySet<number>, diagnostics: Diagnostics): void {
  if (node === 0) {
    reportSet(tree, node, DS, diagnostics, "zone/ds-at-apex", (owner) => ({
      message: `${owner} is the name of the zone, and a DS stands in its parent`, // RFC 4035 §2.4.
      hint: `put it into the zone above ${owner}, beside the NS records that delegate it`,
    }));
    reportSet(tree, node, CNAME, diagnostics, "zone/cname-at-apex", (owner) => ({
      message: `${owner} is the name of the zone and cannot be a CNAME`, // RFC 1034 §3.6.2: SOA and NS stand there.
      hint: "write the address records themselves",
    }));
    return;
  }
  if (hasType(tree, node, CNAME)) checkAlias(tree, node, diagnostics);
  reportSet(tree, node, SOA, diagnostics, "zone/soa-below-apex", (owner) => ({
    message: `${owner} has a SOA record, and is not the name of zone ${formatName(tree.origin)}`,
    hint: `put it at ${formatName(tree.origin)}, or into a zone of its own`,
  }));
  if (isWildcard(tree, node)) checkWildcard(tree, node, diagnostics);
  else if (isCut(tree, node)) checkCut(tree, node, glue, diagnostics);
}

/** A CNAME stands alone (RFC 2181 §10.1). */
function checkAlias(tree: ZoneTree, node: number, diagnostics: Diagnostics): void {
  if (!hasTypeBeside(tree, node, WITH_CNAME)) return;
  const others = rrsetsAt(tree, node).filter(({ type }) => !WITH_CNAME.has(type));
  reportSet(tree, node, CNAME, diagnostics, "zone/cname-beside-data", (owner) => ({
    message: `${owner} has a CNAME and ${listTypes(others.map(({ type }) => type))}`,
    related: others.flatMap((rrset) => noteAt(rrset, `the ${typeName(rrset.type)} record is here`)),
    hint: "remove the CNAME, or everything else",
  }));
}

/** Delegating or redirecting names that do not exist means nothing (RFC 4592 §4.2, §4.4). */
function checkWildcard(tree: ZoneTree, node: number, diagnostics: Diagnostics): void {
  reportSet(tree, node, NS, diagnostics, "zone/wildcard-ns", (owner) => ({
    message: `${owner} is a wildcard and cannot be delegated`,
    hint: "delegate the names one by one",
  }));
  reportSet(tree, node, DNAME, diagnostics, "zone/wildcard-dname", (owner) => ({
    message: `${owner} is a wildcard and cannot have a DNAME`,
    hint: "write a CNAME, or the DNAME one label up",
  }));
}

function checkCut(tree: ZoneTree, node: number, glue: ReadonlySet<number>, diagnostics: Diagnostics): void {
  const cut = nodeName(tree, node);
  const ns = rrsetAt(tree, node, NS, cut);
  if (ns === undefined) return;
  for (const [index, rdata] of ns.rdatas.entries())
    checkGlue(tree, cut, aliasTarget(rdata), ns.places?.[index], diagnostics);
  if (!hasTypeBeside(tree, node, AT_CUT)) return;
  const name = formatName(cut);
  for (const rrset of rrsetsAt(tree, node, cut)) {
    const { type } = rrset;
    // A CNAME and a SOA were told before; addresses of a server of this very name are glue.
    if (AT_CUT.has(type) || type === CNAME || type === SOA || (ADDRESSES.has(type) && glue.has(node))) continue;
    const [code, message] =
      type === DNAME // RFC 6672 §2.3.
        ? (["zone/dname-beside-ns", `${name} has a DNAME and is delegated`] as const)
        : (["zone/below-cut", `${name} is delegated: its ${typeName(type)} records here are never answered`] as const);
    const related = noteAt(ns, "it is delegated here");
    report(rrset, diagnostics, code, { message, related, hint: "remove the record, or the delegation" });
  }
}

/** A name server inside what it serves is found by glue alone (RFC 1034 §4.2.1, RFC 9471 §2.1). */
function checkGlue(
  tree: ZoneTree,
  cut: DomainName,
  server: DomainName,
  span: SourceSpan | undefined,
  diagnostics: Diagnostics,
): void {
  if (span === undefined || !isAtOrBelow(server, cut)) return;
  const host = findNode(tree, server);
  if (host !== undefined && (hasType(tree, host, A) || hasType(tree, host, AAAA))) return;
  const message = `${formatName(server)} serves ${formatName(cut)}, lies in it, and has no address here`;
  diagnostics.report("zone/missing-glue", message, span, {
    hint: `add an A or AAAA record of ${formatName(server)}`,
  });
}

/** Records that no question reaches, unless they are glue. */
function checkCovered(
  tree: ZoneTree,
  node: number,
  cover: Cover,
  glue: ReadonlySet<number>,
  diagnostics: Diagnostics,
): void {
  const [code, coverType, what] =
    cover.kind === "cut"
      ? (["zone/below-cut", NS, "the delegation"] as const)
      : (["zone/below-dname", DNAME, "the DNAME"] as const);
  const top = nodeName(tree, cover.node);
  const by = rrsetAt(tree, cover.node, coverType, top);
  for (const rrset of rrsetsAt(tree, node)) {
    if (cover.kind === "cut" && ADDRESSES.has(rrset.type) && glue.has(node)) continue;
    const set = `${formatName(rrset.owner)} ${typeName(rrset.type)}`;
    report(rrset, diagnostics, code, {
      message: `${set} lies below ${what} of ${formatName(top)} and is never answered`,
      related: by === undefined ? [] : noteAt(by, `${what} is here`),
      hint: `remove the record, or ${what}`,
    });
  }
}

function checkSigned(tree: ZoneTree, diagnostics: Diagnostics): void {
  reportSet(tree, 0, RRSIG, diagnostics, "zone/signed", (owner) => ({
    message: `zone ${owner} is signed, and its denials are answered without proof`,
    hint: "serve the zone unsigned, or do not validate answers from here",
  }));
}

interface Finding {
  readonly message: string;
  readonly related?: readonly RelatedPlace[];
  readonly hint: string;
}

/** Reports the set of a type at a node, if it has one, at its first record. */
function reportSet(
  tree: ZoneTree,
  node: number,
  type: RecordType,
  diagnostics: Diagnostics,
  code: DiagnosticCode,
  finding: (owner: string) => Finding,
): void {
  if (!hasType(tree, node, type)) return;
  const rrset = rrsetAt(tree, node, type);
  if (rrset !== undefined) report(rrset, diagnostics, code, finding(formatName(rrset.owner)));
}

function report(rrset: RRset, diagnostics: Diagnostics, code: DiagnosticCode, finding: Finding): void {
  const { message, related = [], hint } = finding;
  const span = rrset.places?.[0];
  if (span !== undefined) diagnostics.report(code, message, span, { related, hint });
}

function noteAt({ places }: RRset, message: string): RelatedPlace[] {
  return (places ?? []).slice(0, 1).map((span) => ({ message, span }));
}

/** `an A record`, `A and TXT records`. */
function listTypes(types: readonly RecordType[]): string {
  const names = types.map(typeName);
  const [only = ""] = names;
  // Letters that are spoken with a vowel first.
  if (names.length === 1) return `${/^[AEFHILMNORSX]/.test(only) ? "an" : "a"} ${only} record`;
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)} records`;
}
