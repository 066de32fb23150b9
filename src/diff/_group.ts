import type { PublicReason } from "../explain/public-reason.ts";
import { lineOf } from "../explain/step-text.ts";
import type { DomainName } from "../name/domain-name.ts";
import type { RecordType } from "../record/record-type.ts";
import type { Step } from "../resolve/resolution.ts";
import { type Decided, decidedKey } from "./_decided.ts";
import { type Change, countOf, type Difference, type Side } from "./difference.ts";
import type { Contrast, Ending } from "./ending.ts";

/** One answer that changes. */
export interface Finding {
  /** Those who are answered so; found one by one. */
  readonly askers: string[];
  readonly name: DomainName;
  readonly type: RecordType;
  readonly contrast: Contrast;
  readonly before: Ending;
  readonly after: Ending;
  readonly decided: Decided;
  readonly reason?: PublicReason;
}

const CONTRASTS: readonly Contrast[] = ["private-to-public", "answer-to-none", "changed", "aliases", "ttl"];

/** Puts together what is the same for several askers, then for several types of a name, then for several names. */
export function groupFindings(
  findings: readonly Finding[],
  order: readonly string[],
): Pick<Difference, "changes" | "counts"> {
  const rank = new Map(order.map((asker, i) => [asker, i]));
  const byAskers = merge(findings.map(asGroup), ({ names, types }) => `${names[0]?.key} ${types[0]}`, addAskers);
  for (const group of byAskers) group.askers.sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
  const byTypes = merge(byAskers, ({ askers, names }) => `${askers.join("\n")}\n${names[0]?.key}`, addTypes);
  for (const group of byTypes) group.types.sort((a, b) => a - b);
  const byNames = merge(byTypes, ({ askers, types }) => `${askers.join("\n")}\n${types.join()}`, addNames);
  const changes = byNames
    .map(changeOf)
    .toSorted((a, b) => CONTRASTS.indexOf(a.contrast) - CONTRASTS.indexOf(b.contrast));
  const counts = { "private-to-public": 0, "answer-to-none": 0, changed: 0, aliases: 0, ttl: 0 };
  for (const change of changes) counts[change.contrast] += countOf(change);
  return { changes, counts };
}

interface Group {
  readonly askers: string[];
  readonly names: DomainName[];
  readonly types: RecordType[];
  /** That of its first asker, name and type. */
  readonly finding: Finding;
  /** What all findings of a group have in common. */
  readonly key: string;
}

function asGroup(finding: Finding): Group {
  const { askers, name, type, contrast, before, after, decided } = finding;
  const key = [contrast, endingKey(before, contrast), endingKey(after, contrast), decidedKey(decided)].join("\n");
  return { askers, names: [name], types: [type], finding, key };
}

/** Groups that are one by their common key and by `partOf` become one: of what `into` names, the rest is the same. */
function merge(
  groups: Iterable<Group>,
  partOf: (group: Group) => string,
  add: (into: Group, group: Group) => void,
): readonly Group[] {
  const merged = new Map<string, Group>();
  for (const group of groups) {
    const key = `${partOf(group)}\n${group.key}`;
    const into = merged.get(key);
    if (into === undefined) {
      merged.set(key, group);
      continue;
    }
    add(into, group);
  }
  return [...merged.values()];
}

function addAskers(into: Group, { askers }: Group): void {
  into.askers.push(...askers);
}

function addTypes(into: Group, { types }: Group): void {
  into.types.push(...types);
}

function addNames(into: Group, { names }: Group): void {
  into.names.push(...names);
}

/** What of an ending is shown for a contrast. */
function endingKey({ kind, origin, records, aliases, ttl, targets }: Ending, contrast: Contrast): string {
  const shown = contrast === "aliases" ? aliases : contrast === "ttl" ? [String(ttl)] : [];
  return [kind, origin ?? "", ...records, ...targets, ...shown].join(" ");
}

function changeOf({ askers, names, types, finding }: Group): Change {
  const { contrast, before, after, decided, reason } = finding;
  return {
    contrast,
    askers,
    names,
    types,
    before: sideOf(before, decided.before),
    after: sideOf(after, decided.after),
    ...(reason === undefined ? {} : { reason }),
  };
}

function sideOf(ending: Ending, step: Step | undefined): Side {
  return { ending, ...(step === undefined ? {} : { decided: lineOf(step) }) };
}
