import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { DomainName } from "../name/domain-name.ts";
import type { Address } from "../net/address.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import type { SourceSpan } from "../source/source-file.ts";
import type { Topology } from "../topology/model.ts";
import { type EndpointPlan, planEndpoints } from "./allocate.ts";
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
}

/**
 * What the endpoints write into private zones, in the order it happens: endpoints in file order, so a later one has the
 * last word. An approved endpoint replaces the addresses of its names; a rejected or disconnected one deletes the names,
 * even where another endpoint wrote them; a pending one does nothing.
 */
export function privateWrites(topology: Topology, diagnostics: Diagnostics): readonly PrivateWrite[] {
  const plans = [...planEndpoints(topology, diagnostics).values()];
  return plans.flatMap((plan) => writesOf(plan, topology, diagnostics));
}

function writesOf(plan: EndpointPlan, topology: Topology, diagnostics: Diagnostics): PrivateWrite[] {
  const { endpoint, network, members } = plan;
  // `none`: records are somebody else's business.
  if (endpoint.privateDns.length === 0) return [];
  const ttl = endpoint.ttl ?? profileOf(network.kind).endpointTtl;
  const writes: PrivateWrite[] = [];
  const chosen = new Map<string, ReturnType<typeof zonesFor>>();
  for (const { names, addresses } of members) {
    for (const { privateName: owner, zone } of names) {
      const zones = chosen.get(zone.key) ?? zonesFor(endpoint, zone, topology, diagnostics);
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
