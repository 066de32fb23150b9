import { foldLabel } from "../name/domain-name.ts";

/** Whether text is a pattern: it has a `*` or a `?`. */
export function isPattern(text: string): boolean {
  return /[*?]/.test(text);
}

/** Whether a path is a pattern of paths. */
export function isFilePattern(path: string): boolean {
  return path.includes("*");
}

/** Whether the whole of `text` fits `pattern`: `*` is any chars, `?` is one. ASCII case is folded. */
export function matchesPattern(pattern: string, text: string): boolean {
  const wanted = foldLabel(pattern);
  const given = foldLabel(text);
  let star = -1; // The last `*` met, and how much of the text it has taken: going back further never helps.
  let taken = 0;
  let at = 0;
  for (let i = 0; i < given.length; ) {
    const char = wanted.charAt(at);
    if (char === "*") {
      star = at;
      taken = i;
      at += 1;
    } else if (at < wanted.length && (char === "?" || char === given.charAt(i))) {
      at += 1;
      i += 1;
    } else if (star !== -1) {
      at = star + 1;
      taken += 1;
      i = taken;
    } else return false;
  }
  while (wanted.charAt(at) === "*") at += 1;
  return at === wanted.length;
}
