import { explain, explanationText } from "../explain/explain.ts";
import { displayName } from "../name/name-text.ts";
import { RecordTypes } from "../record/record-type.ts";
import { typeName } from "../record/type-names.ts";
import type { Question, Resolution } from "../resolve/resolution.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Expectation } from "../topology/model.ts";
import { askModelOffline } from "./ask-model.ts";
import { askerText, clientOf } from "./askers.ts";
import { type Fault, faultsOf, speaksOfUnknown } from "./conditions.ts";
import type { Coverage } from "./coverage.ts";
import type { ExpectedQuestion, Unmatched } from "./questions.ts";
import { type Seen, seenIn, seenText } from "./seen.ts";

/** What came of asking. */
export type Answered =
  | { readonly kind: "seen"; readonly seen: Seen; readonly resolution?: Resolution }
  /** Nobody was asked: why, as a clause. */
  | { readonly kind: "skipped"; readonly why: string }
  /** Something was, and what it is cannot be known from here. */
  | { readonly kind: "unknown"; readonly why: string };

/**
 * Unknown: a real server would have to be asked, so it neither holds nor fails. Skipped: it is not about the server that
 * was asked.
 */
export type Verdict = "met" | "failed" | "unknown" | "skipped";

/** One question of an expectation, judged. */
export interface TestResult {
  readonly expectation: Expectation;
  /** Who asked, as a user writes it. */
  readonly from: string;
  /** Without its last dot. */
  readonly name: string;
  readonly type: string;
  readonly verdict: Verdict;
  /** What does not hold: of one that failed. */
  readonly faults: readonly Fault[];
  /** What came back, in words. */
  readonly got: string;
  /** Of what is unknown or skipped: why. */
  readonly why?: string;
  /** Of what failed: the decisions behind the model's answer, as `explain` prints them. */
  readonly explanation?: string;
  /** What was asked; absent where a pattern fits nothing. */
  readonly question?: Question;
  /** Of what was answered: for whoever writes answers down. */
  readonly seen?: Seen;
  /** Of what was answered by the model. */
  readonly resolution?: Resolution;
}

/** A whole run, for whoever reports it. */
export interface TestRun {
  readonly results: readonly TestResult[];
  /** What the expectations are about, as the user would name it. */
  readonly name: string;
  /** The real server that was asked, ADDR:PORT. */
  readonly server?: string;
  /** Where somebody wants it: what no expectation touched. */
  readonly coverage?: Coverage;
}

export interface JudgeOptions {
  /** Whether what is unknown counts as failed. */
  readonly strict: boolean;
}

/** Holds an answer against the expectation that its question is of. */
export function judge(
  snapshot: Snapshot,
  question: ExpectedQuestion,
  answered: Answered,
  { strict }: JudgeOptions,
): TestResult {
  const { expectation, asker } = question;
  const base = {
    expectation,
    from: askerText(asker),
    name: displayName(question.name),
    type: typeName(question.type),
    question: { name: question.name, type: question.type },
  };
  if (answered.kind === "skipped") return { ...base, verdict: "skipped", faults: [], got: "", why: answered.why };
  if (answered.kind === "unknown") return unknown(base, answered.why, strict);
  const { seen, resolution } = answered;
  if (seen.ending === "unknown" && !speaksOfUnknown(expectation))
    return unknown({ ...base, ...(resolution === undefined ? {} : { resolution }) }, whyUnknown(resolution), strict);
  const faults = faultsOf(expectation, seen);
  const known = { ...base, faults, got: seenText(seen), seen, ...(resolution === undefined ? {} : { resolution }) };
  if (faults.length === 0) return { ...known, verdict: "met" };
  const told = resolution ?? askModelOffline(snapshot, question);
  const explanation = explain(snapshot, base.from, told, clientOf(snapshot, asker));
  return { ...known, verdict: "failed", explanation: explanationText(explanation) };
}

type Base = Pick<TestResult, "expectation" | "from" | "name" | "type" | "question" | "resolution">;

function unknown(base: Base, why: string, strict: boolean): TestResult {
  const got = `unknown: ${why}`;
  if (!strict) return { ...base, verdict: "unknown", faults: [], got, why };
  return { ...base, verdict: "failed", faults: [{ condition: "resolves", expected: "an answer", got }], got };
}

function whyUnknown(resolution: Resolution | undefined): string {
  const outcome = resolution?.outcome;
  return outcome?.kind === "upstream" ? `${outcome.targets.join(", ")} would be asked` : "it was not asked";
}

/** A pattern that nothing fits fails once, whoever was to ask. */
export function judgeUnmatched({ expectation, pattern }: Unmatched): TestResult {
  const types = expectation.types.map(typeName).join(", ");
  const got = `the model knows no such name that has ${types} records or is an alias`;
  const from = expectation.from.map(askerText).join(", ");
  const faults: Fault[] = [{ condition: "resolves", expected: `names that fit ${pattern}`, got }];
  return { expectation, from, name: pattern, type: types, verdict: "failed", faults, got };
}

/** What came back from the model. */
export function answeredBy(resolution: Resolution): Answered {
  return { kind: "seen", seen: seenIn(resolution), resolution };
}

/** What came back from a real server, which does not say whose data it is where there is no address to tell by. */
export function answeredByServer({ is, not }: Expectation, seen: Seen): Answered {
  const speaksOfOrigin = is !== undefined || not?.is !== undefined;
  const isTold = seen.ending !== "answer" || seen.values.some(({ type }) => isAddressType(type));
  if (speaksOfOrigin && !isTold)
    return { kind: "unknown", why: "a server does not say whose data it is, and there is no address to tell by" };
  return { kind: "seen", seen };
}

function isAddressType(type: number): boolean {
  return type === RecordTypes.A || type === RecordTypes.AAAA;
}

/** How many there are of each verdict. */
export function countVerdicts(results: readonly TestResult[]): Readonly<Record<Verdict, number>> {
  const counts = { met: 0, failed: 0, unknown: 0, skipped: 0 };
  for (const { verdict } of results) counts[verdict] += 1;
  return counts;
}

/** The counts in words: `9 met, 1 failed`. */
export function formatCounts(results: readonly TestResult[]): string {
  const { met, failed, unknown: unknowns, skipped } = countVerdicts(results);
  const parts = [
    `${met} met`,
    failed === 0 ? "" : `${failed} failed`,
    unknowns === 0 ? "" : `${unknowns} unknown`,
    skipped === 0 ? "" : `${skipped} skipped`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}
