import type { TextEdit } from "../diagnostics/diagnostic.ts";
import { displayName } from "../name/name-text.ts";
import { RecordTypes } from "../record/record-type.ts";
import { typeName } from "../record/type-names.ts";
import type { SourceSpan } from "../source/source-file.ts";
import type { Expectation, TtlBounds } from "../topology/model.ts";
import type { TestResult } from "./results.ts";
import type { Seen } from "./seen.ts";
import { isSayable, nameText, resolvesOf } from "./today.ts";
import { type YamlValue, yamlFlow, yamlFlowMap } from "./yaml-text.ts";

/** How expectations that failed are made to hold again. */
export interface Update {
  /** No two of them want the same text. */
  readonly edits: readonly TextEdit[];
  /** How many expectations they change. */
  readonly updated: number;
  /** Expectations that stay as they are, and why: a clause. */
  readonly left: readonly { readonly expectation: Expectation; readonly why: string }[];
}

/** Works out what to write so that everything that failed says what is answered today. */
export function updateOf(results: readonly TestResult[]): Update {
  const byExpectation = new Map<Expectation, TestResult[]>();
  for (const result of results) {
    const others = byExpectation.get(result.expectation);
    if (others === undefined) byExpectation.set(result.expectation, [result]);
    else others.push(result);
  }
  const edits: TextEdit[] = [];
  const left: { expectation: Expectation; why: string }[] = [];
  let updated = 0;
  for (const [expectation, own] of byExpectation) {
    if (!own.some(({ verdict }) => verdict === "failed")) continue;
    const found = editsFor(expectation, own);
    if (typeof found === "string") left.push({ expectation, why: found });
    else if (found.some((edit) => edits.some((other) => overlap(edit.span, other.span))))
      left.push({ expectation, why: "what it says is shared with another one, by an anchor" });
    else {
      edits.push(...found);
      updated += 1;
    }
  }
  return { edits, left, updated };
}

function editsFor(expectation: Expectation, results: readonly TestResult[]): readonly TextEdit[] | string {
  const seen: Seen[] = [];
  for (const result of results) {
    if (result.seen === undefined)
      return result.why === undefined ? "no name fits its pattern" : `it is unknown: ${result.why}`;
    if (!isSayable(result.seen)) return `there is no word for ${result.got}`;
    seen.push(result.seen);
  }
  const broken = new Set(results.flatMap(({ faults }) => faults.map(({ condition }) => condition)));
  if (broken.has("not")) return "it forbids what is answered: change it by hand";
  const conditions = CONDITIONS.filter((condition) => broken.has(condition));
  const values = conditions.map((condition) => ({ condition, value: valueOf(condition, expectation, seen) }));
  return values.every(({ value }) => value !== undefined)
    ? valueEdits(expectation, values)
    : rewritten(expectation, results);
}

const CONDITIONS = ["resolves", "is", "via", "ttl"] as const;

type Condition = (typeof CONDITIONS)[number];

interface NewValue {
  readonly condition: Condition;
  readonly value: YamlValue | undefined;
}

/** What a condition must say so that it holds of every answer; `undefined` when nothing does. */
function valueOf(condition: Condition, { ttl }: Expectation, seen: readonly Seen[]): YamlValue | undefined {
  switch (condition) {
    case "resolves":
      return common(seen.map(resolvesOf));
    case "is": {
      const origin = common(seen.map((one) => [one.ending === "answer" ? (one.origin ?? "") : ""]))?.[0];
      return origin === "private" || origin === "public" ? origin : undefined;
    }
    case "via": {
      const chain = common(seen.map((one) => one.chain.map(displayName)));
      return chain?.length === 0 ? undefined : chain;
    }
    case "ttl":
      return boundsOf(
        ttl ?? {},
        seen.flatMap(({ ttls }) => ttls),
      );
  }
}

/** The one list that all of them are. */
function common(lists: readonly (readonly string[])[]): readonly string[] | undefined {
  const [first] = lists;
  return first !== undefined && lists.every((list) => list.join("\n") === first.join("\n")) ? first : undefined;
}

/** The same bounds, moved as far as they must be. */
function boundsOf({ min, max }: TtlBounds, ttls: readonly number[]): YamlValue | undefined {
  if (ttls.length === 0) return undefined;
  const least = Math.min(...ttls);
  const most = Math.max(...ttls);
  if (min !== undefined && min === max && least === most) return least;
  return {
    ...(min === undefined ? {} : { min: Math.min(min, least) }),
    ...(max === undefined ? {} : { max: Math.max(max, most) }),
  };
}

/** Puts new values in the places of those that do not hold, and changes nothing else. */
function valueEdits({ whole, spans }: Expectation, values: readonly NewValue[]): readonly TextEdit[] | string {
  const edits: TextEdit[] = [];
  for (const { condition, value } of values) {
    const span = trimmed(spans.get(condition) ?? whole);
    if (value === undefined) continue;
    if (!isInside(span, whole) || isAnchored(span)) return `its ${condition} is shared by an anchor: change it by hand`;
    if (textIn(span).includes("#")) return `a comment stands inside its ${condition}: change it by hand`;
    edits.push({ span, text: yamlFlow(value) });
  }
  return edits;
}

/** The span without the blanks and line endings that a block of YAML ends with. */
function trimmed(span: SourceSpan): SourceSpan {
  return { ...span, end: span.start + textIn(span).trimEnd().length };
}

function textIn({ file, start, end }: SourceSpan): string {
  return (file.text ?? "").slice(start, end);
}

function isInside(inner: SourceSpan, outer: SourceSpan): boolean {
  return inner.file === outer.file && inner.start >= outer.start && inner.end <= outer.end;
}

function isAnchored({ file, start }: SourceSpan): boolean {
  return /&\S+\s+$/.test((file.text ?? "").slice(Math.max(0, start - 100), start));
}

/**
 * Writes an expectation anew, as several where its answers differ: then no value of it could be right for all. What it said
 * by a pattern is said by the names that fit it today.
 */
function rewritten(expectation: Expectation, results: readonly TestResult[]): readonly TextEdit[] | string {
  const span = trimmed(expectation.whole);
  if (expectation.not !== undefined) return "its answers differ, and it has a not: change it by hand";
  if (textIn(span).includes("#")) return "its answers differ, and a comment stands inside it: change it by hand";
  if (/[&*]\w|<<:/.test(textIn(span))) return "its answers differ, and it has anchors or aliases: change it by hand";
  const items = itemsFor(expectation, results).map(yamlFlowMap);
  const between = separatorAt(span);
  if (between === undefined && items.length > 1) return "its answers differ: write it as a list, or change it by hand";
  return [{ span, text: items.join(between) }];
}

/** What stands between this item of a list and the next one; `undefined` where there is no list. */
function separatorAt({ file, start }: SourceSpan): string | undefined {
  const before = (file.text ?? "").slice(file.lineStarts.findLast((at) => at <= start) ?? 0, start);
  if (/^\s*- +$/.test(before)) return `\n${before}`;
  return /[[,]\s*$/.test((file.text ?? "").slice(0, start)) ? ", " : undefined;
}

type Entries = (readonly [string, YamlValue])[];

/** One item for each answer that some of the results have in common. */
function itemsFor(expectation: Expectation, results: readonly TestResult[]): Entries[] {
  const byAnswer = new Map<string, { names: string[]; from: string[]; type: string; conditions: Entries }>();
  for (const { from, asked, type, seen } of merged(results, expectation)) {
    const key = JSON.stringify([from, type, seen]);
    const same = byAnswer.get(key);
    if (same === undefined) byAnswer.set(key, { names: [asked], from, type, conditions: seen });
    else same.names.push(asked);
  }
  const { ask, tags, because } = expectation;
  return Array.from(
    byAnswer.values(),
    ({ names, from, type, conditions }): Entries => [
      ["from", from],
      ...(ask === undefined ? [] : [["ask", ask] as const]),
      ["name", names],
      ...(type === typeName(RecordTypes.A) ? [] : [["type", type] as const]),
      ...conditions,
      ...(tags.length === 0 ? [] : [["tags", tags] as const]),
      ...(because === undefined ? [] : [["because", because] as const]),
    ],
  );
}

/** For each name and type, those askers together that get the same. */
function merged(
  results: readonly TestResult[],
  expectation: Expectation,
): { readonly from: string[]; readonly asked: string; readonly type: string; readonly seen: Entries }[] {
  const found = new Map<string, { from: string[]; asked: string; type: string; seen: Entries }>();
  for (const { from, question, type, seen } of results) {
    if (seen === undefined || question === undefined) continue;
    const asked = nameText(question.name);
    const conditions = conditionsFor(expectation, seen);
    const key = JSON.stringify([asked, type, conditions]);
    const same = found.get(key);
    if (same === undefined) found.set(key, { from: [from], asked, type, seen: conditions });
    else if (!same.from.includes(from)) same.from.push(from);
  }
  return [...found.values()];
}

/** The conditions that the expectation had, as far as they can be said of an answer; how it ends where none can. */
function conditionsFor(expectation: Expectation, seen: Seen): Entries {
  const { resolves, is, via, ttl } = expectation;
  const had = { resolves: resolves !== undefined, is: is !== undefined, via: via.length > 0, ttl: ttl !== undefined };
  const entries: Entries = [];
  for (const condition of CONDITIONS) {
    const value = had[condition] ? valueOf(condition, expectation, [seen]) : undefined;
    if (value !== undefined) entries.push([condition, value]);
  }
  return entries.length === 0 || seen.ending !== "answer" ? [["resolves", resolvesOf(seen)]] : entries;
}

/** Whether two spans share a char. */
function overlap(a: SourceSpan, b: SourceSpan): boolean {
  return a.file === b.file && a.start < b.end && b.start < a.end;
}
