import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type GoodVector, rdataVectors } from "../rdata-line.ts";
import { isInstalled, needs } from "../support/tools.ts";
import { type Found, notAgreed, notNeeded } from "./agreed.ts";
import { CHECKERS, type CheckedZone, type CheckerName, ZoneCheckers } from "./checkzone.ts";
import { namedDifferencesUnder } from "./differences.ts";
import { type Kept, keptByNamed, readByProgram } from "./vector-zones.ts";

const { good, bad } = rdataVectors(join(import.meta.dirname, "../../src/record/rdata/vectors"));
/** NSD keeps what it does not look into: it judges files, not fields. */
const FIELD_CHECKERS = CHECKERS.filter((program) => program !== "nsd-checkzone");
const rows = namedDifferencesUnder("Types");
const lines = [...good, ...bad].map(({ line }) => line);
const weRead: ReadonlySet<string> = new Set(good.map(({ line }) => line));

const checkers = new ZoneCheckers();
const said = new Map<CheckerName, ReadonlyMap<string, CheckedZone>>();
let kept: ReadonlyMap<string, Kept> = new Map();

beforeAll(async () => {
  for (const program of FIELD_CHECKERS.filter(isInstalled))
    said.set(program, await readByProgram(checkers, program, lines, (line) => weRead.has(line)));
  const named = said.get("named-checkzone");
  if (named !== undefined)
    kept = await keptByNamed(
      checkers,
      good.filter(({ line }) => named.get(line)?.accepts === true),
    );
}, 60_000);
afterAll(() => checkers.close());

function saidOf(program: CheckerName, line: string): CheckedZone {
  return said.get(program)?.get(line) ?? expect.fail(`${program} was not asked`);
}

/** What a program reads and we refuse, or the other way round. */
function foundIn(program: CheckerName, line: string): Found[] {
  const [ours, theirs] = [weRead.has(line), saidOf(program, line).accepts].map((reads) =>
    reads ? "accepts" : "rejects",
  );
  return ours === theirs ? [] : [{ server: program, thing: line, ours: ours ?? "", theirs: theirs ?? "" }];
}

/** The text that named prints for a vector, where it is another than ours. */
function foundInText({ line, prints }: GoodVector): Found[] {
  const text = kept.get(line)?.text ?? prints;
  return text === prints ? [] : [{ server: "named-checkzone", thing: line, ours: prints, theirs: text }];
}

describe.each(FIELD_CHECKERS)("%s reads the vectors as we do", (program) => {
  beforeEach(needs(program));

  test.each(good)("$line is read", ({ line }) => {
    expect(notAgreed(foundIn(program, line), rows), saidOf(program, line).text).toEqual([]);
  });

  test.each(bad)("$line is refused", ({ line }) => {
    expect(notAgreed(foundIn(program, line), rows), saidOf(program, line).text).toEqual([]);
  });
});

describe("named-checkzone prints and keeps the vectors that it reads as we do", () => {
  beforeEach(needs("named-checkzone"));

  test.each(good)("$line", (vector) => {
    expect(notAgreed(foundInText(vector), rows)).toEqual([]);
    const octets = Buffer.from(vector.octets).toString("hex");
    expect(kept.get(vector.line)?.octets ?? octets).toBe(octets);
  });

  test("which are most of them", () => {
    expect(kept.size).toBeGreaterThan(good.length * 0.9);
  });
});

test("every row about types is needed", async (context) => {
  await needs(...FIELD_CHECKERS)(context);
  const found = [
    ...FIELD_CHECKERS.flatMap((program) => lines.flatMap((line) => foundIn(program, line))),
    ...good.flatMap(foundInText),
  ];
  expect(notNeeded(rows, found)).toEqual([]);
});
