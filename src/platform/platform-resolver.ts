import { type Address, addressOf } from "../net/address.ts";
import type { Cidr } from "../net/cidr.ts";
import type { Network } from "../topology/model.ts";
import { profileOf } from "./profiles.ts";

/** Whether a network has a resolver that nobody declared: by its kind, and unless the network switched it off. */
export function hasPlatformResolver({ kind, aws }: Network): boolean {
  return profileOf(kind).hasPlatformResolver && aws.dnsSupport;
}

/** Why the platform resolver of a network sees no private zone, whatever is linked: a clause; `undefined` when it does. */
export function whyNoZones({ aws }: Network): string | undefined {
  if (!aws.dnsSupport) return "its aws.dnsSupport is false";
  return aws.dnsHostnames ? undefined : "its aws.dnsHostnames is false";
}

/** Where a network's platform resolver is asked. */
export interface PlatformAddresses {
  readonly view: readonly Address[];
  /** Where public data alone is answered, whatever is linked. */
  readonly public: readonly Address[];
}

/** The addresses that the network says, else those of its kind: the ones in its prefixes first. */
export function platformAddressesOf({ kind, platform, prefixes }: Network): PlatformAddresses {
  const { platformAddresses, addressInPrefix } = profileOf(kind);
  const fixed = (answers: "view" | "public"): Address[] =>
    platformAddresses.filter((one) => one.answers === answers).map(({ address }) => address);
  if (platform.length > 0) return { view: platform, public: fixed("public") };
  const inside =
    addressInPrefix === undefined ? [] : prefixes.flatMap((prefix) => behindFirst(prefix, addressInPrefix));
  return { view: [...inside, ...fixed("view")], public: fixed("public") };
}

/** The address so far behind the first of an IPv4 prefix; none where that is outside of it. */
function behindFirst({ address, length }: Cidr, distance: number): Address[] {
  if (address.family !== 4 || 2 ** (32 - length) <= distance) return [];
  const octets = Uint8Array.from(address.octets);
  octets[3] = (octets[3] ?? 0) + distance; // The first address of such a prefix has zeros there.
  return [addressOf(octets)];
}

/** Further addresses that a network's machines reach: what it says, else what its kind has once routing is switched on. */
export function routesOf({ kind, routes, ibm }: Network): readonly Cidr[] {
  if (routes !== undefined) return routes;
  return ibm.vrf && ibm.serviceEndpoints ? profileOf(kind).routes : [];
}
