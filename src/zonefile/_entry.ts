/** Reads one record: `[owner] [TTL] [class] type rdata`, TTL and class in either order (RFC 1035 §5.1). */
import { nearest } from "../name/nearest.ts";
import { parseRdata } from "../record/rdata-text.ts";
import { soaMinimum } from "../record/rdata-wire.ts";
import { RecordClasses, type RecordType, RecordTypes } from "../record/record-type.ts";
import { parseSeconds } from "../record/text/number-text.ts";
import { showText } from "../record/text/string-text.ts";
import { classNumber, isMetaType, typeName, typeNumber } from "../record/type-names.ts";
import { TYPE_REGISTRY } from "../record/type-registry.ts";
import { behind, ownerOf, type Run, report, stretchOf } from "./_run.ts";
import type { Scanner, Token } from "./scanner.ts";

/** The longest TTL (RFC 2181 §8). */
const MAX_TTL = 0x7fff_ffff;
/** The most that the field of a TTL holds. */
const MAX_U32 = 0xffff_ffff;
/** Seconds, for records whose TTL nothing says and no SOA: what the clouds' importers use. */
const ASSUMED_TTL = 3600;

/** Types that zone files should no longer have, with the preference of the MX that stands for each (RFC 1035 §3.3.4, §3.3.5). */
const OBSOLETE: ReadonlyMap<RecordType, number> = new Map([
  [TYPE_REGISTRY.MD, 0],
  [TYPE_REGISTRY.MF, 10],
]);

/** What may be meant where a type was expected. */
const MNEMONICS = [...Object.entries(TYPE_REGISTRY).flatMap(([name, type]) => (isMetaType(type) ? [] : [name])), "IN"];

/** What stands between owner and rdata. */
export interface RecordHead {
  readonly type: RecordType;
  /** Seconds; absent when the record says none. */
  readonly ttl: number | undefined;
  /** Index of the first token of rdata. */
  readonly next: number;
}

/** Reads the record that `entry` holds and gives it to the sink; what is wrong with it is reported instead. */
export function readRecord(run: Run, entry: Scanner): void {
  const { tokens } = entry;
  const [first] = tokens;
  if (first === undefined) return;
  const namesNone = entry.indented || run.options.owner !== undefined;
  if (!namesNone) readOwner(run, first);
  else if (run.owner.kind === "none") reportNoOwner(run, first);

  const head = readHead(run, tokens, namesNone ? 0 : 1);
  if (head === undefined) return;
  const last = tokens[tokens.length - 1] ?? first;
  const rdata = readRdata(run, head.type, tokens.slice(head.next), last);
  if (rdata === undefined || run.owner.kind !== "owner") return;
  const { name } = run.owner;
  const ttl = ttlOf(run, head, rdata, tokens);
  if (head.type === RecordTypes.SOA) run.soaOwner ??= name;
  run.records += 1;
  run.sink.record({ owner: name, type: head.type, ttl, rdata, span: run.input.span(first.start, last.end) });
}

/** Sets the owner that this and the next records have. */
export function readOwner(run: Run, token: Token): void {
  const name = ownerOf(run, token);
  if (run.owner.kind === "owner" && run.owner.name === name) return;
  run.owner = name === undefined ? { kind: "lost" } : { kind: "owner", name };
}

function reportNoOwner(run: Run, first: Token): void {
  const hint = "begin the line with the owner, or with @ for the origin";
  report(run, "zonefile/no-owner", "the record has no owner, and none came before that it could repeat", first, {
    hint,
  });
  run.owner = { kind: "lost" };
}

/**
 * Reads `[TTL] [class] type` from `tokens[at]` on. `undefined` when there is no type that a zone may hold, or the class
 * is another one: both are reported, and rdata would be a guess.
 */
export function readHead(run: Run, tokens: readonly Token[], at: number): RecordHead | undefined {
  let ttl: number | undefined;
  let ttlToken: Token | undefined;
  let classToken: Token | undefined;
  for (let i = at; ; i++) {
    const token = tokens[i];
    if (token === undefined) {
      reportNoType(run, tokens, at);
      return undefined;
    }
    const { text, quoted } = token;
    const type = quoted ? undefined : typeNumber(text);
    if (type !== undefined) {
      if (!isInternet(run, classToken) || !isStored(run, token, type)) return undefined;
      return { type, ttl, next: i + 1 };
    }
    if (!quoted && ttlToken === undefined && isTtlLike(text)) {
      ttlToken = token;
      ttl = readTtl(run, token);
    } else if (!quoted && classToken === undefined && classNumber(text) !== undefined) {
      classToken = token;
    } else {
      reportNotType(run, tokens, i, { ttlToken, classToken });
      return undefined;
    }
  }
}

function isInternet(run: Run, token: Token | undefined): boolean {
  if (token === undefined || classNumber(token.text) === RecordClasses.IN) return true;
  const hint = "leave the class out, or write IN";
  report(run, "zonefile/bad-class", `class ${showText(token.text)} is not IN, the only class that is served`, token, {
    hint,
  });
  return false;
}

function isStored(run: Run, token: Token, type: RecordType): boolean {
  const preference = OBSOLETE.get(type);
  if (preference !== undefined) {
    const hint = `write MX ${preference} before the name`;
    const message = `${typeName(type)} is obsolete: MX took its place`;
    report(run, "zonefile/obsolete-type", message, token, { hint });
    return false;
  }
  if (!isMetaType(type)) return true;
  const message = `${typeName(type)} is a type of questions and messages: no record of a zone has it`;
  report(run, "zonefile/meta-type", message, token);
  return false;
}

function reportNoType(run: Run, tokens: readonly Token[], at: number): void {
  const last = tokens[tokens.length - 1];
  if (last === undefined) return;
  const found =
    at === 1 && tokens.length === 1 ? `nothing follows the owner ${showText(last.text)}` : "the record ends";
  const hint = "write OWNER [TTL] [CLASS] TYPE DATA";
  report(run, "zonefile/syntax", `${found}, a record type was expected`, behind(last), { hint });
}

/** Says what is wrong with `tokens[i]`, which is neither TTL nor class nor type where it stands. */
function reportNotType(
  run: Run,
  tokens: readonly Token[],
  i: number,
  seen: { readonly ttlToken: Token | undefined; readonly classToken: Token | undefined },
): void {
  const token = tokens[i];
  if (token === undefined) return;
  const { text, quoted } = token;
  if (!quoted && seen.ttlToken !== undefined && parseSeconds(text) !== undefined) {
    const related = [relatedTo(run, seen.ttlToken, "the first TTL is here")];
    report(run, "zonefile/bad-ttl", `a second TTL, ${showText(text)}: a record has one`, token, { related });
  } else if (!quoted && seen.classToken !== undefined && classNumber(text) !== undefined) {
    const related = [relatedTo(run, seen.classToken, "the first class is here")];
    report(run, "zonefile/bad-class", `a second class, ${showText(text)}: a record has one`, token, { related });
  } else {
    const hint = hintForNoType(tokens, i);
    const message = `${showText(text)} is no record type`;
    report(run, "zonefile/unknown-type", message, token, hint === undefined ? {} : { hint });
  }
}

function relatedTo(run: Run, token: Token, message: string) {
  return { message, span: run.input.span(token.start, token.end) };
}

function hintForNoType(tokens: readonly Token[], i: number): string | undefined {
  const { text = "", quoted = false } = tokens[i] ?? {};
  if (tokens.some((token) => /\u00c2?\u00a0/.test(token.text))) return "replace the no-break spaces by blanks";
  if (quoted) return "a type is written without quotes; text belongs behind TXT";
  const owner = tokens[0]?.text ?? "";
  const near = nearest(text, MNEMONICS);
  if (near !== undefined) return `did you mean ${near}?`;
  if (i > 0 && typeNumber(owner) !== undefined && owner === owner.toUpperCase())
    return `${owner} was read as the owner: begin the line with a blank to repeat the last one`;
  if (/^[0-9]+\.[0-9.]+$/.test(text)) return `write A before the address: A ${text}`;
  if (/^[0-9a-f]*:[0-9a-f:.]+$/i.test(text)) return `write AAAA before the address: AAAA ${text}`;
  return undefined;
}

/** Whether a word is a TTL, perhaps misspelt (`-1`, `1.5h`), rather than an address or a name that begins with a digit. */
function isTtlLike(text: string): boolean {
  const first = text.charCodeAt(0);
  const digit = first === 0x2b || first === 0x2d ? text.charCodeAt(1) : first;
  return digit >= 0x30 && digit <= 0x39 && !text.includes(":") && text.indexOf(".") === text.lastIndexOf(".");
}

/** Reads a word that stands where a TTL may; when it is none, which is reported, what a record without one would get. */
export function readTtl(run: Run, token: Token): number {
  const seconds = parseSeconds(token.text);
  if (seconds === undefined) {
    const hint = "write seconds, or numbers with the units w d h m s: 3600, 1h30m";
    report(run, "zonefile/bad-ttl", `${showText(token.text)} is no TTL`, token, { hint });
    return knownTtl(run) ?? ASSUMED_TTL;
  }
  if (seconds <= MAX_TTL) return seconds;
  if (seconds > MAX_U32) {
    const hint = `write at most ${MAX_TTL} seconds`;
    report(run, "zonefile/bad-ttl", `TTL ${showText(token.text)} does not fit into 32 bits`, token, { hint });
    return knownTtl(run) ?? ASSUMED_TTL;
  }
  // RFC 2181 §8: a TTL with the highest bit set is treated as 0.
  const message = `TTL ${showText(token.text)} is above ${MAX_TTL} seconds and is read as 0`;
  report(run, "zonefile/ttl-too-large", message, token);
  return 0;
}

/** The octets of rdata; what is missing from it is reported behind `last`, the last word of the entry. */
export function readRdata(run: Run, type: RecordType, words: readonly Token[], last: Token): Uint8Array | undefined {
  const rdata = parseRdata(type, words, run.origin, run.encoding);
  if (rdata.kind === "rdata") return rdata.octets;
  report(run, "zonefile/bad-rdata", rdata.message, words[rdata.at] ?? behind(last));
  return undefined;
}

/**
 * Seconds that a record lives: its own TTL, `$TTL` (RFC 2308 §4), the last record's own (RFC 1035 §5.1), the caller's.
 * Where nothing says, that is reported once, with the value that is used from there on. The minimum of a SOA without a TTL
 * is what `$TTL` was before there was one (RFC 1035 §3.3.13), and servers that export zones still write them so: it
 * stays, whatever TTLs the records behind it have.
 */
export function ttlOf(run: Run, { type, ttl }: RecordHead, rdata: Uint8Array, tokens: readonly Token[]): number {
  if (ttl !== undefined) {
    run.lastTtl = ttl;
    return ttl;
  }
  const known = knownTtl(run);
  if (known !== undefined) return known;
  const isSoa = type === RecordTypes.SOA;
  const assumed = isSoa ? Math.min(soaMinimum(rdata), MAX_TTL) : ASSUMED_TTL;
  const source = isSoa ? "the minimum of the SOA" : "a guess";
  const message = `neither the record nor a $TTL says how long it lives: ${assumed} seconds are used, ${source}`;
  report(run, "zonefile/no-ttl", message, stretchOf(tokens), { hint: `write $TTL ${assumed} before the first record` });
  if (isSoa) run.defaultTtl = assumed;
  else run.assumedTtl = assumed;
  return assumed;
}

function knownTtl(run: Run): number | undefined {
  return run.defaultTtl ?? run.lastTtl ?? run.options.defaultTtl ?? run.assumedTtl;
}
