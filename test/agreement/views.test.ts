import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Message } from "../../src/message/message.ts";
import { LOOPBACK_PREFIXES } from "../../src/net/cidr.ts";
import { loadProject } from "../../src/project/load-project.ts";
import { ProjectFiles } from "../../src/project/project-files.ts";
import { RecordTypes } from "../../src/record/record-type.ts";
import type { ResourceRecord } from "../../src/record/rrset.ts";
import { renderCompact } from "../../src/report/compact.ts";
import { createAnswer } from "../../src/serve/answer.ts";
import { type Listeners, openListeners } from "../../src/serve/listeners.ts";
import { holdSnapshot } from "../../src/snapshot/holder.ts";
import type { Snapshot } from "../../src/snapshot/snapshot.ts";
import { here, unexpected } from "../loopback.ts";
import { needs } from "../support/tools.ts";
import { type AskedQuestion, askAll } from "./ask-all.ts";
import { differencesUnder } from "./differences.ts";
import { namedWith, namesIn, zonesOfView } from "./named-views.ts";
import { linesOfSet } from "./read-zone.ts";
import { type RealServer, startServer } from "./servers.ts";

const PROJECTS = [
  { project: "example", folder: join(import.meta.dirname, "..", "..", "zones") },
  { project: "zones over zones", folder: join(import.meta.dirname, "views") },
];
/** Where questions come from: `clients` of the hub in both projects, and anywhere else. */
const VIEWS = [
  { view: "hub", from: "127.10.0.4" },
  { view: "internet", from: "127.0.0.1" },
];
const TYPES = ["A", "AAAA", "CNAME", "TXT", "MX", "NS", "SOA"];

const rows = differencesUnder("Views");

describe.each(PROJECTS)("views of named like those of the project: $project", ({ project, folder }) => {
  const snapshot = load(folder);
  const views = [
    { name: "hub", clients: "127.10.0.0/16", zones: zonesOfView(snapshot, "hub") },
    { name: "internet", clients: "any", zones: zonesOfView(snapshot) },
  ];
  const names = namesIn(views.flatMap(({ zones }) => zones));
  const questions = names.flatMap((name) => TYPES.map((type) => ({ name, type })));

  let named: RealServer | undefined;
  let ours: Listeners | undefined;

  beforeAll(async () => {
    const { make, zones } = namedWith(views);
    named = await startServer(make, zones);
    ours = await listen(snapshot);
  }, 30_000);
  afterAll(async () => {
    await named?.stop();
    await ours?.close(0);
  });

  beforeEach(needs("named"));

  test.each(VIEWS)("answer as we do whoever asks from the $view", async ({ view, from }) => {
    const door = ours?.doors[0];
    if (named === undefined || door === undefined) throw new Error("nobody listens");
    const options = { recursionDesired: true, from };
    const [there, own] = await Promise.all([askAll(named.at, questions, options), askAll(door.at, questions, options)]);
    const differing = questions.flatMap((question, i) => difference(question, own[i], there[i]));
    const where = `${project}, ${view}: `;
    const agreed = [...rows.values()].filter((row) => row.where.startsWith(where));
    expect(differing).toEqual(agreed.map((row) => [row.where.slice(where.length), row.ours, row.theirs]));
    expect(own.filter(({ answers }) => answers.length > 1).length).toBeGreaterThan(2);
  });
});

function load(folder: string): Snapshot {
  const files = new ProjectFiles(folder, folder);
  const entry = files.open("privlink.yaml", "unicode");
  if (entry.kind === "problem") throw new Error(entry.message);
  const { snapshot, diagnostics, hasErrors } = loadProject(entry.file, files);
  if (hasErrors) throw new Error(diagnostics.map(renderCompact).join("\n"));
  return snapshot;
}

async function listen(snapshot: Snapshot): Promise<Listeners> {
  const respond = createAnswer({
    snapshots: holdSnapshot(snapshot),
    listener: () => ({ trust: LOOPBACK_PREFIXES }),
    identity: { version: "test", id: "test" },
    onFault: unexpected,
  });
  const listeners = await openListeners({ listeners: [{ at: here(), respond }], onFault: unexpected });
  if (listeners.kind === "failed") throw new Error(listeners.problems.map(({ text }) => text).join("\n"));
  return listeners;
}

/** Question, ours, theirs: what a row of `differences.md` has; nothing where both say the same. */
function difference(question: AskedQuestion, ours: Message | undefined, theirs: Message | undefined): string[][] {
  const [one, other] = [summaryOf(ours), summaryOf(theirs)];
  return one === other ? [] : [[`${question.name} ${question.type}`, one, other]];
}

/** The rcode, the answer in its order, and who denies. */
function summaryOf(message: Message | undefined): string {
  if (message === undefined) return "no reply";
  const denial = message.authorities.filter(({ type }) => type === RecordTypes.SOA);
  return [`rcode ${message.rcode}`, ...message.answers.flatMap(lineOf), ...denial.flatMap(lineOf)].join("; ");
}

function lineOf({ owner, type, ttl, rdata }: ResourceRecord): string[] {
  return linesOfSet({ owner, type, ttl, rdatas: [rdata] });
}
