import { Rcodes } from "../../src/message/rcodes.ts";
import { RecordTypes } from "../../src/record/record-type.ts";
import type { Zone } from "../../src/zone/zone.ts";
import { findNode, rrsetAt } from "../../src/zone/zone-tree.ts";
import type { AskedQuestion } from "./ask-all.ts";
import type { ExpectedReply, ReplyLines } from "./expected-reply.ts";
import { linesOfSet } from "./read-zone.ts";

/** A question with what we say and what a server says. */
interface Case {
  readonly zone: Zone;
  readonly question: AskedQuestion;
  readonly expected: ExpectedReply;
  readonly theirs: ReplyLines;
}

/** A way to differ that a row of `differences.md` may allow one server. */
interface LookupRule {
  readonly name: string;
  /** What the server says instead, exactly; `undefined` where the rule does not speak. */
  readonly excuse: (asked: Case) => Partial<ReplyLines> | undefined;
}

export const LOOKUP_RULES: readonly LookupRule[] = [
  {
    name: "the NS set beside an answer",
    excuse: ({ zone, expected, theirs }) => {
      const isAnswer = expected.answer.length > 0 && expected.authority.length === 0;
      const authority = apexNs(zone);
      return isAnswer && String(theirs.authority) === String(authority) ? { authority } : undefined;
    },
  },
  {
    name: "one set for ANY",
    excuse: ({ question, expected, theirs }) => {
      if (question.type !== "ANY" || theirs.answer.length === 0 || isBelowDname(expected)) return undefined;
      const type = typeIn(theirs.answer[0]);
      const answer = expected.answer.filter((line) => typeIn(line) === type);
      return answer.length < expected.answer.length ? { answer } : undefined;
    },
  },
  {
    name: "a DNAME is followed for ANY",
    excuse: ({ question, expected, theirs }) =>
      question.type === "ANY" && isBelowDname(expected) && isPart(expected.first, theirs.answer) ? theirs : undefined,
  },
  {
    name: "aliases that never end",
    excuse: ({ expected, theirs }) => {
      const { rcode, answer } = theirs;
      const stops = isPart(expected.first, answer) && isPart(answer, expected.answer);
      return expected.endless && stops && rcode === Rcodes.SERVFAIL ? { rcode, answer } : undefined;
    },
  },
  {
    name: "a name that grows with every DNAME",
    excuse: ({ expected, theirs }) => {
      const { rcode, answer } = theirs;
      const stops = isPart(expected.first, answer) && isPart(answer, expected.answer);
      return expected.rcode === Rcodes.YXDOMAIN && stops ? { rcode, answer } : undefined;
    },
  },
];

/** The NS set of a zone, in lines. */
export function apexNs({ tree, origin }: Zone): string[] {
  const apex = findNode(tree, origin);
  const ns = apex === undefined ? undefined : rrsetAt(tree, apex, RecordTypes.NS);
  return ns === undefined ? [] : linesOfSet(ns).sort();
}

/** Whether the first step is a DNAME with the CNAME that it makes. */
function isBelowDname({ first }: ExpectedReply): boolean {
  return first.some((line) => typeIn(line) === "DNAME") && first.some((line) => typeIn(line) === "CNAME");
}

export function typeIn(line: string | undefined): string {
  return line?.split(" ")[2] ?? "";
}

export function isPart(some: readonly string[], all: readonly string[]): boolean {
  return some.every((line) => all.includes(line));
}
