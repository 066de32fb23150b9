import type { HeaderFlags } from "../message/header.ts";
import type { Message } from "../message/message.ts";
import { opcodeName } from "../message/opcodes.ts";
import { rcodeName } from "../message/rcodes.ts";
import { formatName } from "../name/name-text.ts";
import { formatRdata } from "../record/rdata-text.ts";
import { RecordClasses, RecordTypes } from "../record/record-type.ts";
import type { ResourceRecord } from "../record/rrset.ts";
import { className, typeName } from "../record/type-names.ts";
import { visibleText } from "../report/visible-text.ts";
import type { Answered, Facts } from "./answered.ts";
import { optionLine } from "./dig-options.ts";
import type { DigSections } from "./dig-switches.ts";

/** What dig's form needs beside the answer. */
export interface DigFrame {
  /** What was asked, as it could be typed again. */
  readonly asked: string;
  readonly version: string;
  readonly at: Date;
  readonly shows: DigSections;
}

/** The answer as dig writes it, ready to be pasted into a ticket; what only the model knows stands behind `;` at the end. */
export function digText(answered: Answered, frame: DigFrame): string {
  const { reply, facts } = answered;
  const { shows } = frame;
  const lines: string[] = [];
  if (shows.cmd) lines.push("", `; <<>> privlink ${frame.version} <<>> ${visibleText(frame.asked)}`);
  if (reply.kind === "none") {
    lines.push(`;; ${visibleText(reply.why)}`, ";; no reply came");
    if (shows.stats && facts !== undefined) lines.push(...factLines(answered, facts));
    return `${lines.join("\n")}\n\n`;
  }
  const { message } = reply;
  if (shows.comments)
    lines.push(";; Got answer:", ...headerLines(message), "", ...optLines(message, answered.cookieSent));
  if (shows.question) lines.push(...titled(shows, "QUESTION", message.questions.map(questionLine)));
  if (shows.answer) lines.push(...titled(shows, "ANSWER", message.answers.map(recordLine)));
  if (shows.authority) lines.push(...titled(shows, "AUTHORITY", message.authorities.map(recordLine)));
  if (shows.additional) lines.push(...titled(shows, "ADDITIONAL", message.additionals.map(recordLine)));
  if (shows.stats) {
    lines.push(
      `;; Query time: ${Math.round(answered.ms)} msec`,
      `;; SERVER: ${visibleText(answered.serverLine)}`,
      `;; WHEN: ${whenText(frame.at)}`,
      `;; MSG SIZE  rcvd: ${reply.octets}`,
      ...(facts === undefined ? [] : factLines(answered, facts)),
      "",
    );
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function headerLines({
  opcode,
  rcode,
  id,
  flags,
  questions,
  answers,
  authorities,
  additionals,
  edns,
}: Message): string[] {
  const additionalCount = additionals.length + (edns === undefined ? 0 : 1);
  const counts = `QUERY: ${questions.length}, ANSWER: ${answers.length}, AUTHORITY: ${authorities.length}, ADDITIONAL: ${additionalCount}`;
  return [
    `;; ->>HEADER<<- opcode: ${opcodeName(opcode)}, status: ${rcodeName(rcode)}, id: ${id}`,
    `;; flags: ${flagNames(flags).join(" ")}; ${counts}`,
    ...(flags.rd && !flags.ra ? [";; WARNING: recursion requested but not available"] : []),
  ];
}

/** The flags that are set, in dig's order. */
export function flagNames(flags: HeaderFlags): string[] {
  return (["qr", "aa", "tc", "rd", "ra", "ad", "cd"] as const).filter((name) => flags[name]);
}

function optLines({ edns }: Message, cookieSent: Uint8Array | undefined): string[] {
  if (edns === undefined) return [];
  const flags = edns.dnssecOk ? " do" : "";
  return [
    ";; OPT PSEUDOSECTION:",
    `; EDNS: version: ${edns.version}, flags:${flags}; udp: ${edns.udpSize}`,
    ...edns.options.map((option) => visibleText(optionLine(option, cookieSent))),
  ];
}

/** A section with its title and the empty line behind it; nothing for an empty one. */
function titled(shows: DigSections, title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return shows.comments ? [`;; ${title} SECTION:`, ...lines, ""] : [...lines];
}

function questionLine({ name, type, class: questionClass }: Message["questions"][number]): string {
  const owner = formatName(name);
  return `;${owner}${gap(owner.length, 32)}${className(questionClass)}\t${typeName(type)}`;
}

/** A record in dig's columns: owner, TTL, class, type, rdata. */
function recordLine(record: ResourceRecord): string {
  const cells = [formatName(record.owner), String(record.ttl), className(record.class), typeName(record.type)];
  let line = "";
  let column = 0;
  for (const [i, cell] of cells.entries()) {
    line += cell;
    column += cell.length;
    const next = Math.max(COLUMNS[i] ?? 0, column + 1);
    line += gap(column, next);
    column = next;
  }
  return line + rdataText(record);
}

/** Where TTL, class, type and rdata begin, at tabs of 8. */
const COLUMNS = [24, 32, 40, 48];

/** Tabs, and spaces where no tab stop is left, from one column to another. */
function gap(from: number, wanted: number): string {
  const to = Math.max(wanted, from + 1);
  const tabs = Math.floor(to / 8) - Math.floor(from / 8);
  return tabs > 0 ? "\t".repeat(tabs) + " ".repeat(to % 8) : " ".repeat(to - from);
}

/** Rdata of class IN in its own form; a type means something else in other classes, unless it is one of all. */
export function rdataText({ type, class: recordClass, rdata }: ResourceRecord): string {
  return formatRdata(recordClass === RecordClasses.IN || type === RecordTypes.TXT ? type : 0, rdata);
}

/** `Fri Nov 20 14:30:04 UTC 2026`. */
function whenText(at: Date): string {
  const [day = "", date = "", month = "", year = "", time = ""] = at.toUTCString().replace(",", "").split(" ");
  return `${day} ${month} ${date} ${time} UTC ${year}`;
}

function factLines({ from, server }: Answered, { origin, zone, reason }: Facts): string[] {
  const lines = [`; FROM: ${from}${server === "" ? "" : `, answered by ${server}`}; from the files, nothing was sent`];
  if (origin !== undefined) lines.push(`; ORIGIN: ${origin}${zone === undefined ? "" : `, zone ${zone}`}`);
  if (reason !== undefined)
    lines.push(`; PUBLIC, ALTHOUGH AN ENDPOINT EXISTS: ${reason.sentence}`, `; TO CHANGE IT: ${reason.change}`);
  return lines.map(visibleText);
}
