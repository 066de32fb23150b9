import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { beforeAll, describe, expect, type TestContext, test } from "vitest";
import { skipFor } from "../support/tools.ts";
import { LIBRARIES, type Library } from "./libraries.ts";
import { type Asked, askLibraries, type Measured } from "./measure.ts";
import { whyNoNamespace } from "./namespace.ts";
import { librariesOn, sectionOf, tableOf, withSection } from "./page.ts";
import { labelOf, ROWS, type Row } from "./rows.ts";

/**
 * What the libraries that programs resolve names with make of our answers: each is asked in a network of its own, through
 * `/etc/resolv.conf`, as it is on a user's machine. `docs/clients.md` shows the result; run with `UPDATE_DOCUMENTS=1` to
 * write what came into it, then read the difference.
 */
const PAGE = join(import.meta.dirname, "..", "..", "docs", "clients.md");
const isUpdate = process.env["UPDATE_DOCUMENTS"] === "1";

/** Longer than a try in the configurations that are waited for, shorter than any library's own patience. */
const STALL_MS = 1500;

/**
 * To a client without EDNS named leaves as many records as fit beside TC, and we none of a set that does not fit. Only musl,
 * which has no TCP before 1.2.4, is content with them.
 */
const PARTIAL_SETS = ["40 addresses, over 512 octets", "100 addresses, over 1232 octets"];
const FITTING = 29;

const asked: { libraries?: ReadonlyMap<Library, Asked>; whyNot?: string } = {};
beforeAll(async () => {
  const whyNot = await whyNoNamespace();
  if (whyNot !== undefined) asked.whyNot = whyNot;
  else {
    const libraries = await askLibraries();
    // Where the machine is too busy to answer in time, libraries ask again. What differs twice is no accident.
    asked.libraries = isUpdate || isAsShown(libraries) ? libraries : await askLibraries();
  }
}, 120_000);

function isAsShown(libraries: ReadonlyMap<Library, Asked>): boolean {
  const page = readFileSync(PAGE, "utf8");
  return [...libraries].every(([{ name }, answers]) => {
    const shown = sectionOf(page, name);
    if (answers.kind === "missing" || answers.version !== shown?.heading) return true;
    return isDeepStrictEqual(tableOf(answers.doors), shown.table);
  });
}

/** What a library made of the rows; skips the test that runs where it could not be asked. */
function answersOf(library: Library, context: TestContext): Extract<Asked, { kind: "asked" }> {
  const answers = asked.libraries?.get(library);
  if (answers?.kind === "asked") return answers;
  return skipFor(
    answers === undefined ? `this machine ${asked.whyNot ?? "?"}` : `this machine ${answers.why}`,
    context,
  );
}

describe.each(LIBRARIES)("$name", (library) => {
  test("docs/clients.md says what it makes of every answer", (context) => {
    const { version, doors } = answersOf(library, context);
    const page = readFileSync(PAGE, "utf8");
    const section = { heading: version, table: tableOf(doors) };
    if (isUpdate) writeFileSync(PAGE, withSection(page, library.name, section));
    else {
      const { heading, table } = sectionOf(page, library.name) ?? { heading: "nothing", table: [] };
      // No failure where everything else must be there: other versions are as right as these, and the laws below hold.
      if (heading !== version) context.skip(`docs/clients.md shows ${heading}, this machine has ${version}`);
      expect(section.table).toEqual(table);
    }
  });

  test("is never kept waiting: every answer is there, or refused, before a second try", (context) => {
    const slow = measurements(answersOf(library, context)).filter(({ ms }) => ms >= STALL_MS);
    expect(slow).toEqual([]);
  });

  test.for([
    { row: "an alias to a private address", address: "10.0.1.5" },
    { row: "a name in other letters", address: "10.3.1.2" },
    { row: "the alias again, so configured", address: "10.0.1.7" },
    { row: "a public answer with EDE", address: "198.18.0.8" },
  ])("through every door gets $address for $row", ({ row, address }, context) => {
    const found = measurements(answersOf(library, context)).filter(({ says }) => says === row);
    expect(found.length).toBe(library.doors.length);
    for (const { result } of found) expect(result.split(/,? /)).toContain(address);
  });

  test("makes the same of named's answers to the same data: what looks odd in the table is the library's", (context) => {
    const compared = measurements(answersOf(library, context)).filter(({ named }) => named === true);
    if (compared.every(({ ofNamed }) => ofNamed === undefined)) skipFor("this machine has no named", context);
    const differing = compared.filter(({ result, ofNamed = "" }) => sorted(result) !== sorted(ofNamed));
    const isPartial = ({ says, ofNamed = "" }: Row & Measured): boolean =>
      library.name === "musl" && PARTIAL_SETS.includes(says) && (ofNamed.match(/10\./g) ?? []).length === FITTING;
    expect(differing.filter((one) => !isPartial(one))).toEqual([]);
  });

  test("asks the server whatever it is asked itself", (context) => {
    const unasked = measurements(answersOf(library, context)).filter(({ udp, tcp }) => udp + tcp === 0);
    expect(unasked).toEqual([]);
  });
});

function measurements({ doors }: Extract<Asked, { kind: "asked" }>): (Measured & Row & { door: string })[] {
  return [...doors].flatMap(([door, rows]) => [...rows].map(([row, measured]) => ({ door, ...row, ...measured })));
}

/** Named gives the records of a set in an order of its own. */
function sorted(result: string): string {
  return result.split(" ").toSorted().join(" ");
}

test("docs/clients.md has a part for each library, and no other", () => {
  expect(librariesOn(readFileSync(PAGE, "utf8"))).toEqual(LIBRARIES.map(({ name }) => name));
});

test("no two rows ask for the same label: the query log could not tell them apart", () => {
  expect(new Set(ROWS.map(labelOf)).size).toBe(ROWS.length);
});
