import { parseNumber } from "../text/number-text.ts";
import { showText } from "../text/string-text.ts";

/** Keys of SVCB parameters (RFC 9460 §14.3.2; dohpath: RFC 9461 §5). */
export const SvcParamKeys = {
  Mandatory: 0,
  Alpn: 1,
  NoDefaultAlpn: 2,
  Port: 3,
  Ipv4Hint: 4,
  Ech: 5,
  Ipv6Hint: 6,
  Dohpath: 7,
  /** Reserved, so that it is never a key. */
  Invalid: 65535,
} as const satisfies Record<string, number>;

/** The keys' names by number, which start at 0 and have no gaps. */
const NAMES = ["mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath"] as const;

/** The name of a key; `key667` for one without. */
export function paramKeyName(key: number): string {
  return NAMES[key] ?? `key${key}`;
}

/** The key of a name in small letters or of `keyNNNNN` without leading zeros; a sentence for other text. */
export function paramKey(name: string): number | string {
  const known = NAMES.findIndex((other) => other === name);
  if (known !== -1) return known;
  const digits = /^key(0|[1-9][0-9]*)$/.exec(name)?.[1];
  const key = digits === undefined ? undefined : parseNumber(digits, 0xffff);
  if (key === SvcParamKeys.Invalid) return "key65535 is reserved and never a parameter";
  return key ?? `there is no parameter ${showText(name)}: write ${NAMES.join(", ")} or keyNNNNN`;
}
