import { formatLine } from "../source/source-file.ts";
import type { Origin } from "./draft.ts";

/** What an origin is called in comments and reports: `template.json:12 Microsoft.Network/virtualNetworks/hub`. */
export function originText({ text, place }: Origin): string {
  return place === undefined ? oneLine(text) : oneLine(`${placeText({ text, place })} ${text}`);
}

/** `template.json:12`; nothing where it came from no file. */
export function placeText({ place }: Origin): string {
  return place === undefined ? "" : oneLine(formatLine(place));
}

/** Text that cannot end the comment or the table row it stands in: what a source calls things is anybody's text. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
}
