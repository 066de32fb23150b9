// Chance that can be repeated: every input has a generator of its own, made of the run's seed and the input's number.

/** A generator for one input (splitmix32 over a mix of both numbers). */
export function randomOf(seed, index) {
  let state = (Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) ^ Math.imul(index + 1, 0xc2b2_ae35)) >>> 0;
  const next = () => {
    state = (state + 0x9e37_79b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0_aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a_2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const below = (count) => next() % count;
  return {
    /** A whole number from 0 up to `count`, `count` excluded. */
    below,
    /** A whole number from `low` to `high`, both included. */
    between: (low, high) => low + below(high - low + 1),
    pick: (list) => list[below(list.length)],
    /** True once in `count` times. */
    oneIn: (count) => below(count) === 0,
    octets: (length) => Uint8Array.from({ length }, () => below(256)),
  };
}
