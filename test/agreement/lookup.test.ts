import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ancestorOf } from "../../src/name/domain-name.ts";
import { formatName, knownName } from "../../src/name/name-text.ts";
import type { Zone } from "../../src/zone/zone.ts";
import { zoneRecords } from "../../src/zone/zone-records.ts";
import { needs } from "../support/tools.ts";
import { type AskedQuestion, askAll } from "./ask-all.ts";
import { differencesUnder } from "./differences.ts";
import { expectedReply, linesOfReply, type ReplyLines } from "./expected-reply.ts";
import { LOOKUP_RULES } from "./lookup-rules.ts";
import { makeZones } from "./made-zones.ts";
import { readZone, zoneOf } from "./read-zone.ts";
import { KNOT, type Make, NAMED, NSD, type RealServer, type ServedZone, startServer } from "./servers.ts";

const FOLDER = join(import.meta.dirname, "lookups");
const TYPES = ["A", "AAAA", "TXT", "MX", "CNAME", "NS", "SOA", "DNAME", "DS", "TYPE65280", "ANY"];

const served: readonly ServedZone[] = [
  ...readdirSync(FOLDER).map((file) => ({
    origin: `${file.replace(/\.zone$/, "")}.test.`,
    text: readFileSync(join(FOLDER, file), "latin1"),
  })),
  ...makeZones(60, 20261120),
];

/** A zone as we read it, with all that it is asked. */
interface AskedZone {
  readonly origin: string;
  readonly zone: Zone;
  readonly questions: readonly AskedQuestion[];
}

const zones: readonly AskedZone[] = served.map(({ origin, text }) => {
  const read = readZone(Buffer.from(text, "latin1"), knownName(origin));
  const zone = zoneOf(read);
  const questions = namesToAsk(zone).flatMap((name) => TYPES.map((type) => ({ name, type })));
  return { origin, zone, questions };
});

/** Every owner and what is above it; below each of them a child, a grandchild and the wildcard. */
function namesToAsk({ origin, tree }: Zone): string[] {
  const names = new Set<string>();
  for (const { owner } of zoneRecords(tree)) {
    for (let above = owner.labels.length - origin.labels.length; above >= 0; above--) {
      const name = formatName(ancestorOf(owner, above));
      for (const asked of [name, `d.${name}`, `e.d.${name}`, `*.${name}`]) names.add(asked);
    }
  }
  return [...names];
}

const makes: readonly { readonly make: Make; readonly tool: string }[] = [NSD, KNOT, NAMED].map((make) => ({
  make,
  tool: make.name,
}));
/** The servers that were asked: what is not installed shows no difference. */
const asked = new Set<string>();

/** `nsd: rule`, also where a row of `differences.md` is for several servers. */
const rows = new Set(
  [...differencesUnder("Lookups").keys()].flatMap((row) => {
    const [tools = "", rule = ""] = row.split(": ");
    return tools.split(", ").map((tool) => `${tool}: ${rule}`);
  }),
);
/** Those of them that some reply needed. */
const needed = new Set<string>();

describe.each(makes)("$tool answers from a zone as lookup() does", ({ make, tool }) => {
  let server: RealServer | undefined;
  const replies = new Map<string, readonly ReplyLines[]>();

  beforeAll(async () => {
    server = await startServer(make, served);
    if (server === undefined) return;
    asked.add(tool);
    const all = await askAll(
      server.at,
      zones.flatMap(({ questions }) => questions),
    );
    let at = 0;
    for (const { origin, zone, questions } of zones) {
      const own = all.slice(at, (at += questions.length));
      replies.set(
        origin,
        own.map((message) => linesOfReply(message, zone.origin)),
      );
    }
  }, 60_000);
  afterAll(() => server?.stop());
  beforeEach(needs(tool));

  test.each(zones)("every name and type of $origin", ({ origin, zone, questions }) => {
    const theirs = replies.get(origin) ?? [];
    expect(theirs).toHaveLength(questions.length);
    expect(questions.flatMap((question, i) => disagreement(tool, zone, question, theirs[i]))).toEqual([]);
  });
});

describe("differences.md", () => {
  test.each([...rows])("%s still is a difference", (row) => {
    const [tool = ""] = row.split(":");
    if (asked.has(tool)) expect([...needed]).toContain(row);
  });
});

/** Nothing, when a reply says what we say, or what rows of `differences.md` let it say; else both, to be read. */
function disagreement(
  tool: string,
  zone: Zone,
  question: AskedQuestion,
  theirs: ReplyLines | undefined,
): { question: AskedQuestion; ours: ReplyLines; theirs: ReplyLines | undefined }[] {
  const expected = expectedReply(zone, question);
  let { rcode, aa, answer, authority, glue }: ReplyLines = expected;
  for (const { name, excuse } of LOOKUP_RULES) {
    const other = theirs === undefined ? undefined : excuse({ zone, question, expected, theirs });
    const row = `${tool}: ${name}`;
    if (other === undefined || !rows.has(row)) continue;
    needed.add(row);
    ({ rcode, aa, answer, authority, glue } = { rcode, aa, answer, authority, glue, ...other });
  }
  const ours: ReplyLines = { rcode, aa, answer, authority, glue };
  return isDeepStrictEqual(ours, theirs) ? [] : [{ question, ours, theirs }];
}
