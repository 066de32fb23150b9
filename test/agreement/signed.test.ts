import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Message } from "../../src/message/message.ts";
import { ancestorOf } from "../../src/name/domain-name.ts";
import { formatName, knownName } from "../../src/name/name-text.ts";
import { zoneRecords } from "../../src/zone/zone-records.ts";
import { type ServerProcess, startServer as startPrivlink } from "../support/server.ts";
import { needs } from "../support/tools.ts";
import { type AskedQuestion, askAll } from "./ask-all.ts";
import { linesOfReply, type ReplyLines } from "./expected-reply.ts";
import { readZone, zoneOf } from "./read-zone.ts";
import { KNOT, NAMED, NSD, type RealServer, startServer } from "./servers.ts";

/** A zone that was signed, asked with DO: every set has its signatures, and only the proofs of denials are missing. */
const TEXT = readFileSync(join(import.meta.dirname, "signed", "signed.zone"), "latin1");
const ORIGIN = knownName("signed.test.");
const TYPES = ["A", "AAAA", "TXT", "MX", "CNAME", "NS", "SOA", "DNAME", "DS", "DNSKEY"];

const zone = zoneOf(readZone(Buffer.from(TEXT, "latin1"), ORIGIN));
const questions: readonly AskedQuestion[] = namesToAsk().flatMap((name) => TYPES.map((type) => ({ name, type })));

function namesToAsk(): string[] {
  const names = new Set<string>();
  for (const { owner } of zoneRecords(zone.tree)) {
    for (let above = owner.labels.length - ORIGIN.labels.length; above >= 0; above--) {
      const name = formatName(ancestorOf(owner, above));
      names.add(name).add(`d.${name}`);
    }
  }
  return [...names];
}

describe("a signed zone, asked with DO", () => {
  const folder = mkdtempSync(join(tmpdir(), "privlink-signed-"));
  const file = join(folder, "signed.test.zone");
  let privlink: ServerProcess | undefined;
  let ours: readonly Message[] = [];

  beforeAll(async () => {
    writeFileSync(file, TEXT, "latin1");
    privlink = await startPrivlink({ cwd: folder, listen: ["127.0.0.1:0=authoritative", "127.0.0.1:0"], args: [file] });
    const [at] = privlink.at;
    if (at === undefined) throw new Error("privlink listens nowhere");
    ours = await askAll(at, questions, { dnssecOk: true });
  }, 30_000);
  afterAll(async () => {
    await privlink?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each([NSD, KNOT, NAMED])("as $name does", (make) => {
    let server: RealServer | undefined;
    beforeAll(async () => {
      server = await startServer(make, [{ origin: "signed.test.", text: TEXT }]);
    }, 30_000);
    afterAll(() => server?.stop());
    beforeEach(needs(make.name));

    test("answers, SOA and DS have the same signatures", async () => {
      if (server === undefined) throw new Error(`${make.name} did not start`);
      const theirs = await askAll(server.at, questions, { dnssecOk: true });
      expect(questions.map((question, i) => [question, linesWithoutProof(ours[i])])).toEqual(
        questions.map((question, i) => [question, linesWithoutProof(theirs[i])]),
      );
    });
  });

  test("a resolver's listener adds them, too", async () => {
    const at = privlink?.at[1];
    if (at === undefined) throw new Error("there is no second listener");
    const wanted = questions.map((question, i) => ({ question, own: linesWithoutProof(ours[i]) }));
    const answered = wanted.filter(({ own }) => own.rcode === 0 && own.glue.length === 0 && own.answer.length > 0);
    const resolved = await askAll(
      at,
      answered.map(({ question }) => question),
      { dnssecOk: true, recursionDesired: true },
    );
    expect(resolved.every(({ flags }) => !flags.aa && !flags.ad)).toBe(true);
    for (const [i, { own }] of answered.entries()) {
      expect(linesWithoutProof(resolved[i]).answer).toEqual(expect.arrayContaining([...own.answer]));
    }
    expect(answered.length).toBeGreaterThan(30);
  });

  test("without DO there is no signature", async () => {
    const at = privlink?.at[0];
    if (at === undefined) throw new Error("privlink listens nowhere");
    const plain = await askAll(at, questions);
    const lines = plain.map((message) => linesOfReply(message, ORIGIN));
    expect(lines.flatMap(({ answer, authority }) => [...answer, ...authority]).filter(isSignature)).toEqual([]);
  });
});

/** What both must say: proofs of denials are not built, and the NS set beside an answer is optional. */
function linesWithoutProof(message: Message | undefined): ReplyLines {
  if (message === undefined) throw new Error("there is no reply");
  const { answer, authority, ...rest } = linesOfReply(message, ORIGIN);
  const isKept = (line: string): boolean => {
    const [owner, , type, covered] = line.split(" ");
    const about = type === "RRSIG" ? covered : type;
    if (about === "NSEC") return false;
    return !(about === "NS" && owner === "signed.test." && answer.length > 0);
  };
  return { answer, authority: authority.filter(isKept), ...rest };
}

function isSignature(line: string): boolean {
  return line.split(" ")[2] === "RRSIG";
}
