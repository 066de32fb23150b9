/** Reads an unsigned decimal number of at most `max`: digits only, no sign, no point; `undefined` for other text. */
export function parseNumber(text: string, max: number): number | undefined {
  if (text === "") return undefined;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
    if (value > max) return undefined;
  }
  return value;
}

const SECONDS = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 } as const satisfies Record<string, number>;

/**
 * Reads seconds, plain or with units: `3600`, `1h30m`, `1W2D`. `undefined` for other text, one that mixes both (`1h30`)
 * included.
 *
 * Nothing bounds the result: what is too much differs between a TTL and the timers of an SOA.
 */
export function parseSeconds(text: string): number | undefined {
  const plain = parseNumber(text, Number.POSITIVE_INFINITY);
  if (plain !== undefined) return plain;
  let total = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = secondsOf(text.charAt(i));
    if (unit === undefined) continue;
    const count = parseNumber(text.slice(start, i), Number.POSITIVE_INFINITY);
    if (count === undefined) return undefined;
    total += count * unit;
    start = i + 1;
  }
  return start === text.length && start > 0 ? total : undefined;
}

function secondsOf(char: string): number | undefined {
  switch (char) {
    case "w":
    case "W":
      return SECONDS.w;
    case "d":
    case "D":
      return SECONDS.d;
    case "h":
    case "H":
      return SECONDS.h;
    case "m":
    case "M":
      return SECONDS.m;
    case "s":
    case "S":
      return SECONDS.s;
    default:
      return undefined;
  }
}
