import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { ancestorOf, type DomainName, ROOT } from "../name/domain-name.ts";
import { formatName, knownName } from "../name/name-text.ts";
import type { PublicRecord } from "../platform/public-record.ts";
import { publicRecords } from "../platform/public-records.ts";
import { nameRdata } from "../record/name-rdata.ts";
import { makeSoa } from "../record/rdata-wire.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import type { SourceSpan } from "../source/source-file.ts";
import type { Topology } from "../topology/model.ts";
import type { Zone } from "../zone/zone.ts";
import { findNode, layerZone, rrsetAt, rrsetsAt, type ZoneTree } from "../zone/zone-tree.ts";
import { compileBuiltins } from "./builtin-zones.ts";
import type { PublicView, PublicZone } from "./snapshot.ts";

/** Seconds that the simulated root's data and denials live. */
const ROOT_TTL = 10;

/** A public zone as its files gave it. */
export interface PublicZoneInput {
  readonly tree: ZoneTree;
  /** Where it was named or begins. */
  readonly span: SourceSpan;
}

/**
 * What the internet says: the user's records and zones over what services publish by themselves.
 * `records` is the tree of `public.records`, at the root.
 */
export function compilePublicView(
  topology: Topology,
  zones: readonly PublicZoneInput[],
  records: ZoneTree,
  diagnostics: Diagnostics,
): PublicView {
  const rootSoa = simulatedSoa(ROOT);
  const publicZones = new Map<string, PublicZone>();
  for (const { tree, span } of zones) {
    const key = formatName(tree.origin);
    const other = publicZones.get(tree.origin.key);
    if (other !== undefined) {
      const related = other.span === undefined ? [] : [{ message: "the other one is here", span: other.span }];
      diagnostics.report("public/duplicate-zone", `public zone ${key} is given twice`, span, { related });
      continue;
    }
    publicZones.set(tree.origin.key, { key, zone: publicZone(tree, span, diagnostics), span });
  }
  const trees = [records, ...zones.map(({ tree }) => tree)];
  const generated = publicRecords(topology, diagnostics).filter((record) => !isReplaced(record, trees, diagnostics));
  const changes = generated.map(({ rrset }) => ({ kind: "replace" as const, rrset }));
  const exact: Zone = { origin: ROOT, tree: layerZone(records, changes), soa: rootSoa };
  const publishers = new Map(generated.map(({ rrset, service }) => [rrset.owner.key, service]));
  const { upstream: targets, order = "listed", onMiss, told } = topology.publicData;
  const upstream = { targets, order, ...(told === undefined ? {} : { told }) };
  const builtins = compileBuiltins(topology);
  const known = [...publicZones.values()].map(({ zone }) => zone.origin);
  for (const { zone } of builtins.values()) known.push(zone.origin);
  const rootNs: RRset = {
    owner: ROOT,
    type: RecordTypes.NS,
    ttl: ROOT_TTL,
    rdatas: [nameRdata(knownName("localhost"))],
  };
  const knownAncestors = ancestorsOf(known);
  return { exact, publishers, zones: publicZones, builtins, upstream, onMiss, rootSoa, rootNs, knownAncestors };
}

/** A zone without a SOA gets the simulated root's values at its own apex (SEMANTICS 53). */
function publicZone(tree: ZoneTree, span: SourceSpan, diagnostics: Diagnostics): Zone {
  const soa = rrsetAt(tree, tree.root, RecordTypes.SOA);
  if (soa !== undefined) return { origin: tree.origin, tree, soa };
  const name = formatName(tree.origin);
  diagnostics.report("public/no-soa", `public zone ${name} has no SOA: denials carry a made one`, span, {
    hint: `add a SOA record at ${name}`,
  });
  return { origin: tree.origin, tree, soa: simulatedSoa(tree.origin) };
}

/** Whether the user says something at the owner of a generated record: then that alone counts (SEMANTICS 6). */
function isReplaced({ rrset, service }: PublicRecord, trees: readonly ZoneTree[], diagnostics: Diagnostics): boolean {
  const byUser = trees.flatMap((tree) => setsAt(tree, rrset.owner)).at(0);
  const span = byUser?.places?.[0];
  if (byUser === undefined || span === undefined) return byUser !== undefined;
  const related = (rrset.places ?? []).map((place) => ({
    message: `service ${service} would publish it by itself`,
    span: place,
  }));
  const message = `${formatName(rrset.owner)} is taken from here, not made for service ${service}`;
  diagnostics.report("public/replaces-generated", message, span, { related });
  return true;
}

function setsAt(tree: ZoneTree, owner: DomainName): readonly RRset[] {
  const node = findNode(tree, owner);
  return node === undefined ? [] : rrsetsAt(tree, node, owner);
}

/** `APEX 10 IN SOA localhost. nobody.invalid. 1 3600 1200 604800 10` (SEMANTICS 8). */
function simulatedSoa(owner: DomainName): RRset {
  const timers = { serial: 1, refresh: 3600, retry: 1200, expire: 604800, minimum: ROOT_TTL };
  const rdata = makeSoa({ mname: knownName("localhost"), rname: knownName("nobody.invalid"), ...timers });
  return { owner, type: RecordTypes.SOA, ttl: ROOT_TTL, rdatas: [rdata] };
}

/** The keys of every name at or above one of these. */
export function ancestorsOf(names: Iterable<DomainName>): Set<string> {
  const keys = new Set<string>();
  for (const name of names) {
    for (let count = 0; count <= name.labels.length; count++) keys.add(ancestorOf(name, count).key);
  }
  return keys;
}
