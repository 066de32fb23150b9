import { networkInterfaces } from "node:os";
import { type Address, parseAddress } from "../net/address.ts";

/** An address that an interface of this machine has. */
export interface InterfaceAddress {
  readonly address: Address;
  /** The interface, for a link-local IPv6 address, which is not unique without it. */
  readonly zone?: string;
}

/**
 * Every address of this machine that its interfaces list, each once. Linux answers on all of 127.0.0.0/8 but lists only
 * what was configured, so the others are listened on where they are named and not otherwise.
 */
export function interfaceAddresses(): InterfaceAddress[] {
  const found = new Map<string, InterfaceAddress>();
  for (const [zone, entries] of Object.entries(networkInterfaces())) {
    for (const entry of entries ?? []) {
      const address = parseAddress(entry.address);
      if (address === undefined) continue;
      const isLinkLocal = entry.family === "IPv6" && entry.scopeid !== 0;
      found.set(bindText(address, isLinkLocal ? zone : undefined), isLinkLocal ? { address, zone } : { address });
    }
  }
  return [...found.values()];
}

/** Whether the address stands for all of its family: 0.0.0.0 or ::. */
export function isWildcardAddress(address: Address): boolean {
  return address.octets.every((octet) => octet === 0);
}

/** The address as sockets take it: `fe80::1%eth0`. */
export function bindText(address: Address, zone: string | undefined): string {
  return zone === undefined ? address.text : `${address.text}%${zone}`;
}
