import { chosen, nothing } from "../field/chosen.ts";
import { countedBase32, countedHex } from "../field/counted-octets.ts";
import type { Field, RdataLayout } from "../field/field.ts";
import { mnemonic } from "../field/mnemonic.ts";
import { decompressedName, plainName } from "../field/name.ts";
import { u8, u16, u32 } from "../field/number.ts";
import { base64, hex } from "../field/octets.ts";
import { moment } from "../field/time.ts";
import { recordType, typeBitmap } from "../field/type.ts";
import { ALGORITHMS, DIGEST_OCTETS, DIGESTS } from "./algorithms.ts";

/** An algorithm of DNSSEC, by number or mnemonic; printed as a number, as tools do. */
const algorithm: Field = mnemonic("an algorithm", 1, ALGORITHMS, "RSASHA256", "number");

const digest = chosen("a digest", false, (before) => {
  const octets = DIGEST_OCTETS.get(before.at(-1) ?? 0);
  return hex("a digest", octets === undefined ? {} : { least: octets, most: octets });
});

/** DS (RFC 4034 §5), and with it CDS (RFC 7344 §3.1), DLV (RFC 4431) and TA. */
export const ds: RdataLayout = [
  u16("a key tag"),
  algorithm,
  mnemonic("a digest type", 1, DIGESTS, "SHA-256", "number"),
  digest,
];

/** DNSKEY (RFC 4034 §2), and with it CDNSKEY (RFC 7344 §3.2). */
export const dnskey: RdataLayout = [u16("flags"), u8("a protocol"), algorithm, base64("a key")];

/** KEY (RFC 2535 §3.1), whose key is missing when the first two flags say so (§3.1.2). */
export const key: RdataLayout = [
  u16("flags"),
  u8("a protocol"),
  algorithm,
  chosen("a key", true, (before) => (((before[0] ?? 0) & 0xc0) === 0xc0 ? nothing : base64("a key"))),
];

/** RKEY, a KEY without any flag. */
export const rkey: RdataLayout = [u16("flags", 0), u8("a protocol"), algorithm, base64("a key")];

/** RRSIG (RFC 4034 §3); its signer is never compressed (§3.1.7). */
export const rrsig: RdataLayout = signature(plainName("a signer"));

/** SIG (RFC 2535 §4), whose signer old senders compressed (RFC 3597 §4). */
export const sig: RdataLayout = signature(decompressedName("a signer"));

function signature(signer: Field): RdataLayout {
  return [
    recordType("a covered type"),
    algorithm,
    u8("a number of labels"),
    u32("an original TTL"),
    moment("an expiration"),
    moment("an inception"),
    u16("a key tag"),
    signer,
    base64("a signature"),
  ];
}

/** NSEC (RFC 4034 §4); its name is never compressed (§4.1.1). */
export const nsec: RdataLayout = [plainName("a next name"), typeBitmap(false)];

const HASHES = { "SHA-1": 1 } as const;
const hashAlgorithm = mnemonic("a hash algorithm", 1, HASHES, "SHA-1", "number");

/** The hash of the next owner: as long as its algorithm says, which for any other than SHA-1 is not known. */
const nextHash = chosen("a next hash", false, (before) =>
  before[0] === HASHES["SHA-1"] ? countedBase32("a next hash", 20, 20) : countedBase32("a next hash"),
);

/** NSEC3 (RFC 5155 §3). */
export const nsec3: RdataLayout = [
  hashAlgorithm,
  u8("flags"),
  u16("a number of iterations"),
  countedHex("a salt"),
  nextHash,
  typeBitmap(true),
];

/** NSEC3PARAM (RFC 5155 §4). */
export const nsec3param: RdataLayout = [
  hashAlgorithm,
  u8("flags"),
  u16("a number of iterations"),
  countedHex("a salt"),
];

/** CSYNC (RFC 7477 §2.1). */
export const csync: RdataLayout = [u32("a serial"), u16("flags"), typeBitmap(true)];

const ZONE_DIGEST_OCTETS: ReadonlyMap<number, number> = new Map([
  [1, 48], // SHA-384.
  [2, 64], // SHA-512.
]);

/** ZONEMD (RFC 8976 §2.2); a digest has never fewer than 12 octets (§2.2.4). */
export const zonemd: RdataLayout = [
  u32("a serial"),
  u8("a scheme"),
  u8("a hash algorithm"),
  chosen("a digest", false, (before) => {
    const octets = ZONE_DIGEST_OCTETS.get(before.at(-1) ?? 0);
    return hex("a digest", octets === undefined ? { least: 12 } : { least: octets, most: octets });
  }),
];
