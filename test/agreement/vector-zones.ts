import { type GoodVector, typeOf } from "../rdata-line.ts";
import type { CheckedZone, CheckerName, ZoneCheckers } from "./checkzone.ts";
import { readRawZone } from "./raw-zone.ts";

/** The origin that the vectors are written for. */
const ORIGIN = "example.com.";
const HEAD = "$TTL 300\n@ SOA ns.invalid. hostmaster.invalid. 1 2 3 4 5\n@ NS ns.invalid.\n";
const HEAD_LINES = 3;

/** How named prints and keeps one vector. */
export interface Kept {
  readonly text: string;
  /** In hexadecimal digits. */
  readonly octets: string;
}

/**
 * Which lines a program reads. All are asked in a few files; where the answer is not the `expected` one, and for a SOA,
 * the line is asked again in a zone of its own.
 */
export async function readByProgram(
  checkers: ZoneCheckers,
  program: CheckerName,
  lines: readonly string[],
  expected: (line: string) => boolean,
): Promise<ReadonlyMap<string, CheckedZone>> {
  const together = lines.filter((line) => !isSoa(line));
  const refused = await refusedTogether(checkers, program, together);
  const odd = lines.filter((line) => isSoa(line) || refused.has(line) === expected(line));
  const alone = await checkers.check(program, odd.map(zoneOf), ORIGIN);
  return new Map(
    lines.map((line) => {
      const asWithAll = { accepts: !refused.has(line), places: [], lines: [], text: "as expected" };
      return [line, odd.includes(line) ? (alone.get(zoneOf(line)) ?? asWithAll) : asWithAll];
    }),
  );
}

/** The lines that a program complains of. It may end at any of them, so it is asked again from behind the last. */
async function refusedTogether(
  checkers: ZoneCheckers,
  program: CheckerName,
  lines: readonly string[],
): Promise<Set<string>> {
  const refused = new Set<string>();
  for (let from = 0; ; ) {
    const text = zoneOfAll(lines.slice(from));
    const { places = [] } = (await checkers.check(program, [text], ORIGIN)).get(text) ?? {};
    const found = places.map((place) => from + Number.parseInt(place.slice("zone:".length), 10) - HEAD_LINES - 1);
    const own = found.filter((index) => index >= from && index < lines.length);
    if (own.length === 0) return refused;
    for (const index of own) refused.add(lines[index] ?? "");
    from = Math.max(...own) + 1;
  }
}

/** What named makes of vectors that it reads. */
export async function keptByNamed(
  checkers: ZoneCheckers,
  vectors: readonly GoodVector[],
): Promise<ReadonlyMap<string, Kept>> {
  const lines = vectors.map(({ line }) => line);
  const zones = [lines.filter((line) => !isSoa(line)), ...lines.filter(isSoa).map((line) => [line])];
  const texts = zones.map((some) => (some.some(isSoa) ? zoneOf(some[0] ?? "") : zoneOfAll(some)));
  const said = await checkers.check("named-checkzone", texts, ORIGIN);
  const raws = await checkers.dumpRaw(texts, ORIGIN);
  const kept = new Map<string, Kept>();
  for (const [i, some] of zones.entries()) {
    const printed = said.get(texts[i] ?? "")?.lines ?? [];
    const records = readRawZone(raws[i] ?? Buffer.alloc(0));
    for (const [n, line] of some.entries()) {
      const owner = isSoa(line) ? ORIGIN : `v${n}.${ORIGIN}`;
      const start = `${owner} 300 ${isSoa(line) ? "SOA" : ""}`;
      const text = printed.find((one) => one.startsWith(start))?.replace(/^\S+ \S+ \S+ ?/, "");
      const record = records.find((one) => one.type === typeOf(line) && one.owner === wireName(owner));
      kept.set(line, { text: text ?? "nothing", octets: record?.rdata.toString("hex") ?? "nothing" });
    }
  }
  return kept;
}

function isSoa(line: string): boolean {
  return line === "SOA" || line.startsWith("SOA ");
}

/** A zone with one vector; a SOA is the zone's own. */
function zoneOf(line: string): string {
  return isSoa(line) ? `$TTL 300\n@ ${line}\n@ NS ns.invalid.\n` : zoneOfAll([line]);
}

/** A zone with each vector in a line, at an owner of its own. */
function zoneOfAll(lines: readonly string[]): string {
  return HEAD + lines.map((line, i) => `v${i} ${line}\n`).join("");
}

function wireName(name: string): string {
  return name
    .split(".")
    .map((label) => String.fromCharCode(label.length) + label)
    .join("");
}
