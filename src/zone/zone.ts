import type { DomainName } from "../name/domain-name.ts";
import type { RRset } from "../record/rrset.ts";
import type { ZoneTree } from "./zone-tree.ts";

/** Records below one apex, compiled for lookup. Immutable, and plain data: it crosses threads without being copied. */
export interface Zone {
  readonly origin: DomainName;
  readonly tree: ZoneTree;
  /** The SOA that denials carry. Always there: where the files have none, the profile's or the simulated root's. */
  readonly soa: RRset;
}

/** What a zone says of one name and type, following nothing: an alias is an outcome (SEMANTICS 3). */
export type ZoneAnswer =
  /** One set; for QTYPE ANY every set of the owner, by type number. Owners are the name asked (RFC 4592 §3.3.1). */
  | { readonly kind: "data"; readonly rrsets: readonly RRset[]; readonly wildcard?: DomainName }
  /** The CNAME set of the name asked. */
  | { readonly kind: "alias"; readonly cname: RRset; readonly target: DomainName; readonly wildcard?: DomainName }
  /** A DNAME above the name (RFC 6672); `target` and `cname` are absent when the new name would be too long (YXDOMAIN). */
  | { readonly kind: "dname"; readonly dname: RRset; readonly cname?: RRset; readonly target?: DomainName }
  /** At or below a zone cut; `glue` are the address sets of in-domain name servers. */
  | { readonly kind: "delegation"; readonly ns: RRset; readonly glue: readonly RRset[] }
  /** The name exists, perhaps as an empty non-terminal; the type does not. */
  | { readonly kind: "nodata"; readonly wildcard?: DomainName }
  | { readonly kind: "nxdomain"; readonly closestEncloser: DomainName };
