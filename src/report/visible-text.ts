/**
 * Characters that would act on a terminal instead of being seen: controls, line and paragraph separators, and what turns
 * the writing direction. A file can hold them, and a report must not obey them.
 */
const ACTING = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\uFEFF]/gu;

/** The text on one line, with a visible stand-in, of one character, for each one that would act on a terminal; tabs stay. */
export function visibleText(text: string): string {
  return text.replace(ACTING, (char) => {
    const code = char.charCodeAt(0);
    if (char === "\t") return char;
    if (code < 0x20) return String.fromCharCode(0x2400 + code); // Control pictures: ␀ to ␟.
    return code === 0x7f ? "\u2421" : "\uFFFD";
  });
}

/** First and last code points that terminals show two columns wide: East Asian wide and full-width forms, emoji. */
const WIDE_RANGES = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
] as const;

/** How many columns of a terminal one character (code point) takes: 0, 1 or 2; a tab counts as one. */
export function columnsOf(char: string): number {
  if (/^[\p{Mn}\p{Me}\p{Cf}]$/u.test(char)) return 0;
  const point = char.codePointAt(0) ?? 0;
  return WIDE_RANGES.some(([first, last]) => point >= first && point <= last) ? 2 : 1;
}
