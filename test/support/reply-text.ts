import { type EdnsOption, OptionCodes } from "../../src/message/edns.ts";
import { extendedErrorOption } from "../../src/message/extended-errors.ts";
import type { Message } from "../../src/message/message.ts";
import { rcodeName } from "../../src/message/rcodes.ts";
import type { ReplyParts } from "../../src/message/reply-parts.ts";
import { formatName } from "../../src/name/name-text.ts";
import { formatRdata } from "../../src/record/rdata-text.ts";
import type { ResourceRecord, RRset } from "../../src/record/rrset.ts";
import { typeName } from "../../src/record/type-names.ts";

/** A message that came, as lines: the rcode with its extended error, then each record under its section. */
export function messageLines({ rcode, answers, authorities, additionals, edns }: Message): string[] {
  return [
    headLine(
      rcode,
      edns?.options.find(({ code }) => code === OptionCodes.EXTENDED_ERROR),
    ),
    ...answers.map((record) => `answer ${recordLine(record)}`),
    ...authorities.map((record) => `authority ${recordLine(record)}`),
    ...additionals.map((record) => `additional ${recordLine(record)}`),
  ];
}

/** A reply before it is written, as the same lines; an extended error as far as a reply has room for it. */
export function replyLines({ rcode, answers, authorities, glue, additionals, edns }: ReplyParts): string[] {
  const error = edns?.extendedError;
  return [
    headLine(rcode, error === undefined ? undefined : extendedErrorOption(error)),
    ...setLines("answer", answers),
    ...setLines("authority", authorities),
    ...setLines("additional", [...glue, ...additionals]),
  ];
}

function headLine(rcode: number, error: EdnsOption | undefined): string {
  if (error === undefined) return rcodeName(rcode);
  const [high = 0, low = 0] = error.octets;
  return `${rcodeName(rcode)} EDE ${(high << 8) | low} ${new TextDecoder().decode(error.octets.subarray(2))}`;
}

function setLines(section: string, rrsets: readonly RRset[]): string[] {
  return rrsets.flatMap(({ owner, ttl, type, rdatas }) =>
    rdatas.map((rdata) => `${section} ${recordLine({ owner, ttl, type, rdata })}`),
  );
}

function recordLine({ owner, ttl, type, rdata }: Omit<ResourceRecord, "class">): string {
  return `${formatName(owner)} ${ttl} ${typeName(type)} ${formatRdata(type, rdata)}`;
}
