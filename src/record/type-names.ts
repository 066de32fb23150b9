import { foldLabel } from "../name/domain-name.ts";
import { RecordClasses, type RecordType } from "./record-type.ts";
import { parseNumber } from "./text/number-text.ts";
import { TYPE_REGISTRY } from "./type-registry.ts";

/** More chars than any mnemonic, `TYPEnnnnn` or `CLASSnnnnn` has. */
const MAX_MNEMONIC_CHARS = 10;

const TYPE_NUMBERS = byMnemonic(TYPE_REGISTRY);
const TYPE_NAMES = byNumber(TYPE_REGISTRY);
const CLASS_NUMBERS = byMnemonic(RecordClasses);
const CLASS_NAMES = byNumber(RecordClasses);

/** The mnemonic of a type; `TYPE65280` for one without (RFC 3597 §5). */
export function typeName(type: RecordType): string {
  return TYPE_NAMES.get(type) ?? `TYPE${type}`;
}

/**
 * The type of a mnemonic or of `TYPEnnn`, in any case; `undefined` for other text.
 * Cheap for text that is no type: a zone file asks this of every word that might be one.
 */
export function typeNumber(text: string): RecordType | undefined {
  if (text.charCodeAt(0) < 0x41) return undefined; // A TTL: mnemonics begin with a letter.
  return TYPE_NUMBERS.get(text) ?? numberOf(text, TYPE_NUMBERS, "type");
}

/** The mnemonic of a class; `CLASS32` for one without (RFC 3597 §5). */
export function className(value: number): string {
  return CLASS_NAMES.get(value) ?? `CLASS${value}`;
}

/** The class of a mnemonic or of `CLASSnnn`, in any case; `undefined` for other text. */
export function classNumber(text: string): number | undefined {
  return CLASS_NUMBERS.get(text) ?? numberOf(text, CLASS_NUMBERS, "class");
}

/**
 * Whether the number is one that only questions and the protocol itself use: 0, OPT, and 128 to 255 (RFC 6895 §3.1).
 * No record of a zone has such a type.
 */
export function isMetaType(type: RecordType): boolean {
  return type === 0 || type === TYPE_REGISTRY.OPT || (type >= 128 && type <= 255);
}

function numberOf(text: string, numbers: ReadonlyMap<string, number>, prefix: string): number | undefined {
  if (text.length > MAX_MNEMONIC_CHARS) return undefined;
  const lower = foldLabel(text);
  return numbers.get(lower) ?? (lower.startsWith(prefix) ? parseNumber(lower.slice(prefix.length), 0xffff) : undefined);
}

/** Numbers by mnemonic, in capitals and in small letters: what people write is found without being folded. */
function byMnemonic(registry: Readonly<Record<string, number>>): ReadonlyMap<string, number> {
  const entries = Object.entries(registry);
  return new Map([...entries, ...entries.map(([name, value]) => [name.toLowerCase(), value] as const)]);
}

function byNumber(registry: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(registry).map(([name, value]) => [value, name]));
}
