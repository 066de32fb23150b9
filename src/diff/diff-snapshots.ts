import { publicReason } from "../explain/public-reason.ts";
import type { DomainName } from "../name/domain-name.ts";
import type { RecordType } from "../record/record-type.ts";
import type { Question } from "../resolve/resolution.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { alikeAskers } from "./_alike.ts";
import { whereTheyPart } from "./_decided.ts";
import { type Finding, groupFindings } from "./_group.ts";
import { type Asked, KnownNames } from "./_known.ts";
import type { Marks } from "./_marks.ts";
import { SideBySide } from "./_pairs.ts";
import { type Asker, answerTo, sharedAskers } from "./asker.ts";
import type { Difference } from "./difference.ts";
import { contrastOf, endingOf, isPlainlySame } from "./ending.ts";

export interface DiffOptions {
  /** Who asks; without it every network, the hosts that ask somebody else, and the internet. */
  readonly askers?: readonly Asker[];
  /** Names to ask for beside those that the models have. */
  readonly names?: readonly DomainName[];
  /** The types to ask for; without it those that each name has. */
  readonly types?: readonly RecordType[];
}

/**
 * Finds every answer that changes between two models, for everybody and every name that either of them knows. A pure function
 * of its arguments, and as cheap as the models are alike: what they share is told by comparing them, and only the names that
 * a difference can reach are asked, once for all askers that are answered alike.
 */
export function diffSnapshots(before: Snapshot, after: Snapshot, options: DiffOptions = {}): Difference {
  const { askers = sharedAskers(before, after).askers, names = [], types = [] } = options;
  const known = new KnownNames(before, after);
  const sides = new SideBySide(before, after);
  const classes = alikeAskers(before, after, askers).map((members) => ({
    members,
    marks: sides.marksOf(members[0].before, members[0].after, () => known.aliases()),
  }));
  const marked = classes.filter(({ marks }) => marks.size > 0);
  const asked =
    marked.length === 0
      ? []
      : known.askedFor(
          marked.map(({ marks }) => marks),
          names,
          types,
        );
  const findings: Finding[] = [];
  let count = 0;
  for (const { members, marks } of marked) {
    const texts = members.map(({ text }) => text);
    for (const question of questionsIn(asked, marks)) {
      count += 1;
      const found = compareAnswers(before, after, members[0], question);
      if (found !== undefined) findings.push({ ...found, askers: texts });
    }
  }
  const order = askers.map(({ text }) => text);
  return { ...groupFindings(findings, order), askers: order, asked: count };
}

/** What is asked of what is known: the names that marks cover, with each of their types. */
function* questionsIn(asked: readonly Asked[], marks: Marks): Generator<Question> {
  for (const { name, types } of asked) if (marks.covers(name)) for (const type of types) yield { name, type };
}

/** Asks one question on both sides; `undefined` when the asker gets the same. */
function compareAnswers(
  before: Snapshot,
  after: Snapshot,
  asker: Asker,
  question: Question,
): Omit<Finding, "askers"> | undefined {
  const old = answerTo(before, asker.before, question);
  const now = answerTo(after, asker.after, question);
  if (isPlainlySame(old, now)) return undefined;
  const endings = { before: endingOf(old), after: endingOf(now) };
  const contrast = contrastOf(endings.before, endings.after);
  if (contrast === undefined) return undefined;
  const reason = contrast === "private-to-public" ? publicReason(after, now) : undefined;
  const decided = whereTheyPart(old, now);
  return { ...question, contrast, ...endings, decided, ...(reason === undefined ? {} : { reason }) };
}
