/** Text with places for a number: `host$`, `${-1,3,x}`. */

/** What `$GENERATE` writes into a word: text, and numbers in their forms. */
export type Template = readonly (string | NumberForm)[];

interface NumberForm {
  /** Added to the number. */
  readonly offset: number;
  /** The least number of chars; for nibbles the dots count. */
  readonly width: number;
  readonly base: "d" | "o" | "x" | "X" | "n" | "N";
}

const PLAIN: NumberForm = { offset: 0, width: 0, base: "d" };
/** More chars than a number may take: BIND's bound. */
const MAX_WIDTH = 127;
/** `{OFFSET}`, `{OFFSET,WIDTH}` or `{OFFSET,WIDTH,BASE}`. */
const FORM = /\{([+-]?[0-9]{1,10})(?:,([0-9]{1,3})(?:,([doxXnN]))?)?\}/y;

/** Reads a template: `$$` is a dollar sign, and `\$` stays an escape. `undefined` when braces hold no form. */
export function compileTemplate(text: string): Template | undefined {
  const parts: (string | NumberForm)[] = [];
  let start = 0; // Of the text not yet in `parts`.
  for (let at = 0; at < text.length; ) {
    const char = text.charAt(at);
    if (char === "\\") {
      at += 2;
    } else if (char !== "$") {
      at += 1;
    } else {
      parts.push(text.slice(start, at));
      const next = text.charAt(at + 1);
      if (next === "$") {
        parts.push("$");
        at += 2;
      } else if (next === "{") {
        FORM.lastIndex = at + 1;
        const match = FORM.exec(text);
        const form = match === null ? undefined : numberForm(match);
        if (form === undefined) return undefined;
        parts.push(form);
        at = FORM.lastIndex;
      } else {
        parts.push(PLAIN);
        at += 1;
      }
      start = at;
    }
  }
  parts.push(text.slice(start));
  return parts.filter((part) => part !== "");
}

function numberForm([, offsetText = "0", widthText = "0", baseText = "d"]: readonly string[]): NumberForm | undefined {
  const base = (["d", "o", "x", "X", "n", "N"] as const).find((letter) => letter === baseText);
  const offset = Number.parseInt(offsetText, 10);
  const width = Number.parseInt(widthText, 10);
  const fits = width <= MAX_WIDTH && Math.abs(offset) <= 0x7fff_ffff;
  return base !== undefined && fits ? { offset, width, base } : undefined;
}

/** The template with `index` in its places. */
export function renderTemplate(template: Template, index: number): string {
  let text = "";
  for (const part of template) text += typeof part === "string" ? part : renderNumber(part, index);
  return text;
}

/** How each base writes a number in `width` chars or more. */
const WRITERS = {
  d: (value: number, width: number) =>
    value < 0 ? `-${String(-value).padStart(width - 1, "0")}` : String(value).padStart(width, "0"),
  o: (value: number, width: number) => unsigned(value).toString(8).padStart(width, "0"),
  x: (value: number, width: number) => unsigned(value).toString(16).padStart(width, "0"),
  X: (value: number, width: number) => unsigned(value).toString(16).toUpperCase().padStart(width, "0"),
  n: nibbles,
  N: (value: number, width: number) => nibbles(value, width).toUpperCase(),
} as const satisfies Record<NumberForm["base"], (value: number, width: number) => string>;

function renderNumber({ offset, width, base }: NumberForm, index: number): string {
  return WRITERS[base](index + offset, width);
}

/** Other bases than ten have no sign: 32 bits, as BIND prints them. */
function unsigned(value: number): number {
  return value >>> 0;
}

/** Hexadecimal digits as labels, the lowest first, as names below ip6.arpa have them. */
function nibbles(value: number, width: number): string {
  const digits = unsigned(value)
    .toString(16)
    .padStart(Math.ceil(width / 2), "0");
  const labels = digits.split("").toReversed().join(".");
  return labels.length < width ? `${labels}.` : labels; // The dots count, so an even width ends in one, as in BIND.
}
