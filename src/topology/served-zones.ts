/** Which zones an authoritative listener serves. */
export type ServedZones = {
  /** In words, and the same exactly for the same choice: `zones a, b`, `the zones of network hub`, `the public zones`. */
  readonly key: string;
} & (
  | { readonly kind: "named"; readonly zones: readonly string[] }
  /** Those linked to the network (a key, or `internet`, which has none), over the public ones. */
  | { readonly kind: "network"; readonly network: string }
  | { readonly kind: "public" }
);

/** Private zones by their keys, and no other. */
export function namedZones(zones: readonly string[]): ServedZones {
  return { key: `${zones.length === 1 ? "zone" : "zones"} ${zones.join(", ")}`, kind: "named", zones };
}

/** What a network sees without any rule: its linked zones, and the public ones where it has none of the name. */
export function zonesOfNetwork(network: string): ServedZones {
  return network === "internet" ? PUBLIC_ZONES : { key: `the zones of network ${network}`, kind: "network", network };
}

export const PUBLIC_ZONES: ServedZones = { key: "the public zones", kind: "public" };
