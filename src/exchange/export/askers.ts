import { type Cidr, containsCidr, knownCidr } from "../../net/cidr.ts";
import { containing, type PrefixEntry, within } from "../../net/prefix-map.ts";
import type { Addressee } from "../../resolve/resolve.ts";
import type { Client } from "../../snapshot/clients.ts";
import { INTERNET } from "../../snapshot/compile.ts";
import type { Snapshot } from "../../snapshot/snapshot.ts";

/** Somebody whom a server must tell apart: a network's machines, a machine with DNS servers of its own, everybody else. */
export interface Asker {
  /** `hub`, `legacy@spoke`, `internet`. */
  readonly key: string;
  readonly addressee: Extract<Addressee, { kind: "servers-of" }>;
  /** Whose addresses these are; the first that holds one decides. `internet` has only those that are nobody's to answer. */
  readonly addresses: readonly AskerPrefix[];
}

export interface AskerPrefix {
  readonly cidr: Cidr;
  /** False: inside a prefix of the asker, and another's. */
  readonly isTheirs: boolean;
}

const EVERYWHERE = [knownCidr("0.0.0.0/0"), knownCidr("::/0")];

/** Everybody who asks, in the order of the file; `internet`, who is everybody else, comes last. */
export function askersOf(snapshot: Snapshot): readonly Asker[] {
  const claims = claimsOf(snapshot);
  const askers: Asker[] = [];
  for (const { key: network, hosts } of snapshot.topology.networks.values()) {
    askers.push(askerOf(network, { kind: "servers-of", network }, claims));
    for (const { key: host, dns } of hosts.values()) {
      if (dns.length > 0) askers.push(askerOf(`${host}@${network}`, { kind: "servers-of", network, host }, claims));
    }
  }
  const refused = claims.filter(({ value }) => value === undefined);
  const addresses = refused.map(({ cidr }) => ({ cidr, isTheirs: false }));
  return [...askers, { key: INTERNET, addressee: { kind: "servers-of" }, addresses }];
}

/** Whether a source address can tell that this asker asks. */
export function hasAddresses({ key, addresses }: Asker): boolean {
  return key === INTERNET || addresses.some(({ isTheirs }) => isTheirs);
}

/** A prefix and the key of the asker in it; `undefined`: several networks share it, and nobody is answered there. */
type Claim = PrefixEntry<string | undefined>;

/** The prefixes that decide anything: those inside another of the same asker are left out. */
function claimsOf({ clients, topology }: Snapshot): readonly Claim[] {
  const askerOfClient = (client: Client): string | undefined => {
    if (client.kind !== "network") return undefined;
    const { network, host } = client;
    const hasOwnServers = (topology.networks.get(network)?.hosts.get(host ?? "")?.dns.length ?? 0) > 0;
    return host !== undefined && hasOwnServers ? `${host}@${network}` : network;
  };
  const entries = EVERYWHERE.flatMap((all) => within(clients, all));
  return entries.flatMap(({ cidr, value }) => {
    const claim = { cidr, value: askerOfClient(value) };
    const { address, length } = cidr;
    const around = length === 0 ? undefined : containing(clients, { address, length: length - 1, text: "" });
    return around !== undefined && askerOfClient(around.value) === claim.value ? [] : [claim];
  });
}

function askerOf(key: string, addressee: Asker["addressee"], claims: readonly Claim[]): Asker {
  const own = claims.filter(({ value }) => value === key);
  const inside = claims.filter(({ cidr, value }) => value !== key && own.some((one) => containsCidr(one.cidr, cidr)));
  const addresses = [
    ...own.map(({ cidr }) => ({ cidr, isTheirs: true })),
    ...inside.map(({ cidr }) => ({ cidr, isTheirs: false })),
  ];
  // The longest first, as the first that holds an address decides; else in the order of the file.
  return { key, addressee, addresses: addresses.toSorted((a, b) => b.cidr.length - a.cidr.length) };
}
