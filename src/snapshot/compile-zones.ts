import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { formatName } from "../name/name-text.ts";
import { type HiddenPlace, type PrivateWrite, privateWrites } from "../platform/endpoint-records.ts";
import type { PlatformProfile } from "../platform/profile.ts";
import { profileOf } from "../platform/profiles.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import type { SourceSpan } from "../source/source-file.ts";
import type { PrivateZone, Topology } from "../topology/model.ts";
import type { Zone } from "../zone/zone.ts";
import {
  emptyZoneTree,
  findNode,
  layerZone,
  rrsetAt,
  rrsetsAt,
  type ZoneChange,
  type ZoneTree,
} from "../zone/zone-tree.ts";
import type { CompileInput } from "./compile.ts";
import { registrationChanges } from "./host-zones.ts";

/** A zone that a provider makes in one network, for the endpoints there, and that nobody declares. */
export interface HiddenZone {
  readonly key: string;
  readonly network: string;
  readonly zone: Zone;
  /** The first endpoint that writes into it, and where that is declared. */
  readonly endpoint: string;
  readonly span: SourceSpan;
}

/** Every private zone with what endpoints write into it: the declared ones by key, and the ones that nobody declares. */
export function compileZones(
  { topology, zones }: CompileInput,
  diagnostics: Diagnostics,
): { readonly declared: ReadonlyMap<string, Zone>; readonly hidden: readonly HiddenZone[] } {
  const writes = new Map<string, PrivateWrite[]>();
  for (const write of privateWrites(topology, diagnostics)) {
    const others = writes.get(write.zoneKey);
    if (others === undefined) writes.set(write.zoneKey, [write]);
    else others.push(write);
  }
  const declared = new Map<string, Zone>();
  for (const zone of topology.zones.values()) {
    const input = zones.get(zone.key);
    if (input === undefined) continue;
    const own = (writes.get(zone.key) ?? []).filter(({ hidden }) => hidden === undefined);
    const changes = [
      ...registrationChanges(zone, input.tree, topology),
      ...own.flatMap((write) => changesOf(write, input.tree, diagnostics)),
    ];
    const tree = changes.length === 0 ? input.tree : layerZone(input.tree, changes);
    const soa = rrsetAt(tree, tree.root, RecordTypes.SOA) ?? input.soa ?? profileSoa(zone, zoneProfile(zone, topology));
    declared.set(zone.key, { origin: zone.name, tree, soa });
  }
  const hidden = [...writes].flatMap(([key, own]) => {
    const inHidden = own.filter((write) => write.hidden !== undefined);
    const [first] = inHidden;
    return first?.hidden === undefined ? [] : [hiddenZone(key, first.hidden, first, inHidden, topology, diagnostics)];
  });
  return { declared, hidden };
}

function hiddenZone(
  key: string,
  { network, name }: HiddenPlace,
  { endpoint, span }: PrivateWrite,
  writes: readonly PrivateWrite[],
  topology: Topology,
  diagnostics: Diagnostics,
): HiddenZone {
  const empty = emptyZoneTree(name);
  const changes = writes.flatMap((write) => changesOf(write, empty, diagnostics));
  const soa = profileSoa({ name }, profileOf(topology.networks.get(network)?.kind ?? "generic"));
  return { key, network, endpoint, span, zone: { origin: name, tree: layerZone(empty, changes), soa } };
}

/** What an endpoint does to a zone. A record that a person wrote at the same owner gives way, and is told (SEMANTICS 20). */
function changesOf(write: PrivateWrite, base: ZoneTree, diagnostics: Diagnostics): ZoneChange[] {
  const { owner, type, rdatas, ttl, span, endpoint } = write;
  const node = findNode(base, owner);
  const written = node === undefined ? [] : rrsetsAt(base, node, owner);
  const inTheWay = [type, RecordTypes.CNAME];
  const place = written.find((rrset) => write.kind === "delete" || inTheWay.includes(rrset.type))?.places?.[0];
  if (place !== undefined) {
    const what = write.kind === "replace" ? "replaced by" : "removed by";
    diagnostics.report(
      "endpoint/replaces-record",
      `the record at ${formatName(owner)} is ${what} endpoint ${endpoint}`,
      place,
      {
        related: [{ message: `endpoint ${endpoint} is here`, span }],
        hint: "remove the record, or set privateDns of the endpoint to none",
      },
    );
  }
  if (write.kind === "delete") return [{ kind: "delete", owner }];
  const replace: ZoneChange = { kind: "replace", rrset: { owner, type, ttl, rdatas, places: [span] } };
  // An alias beside it would be answered instead, and signatures of what stood there sign something else.
  return [{ kind: "delete", owner, types: [RecordTypes.CNAME, RecordTypes.RRSIG] }, replace];
}

/** The profile that a zone's own values come from: that of the first network it is linked to. */
export function zoneProfile(zone: PrivateZone, topology: Topology): PlatformProfile {
  return profileOf(topology.networks.get(zone.links[0]?.network ?? "")?.kind ?? "generic");
}

function profileSoa({ name }: Pick<PrivateZone, "name">, { soa }: PlatformProfile): RRset {
  return { owner: name, type: RecordTypes.SOA, ttl: soa.ttl, rdatas: [soa.rdata(name)] };
}
