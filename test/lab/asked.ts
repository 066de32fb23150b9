import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { askedBy, findWho } from "../../src/cli/who.ts";
import { DEFAULT_UDP_SIZE } from "../../src/message/edns.ts";
import { knownName } from "../../src/name/name-text.ts";
import { loadProject } from "../../src/project/load-project.ts";
import { ProjectFiles } from "../../src/project/project-files.ts";
import { RecordClasses } from "../../src/record/record-type.ts";
import { typeNumber } from "../../src/record/type-names.ts";
import { replyTo } from "../../src/reply/reply-to.ts";
import { resolveOffline } from "../../src/resolve/resolve.ts";
import type { Snapshot } from "../../src/snapshot/snapshot.ts";
import { sourceFile } from "../../src/source/source-file.ts";
import { run } from "../support/memory-io.ts";
import { replyLines } from "../support/reply-text.ts";
import type { RealLab } from "./real-lab.ts";

/** A question, and whom it is asked: the servers of `resolv.conf` where no address is said. */
export interface Question {
  readonly name: string;
  readonly type: string;
  readonly at?: string;
}

/** An answer as both sides are written down: the rcode, then the answer section, a record a line. */
export type AnswerLines = readonly string[];

export function loadFile(path: string): Snapshot {
  const files = new ProjectFiles(dirname(path), dirname(path));
  return loadProject(sourceFile(basename(path), readFileSync(path, "utf8")), files).snapshot;
}

/** Every name that `privlink list names` tells, and one that nobody has. */
export async function namesOf(lab: RealLab): Promise<string[]> {
  const { stdout } = await run(`list names -o json -c ${lab.file}`, lab.folder);
  const names = Array.from(stdout.matchAll(/"name": "([^"]+)"/g), ([, name = ""]) => name);
  return [...new Set(names), "nobody.example"];
}

/** What the model says to somebody; `undefined`: nobody would reply. */
export function modelAnswer(snapshot: Snapshot, from: string, { name, type, at }: Question): AnswerLines | undefined {
  const found = findWho(snapshot, [from]);
  const [who] = found.kind === "found" ? found.who : [];
  if (who === undefined) throw new Error(`nobody is called ${from}`);
  const asked = askedBy(snapshot, who, at);
  if (asked.kind !== "addressee") return undefined;
  const question = { name: knownName(name), type: typeNumber(type) ?? 0 };
  const resolution = resolveOffline(snapshot, asked.addressee, question);
  if (resolution.outcome.kind === "no-reply") return undefined;
  const edns = { version: 0, udpSize: DEFAULT_UDP_SIZE, dnssecOk: false, options: [] };
  const query = { id: 0, rd: true, cd: false, ad: false, edns, trailingOctets: 0 };
  const whole = { ...query, question: { ...question, class: RecordClasses.IN, start: 0, end: 0 } };
  const [head = "", ...lines] = replyLines(replyTo(whole, resolution, { transport: "udp" }));
  return [head.split(" ")[0] ?? "", ...lines.filter((line) => line.startsWith("answer "))];
}

/** What dig gets when somebody in the lab asks, question by question. One process asks them all. */
export async function digAnswers(lab: RealLab, from: string, questions: readonly Question[]): Promise<AnswerLines[]> {
  const batch = join(lab.folder, `batch-${from.replaceAll("/", "-")}`);
  const lines = questions.map(({ name, type, at }) => `${at === undefined ? "" : `@${at} `}${name} ${type}`);
  writeFileSync(batch, `${lines.join("\n")}\n`);
  const flags = ["+noall", "+comments", "+answer", "+time=3", "+tries=2"];
  const { stdout } = await lab.exec(from, "dig", ...flags, "-f", batch);
  const answers: string[][] = [];
  for (const line of stdout.split("\n")) {
    const [, rcode] = /^;; ->>HEADER<<- .*status: (\w+)/.exec(line) ?? [];
    if (rcode !== undefined) answers.push([rcode]);
    else if (line !== "" && !line.startsWith(";")) {
      const [owner = "", ttl = "", , type = "", ...rdata] = line.split(/\s+/);
      answers.at(-1)?.push(`answer ${owner} ${ttl} ${type} ${rdata.join(" ")}`);
    }
  }
  if (answers.length !== questions.length)
    throw new Error(`${from} got ${answers.length} of ${questions.length}:\n${stdout}`);
  return answers;
}
