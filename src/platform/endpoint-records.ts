import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { type DomainName, sameName } from "../name/domain-name.ts";
import { displayName } from "../name/name-text.ts";
import type { Address } from "../net/address.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import type { SourceSpan } from "../source/source-file.ts";
import type { Endpoint, Network, Topology } from "../topology/model.ts";
import { type EndpointPlan, planEndpoints } from "./allocate.ts";
import { whyNoZones } from "./platform-resolver.ts";
import { profileOf } from "./profiles.ts";
import { reportUnusedZones, zonesFor } from "./zone-choice.ts";

/** What an endpoint does to one name of one private zone. */
export interface PrivateWrite {
  /** The zone's key in the topology. */
  readonly zoneKey: string;
  /** `replace`: the set of `type`; `delete`: everything at the name. */
  readonly kind: "replace" | "delete";
  readonly owner: DomainName;
  /** A or AAAA; for `delete` A, the type that endpoints write. */
  readonly type: RecordType;
  /** Empty for `delete`. */
  readonly rdatas: readonly Uint8Array[];
  /** Seconds. */
  readonly ttl: number;
  /** Where the endpoint is declared. */
  readonly span: SourceSpan;
  /** The endpoint's key. */
  readonly endpoint: string;
  /** Set where the zone is one that the provider makes and nobody declares. */
  readonly hidden?: HiddenPlace;
}

/** A zone that a provider makes in one network. */
export interface HiddenPlace {
  readonly network: string;
  readonly name: DomainName;
}

/**
 * What the endpoints write into private zones, in the order it happens: endpoints in file order, so a later one has the
 * last word. An approved endpoint replaces the addresses of its names; a rejected or disconnected one deletes the names,
 * even where another endpoint wrote them; a pending one does nothing.
 */
export function privateWrites(topology: Topology, diagnostics: Diagnostics): readonly PrivateWrite[] {
  const plans = [...planEndpoints(topology, diagnostics).values()];
  const hidden = plans.flatMap((plan) => hiddenWrites(plan, topology, diagnostics));
  return [...plans.flatMap((plan) => writesOf(plan, topology, diagnostics)), ...settled(hidden, diagnostics)];
}

/** The zones of a plan that nobody declares: its provider makes them, in the endpoint's network alone. */
function writesHidden({ endpoint, network, group }: EndpointPlan): boolean {
  const isAuto = endpoint.privateDns.some(({ kind }) => kind === "auto");
  return isAuto && group === undefined && profileOf(network.kind).endpointZones === "hidden";
}

/** Records in such zones, which are there as long as the endpoint is approved. */
function hiddenWrites(plan: EndpointPlan, topology: Topology, diagnostics: Diagnostics): PrivateWrite[] {
  const { endpoint, network, members } = plan;
  if (!writesHidden(plan) || endpoint.connection !== "approved") return [];
  const why = whyNoZones(network);
  if (why !== undefined) {
    const message = `endpoint ${endpoint.key} publishes nothing: network ${network.key} sees no private zones, ${why}`;
    diagnostics.report("link/not-seen", message, endpoint.span, {
      hint: "set it to true, or write privateDns: none",
      related: [{ message: `network ${network.key} is here`, span: network.span }],
    });
    return [];
  }
  const ttl = endpoint.ttl ?? profileOf(network.kind).endpointTtl;
  const writes: PrivateWrite[] = [];
  const told = new Set<string>();
  for (const { names, addresses } of members) {
    for (const { privateName: owner, zone } of names) {
      if (!told.has(zone.key)) reportLinkedTwin(endpoint, network, zone, topology, diagnostics);
      told.add(zone.key);
      const zoneKey = `${network.key}/${displayName(zone)}`;
      const hidden = { network: network.key, name: zone };
      const write = { zoneKey, hidden, owner, ttl, span: endpoint.span, endpoint: endpoint.key };
      for (const set of addressSets(addresses)) writes.push({ ...write, ...set, kind: "replace" });
    }
  }
  return writes;
}

/** The network would have two zones of one name. */
function reportLinkedTwin(
  endpoint: Endpoint,
  network: Network,
  name: DomainName,
  topology: Topology,
  diagnostics: Diagnostics,
): void {
  const links = [...topology.zones.values()]
    .filter((zone) => sameName(zone.name, name))
    .flatMap((zone) => zone.links.filter((link) => link.network === network.key).map((link) => ({ zone, link })));
  const [first] = links;
  if (first === undefined) return;
  const message = `endpoint ${endpoint.key} makes a zone ${displayName(name)} in network ${network.key}, which is linked to zone ${first.zone.key} of that name`;
  diagnostics.report("link/two-zones-of-one-name", message, endpoint.span, {
    hint: `write privateDns: ${first.zone.key}, or none, or remove the link`,
    related: [{ message: "the link is here", span: first.link.span }],
  });
}

/** One endpoint has a name of a network: of several the first counts, and the others are told. */
function settled(writes: readonly PrivateWrite[], diagnostics: Diagnostics): PrivateWrite[] {
  const first = new Map<string, PrivateWrite>();
  const told = new Set<string>();
  return writes.filter((write) => {
    const place = `${write.zoneKey}\n${write.owner.key}`;
    const other = first.get(place);
    if (other === undefined) first.set(place, write);
    if (other === undefined || other.endpoint === write.endpoint) return true;
    if (!told.has(write.endpoint)) {
      const message = `endpoints ${other.endpoint} and ${write.endpoint} of network ${write.hidden?.network} both publish ${displayName(write.owner)}`;
      diagnostics.report("endpoint/name-taken", message, write.span, {
        hint: "remove one, or write privateDns: none",
        related: [{ message: `endpoint ${other.endpoint} is here`, span: other.span }],
      });
    }
    told.add(write.endpoint);
    return false;
  });
}

function writesOf(plan: EndpointPlan, topology: Topology, diagnostics: Diagnostics): PrivateWrite[] {
  const { endpoint, network, members } = plan;
  // `none`: records are somebody else's business.
  const listed = writesHidden(plan) ? endpoint.privateDns.filter(({ kind }) => kind === "zone") : endpoint.privateDns;
  if (listed.length === 0) return [];
  const ttl = endpoint.ttl ?? profileOf(network.kind).endpointTtl;
  const writes: PrivateWrite[] = [];
  const chosen = new Map<string, ReturnType<typeof zonesFor>>();
  for (const { names, addresses } of members) {
    for (const { privateName: owner, zone } of names) {
      const zones = chosen.get(zone.key) ?? zonesFor({ ...endpoint, privateDns: listed }, zone, topology, diagnostics);
      chosen.set(zone.key, zones);
      for (const { key: zoneKey } of zones) {
        const write = { zoneKey, owner, ttl, span: endpoint.span, endpoint: endpoint.key };
        switch (endpoint.connection) {
          case "approved":
            for (const set of addressSets(addresses)) writes.push({ ...write, ...set, kind: "replace" });
            break;
          case "rejected":
          case "disconnected":
            writes.push({ ...write, kind: "delete", type: RecordTypes.A, rdatas: [] });
            break;
          case "pending":
            break;
        }
      }
    }
  }
  const wanted = members.flatMap(({ names }) => names.map(({ zone }) => zone));
  reportUnusedZones(endpoint, wanted, topology, diagnostics);
  return writes;
}

/** Addresses as record sets: IPv4 in A (RFC 1035 §3.4.1), IPv6 in AAAA (RFC 3596 §2.2). */
export function addressSets(addresses: readonly Address[]): { type: RecordType; rdatas: readonly Uint8Array[] }[] {
  const families = [
    { family: 4, type: RecordTypes.A },
    { family: 6, type: RecordTypes.AAAA },
  ] as const;
  return families
    .map(({ family, type }) => ({
      type,
      rdatas: addresses.filter((address) => address.family === family).map(({ octets }) => octets),
    }))
    .filter(({ rdatas }) => rdatas.length > 0);
}
