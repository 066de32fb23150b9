import type { Mnemonics } from "../field/mnemonic.ts";

/**
 * Algorithms of DNSSEC keys (RFC 4034 appendix A.1 and the registry "DNS Security Algorithm Numbers"); where tools write
 * another name than the registry, that one stands first.
 */
export const ALGORITHMS: Mnemonics = {
  RSAMD5: 1,
  DH: 2,
  DSA: 3,
  RSASHA1: 5,
  NSEC3DSA: 6,
  "DSA-NSEC3-SHA1": 6,
  NSEC3RSASHA1: 7,
  "RSASHA1-NSEC3-SHA1": 7,
  RSASHA256: 8,
  RSASHA512: 10,
  ECCGOST: 12,
  "ECC-GOST": 12,
  ECDSAP256SHA256: 13,
  ECDSAP384SHA384: 14,
  ED25519: 15,
  ED448: 16,
  SM2SM3: 17,
  "ECC-GOST12": 23,
  INDIRECT: 252,
  PRIVATEDNS: 253,
  PRIVATEOID: 254,
};

/** Digests of DS (RFC 4034 appendix A.2 and the registry "Digest Algorithms"). */
export const DIGESTS = {
  "SHA-1": 1,
  SHA1: 1,
  "SHA-256": 2,
  SHA256: 2,
  GOST: 3,
  "SHA-384": 4,
  SHA384: 4,
} as const satisfies Mnemonics;

/** Octets of a digest by its number, where that says; any number of octets where not. */
export const DIGEST_OCTETS: ReadonlyMap<number, number> = new Map([
  [DIGESTS["SHA-1"], 20],
  [DIGESTS["SHA-256"], 32],
  [DIGESTS.GOST, 32],
  [DIGESTS["SHA-384"], 48],
]);

/** Kinds of certificates (RFC 4398 §2.1). */
export const CERTIFICATES: Mnemonics = {
  PKIX: 1,
  SPKI: 2,
  PGP: 3,
  IPKIX: 4,
  ISPKI: 5,
  IPGP: 6,
  ACPKIX: 7,
  IACPKIX: 8,
  URI: 253,
  OID: 254,
};
