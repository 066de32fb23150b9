/**
 * Record types are numbers: unknown ones are normal (RFC 3597). These are the ones the code speaks of by name.
 * Every number and mnemonic: `record/type-names.ts`.
 */
export type RecordType = number;

export const RecordTypes = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  DNAME: 39,
  OPT: 41,
  DS: 43,
  RRSIG: 46,
  NSEC: 47,
  SVCB: 64,
  HTTPS: 65,
  TKEY: 249,
  TSIG: 250,
  IXFR: 251,
  AXFR: 252,
  MAILB: 253,
  MAILA: 254,
  ANY: 255,
  CAA: 257,
} as const satisfies Record<string, RecordType>;

/** Classes (RFC 1035 §3.2.4, RFC 2136 §1.3). */
export const RecordClasses = { IN: 1, CH: 3, HS: 4, NONE: 254, ANY: 255 } as const satisfies Record<string, number>;
