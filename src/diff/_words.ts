import { displayName } from "../name/name-text.ts";
import { typeName } from "../record/type-names.ts";
import { formatLine, type SourceSpan } from "../source/source-file.ts";
import type { Change, Difference, Side } from "./difference.ts";
import { type Contrast, type Ending, isBreaking } from "./ending.ts";

/** How many places of one decision are named; the rest is counted. */
const MAX_PLACES = 3;

/** A contrast in words, as the lines of a report begin. */
export function contrastWords(contrast: Contrast): string {
  switch (contrast) {
    case "private-to-public":
      return "private → public";
    case "answer-to-none":
      return "answer → none";
    case "changed":
      return "changed";
    case "aliases":
      return "aliases";
    case "ttl":
      return "ttl";
  }
}

/** What one side of a change is, as far as the two differ. */
export function sideWords({ ending }: Side, contrast: Contrast): string {
  switch (contrast) {
    case "aliases":
      return ending.aliases.length === 0
        ? "no alias"
        : ending.aliases.map((alias) => alias.replace(/^\S+ /, "").replace(/\.$/, "")).join(", ");
    case "ttl":
      return `${ending.ttl ?? "no"} s`;
    case "private-to-public":
    case "answer-to-none":
    case "changed":
      return endingWords(ending);
  }
}

/** How a question ends, in a few words, with where the answer comes from. */
export function endingWords({ kind, origin, records, targets }: Ending): string {
  switch (kind) {
    case "answer":
      return `${records.join(", ")}${origin === undefined ? "" : ` (${origin})`}`;
    case "nodata":
    case "nxdomain":
    case "yxdomain":
      return `${kind.toUpperCase()}${origin === undefined ? "" : ` (${origin})`}`;
    case "servfail":
    case "refused":
    case "notimp":
      return kind.toUpperCase();
    case "no-reply":
      return "no reply";
    case "upstream":
      return `whatever ${targets.join(", ")} says`;
    case "public-unknown":
      return "whatever the internet says";
  }
}

/** The names of a change: a made-up one, which stands for all that are not there, is written `*.DOMAIN`. */
export function nameWords({ names }: Change): readonly string[] {
  return names.map((name) => displayName(name));
}

export function typeWords({ types }: Change): string {
  return types.map(typeName).join(", ");
}

/** `file:line` of what decided a side, each once, the first few. */
export function placeWords({ decided }: Side): string {
  const places = placeTexts(decided?.places ?? []);
  const more = places.length - MAX_PLACES;
  return [...places.slice(0, MAX_PLACES), ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

export function placeTexts(places: readonly SourceSpan[]): readonly string[] {
  return [...new Set(places.map((place) => formatLine(place)))];
}

/** How many answers change, by kind; breaking ones first. */
export function summaryWords({ counts }: Difference): string {
  const contrasts: readonly Contrast[] = ["private-to-public", "answer-to-none", "changed", "aliases", "ttl"];
  const all = contrasts.reduce((sum, contrast) => sum + counts[contrast], 0);
  if (all === 0) return "no answer changes";
  const parts = contrasts.filter((one) => counts[one] > 0).map((one) => `${counts[one]} ${contrastWords(one)}`);
  const breaking = breakingCount({ counts });
  return `${all} ${all === 1 ? "answer changes" : "answers change"}, ${breaking} breaking: ${parts.join(", ")}`;
}

/** How many changes can take something away from a client that worked. */
export function breakingCount({ counts }: Pick<Difference, "counts">): number {
  const contrasts: readonly Contrast[] = ["private-to-public", "answer-to-none"];
  return contrasts.reduce((sum, contrast) => sum + (isBreaking(contrast) ? counts[contrast] : 0), 0);
}
