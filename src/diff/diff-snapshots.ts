import { publicReason } from "../explain/public-reason.ts";
import type { DomainName } from "../name/domain-name.ts";
import type { RecordType } from "../record/record-type.ts";
import type { Resolution } from "../resolve/resolution.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { alikeAskers } from "./_alike.ts";
import { whereTheyPart } from "./_decided.ts";
import { type Finding, groupFindings } from "./_group.ts";
import { type Alias, KnownNames } from "./_known.ts";
import { MarkTable } from "./_mark-table.ts";
import { OneSide } from "./_one-side.ts";
import { SideBySide } from "./_pairs.ts";
import { ZonePairs } from "./_zone-marks.ts";
import { type Asker, sharedAskers } from "./asker.ts";
import type { Difference } from "./difference.ts";
import { contrastOf, endingOf, isPlainlySame } from "./ending.ts";

export interface DiffOptions {
  /** Who asks; without it every network, the hosts that ask somebody else, and the internet. */
  readonly askers?: readonly Asker[];
  /** Names to ask for beside those that the models have. */
  readonly names?: readonly DomainName[];
  /** The types to ask for; without it those that each name has. */
  readonly types?: readonly RecordType[];
  /** Stops after so many questions: what is found by then is not everything. */
  readonly askAtMost?: number;
}

/**
 * Finds every answer that changes between two models, for everybody and every name that either of them knows. A pure function
 * of its arguments, and as cheap as the models are alike: what they share is told by comparing them, and only the names that
 * a difference can reach are asked, once for all askers that are answered alike.
 */
export function diffSnapshots(before: Snapshot, after: Snapshot, options: DiffOptions = {}): Difference {
  const { askers = sharedAskers(before, after).askers, names: extra = [], types = [], askAtMost = Infinity } = options;
  const zones = new ZonePairs();
  const sides = new SideBySide(before, after, zones);
  let known: KnownNames | undefined;
  const names = (): KnownNames => (known ??= new KnownNames(before, after, zones));
  const aliases = (): readonly Alias[] => names().aliases();
  const classes = alikeAskers(before, after, askers)
    .map((members) => ({ members, marks: sides.marksOf(members[0].before, members[0].after, aliases) }))
    .filter(({ marks }) => marks.size > 0);
  const old = new OneSide(
    before,
    classes.map(({ members }) => members[0].before),
    aliases,
  );
  const now = new OneSide(
    after,
    classes.map(({ members }) => members[0].after),
    aliases,
  );
  const findings: Finding[] = [];
  let asked = 0;
  let isWhole = true;
  const marks = classes.map((one) => one.marks);
  const table = new MarkTable(marks);
  for (const { name, types: own } of marks.length === 0 ? [] : names().askedFor(marks, extra, types)) {
    if (asked >= askAtMost) {
      isWhole = false;
      break;
    }
    const [touched, inOld, inNow] = [table.covering(name), old.unlikeFirst(name), now.unlikeFirst(name)];
    for (const type of own) {
      const question = { name, type };
      const compared = new Map<number, Finding | undefined>();
      for (const [index, { members }] of classes.entries()) {
        if (touched[index] !== 1) continue;
        const [first, second] = [inOld[index] === 1 ? index : 0, inNow[index] === 1 ? index : 0];
        const pair = first * classes.length + second;
        if (!compared.has(pair)) {
          asked += 1;
          compared.set(pair, compareAnswers(after, old.answer(first, question), now.answer(second, question)));
        }
        const finding = compared.get(pair);
        if (finding !== undefined) for (const { text } of members) finding.askers.push(text);
      }
      for (const finding of compared.values()) if (finding !== undefined) findings.push(finding);
    }
  }
  const order = askers.map(({ text }) => text);
  return { ...groupFindings(findings, order), askers: order, asked, isWhole };
}

/** What changes from one answer to another, for nobody yet; `undefined` when a client gets the same. */
function compareAnswers(after: Snapshot, old: Resolution, now: Resolution): Finding | undefined {
  if (isPlainlySame(old, now)) return undefined;
  const endings = { before: endingOf(old), after: endingOf(now) };
  const contrast = contrastOf(endings.before, endings.after);
  if (contrast === undefined) return undefined;
  const reason = contrast === "private-to-public" ? publicReason(after, now) : undefined;
  const decided = whereTheyPart(old, now);
  return { ...now.question, askers: [], contrast, ...endings, decided, ...(reason === undefined ? {} : { reason }) };
}
