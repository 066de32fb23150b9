import { Rcodes } from "../../src/message/rcodes.ts";
import { ancestorOf, type DomainName, parentOf, sameName } from "../../src/name/domain-name.ts";
import { formatName, knownName } from "../../src/name/name-text.ts";
import { longestSuffix } from "../../src/name/suffix-map.ts";
import type { Zone } from "../../src/zone/zone.ts";
import type { AskedQuestion } from "./ask-all.ts";
import { type ExpectedReply, expectedReply, type ReplyLines } from "./expected-reply.ts";
import { apexNs, isPart, typeIn } from "./lookup-rules.ts";
import { linesOfZone } from "./read-zone.ts";

/** Every zone that a server has, by the key of its name. */
export type Family = ReadonlyMap<string, Zone>;

/** A question with what we say and what another server says that has the same zones. */
export interface Case {
  readonly family: Family;
  readonly question: AskedQuestion;
  readonly ours: ReplyLines;
  readonly theirs: ReplyLines;
}

/** A way to differ that a row of `differences.md` may allow one server. */
interface AuthorityRule {
  readonly name: string;
  /** What the server says instead, exactly; `undefined` where the rule does not speak. */
  readonly excuse: (asked: Case) => Partial<ReplyLines> | undefined;
}

/** The fewest aliases at which a server stops (Knot). */
const FEWEST_ALIASES = 5;

/** Later rules add to what earlier ones excuse. */
export const AUTHORITY_RULES: readonly AuthorityRule[] = [
  {
    name: "one set for ANY",
    excuse: ({ question, ours, theirs }) => {
      if (question.type !== "ANY" || theirs.answer.length === 0 || hasDname(ours.answer)) return undefined;
      const type = typeIn(theirs.answer[0]);
      const answer = ours.answer.filter((line) => typeIn(line) === type);
      return answer.length < ours.answer.length ? { answer } : undefined;
    },
  },
  {
    name: "a DNAME is followed for ANY",
    excuse: ({ question, ours, theirs }) =>
      question.type === "ANY" && hasDname(ours.answer) && isPart(ours.answer, theirs.answer) ? theirs : undefined,
  },
  {
    name: "aliases into another zone",
    excuse: ({ family, question, ours }) => {
      if (question.type === "ANY" || leavesFor(family, question, ours) === undefined) return undefined;
      return linesOf(expectedReply(zoneOf(family, question), question, (name) => longestSuffix(family, name)));
    },
  },
  {
    name: "aliases below a zone's child",
    excuse: ({ family, question, ours }) => {
      const own = zoneOf(family, question);
      const next = question.type === "ANY" ? undefined : leavesFor(family, question, ours);
      return next?.origin.key.endsWith(own.origin.key) === true ? linesOf(expectedReply(own, question)) : undefined;
    },
  },
  {
    name: "many aliases",
    excuse: ({ family, question, theirs }) => {
      const { rcode, answer } = theirs;
      const walks = [
        expectedReply(zoneOf(family, question), question),
        expectedReply(zoneOf(family, question), question, (name) => longestSuffix(family, name)),
      ];
      const walk = walks.find(({ first, answer: all }) => isPart(first, answer) && isPart(answer, all));
      if (walk === undefined || countOf(walk.answer, "CNAME") <= FEWEST_ALIASES) return undefined;
      if (rcode === Rcodes.SERVFAIL) return { rcode, answer, authority: [] };
      return answer.length === walk.answer.length ? { ...linesOf(walk), rcode } : { rcode, answer, authority: [] };
    },
  },
  {
    name: "aliases that never end",
    excuse: ({ family, question, ours, theirs }) =>
      expectedReply(zoneOf(family, question), question).endless && theirs.rcode === Rcodes.SERVFAIL
        ? { ...ours, rcode: Rcodes.SERVFAIL }
        : undefined,
  },
  {
    name: "names of one zone in another",
    excuse: ({ family, question, ours, theirs }) => {
      const targets = [...targetsIn(ours.answer), ...targetsIn(theirs.answer)];
      const isOfTwo =
        isElsewhereToo(family, knownName(question.name), zoneOf(family, question)) ||
        targets.some((name) => isElsewhereToo(family, name, longestSuffix(family, name)));
      return isOfTwo ? theirs : undefined;
    },
  },
  {
    name: "the NS set beside an answer",
    excuse: ({ family, question, theirs }) => {
      if (theirs.answer.length === 0) return undefined;
      const owners = [...theirs.answer, `${question.name} `].map((line) => knownName(line.split(" ")[0] ?? ""));
      const holders = owners.map((owner) => longestSuffix(family, owner)).filter((zone) => zone !== undefined);
      const isApexNs = holders.some((zone) => String(apexNs(zone)) === String(theirs.authority));
      return isApexNs ? { authority: theirs.authority } : undefined;
    },
  },
];

/** The zone that answers: the longest; for DS the one above (RFC 4035 §3.1.4.1). */
function zoneOf(family: Family, { name, type }: AskedQuestion): Zone {
  const own = knownName(name);
  const above = type === "DS" ? longestSuffix(family, parentOf(own)) : undefined;
  const zone = above ?? longestSuffix(family, own);
  if (zone === undefined) throw new RangeError(`no zone holds ${name}`);
  return zone;
}

/** The other zone that our answer's last alias leads to. */
function leavesFor(family: Family, question: AskedQuestion, { answer }: ReplyLines): Zone | undefined {
  const owners = new Set(answer.map((line) => knownName(line.split(" ")[0] ?? "").key));
  const last = targetsIn(answer).find((target) => !owners.has(target.key));
  const zone = last === undefined ? undefined : longestSuffix(family, last);
  return zone === zoneOf(family, question) ? undefined : zone;
}

/** Whether a name, or one between it and the zone that answers for it, is a name of another zone, or spoken of there. */
function isElsewhereToo(family: Family, name: DomainName, own: Zone | undefined): boolean {
  if (own === undefined) return false;
  for (let above = 0; above <= name.labels.length - own.origin.labels.length; above++) {
    const at = ancestorOf(name, above);
    if (above > 0 && sameName(at, own.origin)) return false;
    for (const text of [formatName(at), `*.${formatName(parentOf(at))}`]) {
      const speaking = whoSpeaksOf(family).get(text) ?? new Set();
      if (speaking.size > (speaking.has(own) ? 1 : 0)) return true;
    }
  }
  return false;
}

const indexes = new WeakMap<Family, ReadonlyMap<string, ReadonlySet<Zone>>>();

/** Every name that stands in a record, and each name above it, with the zones of these records. */
function whoSpeaksOf(family: Family): ReadonlyMap<string, ReadonlySet<Zone>> {
  const known = indexes.get(family);
  if (known !== undefined) return known;
  const found = new Map<string, Set<Zone>>();
  for (const zone of family.values()) {
    for (const word of linesOfZone(zone.tree).flatMap((line) => line.split(" "))) {
      if (!word.endsWith(".")) continue;
      for (let name = word; name !== ""; name = name.slice(name.indexOf(".") + 1)) {
        found.set(name, (found.get(name) ?? new Set<Zone>()).add(zone));
      }
    }
  }
  indexes.set(family, found);
  return found;
}

function targetsIn(answer: readonly string[]): DomainName[] {
  return answer.filter((line) => typeIn(line) === "CNAME").map((line) => knownName(line.split(" ")[3] ?? ""));
}

function hasDname(answer: readonly string[]): boolean {
  return countOf(answer, "DNAME") > 0 && countOf(answer, "CNAME") > 0;
}

function countOf(answer: readonly string[], type: string): number {
  return answer.filter((line) => typeIn(line) === type).length;
}

function linesOf({ rcode, aa, answer, authority, glue }: ExpectedReply): ReplyLines {
  return { rcode, aa, answer, authority, glue };
}
