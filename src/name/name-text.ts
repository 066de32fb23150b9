import { type DomainName, foldLabel, MAX_LABEL_OCTETS, MAX_NAME_OCTETS, prepend, ROOT } from "./domain-name.ts";

/** What a text that is no name does wrong, in words that fit after "NAME ". */
export type NameProblem =
  | "is empty"
  | "has an empty label"
  | "has a label longer than 63 octets"
  | "is longer than 255 octets"
  | "ends inside an escape"
  | "has an escape of fewer than three digits"
  | "has an escape above \\255";

/** What a text says as a name. */
export type ParsedName =
  | { readonly kind: "name"; readonly name: DomainName; readonly absolute: boolean }
  /** `at` counts chars from the start of the text. */
  | { readonly kind: "problem"; readonly problem: NameProblem; readonly at: number };

/**
 * Reads the presentation form of a name (RFC 1035 §5.1): `\X` and `\DDD` escapes; `@` is not special here.
 *
 * A name without a trailing dot is completed with `origin`. Text of octets (zone files) has one char per octet; in Unicode
 * text (topologies, command lines) other chars than ASCII stand for their UTF-8 octets, so that both give the same name.
 */
export function parseName(
  text: string,
  origin: DomainName = ROOT,
  encoding: "octets" | "unicode" = "octets",
): ParsedName {
  const ordinary = parseOrdinaryName(text, origin);
  if (ordinary !== undefined) return ordinary;
  const firstWide = encoding === "octets" ? 0x100 : 0x80;
  if (text === "") return { kind: "problem", problem: "is empty", at: 0 };
  if (text === ".") return { kind: "name", name: ROOT, absolute: true };
  const labels: string[] = [];
  let label = "";
  let at = 0;
  let absolute = false;
  while (at < text.length) {
    const start = at;
    const char = text.charAt(at);
    if (char === ".") {
      if (label === "") return { kind: "problem", problem: "has an empty label", at };
      labels.push(label);
      label = "";
      at += 1;
      absolute = at === text.length;
      continue;
    }
    if (char === "\\") {
      const escape = readEscape(text, at, encoding);
      if (typeof escape === "string") return { kind: "problem", problem: escape, at };
      label += escape.octet;
      at = escape.next;
    } else {
      const point = text.codePointAt(at) ?? 0;
      label += point < firstWide ? char : utf8Octets(point);
      at += point > 0xffff ? 2 : 1;
    }
    if (label.length > MAX_LABEL_OCTETS)
      return { kind: "problem", problem: "has a label longer than 63 octets", at: start };
  }
  if (!absolute) labels.push(label);
  return complete(labels, absolute ? ROOT : origin, absolute);
}

/**
 * Reads a name of letters, digits and the like by its dots; `undefined` when there is an escape, a char beyond ASCII, or
 * anything to complain of in it. A zone of a million records is read here.
 */
function parseOrdinaryName(text: string, origin: DomainName): ParsedName | undefined {
  const labels: string[] = [];
  let key = "";
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c || code >= 0x80) return undefined;
    if (code !== 0x2e) continue;
    const label = text.slice(start, at);
    if (label.length === 0 || label.length > MAX_LABEL_OCTETS) return undefined;
    labels.push(label);
    key += String.fromCharCode(label.length) + foldLabel(label);
    start = at + 1;
  }
  const absolute = start === text.length;
  if (!absolute) {
    const label = text.slice(start);
    if (label.length > MAX_LABEL_OCTETS) return undefined;
    labels.push(label);
    key += String.fromCharCode(label.length) + foldLabel(label);
    for (const above of origin.labels) labels.push(above);
  }
  key += absolute ? ROOT.key : origin.key;
  return labels.length === 0 || key.length > MAX_NAME_OCTETS
    ? undefined
    : { kind: "name", name: { labels, key }, absolute };
}

function complete(labels: readonly string[], origin: DomainName, absolute: boolean): ParsedName {
  const name = prepend(labels, origin);
  return name === undefined
    ? { kind: "problem", problem: "is longer than 255 octets", at: 0 }
    : { kind: "name", name, absolute };
}

/**
 * Reads `\X` or `\DDD` (RFC 1035 §5.1) at `at`; the text of the problem when it is neither. `octet` is one char, or the
 * UTF-8 octets of an X that is no octet; `next` is behind the escape.
 */
export function readEscape(
  text: string,
  at: number,
  encoding: "octets" | "unicode" = "octets",
): { readonly octet: string; readonly next: number } | NameProblem {
  const point = text.codePointAt(at + 1);
  if (point === undefined) return "ends inside an escape";
  if (!isDigit(text.charAt(at + 1))) {
    const isOctet = point < (encoding === "octets" ? 0x100 : 0x80);
    return { octet: isOctet ? text.charAt(at + 1) : utf8Octets(point), next: at + (point > 0xffff ? 3 : 2) };
  }
  const digits = text.slice(at + 1, at + 4);
  if (!/^[0-9]{3}$/.test(digits)) return "has an escape of fewer than three digits";
  const octet = Number.parseInt(digits, 10);
  return octet > 255 ? "has an escape above \\255" : { octet: String.fromCharCode(octet), next: at + 4 };
}

function isDigit(char: string): boolean {
  return char >= "0" && char <= "9";
}

function utf8Octets(point: number): string {
  let octets = "";
  for (const octet of new TextEncoder().encode(String.fromCodePoint(point))) octets += String.fromCharCode(octet);
  return octets;
}

/** Writes the presentation form, always with the trailing dot; octets outside printable ASCII as `\DDD`. */
export function formatName(name: DomainName): string {
  if (name.labels.length === 0) return ".";
  let text = "";
  for (const label of name.labels) text += `${formatLabel(label)}.`;
  return text;
}

/** Writes a name for sentences: as `formatName`, but without the trailing dot (the root stays `.`). */
export function displayName(name: DomainName): string {
  return name.labels.length === 0 ? "." : formatName(name).slice(0, -1);
}

function formatLabel(label: string): string {
  let text = "";
  for (let i = 0; i < label.length; i++) {
    const code = label.charCodeAt(i);
    const char = label.charAt(i);
    if (code <= 0x20 || code >= 0x7f) text += `\\${String(code).padStart(3, "0")}`;
    else text += '."();@$\\'.includes(char) ? `\\${char}` : char;
  }
  return text;
}

/**
 * A name the program itself wrote.
 * @throws RangeError when the text is no name.
 */
export function knownName(text: string): DomainName {
  const parsed = parseName(text);
  if (parsed.kind === "problem") throw new RangeError(`${text} ${parsed.problem}`);
  return parsed.name;
}
