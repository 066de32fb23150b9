import { type Cidr, parseCidr } from "../../src/net/cidr.ts";

/** A prefix that a test wrote. */
export function knownCidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed.kind === "problem") throw new Error(`${text} ${parsed.problem}`);
  return parsed.cidr;
}
