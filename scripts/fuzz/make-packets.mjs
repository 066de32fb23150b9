// Packets that nobody meant: mutated ones, and ones made up from scratch.

const HEADER_OCTETS = 12;
/** Types that mean something, types of messages alone, and types that are none. */
export const TYPES = [
  0, 1, 2, 5, 6, 10, 12, 15, 16, 28, 33, 35, 39, 41, 43, 46, 47, 48, 52, 64, 65, 99, 249, 250, 251, 252, 253, 254, 255,
  257, 32769, 65280, 65535,
];
export const CLASSES = [1, 1, 1, 1, 3, 4, 254, 255, 0, 65535];
/** Options with their octets, good and bad. */
export const OPTIONS = [
  [3, []],
  [3, [104, 105]],
  [8, [0, 1, 24, 0, 10, 0, 0]],
  [8, [0, 1, 16, 0, 10, 1]],
  [8, [0, 2, 56, 0, 0x20, 1, 13, 0xb8, 0, 0, 0]],
  [8, [0, 0, 0, 0]],
  [8, [0, 1, 33, 0, 1, 2, 3, 4, 5]],
  [10, [1, 2, 3, 4, 5, 6, 7, 8]],
  [10, [1, 2, 3]],
  [10, Array.from({ length: 12 }, (_, i) => i)],
  [10, Array.from({ length: 24 }, (_, i) => (i === 8 ? 1 : i))],
  [10, Array.from({ length: 40 }, (_, i) => i)],
  [10, Array.from({ length: 41 }, (_, i) => i)],
  [11, []],
  [11, [0, 100]],
  [11, [0]],
  [12, [0, 0, 0, 0]],
  [15, [0, 0, 104, 105]],
  [15, [0]],
  [65001, [1]],
];
/** Octets that mean something somewhere. */
const TELLING = [0, 1, 2, 0x0c, 0x29, 0x2e, 0x3f, 0x40, 0x7f, 0x80, 0xbf, 0xc0, 0xfe, 0xff];

/** One of the seeds with up to seven changes. */
export function mutate(random, seeds) {
  let octets = [...random.pick(seeds)];
  for (let left = random.below(random.oneIn(4) ? 8 : 3); left > 0; left--) {
    const at = random.below(octets.length + 1);
    switch (random.below(10)) {
      case 0:
        octets[random.below(octets.length)] ^= 1 << random.below(8);
        break;
      case 1:
        octets[random.below(octets.length)] = random.pick(TELLING);
        break;
      case 2:
        octets = octets.slice(0, at);
        break;
      case 3:
        octets.splice(at, 0, ...random.octets(random.between(1, 12)));
        break;
      case 4:
        octets.splice(at, random.between(1, 12));
        break;
      case 5:
        octets[Math.min(octets.length, random.between(4, 11))] = random.pick([0, 1, 2, 0xff]);
        break;
      case 6:
        octets.splice(at, 2, 0xc0 | random.below(2), random.below(256));
        break;
      case 7: {
        const other = random.pick(seeds);
        octets = [...octets.slice(0, at), ...other.slice(random.below(other.length))];
        break;
      }
      case 8:
        octets.splice(at, 0, ...octets.slice(at, at + random.below(80)));
        break;
      case 9:
        octets.push(...octets.slice(HEADER_OCTETS));
        break;
    }
    if (octets.length === 0) octets = [0];
  }
  return Uint8Array.from(octets.slice(0, 65_535));
}

/** A packet written from scratch: sound in its parts more often than not. */
export function madeUp(random) {
  const out = [];
  const counts = [random.oneIn(9) ? random.below(5) : 1, random.below(3), random.below(3), random.below(4)];
  out.push(
    ...random.octets(2),
    random.oneIn(5) ? random.below(256) : random.pick([0, 1, 0x84]),
    random.oneIn(3) ? random.below(256) : 0,
  );
  for (const count of counts) out.push(random.oneIn(40) ? 0xff : 0, count);
  for (let i = 0; i < counts[0]; i++) {
    putName(random, out);
    putU16(out, random.pick(TYPES));
    putU16(out, random.pick(CLASSES));
  }
  for (let i = counts[1] + counts[2] + counts[3]; i > 0; i--) putRecord(random, out, i <= counts[3]);
  if (random.oneIn(10)) out.push(...random.octets(random.below(30)));
  return Uint8Array.from(out);
}

function putRecord(random, out, mayBeOpt) {
  const isOpt = mayBeOpt && random.oneIn(2);
  if (isOpt && !random.oneIn(10)) out.push(0);
  else putName(random, out);
  const type = isOpt ? 41 : random.pick(TYPES);
  putU16(out, type);
  putU16(out, isOpt ? random.pick([0, 511, 512, 1232, 4096, 65535]) : random.oneIn(8) ? random.pick(CLASSES) : 1);
  out.push(
    random.oneIn(6) ? random.below(256) : 0,
    random.oneIn(9) ? 1 : 0,
    random.oneIn(4) ? 0x80 : 0,
    random.below(256),
  );
  const at = out.length;
  out.push(0, 0);
  if (isOpt) for (let i = random.below(4); i > 0; i--) putOption(random, out);
  else putRdata(random, out, random.oneIn(6) ? random.pick(TYPES) : type);
  const length = random.oneIn(15) ? random.below(300) : out.length - at - 2;
  out[at] = (length >> 8) & 255;
  out[at + 1] = length & 255;
}

function putOption(random, out) {
  const [code, octets] = random.pick(OPTIONS);
  putU16(out, code);
  putU16(out, random.oneIn(10) ? random.below(30) : octets.length);
  out.push(...octets);
}

/** Rdata that has the shape of its type: numbers, then a name, strings or octets. */
function putRdata(random, out, type) {
  switch (type) {
    case 1:
      return void out.push(...random.octets(4));
    case 28:
      return void out.push(...random.octets(16));
    case 2:
    case 5:
    case 12:
    case 39:
      return putName(random, out);
    case 6:
      putName(random, out);
      putName(random, out);
      return void out.push(...random.octets(20));
    case 15:
      out.push(...random.octets(2));
      return putName(random, out);
    case 33:
      out.push(...random.octets(6));
      return putName(random, out);
    case 16:
    case 99:
      for (let i = random.below(4); i >= 0; i--) putString(random, out, random.below(random.oneIn(8) ? 256 : 20));
      return undefined;
    case 64:
    case 65:
      return putService(random, out);
    case 257:
      out.push(random.below(256));
      putString(random, out, random.below(8));
      return void out.push(...random.octets(random.below(30)));
    default:
      return void out.push(...random.octets(random.below(40)));
  }
}

/** A length and that many octets, mostly letters. */
function putString(random, out, length) {
  out.push(length, ...Array.from({ length }, () => (random.oneIn(5) ? random.below(256) : 97 + random.below(26))));
}

/** Priority, target and parameters, mostly in the order of their keys. */
function putService(random, out) {
  out.push(0, random.below(3));
  putName(random, out, false);
  let key = 0;
  for (let i = random.below(4); i > 0; i--) {
    key = random.oneIn(10) ? random.below(8) : key + random.below(3);
    putU16(out, key);
    const value = [];
    if (key === 1) for (let j = random.below(3); j >= 0; j--) putString(random, value, random.between(1, 5));
    else value.push(...random.octets(random.pick([0, 2, 2, 4, 8, 16, 16, 3])));
    putU16(out, value.length);
    out.push(...value);
    key += 1;
  }
}

function putName(random, out, mayPoint = true) {
  for (let i = random.below(random.oneIn(20) ? 130 : 5); i > 0; i--) {
    const length = random.oneIn(20) ? random.between(1, 63) : random.between(1, 5);
    out.push(length, ...Array.from({ length }, () => (random.oneIn(6) ? random.below(256) : 97 + random.below(3))));
  }
  if (mayPoint && random.oneIn(4) && out.length > HEADER_OCTETS)
    putU16(
      out,
      0xc000 | random.oneIn(3) ? random.between(random.oneIn(5) ? 0 : HEADER_OCTETS, out.length + 1) : HEADER_OCTETS,
    );
  else out.push(0);
}

function putU16(out, value) {
  out.push((value >> 8) & 255, value & 255);
}
