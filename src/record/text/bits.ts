/** The numbers of the bits that are set, the highest bit of the first octet being 0. */
export function numbersOfBits(bits: Uint8Array): number[] {
  const numbers: number[] = [];
  for (const [i, octet] of bits.entries()) {
    for (let bit = 0; bit < 8; bit++) if ((octet & (0x80 >>> bit)) !== 0) numbers.push(i * 8 + bit);
  }
  return numbers;
}

/** As few octets as hold the bits of ascending numbers. */
export function bitsOfNumbers(numbers: readonly number[]): Uint8Array {
  const last = numbers.at(-1);
  const bits = new Uint8Array(last === undefined ? 0 : (last >>> 3) + 1);
  for (const number of numbers) bits[number >>> 3] = (bits[number >>> 3] ?? 0) | (0x80 >>> (number & 7));
  return bits;
}
