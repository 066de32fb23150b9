import type { Diagnostic, Severity } from "../diagnostics/diagnostic.ts";
import { formatPosition } from "../source/source-file.ts";
import { excerptOf } from "./excerpt.ts";
import { visibleText } from "./visible-text.ts";

/** How the text is meant to look. */
export interface TextOptions {
  /** Whether to colour it for a terminal; the characters are the same without. */
  readonly color: boolean;
}

/**
 * One diagnostic for people, each line with its line ending: where and what, the line of the file with the place marked
 * under it, a note for each related place, and the hint.
 *
 * Columns are marked by repeating the line's own tabs, so they fit whatever a terminal makes of a tab.
 */
export function renderText(diagnostic: Diagnostic, options: TextOptions): string {
  const paint = options.color ? paintForTerminal : leaveAsIs;
  const { severity, message, span, related, effect, hint, code } = diagnostic;
  const lines = [
    `${paint("place", `${formatPosition(span)}:`)} ${paint(severity, `${severity}:`)} ${paint("message", message)} ${paint("quiet", `[${code}]`)}`,
  ];
  const excerpt = excerptOf(span);
  if (excerpt !== undefined) {
    const number = String(excerpt.lineNumber);
    const margin = " ".repeat(number.length);
    lines.push(`${paint("quiet", ` ${number} |`)}${excerpt.line === "" ? "" : ` ${excerpt.line}`}`);
    lines.push(`${paint("quiet", ` ${margin} |`)} ${excerpt.padding}${paint(severity, excerpt.carets)}`);
  }
  for (const place of related) {
    lines.push(
      `${paint("place", `${formatPosition(place.span)}:`)} ${paint("info", "note:")} ${paint("plain", place.message)}`,
    );
  }
  if (effect !== undefined) lines.push(`${paint("info", "effect:")} ${paint("plain", effect)}`);
  if (hint !== undefined) lines.push(`${paint("info", "hint:")} ${paint("plain", hint)}`);
  return `${lines.join("\n")}\n`;
}

type Style = Severity | "place" | "message" | "quiet" | "plain";
type Paint = (style: Style, text: string) => string;

/** Numbers of Select Graphic Rendition (ECMA-48 §8.3.117). */
const GRAPHIC_RENDITION: Readonly<Record<Style, string>> = {
  error: "1;31",
  warning: "1;33",
  info: "1;36",
  place: "1",
  message: "1",
  quiet: "2",
  plain: "",
};

const leaveAsIs: Paint = (_style, text) => visibleText(text);

const paintForTerminal: Paint = (style, text) => {
  const rendition = GRAPHIC_RENDITION[style];
  return rendition === "" ? visibleText(text) : `\u001B[${rendition}m${visibleText(text)}\u001B[0m`;
};
