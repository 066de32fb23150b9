import { displayName, formatName } from "../name/name-text.ts";
import { formatRdata } from "../record/rdata-text.ts";
import type { RRset } from "../record/rrset.ts";
import { typeName } from "../record/type-names.ts";
import type { Outcome, Resolution, Step } from "../resolve/resolution.ts";
import type { Client } from "../snapshot/clients.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { formatLine, positionOf, type SourceSpan } from "../source/source-file.ts";
import type { Target } from "../topology/model.ts";
import { connectionOf } from "./connection.ts";
import { denialReason } from "./denial-reason.ts";
import { type PublicReason, publicReason } from "./public-reason.ts";
import { failureSentence, refusalSentence, silenceSentence, unfollowedSentence } from "./sentences.ts";
import { type Line, lineOf } from "./step-text.ts";
import { type Origin, originOf } from "./verdict.ts";

/** A resolution told to a person. */
export interface Explanation {
  readonly resolution: Resolution;
  /** Who asked, in the words of the one who wants to know. */
  readonly asker: string;
  readonly lines: readonly Line[];
  readonly origin?: Origin;
  /** The records of the reply, as text, aliases first. */
  readonly records: readonly string[];
  /** How it ended: a sentence without a full stop. */
  readonly ending: string;
  /** Set when the answer is public, or none, although an endpoint of the model has the name. */
  readonly reason?: PublicReason;
  /** What a connection meets, which no name tells (SEMANTICS 49). */
  readonly connection?: string;
}

/**
 * Tells the decisions behind a resolution, in order, each with the places in the files that it rests on. With a `client`
 * it also tells whether that one has a way to the answer.
 */
export function explain(snapshot: Snapshot, asker: string, resolution: Resolution, client?: Client): Explanation {
  const { aliases, outcome, trace } = resolution;
  const origin = originOf(resolution);
  const reason = publicReason(snapshot, resolution) ?? denialReason(snapshot, resolution);
  const connection = connectionOf(snapshot, resolution, client);
  const sets = outcome.kind === "answer" ? [...aliases, ...outcome.rrsets] : aliases;
  return {
    resolution,
    asker,
    lines: trace.filter((step, i) => !isExpected(trace, step, i)).map((step) => lineOf(step)),
    ...(origin === undefined ? {} : { origin }),
    records: sets.flatMap((rrset) => recordTexts(rrset)),
    ending: endingOf(outcome),
    ...(reason === undefined ? {} : { reason }),
    ...(connection === undefined ? {} : { connection }),
  };
}

/**
 * That the first target asked answers, and its reply is passed on, goes without saying, unless the target stands outside
 * the model: nothing else names it then.
 */
function isExpected(trace: readonly Step[], step: Step, index: number): boolean {
  if (step.kind !== "target" || step.result !== "answered") return false;
  const earlier = trace.slice(0, index);
  const isFirst = !earlier.some((one) => one.kind === "target" && one.result !== "answered");
  return isFirst && (step.target.kind !== "address" || earlier.some((one) => isAskedAt(one, step.target)));
}

function isAskedAt(step: Step, target: Target): boolean {
  if (step.kind !== "resolver" || target.kind !== "address") return false;
  return step.resolver.addresses.some(({ address }) => address.text === target.at.address.text);
}

/** The records of a set as zone-file lines. */
export function recordTexts({ owner, ttl, type, rdatas }: RRset): string[] {
  return rdatas.map((rdata) => `${formatName(owner)} ${ttl} IN ${typeName(type)} ${formatRdata(type, rdata)}`);
}

/** How a question ended, in words. */
export function endingOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case "answer":
      return outcome.rrsets.flatMap(({ type, rdatas }) => rdatas.map((rdata) => formatRdata(type, rdata))).join(", ");
    case "nodata":
      return `the name exists, the type does not (NODATA${deniedBy(outcome.soa)})`;
    case "nxdomain":
      return `there is no such name (NXDOMAIN${deniedBy(outcome.soa)})`;
    case "yxdomain":
      return "a DNAME made a name of over 255 octets (YXDOMAIN)";
    case "referral":
      return `referral: ${recordTexts(outcome.ns).join(", ")}`;
    case "unfollowed":
      return `the aliases, and no more: ${unfollowedSentence(outcome.target, outcome.why)}`;
    case "failed":
      return `SERVFAIL: ${failureSentence(outcome.reason)}`;
    case "refused":
      return `REFUSED: ${refusalSentence(outcome.reason)}`;
    case "not-implemented":
      return "NOTIMP: such a question is never forwarded";
    case "no-reply":
      return `no reply: ${silenceSentence(outcome.reason)}`;
    case "upstream":
      return `unknown here: ${outcome.targets.join(", ")} would be asked`;
  }
}

function deniedBy(soa: RRset | undefined): string {
  return soa === undefined ? "" : `, by zone ${displayName(soa.owner)}`;
}

/** The explanation as text: numbered decisions with `file:line` behind them, then the end. */
export function explanationText(explanation: Explanation): string {
  const { resolution, asker, lines, origin, records, ending, reason, connection } = explanation;
  const { name, type } = resolution.question;
  const numbered = lines.map(({ text, places }, i) => `${String(i + 1).padStart(3)}  ${text}${placesText(places)}`);
  const parts = [`${displayName(name)} ${typeName(type)}, asked from ${asker}`, "", ...numbered, ""];
  for (const record of records) parts.push(`     ${record}`);
  if (records.length > 0) parts.push("");
  parts.push(`→ ${ending}${origin === undefined ? "" : ` (${origin})`}`);
  if (connection !== undefined) parts.push(`  ${connection}`);
  if (reason !== undefined) {
    parts.push(
      "",
      `${origin === "public" ? "public" : "denied"}, although an endpoint exists: ${reason.sentence}${placesText(reason.places)}`,
      `to change it: ${reason.change}`,
    );
  }
  return `${parts.join("\n")}\n`;
}

function placesText(places: readonly SourceSpan[]): string {
  const texts = [...new Set(places.map((place) => formatLine(place)))];
  return texts.length === 0 ? "" : `   [${texts.join(", ")}]`;
}

/** The version of the shape that `explanationJson` gives. */
export const EXPLANATION_SCHEMA = "privlink/explanation/v1";

/** The explanation as data, for programs. */
export function explanationJson(explanation: Explanation): unknown {
  const { resolution, asker, lines, origin, records, ending, reason, connection } = explanation;
  const { question, outcome, resolver } = resolution;
  return {
    schema: EXPLANATION_SCHEMA,
    question: { name: formatName(question.name), type: typeName(question.type) },
    from: asker,
    resolver: resolver?.key ?? null,
    outcome: outcome.kind,
    origin: origin ?? null,
    ending,
    records,
    connection: connection ?? null,
    steps: lines.map(({ kind, text, places }) => ({ kind, text, places: places.map(placeJson) })),
    reason:
      reason === undefined
        ? null
        : { sentence: reason.sentence, change: reason.change, places: reason.places.map(placeJson) },
  };
}

function placeJson(span: SourceSpan): unknown {
  return { file: span.file.path, ...positionOf(span) };
}
