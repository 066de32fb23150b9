import { type AddressPort, addressOf } from "../net/address.ts";
import { OctetReader } from "../octets/octet-reader.ts";
import { OctetWriter } from "../octets/octet-writer.ts";

/** What every header of version 2 starts with (the PROXY protocol, §2.2). */
const SIGNATURE = Uint8Array.of(0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a);
/** Octets before the addresses: signature, version and command, family and protocol, length. */
const FIXED_OCTETS = 16;
const VERSION = 0x20;
const COMMANDS = { LOCAL: 0, PROXY: 1 } as const;
const FAMILIES = { IPV4: 1, IPV6: 2 } as const;
const PROTOCOLS = { STREAM: 1, DATAGRAM: 2 } as const;
/** Addresses are a few dozen octets; what else a proxy may tell (certificates, identifiers) has room, and an end. */
const MAX_OCTETS = 2048;

/** For whom a proxy speaks. */
export interface ProxiedClient {
  readonly source: AddressPort;
  /** The address that the client asked. */
  readonly destination: AddressPort;
}

/** What stands at the start of octets. */
export type ProxyHeader =
  /** The first `length` octets; without a client the proxy speaks for itself, and the real addresses count. */
  | { readonly kind: "header"; readonly length: number; readonly client?: ProxiedClient }
  /** So far it may become a header. */
  | { readonly kind: "incomplete" }
  | { readonly kind: "none" };

/**
 * Reads a header of the PROXY protocol, version 2, the only one that can be told from a DNS message. What follows the
 * addresses in it is passed over. Of families other than IPv4 and IPv6 the real addresses count.
 */
export function readProxyHeader(octets: Uint8Array): ProxyHeader {
  for (let i = 0; i < Math.min(octets.length, SIGNATURE.length); i++)
    if (octets[i] !== SIGNATURE[i]) return { kind: "none" };
  if (octets.length < FIXED_OCTETS) return { kind: "incomplete" };
  const reader = new OctetReader(octets, SIGNATURE.length);
  const versionAndCommand = reader.u8();
  const family = reader.u8() >>> 4;
  const length = FIXED_OCTETS + reader.u16();
  const command = versionAndCommand & 0xf;
  if ((versionAndCommand & 0xf0) !== VERSION || command > COMMANDS.PROXY || length > MAX_OCTETS)
    return { kind: "none" };
  if (octets.length < length) return { kind: "incomplete" };
  if (command === COMMANDS.LOCAL || (family !== FAMILIES.IPV4 && family !== FAMILIES.IPV6))
    return { kind: "header", length };
  const client = readClient(reader, family === FAMILIES.IPV4 ? 4 : 16, length);
  return client === undefined ? { kind: "none" } : { kind: "header", length, client };
}

function readClient(reader: OctetReader, addressOctets: number, end: number): ProxiedClient | undefined {
  if (reader.offset + addressOctets * 2 + 4 > end) return undefined;
  const [from, to] = [addressOf(reader.take(addressOctets)), addressOf(reader.take(addressOctets))];
  return { source: { address: from, port: reader.u16() }, destination: { address: to, port: reader.u16() } };
}

/** Writes the header that speaks for a client whose two addresses are of one family, else one that speaks for nobody. */
export function writeProxyHeader(client: ProxiedClient | "nobody", transport: "udp" | "tcp"): Uint8Array {
  const writer = new OctetWriter(64);
  writer.bytes(SIGNATURE);
  if (client === "nobody" || client.source.address.family !== client.destination.address.family) {
    writer.u8(VERSION | COMMANDS.LOCAL);
    writer.u8(0);
    writer.u16(0);
    return writer.finish();
  }
  const { source, destination } = client;
  const { family } = source.address;
  writer.u8(VERSION | COMMANDS.PROXY);
  const protocol = transport === "udp" ? PROTOCOLS.DATAGRAM : PROTOCOLS.STREAM;
  writer.u8(((family === 4 ? FAMILIES.IPV4 : FAMILIES.IPV6) << 4) | protocol);
  writer.u16(source.address.octets.length * 2 + 4);
  writer.bytes(source.address.octets);
  writer.bytes(destination.address.octets);
  writer.u16(source.port);
  writer.u16(destination.port);
  return writer.finish();
}
