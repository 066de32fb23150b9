import type { RRset } from "../record/rrset.ts";
import { lastSource } from "../resolve/last-source.ts";
import type { Resolution, Step } from "../resolve/resolution.ts";
import { targetsOf } from "../snapshot/snapshot.ts";

/** The decision that made the difference on each side; absent where none was taken. */
export interface Decided {
  readonly before: Step | undefined;
  readonly after: Step | undefined;
}

/**
 * Finds where two resolutions of one question part: the first decisions that are not the same. What counts is what was
 * decided, wherever it stands in a file. Where one goes on and the other has ended, who spoke last.
 */
export function whereTheyPart(before: Resolution, after: Resolution): Decided {
  const [old, now] = [before.trace, after.trace];
  for (let at = 0; at < old.length || at < now.length; at++) {
    const [was, is] = [old[at], now[at]];
    if (was === undefined || is === undefined) break;
    if (whatIsDecided(was) !== whatIsDecided(is) || dataIn(was) !== dataIn(is)) return { before: was, after: is };
  }
  return { before: lastSource(old), after: lastSource(now) };
}

/** Two decisions in short, without names and places: changes that rest on equal ones are told together. */
export function decidedKey({ before, after }: Decided): string {
  return [before, after].map((step) => (step === undefined ? "" : whatIsDecided(step))).join("\n");
}

function whatIsDecided(step: Step): string {
  switch (step.kind) {
    case "resolver":
      return `resolver ${step.resolver.kind} ${step.resolver.addresses.map(({ address }) => address.text).join()}`;
    case "authority":
      return `authority ${step.authority.key}`;
    case "zone":
      return `zone ${step.source.key} ${step.found.kind}`;
    case "redirect":
      return `redirect ${step.source.key}`;
    case "rule": {
      const targets = targetsOf(step.rule).map(({ text }) => text);
      return `rule ${step.rule.kind} ${step.rule.ruleset ?? ""} ${step.rule.domain.key} ${targets.join()} ${step.rule.isLocal}`;
    }
    case "rule-answer":
      return `rule-answer ${step.rule.domain.key} ${step.found.kind}`;
    case "target":
      return `target ${step.target.text} ${step.result}`;
    case "builtin":
      return `builtin ${step.domain.key}`;
    case "public":
      return `public ${step.zone?.key ?? ""} ${step.found.kind}`;
    case "offline":
      return "offline";
    case "cut":
      return "cut";
    case "upstream":
      return `upstream ${step.targets.join()} ${step.result}`;
    case "assumed":
      return `assumed ${step.assumption.kind}`;
  }
}

/** The records that a decision gave, and whose names: two of one kind that gave other ones differ. */
function dataIn(step: Step): string {
  switch (step.kind) {
    case "zone":
    case "rule-answer":
    case "public": {
      const { found } = step;
      if (found.kind === "data") return found.rrsets.map(setText).join(";");
      if (found.kind === "alias") return setText(found.cname);
      return found.kind === "dname" ? setText(found.dname) : step.name.key;
    }
    case "authority":
    case "resolver":
    case "redirect":
    case "rule":
    case "target":
    case "builtin":
    case "offline":
    case "cut":
    case "upstream":
    case "assumed":
      return "";
  }
}

function setText({ owner, type, ttl, rdatas }: RRset): string {
  return `${owner.key} ${type} ${ttl} ${rdatas.map((rdata) => rdata.join(".")).join()}`;
}
