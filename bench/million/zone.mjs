// The zone file of the bench: half a million owners, a million records, the same for the same seed.
import { closeSync, fstatSync, openSync, writeSync } from "node:fs";

export const ORIGIN = "big.example";
const CHUNK_LINES = 20_000;

/** Of a hundred owners: wildcards, delegations, aliases; the others have addresses and more. */
const WILDCARDS = 5;
const DELEGATIONS = 5;
const ALIASES = 10;

/**
 * Writes the zone, and says what to ask it: `names` of owners with an A record. Every address tells the generation, so the
 * file differs from the last one everywhere.
 */
export function writeZone(
  path,
  { owners = 500_000, records = owners * 2, seed = 1, generation = 1, keep = 10_000 } = {},
) {
  const chance = randomOf(seed);
  const file = openSync(path, "w");
  const names = [];
  const every = Math.max(1, Math.floor(owners / keep));
  let lines = head(generation);
  let written = lines.length - 2; // Not the directives.
  const flush = () => {
    writeSync(file, `${lines.join("\n")}\n`);
    lines = [];
  };
  for (let i = 0; i < owners; i++) {
    // Owners left, and records they should have together: whoever has room evens it out.
    const room = Math.max(1, Math.round((records - written) / (owners - i) + chance() * 2 - 1));
    const owner = ownerOf(i, chance);
    const added = ownerLines(i, owner, room, generation, chance);
    if (i % every === 0 && added.hasAddress) names.push(`${owner}.${ORIGIN}`);
    for (const line of added.lines) lines.push(line);
    written += added.lines.length;
    if (lines.length >= CHUNK_LINES) flush();
  }
  for (; written < records; written++) lines.push(`filler${written} A ${address(written, 0)}`);
  flush();
  const octets = fstatSync(file).size;
  closeSync(file);
  return { names, records: written, owners, octets };
}

function head(generation) {
  return [
    `$ORIGIN ${ORIGIN}.`,
    "$TTL 300",
    `@ IN SOA ns1.provider.example. hostmaster.provider.example. ${generation} 3600 600 604800 300`,
    "@ IN NS ns1.provider.example.",
    "@ IN NS ns2.provider.example.",
    `generation TXT "${generation}"`,
  ];
}

/** One to four labels, the upper ones shared by many. */
function ownerOf(i, chance) {
  const labels = [`h${i}`, `rack${Math.floor(chance() * 1000)}`, `pod${Math.floor(chance() * 50)}`, `site${i % 7}`];
  return labels.slice(0, 1 + (i % 4)).join(".");
}

function ownerLines(i, owner, room, generation, chance) {
  const kind = Math.floor(chance() * 100);
  if (kind < WILDCARDS) return plain(i, `*.w${owner}`, Math.min(room, 2), generation, false);
  if (kind < WILDCARDS + DELEGATIONS) {
    const outside = [`d${owner} NS ns1.provider.example.`, `d${owner} NS ns2.provider.example.`];
    const inside = [`d${owner} NS ns.d${owner}`, `ns.d${owner} A ${address(i, 200)}`];
    return { lines: i % 2 === 0 ? outside : inside, hasAddress: false };
  }
  if (kind < WILDCARDS + DELEGATIONS + ALIASES)
    return { lines: [`${owner} 60 IN CNAME target${i % 100}.elsewhere.example.`], hasAddress: false };
  return plain(i, owner, room, generation, true);
}

function plain(i, owner, room, generation, hasAddress) {
  const more = [
    () => `${owner} AAAA 2001:db8:${hex(i >>> 16)}:${hex(i & 0xffff)}::${hex(generation & 0xffff)}`,
    () => `${owner} 600 IN MX 10 mail${i % 50}`,
    () => `${owner} TXT "owner ${i}" "v=spf1 ip4:${address(i, 10)} -all"`,
    () => `${owner} IN SRV 0 5 ${1024 + (i % 5000)} srv${i % 90}.pod${i % 50}.site${i % 7}`,
    () => `${owner} 120 CAA 0 issue "ca${i % 9}.example"`,
    () => `${owner} SSHFP 4 2 ${"0123456789abcdef".repeat(4)}`,
  ];
  const lines = [`${owner} A ${address(i, generation % 200)}`];
  for (let n = 0; n < Math.min(room - 1, more.length); n++) lines.push(more[(i + n) % more.length]());
  return { lines, hasAddress };
}

/** The first octet tells the generation, the others the owner. */
function address(i, first) {
  return `${first + 1}.${(i >>> 16) & 255}.${(i >>> 8) & 255}.${i & 255}`;
}

function hex(number) {
  return number.toString(16);
}

/** Mulberry32: small, and the same everywhere. */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
