import { type Cidr, cidrOfOctets } from "../net/cidr.ts";
import { OctetWriter } from "../octets/octet-writer.ts";
import { WireError } from "../octets/wire-error.ts";
import { type EdnsOption, OptionCodes, optionReader } from "./edns.ts";

/** Octets of an address, by the number of its family (the IANA registry "Address Family Numbers"). */
const ADDRESS_OCTETS: ReadonlyMap<number, number> = new Map([
  [1, 4],
  [2, 16],
]);

/** Which addresses a question or an answer is about (RFC 7871 §6). */
export interface ClientSubnet {
  /** 1 is IPv4, 2 is IPv6; others are possible only where no prefix is given. */
  readonly family: number;
  /** How many bits of the address are given; 0 = none are. */
  readonly sourceLength: number;
  /** For how many bits an answer holds; 0 in questions. */
  readonly scopeLength: number;
  /** The prefix itself; absent when none is given. IPv4-mapped IPv6 is the IPv4 prefix, `sourceLength` stays as it was. */
  readonly prefix?: Cidr;
}

/**
 * Reads a client subnet option as strictly as RFC 7871 §6 writes it.
 * @throws WireError for more or fewer address octets than the length needs, bits set beyond it, a length that the family
 * does not have, and a family other than IPv4 and IPv6 unless no address is given.
 */
export function readClientSubnet(option: EdnsOption): ClientSubnet {
  const reader = optionReader(option);
  if (reader.remaining < 4) throw new WireError("option-malformed", 0);
  const family = reader.u16();
  const sourceLength = reader.u8();
  const scopeLength = reader.u8();
  const at = reader.offset;
  if (reader.remaining !== Math.ceil(sourceLength / 8)) throw new WireError("option-malformed", at);
  if (sourceLength === 0) return { family, sourceLength, scopeLength };

  const addressOctets = ADDRESS_OCTETS.get(family);
  if (addressOctets === undefined || sourceLength > addressOctets * 8 || scopeLength > addressOctets * 8)
    throw new WireError("option-malformed", 0);
  const given = reader.take(reader.remaining);
  const unused = given.length * 8 - sourceLength;
  if (((given.at(-1) ?? 0) & ((1 << unused) - 1)) !== 0) throw new WireError("option-malformed", at);
  const octets = new Uint8Array(addressOctets);
  octets.set(given);
  return { family, sourceLength, scopeLength, prefix: cidrOfOctets(octets, sourceLength) };
}

/**
 * The option of a question, made the option of its reply: family, length and address as they came (RFC 7871 §7.2.1), with
 * the number of bits that the answer holds for.
 */
export function withScope(option: EdnsOption, scopeLength: number): EdnsOption {
  const octets = option.octets.slice();
  octets[3] = scopeLength;
  return { code: option.code, octets };
}

/** A client subnet option for a question. */
export function clientSubnetOption({ address, length }: Cidr): EdnsOption {
  const writer = new OctetWriter(20);
  writer.u16(address.family === 4 ? 1 : 2);
  writer.u8(length);
  writer.u8(0);
  writer.bytes(address.octets.subarray(0, Math.ceil(length / 8)));
  return { code: OptionCodes.CLIENT_SUBNET, octets: writer.finish() };
}
