import { stringify } from "yaml";
import type { Message } from "../message/message.ts";
import { Rcodes, rcodeName } from "../message/rcodes.ts";
import { displayName, formatName } from "../name/name-text.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { ResourceRecord } from "../record/rrset.ts";
import { className, typeName } from "../record/type-names.ts";
import { formatLine } from "../source/source-file.ts";
import type { Answered } from "./answered.ts";
import { formatColumns } from "./columns.ts";
import { extendedErrorName, extendedErrorsOf } from "./dig-options.ts";
import type { DigQuestion } from "./dig-words.ts";
import { flagNames, rdataText } from "./query-dig.ts";

/** Rdata alone, a line each, aliases included, as `dig +short`; with who asked before it where several did. */
export function shortText(answers: readonly Answered[]): string {
  const isOne = answers.length === 1;
  return answers
    .flatMap(({ from, reply }) => {
      const records = reply.kind === "message" ? reply.message.answers : [];
      return records.map((record) => `${isOne ? "" : `${from}\t`}${rdataText(record)}\n`);
    })
    .join("");
}

/** A row for each asker: how it ended, whose data it was, and the records that the last name has. */
export function tableText(answers: readonly Answered[]): string {
  const hasFacts = answers.some(({ facts }) => facts !== undefined);
  const titles = [
    "FROM",
    "STATUS",
    ...(hasFacts ? ["ORIGIN"] : []),
    "TTL",
    "ANSWER",
    "SERVER",
    ...(hasFacts ? ["ZONE"] : []),
  ];
  const rows = answers.map(({ from, server, reply, facts }) => {
    const { ttl, text } = endOf(reply);
    const origin = facts?.origin ?? "";
    return [
      from,
      statusOf(reply),
      ...(hasFacts ? [origin] : []),
      ttl,
      text,
      server,
      ...(hasFacts ? [facts?.zone ?? ""] : []),
    ];
  });
  return formatColumns(titles, rows);
}

/** The rcode, with NODATA for an answer without one; `no-reply`. */
function statusOf(reply: Answered["reply"]): string {
  if (reply.kind === "none") return "no-reply";
  const { rcode, answers, questions } = reply.message;
  const isDenied = rcode === Rcodes.NOERROR && lastRecords(answers, questions[0]?.type).length === 0;
  return isDenied ? "NODATA" : rcodeName(rcode);
}

function endOf(reply: Answered["reply"]): { readonly ttl: string; readonly text: string } {
  if (reply.kind === "none") return { ttl: "", text: reply.why };
  const { answers, questions } = reply.message;
  const type = questions[0]?.type;
  const last = lastRecords(answers, type);
  const [first] = last;
  if (first !== undefined) {
    const withType = type === RecordTypes.ANY;
    const texts = last.map((record) =>
      withType ? `${typeName(record.type)} ${rdataText(record)}` : rdataText(record),
    );
    return { ttl: String(Math.min(...last.map(({ ttl }) => ttl))), text: texts.join(", ") };
  }
  const alias = answers.findLast((record) => record.type === RecordTypes.CNAME);
  return alias === undefined ? { ttl: "", text: "" } : { ttl: String(alias.ttl), text: `→ ${rdataText(alias)}` };
}

/** The records that were asked for, without the aliases that lead there. */
function lastRecords(answers: readonly ResourceRecord[], type: number | undefined): readonly ResourceRecord[] {
  return answers.filter((record) => type === RecordTypes.ANY || record.type === type);
}

/** The version of the shape of `-o json` and `-o yaml`. */
export const QUERY_SCHEMA = "privlink/query/v1";

export function jsonText(question: DigQuestion, answers: readonly Answered[]): string {
  return `${JSON.stringify(queryDocument(question, answers), null, 2)}\n`;
}

export function yamlText(question: DigQuestion, answers: readonly Answered[]): string {
  return stringify(queryDocument(question, answers));
}

/** What was asked and what came of it, as data, for programs. */
export function queryDocument(
  { name, type, class: questionClass }: DigQuestion,
  answers: readonly Answered[],
): unknown {
  return {
    schema: QUERY_SCHEMA,
    question: { name: formatName(name), type: typeName(type), class: className(questionClass) },
    responses: answers.map(responseOf),
  };
}

function responseOf({ from, server, ms, reply, facts }: Answered): unknown {
  return {
    from,
    server: server === "" ? null : server,
    status: statusOf(reply),
    ...(reply.kind === "message" ? messageOf(reply.message, reply.octets) : { error: reply.why }),
    durationMs: Math.round(ms * 1000) / 1000,
    ...(facts === undefined
      ? {}
      : {
          outcome: facts.outcome,
          origin: facts.origin ?? null,
          zone: facts.zone ?? null,
          reason:
            facts.reason === undefined
              ? null
              : {
                  sentence: facts.reason.sentence,
                  change: facts.reason.change,
                  places: facts.reason.places.map(formatLine),
                },
        }),
  };
}

function messageOf(message: Message, size: number): Record<string, unknown> {
  const { id, rcode, flags, answers, authorities, additionals, edns } = message;
  return {
    id,
    rcode,
    flags: flagNames(flags),
    answers: answers.map(recordOf),
    authorities: authorities.map(recordOf),
    additionals: additionals.map(recordOf),
    extendedErrors:
      edns === undefined
        ? []
        : extendedErrorsOf(edns).map(({ code, text }) => ({ code, name: extendedErrorName(code), text })),
    size,
  };
}

function recordOf(record: ResourceRecord): unknown {
  return {
    name: formatName(record.owner),
    type: typeName(record.type),
    class: className(record.class),
    ttl: record.ttl,
    data: rdataText(record),
  };
}

/** The question as words: `myregistry.azurecr.io A`. */
export function questionText({ name, type, class: questionClass }: DigQuestion): string {
  const inClass = questionClass === 1 ? "" : ` ${className(questionClass)}`;
  return `${displayName(name)}${inClass} ${typeName(type)}`;
}
