import { parseAddress } from "../net/address.ts";
import { type Cidr, cidrOf } from "../net/cidr.ts";
import { parseNumber } from "../record/text/number-text.ts";

/** The prefix that `+subnet=` means: bits beyond its length are left out, as dig does; `0` is no address at all. */
export function readSubnet(text: string): Cidr | undefined {
  const [addressText = "", lengthText, ...rest] = text.split("/");
  const address = parseAddress(text === "0" ? "0.0.0.0" : addressText);
  if (address === undefined || rest.length > 0) return undefined;
  const bits = address.octets.length * 8;
  if (text === "0") return cidrOf(address, 0);
  const length = lengthText === undefined ? bits : parseNumber(lengthText, bits);
  return length === undefined ? undefined : cidrOf(address, length);
}
