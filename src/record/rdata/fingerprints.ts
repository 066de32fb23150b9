import { chosen } from "../field/chosen.ts";
import type { RdataLayout } from "../field/field.ts";
import { mnemonic } from "../field/mnemonic.ts";
import { u8, u16 } from "../field/number.ts";
import { base64, hex } from "../field/octets.ts";
import { ALGORITHMS, CERTIFICATES } from "./algorithms.ts";

const FINGERPRINT_OCTETS: ReadonlyMap<number, number> = new Map([
  [1, 20], // SHA-1 (RFC 4255 §3.1.2).
  [2, 32], // SHA-256 (RFC 6594 §5.2).
]);

/** SSHFP (RFC 4255 §3). */
export const sshfp: RdataLayout = [
  u8("an algorithm"),
  u8("a fingerprint type"),
  chosen("a fingerprint", false, (before) => {
    const octets = FINGERPRINT_OCTETS.get(before.at(-1) ?? 0);
    return hex("a fingerprint", octets === undefined ? {} : { least: octets, most: octets });
  }),
];

/** TLSA (RFC 6698 §2) and SMIMEA (RFC 8162 §2). */
export const tlsa: RdataLayout = [
  u8("a certificate usage"),
  u8("a selector"),
  u8("a matching type"),
  hex("certificate data"),
];

/** CERT (RFC 4398 §2), with mnemonics as tools print them (§2.2). */
export const cert: RdataLayout = [
  mnemonic("a certificate type", 2, CERTIFICATES, "PKIX", "name"),
  u16("a key tag"),
  mnemonic("an algorithm", 1, ALGORITHMS, "RSASHA256", "name"),
  base64("a certificate"),
];
