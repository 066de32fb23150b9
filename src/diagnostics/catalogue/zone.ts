import type { CodeEntry } from "../code-entry.ts";

/** What is wrong with the records of one zone, whichever file they stand in. */
export const ZONE_CODES = {
  "zone/out-of-zone": { severity: "error", summary: "a record whose owner is not in its zone" },
  "zone/duplicate-record": { severity: "info", summary: "the same record twice" },
  "zone/ttl-mismatch": { severity: "warning", summary: "records of one set with different TTLs" },
  "zone/second-record": { severity: "error", summary: "a second CNAME, DNAME or SOA at one owner" },
  "zone/cname-beside-data": { severity: "error", summary: "a CNAME beside other records of its owner" },
  "zone/cname-at-apex": { severity: "error", summary: "a CNAME at the name of the zone itself" },
  "zone/soa-below-apex": { severity: "error", summary: "a SOA at another name than that of the zone" },
  "zone/ds-at-apex": { severity: "error", summary: "a DS at the name of the zone, where its parent's would stand" },
  "zone/dname-beside-ns": { severity: "error", summary: "a DNAME beside the NS records of a delegation" },
  "zone/wildcard-ns": { severity: "error", summary: "a wildcard that delegates" },
  "zone/wildcard-dname": { severity: "error", summary: "a wildcard with a DNAME" },
  "zone/below-dname": { severity: "warning", summary: "records below a DNAME, which nobody can ask for" },
  "zone/below-cut": { severity: "warning", summary: "records at or below a delegation that are no glue" },
  "zone/missing-glue": { severity: "warning", summary: "a delegation to a name server whose address only it knows" },
  "zone/address-as-name": { severity: "warning", summary: "an IPv4 address where a name stands, read as a name" },
  "zone/alias-with-parameters": { severity: "warning", summary: "parameters on an SVCB or HTTPS that is an alias" },
  "zone/signed": { severity: "warning", summary: "a signed zone, whose denials cannot be proved" },
} as const satisfies Record<`zone/${string}`, CodeEntry>;
