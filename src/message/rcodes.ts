/**
 * What became of a question (the IANA registry "DNS RCODEs"). Twelve bits: the low four stand in the header, the others in
 * OPT (RFC 6891 §6.1.3). 16 is BADVERS in messages; TSIG's error field calls it BADSIG.
 */
export const Rcodes = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
  DSOTYPENI: 11,
  BADVERS: 16,
  BADKEY: 17,
  BADTIME: 18,
  BADMODE: 19,
  BADNAME: 20,
  BADALG: 21,
  BADTRUNC: 22,
  BADCOOKIE: 23,
} as const satisfies Record<string, number>;

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(Rcodes).map(([name, code]) => [code, name]));

/** The mnemonic of a rcode of up to 12 bits; `RCODE3841` for one without. */
export function rcodeName(rcode: number): string {
  return NAMES.get(rcode) ?? `RCODE${rcode}`;
}
