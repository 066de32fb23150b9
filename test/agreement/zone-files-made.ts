import { join } from "node:path";
import * as fc from "fast-check";
import { rdataVectors, typeOf } from "../rdata-line.ts";
import { namedDifferencesUnder } from "./differences.ts";
import { CORPUS_HEAD, CORPUS_ORIGIN } from "./zone-corpus.ts";

/** A zone file that nobody wrote, and every program reads. */
export interface MadeFile {
  readonly file: string;
  readonly text: string;
}

const VECTORS = join(import.meta.dirname, "../../src/record/rdata/vectors");

/** Types that would have something against their neighbours: they stand at owners of their own. */
const ALONE = /^(?:CNAME|DNAME|NS|DS|NXT|NSEC3?|RRSIG|SIG|KEY) /;

/** Lines `TYPE RDATA` that every program reads, and takes for the same. */
function commonLines(): string[] {
  const rows = namedDifferencesUnder("Types");
  return rdataVectors(VECTORS)
    .good.map(({ line }) => line)
    .filter((line) => !line.startsWith("SOA ") && !rows.some(({ things }) => things.some((thing) => thing.test(line))));
}

/** How a record is laid out. */
interface Layout {
  readonly owner: "relative" | "absolute" | "escaped" | "capital" | "deep";
  readonly omitOwner: boolean;
  readonly ttl: string;
  readonly class: string;
  readonly classFirst: boolean;
  readonly type: "as written" | "small" | "number";
  readonly blank: string;
  /** Before which words of the rdata a line ends; none where there are no parentheses. */
  readonly breaks: readonly boolean[];
  readonly comment: string;
  readonly directive: string;
}

const anyLayout: fc.Arbitrary<Layout> = fc.record({
  owner: fc.constantFrom("relative", "relative", "absolute", "escaped", "capital", "deep"),
  omitOwner: fc.boolean(),
  ttl: fc.constantFrom("", "", "60", "0", "1h30m", "2W", "2147483647"),
  class: fc.constantFrom("", "IN", "in"),
  classFirst: fc.boolean(),
  type: fc.constantFrom("as written", "as written", "small", "number"),
  blank: fc.constantFrom(" ", "\t", "  \t "),
  breaks: fc.oneof(fc.constant([]), fc.array(fc.boolean(), { minLength: 1, maxLength: 8 })),
  comment: fc.constantFrom("", "", " ; comment", ";", '\t; "not closed ('),
  directive: fc.constantFrom(
    "",
    "",
    "",
    "$TTL 77",
    "$TTL 1d",
    `$ORIGIN sub.${CORPUS_ORIGIN}`,
    `$ORIGIN ${CORPUS_ORIGIN}`,
    "; only a comment",
  ),
});

/** Files of one seed: always the same ones. They hold rdata of every type in every layout that is known to be common. */
export function makeZoneFiles(count: number, seed: number): MadeFile[] {
  const anyRecord = fc.record({ line: fc.constantFrom(...commonLines()), layout: anyLayout });
  const drawn = fc.sample(fc.array(anyRecord, { minLength: 10, maxLength: 25 }), { numRuns: count, seed });
  return drawn.map((records, i) => {
    let last: string | undefined;
    const texts = records.map(({ line, layout }, n) => {
      const repeats =
        layout.omitOwner &&
        last !== undefined &&
        !ALONE.test(line) &&
        !ALONE.test(last) &&
        typeOf(line) !== typeOf(last);
      last = repeats ? undefined : line; // A third record of one owner could be of the type of the first.
      return recordText(n, line, layout, repeats);
    });
    return { file: `made file ${i}`, text: CORPUS_HEAD + texts.join("") };
  });
}

function recordText(n: number, line: string, layout: Layout, repeats: boolean): string {
  const { ttl, blank, comment, directive } = layout;
  const fields = layout.classFirst ? [layout.class, ttl] : [ttl, layout.class];
  const words = [
    repeats ? "" : ownerText(n, layout),
    ...fields.filter((field) => field !== ""),
    typeText(line, layout),
  ];
  const record = `${words.join(blank)}${blank}${rdataText(line, layout)}${comment}\n`;
  return repeats || directive === "" ? record : `${directive}\n${record}`;
}

function ownerText(n: number, { owner }: Layout): string {
  switch (owner) {
    case "relative":
      return `r${n}`;
    case "absolute":
      return `r${n}.${CORPUS_ORIGIN}`;
    case "escaped":
      return String.raw`\114${n}\.x`;
    case "capital":
      return `R${n}`;
    case "deep":
      return `r${n}._a.b-c`;
  }
}

function typeText(line: string, { type }: Layout): string {
  const [name = ""] = line.split(" ");
  switch (type) {
    case "as written":
      return name;
    case "small":
      return name.toLowerCase();
    case "number":
      return `TYPE${typeOf(line)}`;
  }
}

/** The rdata with lines broken inside parentheses; the words of a vector are never broken. */
function rdataText(line: string, { breaks, blank }: Layout): string {
  const words = line.slice(line.indexOf(" ") + 1).match(/(?:[^\s"\\]|\\.|"(?:[^"\\]|\\.)*")+/gs) ?? [];
  if (!line.includes(" ") || words.length === 0) return "";
  if (breaks.length === 0 || words[0] === "\\#") return words.join(blank);
  return `( ${words.map((word, i) => (breaks[i % breaks.length] === true ? `; part ${i}\n   ${word}` : word)).join(blank)} )`;
}
