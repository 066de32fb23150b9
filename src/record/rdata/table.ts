import { ipv4, ipv6 } from "../field/address.ts";
import type { RdataLayout } from "../field/field.ts";
import { compressedName, decompressedName, plainName } from "../field/name.ts";
import { seconds, u16, u32 } from "../field/number.ts";
import { characterStrings } from "../field/string.ts";
import type { RecordType } from "../record-type.ts";
import { TYPE_REGISTRY as TYPES } from "../type-registry.ts";
import { caa } from "./caa.ts";
import { svcb } from "./svcb.ts";

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
]);
