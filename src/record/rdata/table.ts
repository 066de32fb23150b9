import { ipv4, ipv6 } from "../field/address.ts";
import type { RdataLayout } from "../field/field.ts";
import { fourGroups, hyphenatedHex } from "../field/grouped-hex.ts";
import { mnemonic } from "../field/mnemonic.ts";
import { compressedName, decompressedName, plainName } from "../field/name.ts";
import { seconds, u8, u16, u32 } from "../field/number.ts";
import { base64, hex } from "../field/octets.ts";
import { characterString, characterStrings } from "../field/string.ts";
import { recordType } from "../field/type.ts";
import type { RecordType } from "../record-type.ts";
import { TYPE_REGISTRY as TYPES } from "../type-registry.ts";
import { a6 } from "./a6.ts";
import { apl } from "./apl.ts";
import { caa } from "./caa.ts";
import { csync, dnskey, ds, key, nsec, nsec3, nsec3param, rkey, rrsig, sig, zonemd } from "./dnssec.ts";
import { doa } from "./doa.ts";
import { cert, sshfp, tlsa } from "./fingerprints.ts";
import { amtrelay, ipseckey } from "./gateway.ts";
import { hip } from "./hip.ts";
import { ipn } from "./ipn.ts";
import { loc } from "./loc.ts";
import { naptr } from "./naptr.ts";
import { nxt } from "./nxt.ts";
import { gpos, isdn, x25 } from "./old-networks.ts";
import { atma, nsap } from "./osi.ts";
import { svcb } from "./svcb.ts";
import { uri } from "./uri.ts";
import { wks } from "./wks.ts";

/**
 * The types whose rdata we understand, one row each; the rdata of every other type is opaque octets (RFC 3597).
 * A type with rules of its own has a file in this folder.
 */
export const RDATA_LAYOUTS: ReadonlyMap<RecordType, RdataLayout> = new Map<RecordType, RdataLayout>([
  // RFC 1035 §3.3, §3.4. Of its types the ones with names must all be here: their names may arrive compressed.
  [TYPES.A, [ipv4]],
  [TYPES.NS, [compressedName("a name server")]],
  [TYPES.MD, [compressedName("a name")]],
  [TYPES.MF, [compressedName("a name")]],
  [TYPES.CNAME, [compressedName("a name")]],
  [
    TYPES.SOA,
    [
      compressedName("a primary server"),
      compressedName("a mailbox"),
      u32("a serial"),
      seconds("a refresh"),
      seconds("a retry"),
      seconds("an expire"),
      seconds("a minimum"),
    ],
  ],
  [TYPES.MB, [compressedName("a name")]],
  [TYPES.MG, [compressedName("a name")]],
  [TYPES.MR, [compressedName("a name")]],
  [TYPES.PTR, [compressedName("a name")]],
  [TYPES.MINFO, [compressedName("a mailbox"), compressedName("an error mailbox")]],
  [TYPES.MX, [u16("a preference"), compressedName("a name")]],
  [TYPES.TXT, [characterStrings]],
  // RFC 3596 §2.2.
  [TYPES.AAAA, [ipv6]],
  // RFC 2782; its forerunner had compression, RFC 3597 §4.
  [TYPES.SRV, [u16("a priority"), u16("a weight"), u16("a port"), decompressedName("a target")]],
  // RFC 6672 §2.5: never compressed.
  [TYPES.DNAME, [plainName("a name")]],
  [TYPES.SVCB, svcb],
  [TYPES.HTTPS, svcb],
  [TYPES.CAA, caa],
  // Texts and mailboxes: RFC 1035 §3.3.2, RFC 1183 §1, §2, RFC 7208 §3.1; the others are strings as TXT is.
  [TYPES.HINFO, [characterString("a processor"), characterString("a system")]],
  [TYPES.RP, [decompressedName("a mailbox"), decompressedName("a name of texts")]],
  [TYPES.AFSDB, [u16("a subtype"), decompressedName("a server")]],
  [TYPES.SPF, [characterStrings]],
  [TYPES.NINFO, [characterStrings]],
  [TYPES.AVC, [characterStrings]],
  [TYPES.RESINFO, [characterStrings]],
  [TYPES.WALLET, [characterStrings]],
  [TYPES.CLA, [characterStrings]],
  [TYPES.URI, uri],
  [TYPES.NAPTR, naptr],
  // Networks of old: RFC 1035 §3.4.2, RFC 1183 §3, RFC 1706, RFC 1712, RFC 2163, RFC 2230, RFC 2874.
  [TYPES.WKS, wks],
  [TYPES.X25, x25],
  [TYPES.ISDN, isdn],
  [TYPES.RT, [u16("a preference"), decompressedName("an intermediate host")]],
  [TYPES.NSAP, nsap],
  [TYPES["NSAP-PTR"], [plainName("a name")]],
  [TYPES.PX, [u16("a preference"), decompressedName("an RFC 822 domain"), decompressedName("an X.400 domain")]],
  [TYPES.KX, [u16("a preference"), plainName("an exchanger")]],
  [TYPES.GPOS, gpos],
  [TYPES.EID, [hex("an endpoint identifier")]],
  [TYPES.NIMLOC, [hex("a locator")]],
  [TYPES.ATMA, atma],
  [TYPES.A6, a6],
  [TYPES.SINK, [u8("a meaning"), u8("a coding"), u8("a subcoding"), base64("data", { least: 0 })]],
  [TYPES.DOA, doa],
  // Places, addresses and nodes: RFC 1876, RFC 3123, RFC 4701, RFC 6742, RFC 7043, RFC 8005.
  [TYPES.LOC, loc],
  [TYPES.APL, apl],
  [TYPES.DHCID, [base64("an identity")]],
  [TYPES.NID, [u16("a preference"), fourGroups("a node identifier", "14:4fff:ff20:ee64")]],
  [TYPES.L32, [u16("a preference"), ipv4]],
  [TYPES.L64, [u16("a preference"), fourGroups("a locator", "2001:db8:1140:1000")]],
  [TYPES.LP, [u16("a preference"), plainName("a name")]],
  [TYPES.EUI48, [hyphenatedHex("an address", 6)]],
  [TYPES.EUI64, [hyphenatedHex("an address", 8)]],
  [TYPES.HIP, hip],
  [TYPES.HHIT, [base64("a registration")]],
  [TYPES.BRID, [base64("a registration")]],
  [TYPES.IPN, ipn],
  [TYPES.IPSECKEY, ipseckey],
  [TYPES.AMTRELAY, amtrelay],
  // Keys and their traces: RFC 4255, RFC 4398, RFC 6698, RFC 7929, RFC 8162.
  [TYPES.CERT, cert],
  [TYPES.SSHFP, sshfp],
  [TYPES.TLSA, tlsa],
  [TYPES.SMIMEA, tlsa],
  [TYPES.OPENPGPKEY, [base64("a key")]],
  // DNSSEC and what rests on it: RFC 2535, RFC 4034, RFC 5155, RFC 7344, RFC 7477, RFC 8976, RFC 9859.
  [TYPES.SIG, sig],
  [TYPES.KEY, key],
  [TYPES.NXT, nxt],
  [TYPES.DS, ds],
  [TYPES.RRSIG, rrsig],
  [TYPES.NSEC, nsec],
  [TYPES.DNSKEY, dnskey],
  [TYPES.NSEC3, nsec3],
  [TYPES.NSEC3PARAM, nsec3param],
  [TYPES.RKEY, rkey],
  [TYPES.TALINK, [plainName("a previous name"), plainName("a next name")]],
  [TYPES.CDS, ds],
  [TYPES.CDNSKEY, dnskey],
  [TYPES.CSYNC, csync],
  [TYPES.ZONEMD, zonemd],
  [
    TYPES.DSYNC,
    [
      recordType("a type"),
      mnemonic("a scheme", 1, { NOTIFY: 1 }, "NOTIFY", "name"),
      u16("a port"),
      plainName("a target"),
    ],
  ],
  [TYPES.TA, ds],
  [TYPES.DLV, ds],
]);
