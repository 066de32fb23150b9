import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { type DomainName, ROOT } from "../name/domain-name.ts";
import { parseName } from "../name/name-text.ts";
import { type Address, type AddressPort, parseAddress, parseAddressPort } from "../net/address.ts";
import { type Cidr, parseCidr } from "../net/cidr.ts";
import { parseNumber } from "../record/text/number-text.ts";
import type { Text, Written } from "./_value.ts";
import type { ZoneText } from "./model.ts";

/** RFC 2181 §8: a TTL is a number of 31 bits. */
const MAX_TTL = 2 ** 31 - 1;
const SECONDS: ReadonlyMap<string, number> = new Map([
  ["s", 1],
  ["m", 60],
  ["h", 3600],
  ["d", 86400],
  ["w", 604800],
]);

export function readWord(text: Written): string {
  return text.text;
}

export function readZoneText(text: Text): ZoneText {
  return text.places();
}

/** `true` or `false`; what other YAMLs take for one is told apart. */
export function readFlag({ text, span }: Written, diagnostics: Diagnostics): boolean | undefined {
  if (text === "true") return true;
  if (text === "false") return false;
  const meant = new Map([...YES.map((word) => [word, "true"] as const), ...NO.map((word) => [word, "false"] as const)]);
  const word = meant.get(text.toLowerCase());
  const hint = word === undefined ? {} : { hint: `write ${word}` };
  diagnostics.report("topology/bad-value", `${text} is neither true nor false`, span, hint);
  return undefined;
}

const YES = ["true", "yes", "on", "1"];
const NO = ["false", "no", "off", "0"];

/** A reader of whole numbers from `least` to `most`, of what `unit` says. */
export function readWithin(
  least: number,
  most: number,
  unit: string,
): (text: Written, diagnostics: Diagnostics) => number | undefined {
  return ({ text, span }, diagnostics) => {
    const number = parseNumber(text, most);
    if (number !== undefined && number >= least) return number;
    diagnostics.report("topology/bad-value", `${text} is not ${least} to ${most} ${unit}`, span);
    return undefined;
  };
}

/** Seconds, as a number or with units: `300`, `1h30m`. */
export function readTtl({ text, span }: Written, diagnostics: Diagnostics): number | undefined {
  const seconds = /^[0-9]+$/.test(text) ? Number.parseInt(text, 10) : unitSeconds(text);
  if (seconds !== undefined && seconds <= MAX_TTL) return seconds;
  const why = seconds === undefined ? "is no TTL, expected seconds or units as in 1h30m" : `is more than a TTL holds`;
  diagnostics.report(
    "topology/bad-value",
    `${text} ${why}`,
    span,
    seconds === undefined ? {} : { hint: `at most ${MAX_TTL}` },
  );
  return undefined;
}

function unitSeconds(text: string): number | undefined {
  if (!/^(?:[0-9]+[smhdw])+$/i.test(text)) return undefined;
  let seconds = 0;
  for (const [, count = "", unit = ""] of text.matchAll(/([0-9]+)([smhdw])/gi))
    seconds += Number.parseInt(count, 10) * (SECONDS.get(unit.toLowerCase()) ?? 0);
  return seconds;
}

export function readDomain({ text, span }: Written, diagnostics: Diagnostics): DomainName | undefined {
  const parsed = parseName(text, ROOT, "unicode");
  if (parsed.kind === "problem") {
    diagnostics.report("topology/bad-name", `${text} ${parsed.problem}, expected a domain name`, span);
    return undefined;
  }
  const blank = /[\s,]/.exec(text);
  if (blank === null) return parsed.name;
  if (looksLikeTwo(text)) reportTwo({ text, span }, diagnostics);
  else
    diagnostics.report("topology/bad-name", `${JSON.stringify(text)} has a blank in it, expected a domain name`, span);
  return undefined;
}

export function readCidr({ text, span }: Written, diagnostics: Diagnostics): Cidr | undefined {
  const parsed = parseCidr(text);
  if (parsed.kind === "cidr") return parsed.cidr;
  if (looksLikeTwo(text)) return reportTwo({ text, span }, diagnostics);
  const hint = parsed.suggestion === undefined ? {} : { hint: `did you mean ${parsed.suggestion}?` };
  diagnostics.report("topology/bad-prefix", `${text} ${parsed.problem}`, span, hint);
  return undefined;
}

export function readAddress({ text, span }: Written, diagnostics: Diagnostics): Address | undefined {
  const address = parseAddress(text);
  if (address !== undefined) return address;
  if (looksLikeTwo(text)) return reportTwo({ text, span }, diagnostics);
  diagnostics.report("topology/bad-address", `${text} is no IP address`, span);
  return undefined;
}

/** `ADDR:PORT` or `[ADDR]:PORT`; the port may be missing when there is a default one. */
export function readAddressPort(
  text: Written,
  diagnostics: Diagnostics,
  defaultPort?: number,
): AddressPort | undefined {
  const at = parseAddressPort(text.text, defaultPort ?? -1);
  if (at !== undefined && at.port >= 0) return at;
  if (looksLikeTwo(text.text)) return reportTwo(text, diagnostics);
  const hint = portHint(text.text, at?.address);
  const expected = defaultPort === undefined ? "ADDRESS:PORT" : "ADDRESS or ADDRESS:PORT";
  const message =
    at === undefined
      ? `${text.text} is no address, expected ${expected}`
      : `${text.text} has no port, expected ${expected}`;
  diagnostics.report("topology/bad-address", message, text.span, hint === undefined ? {} : { hint });
  return undefined;
}

function portHint(text: string, address: Address | undefined): string | undefined {
  if (address !== undefined) return address.family === 6 ? `write "[${address.text}]:53"` : `write ${address.text}:53`;
  const port = /^([0-9]{1,5})$/.exec(text)?.[1];
  if (port !== undefined) return `write 127.0.0.1:${port}`;
  return /^:[0-9]{1,5}$/.test(text) ? `write 127.0.0.1${text}` : undefined;
}

/** Whether text is several values in one: `10.0.0.4, 10.0.0.5`, `hub spoke`. */
export function looksLikeTwo(text: string): boolean {
  return text.split(/[\s,;]+/).filter((part) => part !== "").length > 1;
}

/** Says that one text holds several values. */
export function reportTwo({ text, span }: Written, diagnostics: Diagnostics): undefined {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== "");
  diagnostics.report("topology/two-values", `${text} looks like ${parts.length} values`, span, {
    hint: `write a list: [${parts.join(", ")}]`,
  });
}
