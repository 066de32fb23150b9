import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Message } from "../../src/message/message.ts";
import { ancestorOf } from "../../src/name/domain-name.ts";
import { formatName, knownName } from "../../src/name/name-text.ts";
import type { ResourceRecord } from "../../src/record/rrset.ts";
import type { Zone } from "../../src/zone/zone.ts";
import { zoneRecords } from "../../src/zone/zone-records.ts";
import { type ServerProcess, startServer as startPrivlink } from "../support/server.ts";
import { needs } from "../support/tools.ts";
import { type AskedQuestion, askAll } from "./ask-all.ts";
import { AUTHORITY_RULES, type Family } from "./authority-rules.ts";
import { differencesUnder } from "./differences.ts";
import { linesOfReply, type ReplyLines } from "./expected-reply.ts";
import { makeManyZones } from "./many-zones.ts";
import { readZone, zoneOf } from "./read-zone.ts";
import { KNOT, NAMED, NSD, type RealServer, type ServedZone, startServer } from "./servers.ts";

/** Zones by hand: `served.parent.zone` is zone `served.parent.test.`. */
const FOLDER = join(import.meta.dirname, "authority");
/** Asked of every name; of these each name takes one more, in turn. */
const TYPES = ["A", "NS", "DS", "CNAME"];
const MORE_TYPES = ["ANY", "TXT", "AAAA", "SOA", "MX", "DNAME", "TYPE65280", "SRV", "ANY", "HTTPS", "CAA"];
/** Replies that differ are shown, but not all of a thousand. */
const SHOWN = 5;

const served: readonly ServedZone[] = [
  ...readdirSync(FOLDER).map((file) => ({
    origin: `${file.replace(/\.zone$/, "")}.test.`,
    text: readFileSync(join(FOLDER, file), "latin1"),
  })),
  ...makeManyZones(200, 20261128),
];
const zones = served.map(({ origin, text }) => zoneOf(readZone(Buffer.from(text, "latin1"), knownName(origin))));
const family: Family = new Map(zones.map((zone) => [zone.origin.key, zone]));

interface Asked extends AskedQuestion {
  readonly zone: Zone;
}
const questions: readonly Asked[] = zones.flatMap((zone) =>
  namesToAsk(zone).flatMap((name, i) =>
    [...TYPES, MORE_TYPES[i % MORE_TYPES.length] ?? ""].map((type) => ({ name, type, zone })),
  ),
);

/** Every owner and what is above it, below each of them a child and the wildcard, and a neighbour of the zone. */
function namesToAsk({ origin, tree }: Zone): string[] {
  const names = new Set<string>([`no-${formatName(origin)}`]);
  for (const { owner } of zoneRecords(tree)) {
    for (let above = owner.labels.length - origin.labels.length; above >= 0; above--) {
      const name = formatName(ancestorOf(owner, above));
      for (const asked of [name, `d.${name}`, `*.${name}`]) names.add(asked);
    }
  }
  return [...names];
}

/** The rows of `differences.md`, one for each server of a row. */
const rows = new Set(
  [...differencesUnder("Authoritative listeners").keys()].flatMap((row) => {
    const [tools = "", rule = ""] = row.split(": ");
    return tools.split(", ").map((tool) => `${tool}: ${rule}`);
  }),
);
const needed = new Set<string>();
const compared = new Set<string>();

describe("an authoritative listener answers from 200 made zones, and some by hand", () => {
  const folder = mkdtempSync(join(tmpdir(), "privlink-authority-"));
  let privlink: ServerProcess | undefined;
  let ours: readonly Message[] = [];

  beforeAll(async () => {
    mkdirSync(join(folder, "zones"));
    for (const { origin, text } of served) writeFileSync(join(folder, "zones", `${origin}zone`), text, "latin1");
    privlink = await startPrivlink({ cwd: folder, listen: ["127.0.0.1:0=authoritative"], args: ["zones"] });
    const [at] = privlink.at;
    if (at === undefined) throw new Error("privlink listens nowhere");
    ours = await askAll(at, questions);
  }, 60_000);
  afterAll(async () => {
    await privlink?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each([NSD, KNOT, NAMED])("as $name does", (make) => {
    let server: RealServer | undefined;
    beforeAll(async () => {
      server = await startServer(make, served);
    }, 60_000);
    afterAll(() => server?.stop());
    beforeEach(needs(make.name));

    test("rcode, AA, answer, authority and glue", async () => {
      if (server === undefined) throw new Error(`${make.name} did not start`);
      const theirs = await askAll(server.at, questions);
      compared.add(make.name);
      const differing = questions.flatMap((question, i) => disagreement(make.name, question, ours[i], theirs[i]));
      expect({ count: differing.length, some: differing.slice(0, SHOWN) }).toEqual({ count: 0, some: [] });
      expect(questions.length).toBeGreaterThan(30_000);
    }, 60_000);
  });
});

describe("differences.md", () => {
  test("has at most twenty rows for it", () => {
    expect(differencesUnder("Authoritative listeners").size).toBeLessThanOrEqual(20);
  });

  test.each([...rows])("%s still is a difference", (row) => {
    const [tool = ""] = row.split(":");
    if (compared.has(tool)) expect([...needed]).toContain(row);
  });
});

/** Everything that `linesOfReply` compares, as octets. */
function octetsOf({ rcode, flags, answers, authorities, additionals }: Message): string {
  const section = (records: readonly ResourceRecord[]): string =>
    records
      .map(({ owner, type, ttl, rdata }) => `${owner.key} ${type} ${ttl} ${Buffer.from(rdata).toString("latin1")}`)
      .sort()
      .join("\n");
  return [rcode, flags.aa, ...[answers, authorities, additionals].map(section)].join("\n\n");
}

interface Disagreement {
  readonly question: AskedQuestion;
  readonly ours: ReplyLines;
  readonly theirs: ReplyLines;
}

/** Nothing, when both say the same, or a row of `differences.md` lets them differ in exactly this way. */
function disagreement(
  tool: string,
  { zone, name, type }: Asked,
  ourMessage: Message | undefined,
  theirMessage: Message | undefined,
): Disagreement[] {
  if (ourMessage === undefined || theirMessage === undefined) throw new Error(`${name} ${type} has no reply`);
  if (octetsOf(ourMessage) === octetsOf(theirMessage)) return []; // Nearly all, and cheaper than lines.
  const [own, theirs] = [linesOfReply(ourMessage, zone.origin), linesOfReply(theirMessage, zone.origin)];
  if (isDeepStrictEqual(own, theirs)) return [];
  const question = { name, type };
  let ours: ReplyLines = own;
  for (const { name: rule, excuse } of AUTHORITY_RULES) {
    const row = `${tool}: ${rule}`;
    const other = rows.has(row) ? excuse({ family, question, ours: own, theirs }) : undefined;
    if (other === undefined) continue;
    needed.add(row);
    ours = { ...ours, ...other };
  }
  return isDeepStrictEqual(ours, theirs) ? [] : [{ question, ours: own, theirs }];
}
