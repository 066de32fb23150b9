import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { knownName } from "../../src/name/name-text.ts";
import { renderCompact } from "../../src/report/compact.ts";
import { positionOf } from "../../src/source/source-file.ts";
import { isInstalled, needs } from "../support/tools.ts";
import { type Found, notAgreed, notNeeded } from "./agreed.ts";
import { changeFiles } from "./changed-files.ts";
import { CHECKERS, type CheckedZone, type CheckerName, withSmallOwner, ZoneCheckers } from "./checkzone.ts";
import { namedDifferencesUnder } from "./differences.ts";
import { linesOfZone, readZone } from "./read-zone.ts";
import { CORPUS_FOLDER, CORPUS_HEAD, CORPUS_ORIGIN, type CorpusFile, readCorpus } from "./zone-corpus.ts";
import { makeZoneFiles } from "./zone-files-made.ts";

const rows = namedDifferencesUnder("Zone files");
const lineRows = namedDifferencesUnder("Lines of zone files");
const corpus = readCorpus();
/** Files that change nothing we can compare: named, which reads the changed ones, and Knot differ about them as they are. */
const differing = (file: string): boolean =>
  rows.some(
    ({ servers, things }) => servers.some((one) => one !== "nsd-checkzone") && things.some((thing) => thing.test(file)),
  );
/** Without their marks, so that a change hits what is read. */
const changeable = corpus
  .filter(({ file, text }) => text.startsWith(CORPUS_HEAD) && text.length > CORPUS_HEAD.length && !differing(file))
  .map(({ file, text }) => ({ file, text: text.replace(/ ; <-- here|; <-- below\n/, "") }));
const changed = changeFiles(changeable, CORPUS_HEAD.length, { count: 250, seed: 20261128 });
const made = makeZoneFiles(60, 20261128);

/** NSD names the line behind a record that is too short. */
const LINE_CHECKERS = CHECKERS.filter((program) => program !== "nsd-checkzone");

/** What we make of a file, in the same form, by its text. */
const own = new Map<string, CheckedZone>();

function checkHere(text: string): CheckedZone {
  const known = own.get(text);
  if (known !== undefined) return known;
  const { tree, diagnostics } = readZone(Buffer.from(text, "latin1"), knownName(CORPUS_ORIGIN), CORPUS_FOLDER);
  const accepts = !diagnostics.hasErrors;
  const errors = diagnostics.sorted().filter(({ severity }) => severity === "error");
  const checked = {
    accepts,
    places: errors.map(
      ({ span }) => `${span.file.path === "test.zone" ? "zone" : span.file.path}:${positionOf(span).line}`,
    ),
    lines: accepts ? linesOfZone(tree).map(withSmallOwner).sort() : [],
    text: diagnostics.sorted().map(renderCompact).join("\n"),
  };
  own.set(text, checked);
  return checked;
}

/** How two readings differ; empty where they do not. A program that prints no records is asked for its verdict alone. */
function difference(ours: CheckedZone, theirs: CheckedZone, program: CheckerName): { ours: string; theirs: string } {
  if (ours.accepts !== theirs.accepts) return { ours: verdict(ours), theirs: verdict(theirs) };
  if (program !== "named-checkzone") return { ours: "", theirs: "" };
  const [own, other] = [new Set(ours.lines), new Set(theirs.lines)];
  const [lost, added] = [ours.lines.filter((line) => !other.has(line)), theirs.lines.filter((line) => !own.has(line))];
  if (readBack(lost).join() === readBack(added).join()) return { ours: "", theirs: "" };
  return { ours: lost.join("; "), theirs: added.join("; ") };
}

/** Records in our words: two texts of the same octets are no difference between zones; `rdata.test.ts` compares the texts. */
function readBack(lines: readonly string[]): string[] {
  return linesOfZone(readZone(Buffer.from(lines.join("\n"), "latin1"), knownName(CORPUS_ORIGIN)).tree);
}

function verdict({ accepts }: CheckedZone): string {
  return accepts ? "accepts" : "rejects";
}

const checkers = new ZoneCheckers(CORPUS_FOLDER);
/** What each program said of each text. */
const said = new Map<CheckerName, ReadonlyMap<string, CheckedZone>>();

beforeAll(async () => {
  for (const program of CHECKERS.filter(isInstalled)) {
    const files = program === "named-checkzone" ? [...corpus, ...made, ...changed] : [...corpus, ...made];
    const texts = files.map(({ text }) => text);
    said.set(program, await checkers.check(program, texts, CORPUS_ORIGIN));
  }
}, 120_000);
afterAll(() => checkers.close());

function saidOf(program: CheckerName, text: string): CheckedZone {
  return said.get(program)?.get(text) ?? expect.fail(`${program} was not asked`);
}

/** What differs about one file, if anything does. */
function foundIn(program: CheckerName, { file, text }: { readonly file: string; readonly text: string }): Found[] {
  const found = difference(checkHere(text), saidOf(program, text), program);
  return found.ours === "" && found.theirs === "" ? [] : [{ server: program, thing: file, ...found }];
}

/** What about a made file NSD refuses: its sentence, in words that are the same for each file. */
function madeWith(text: string): string {
  if (/invalid tag [A-Z]+: contains invalid char/.test(text)) return "made with a tag of CAA in capitals";
  return /Could not parse port SvcParamValue: ""/.test(text) ? "made with a quoted value of port" : text;
}

/** What differs about a made file. */
function foundInMade(program: CheckerName, file: { readonly file: string; readonly text: string }): Found[] {
  return foundIn(program, file).map((found) => ({ ...found, thing: madeWith(saidOf(program, file.text).text) }));
}

/** Where a program complains of another line than the marked one. */
function foundElsewhere(program: CheckerName, { file, text, mark }: CorpusFile): Found[] {
  const { accepts, places } = saidOf(program, text);
  const [place] = places;
  return accepts || place === undefined || mark === undefined || place === mark
    ? []
    : [{ server: program, thing: file, ours: mark, theirs: place }];
}

describe.each(CHECKERS)("%s reads zone files as we do", (program) => {
  beforeEach(needs(program));

  test.each(corpus)("$file", (file) => {
    expect(notAgreed(foundIn(program, file), rows), saidOf(program, file.text).text).toEqual([]);
  });

  test.each(made)("$file", (file) => {
    expect(checkHere(file.text).text).not.toContain("error");
    expect(notAgreed(foundInMade(program, file), rows), `${file.text}\n${saidOf(program, file.text).text}`).toEqual([]);
  });
});

describe.each(LINE_CHECKERS)("%s complains of the line that we complain of", (program) => {
  beforeEach(needs(program));

  test.each(corpus.filter(({ mark }) => mark !== undefined))("$file is wrong in $mark", (file) => {
    expect(notAgreed(foundElsewhere(program, file), lineRows), saidOf(program, file.text).text).toEqual([]);
  });
});

describe("named-checkzone reads changed files as we do", () => {
  beforeEach(needs("named-checkzone"));

  test.each(changed)("$file with $change", (file) => {
    const [ours, theirs] = [checkHere(file.text), saidOf("named-checkzone", file.text)];
    const message = `${file.text}\n${ours.text}\n${theirs.text}`;
    // A change may make a name of another zone, about which there is a row.
    if (theirs.accepts && theirs.text.includes("ignoring out-of-zone data"))
      expect(ours.text, message).toContain("[zone/out-of-zone]");
    else expect(foundIn("named-checkzone", file), message).toEqual([]);
  });
});

describe("every row is needed", () => {
  beforeEach(needs(...CHECKERS));

  test("of those about files", () => {
    const found = CHECKERS.flatMap((program) => [
      ...corpus.flatMap((file) => foundIn(program, file)),
      ...made.flatMap((file) => foundInMade(program, file)),
    ]);
    expect(notNeeded(rows, found)).toEqual([]);
    expect(rows.length).toBeLessThanOrEqual(36);
  });

  test("of those about lines", () => {
    const found = LINE_CHECKERS.flatMap((program) => corpus.flatMap((file) => foundElsewhere(program, file)));
    expect(notNeeded(lineRows, found)).toEqual([]);
  });
});

describe("the files", () => {
  test("are many, and as many are accepted as rejected", () => {
    const accepted = corpus.filter(({ text }) => checkHere(text).accepts).length;
    expect(accepted).toBeGreaterThan(200);
    expect(corpus.length - accepted).toBeGreaterThan(200);
  });

  test("differ from one another", () => {
    const bare = corpus.map(({ text }) => text.replaceAll(/ *;[^\n]*/g, ""));
    expect(new Set(bare).size).toBeGreaterThan(corpus.length - 20);
  });

  test.each(corpus)("the first error of $file stands in the line that a person would change", ({ text, mark }) => {
    expect(checkHere(text).places[0]).toBe(mark);
  });
});
