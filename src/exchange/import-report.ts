import { positionsOf } from "../source/source-file.ts";
import type { Unmapped } from "./draft.ts";
import { oneLine, originText, placeText } from "./origin-text.ts";
import type { WrittenDraft } from "./write-draft.ts";

/** What an import came to, for people and for machines. */
export interface ImportReport {
  /** `arm main.json`. */
  readonly source: string;
  /** What is counted: `resources`, `zones`. */
  readonly noun: string;
  readonly total: number;
  readonly mapped: number;
  readonly written: WrittenDraft;
}

/** `23 of 30 resources are in the model, 4 of them in part; 7 are left out`. */
export function importSummary({ noun, total, mapped, written }: ImportReport): string {
  const partial = new Set(ofKind(written.unmapped, "partial").map(({ origin }) => originText(origin))).size;
  const parts = partial === 0 ? "" : `, and ${partial} ${partial === 1 ? "thing is" : "things are"} there in part`;
  return `${mapped} of ${total} ${noun} are in the model${parts}; ${total - mapped} are left out`;
}

/** One line for each thing that is not in the model, or not the whole of it, in the order of the source. */
export function formatImportLines(report: ImportReport): string {
  return sorted(report.written.unmapped)
    .map(({ kind, what, origin, reason }) => {
      const place = placeText(origin);
      return `${place === "" ? "" : `${place}: `}${kind === "left-out" ? "left out" : "in part"}: ${subject(what, origin.text)}: ${oneLine(reason)}\n`;
    })
    .join("");
}

/** The report as Markdown, for the folder of what was imported. */
export function formatImportMarkdown(report: ImportReport): string {
  const { source, written } = report;
  const sections = [
    table("Left out", ofKind(written.unmapped, "left-out")),
    table("In the model, but not the whole of it", ofKind(written.unmapped, "partial")),
    written.renamed.length === 0
      ? ""
      : `\n## Called something else\n\n| Where | What | Why |\n|---|---|---|\n${written.renamed
          .map(({ origin, sentence }) => `| ${cell(placeText(origin))} | ${cell(origin.text)} | ${cell(sentence)} |\n`)
          .join("")}`,
  ];
  return `# What was imported\n\n${cell(source)}: ${importSummary(report)}.\n${sections.join("")}`;
}

/** The report as JSON: `unmapped` in the order of the source, lines counted from 1. */
export function formatImportJson(report: ImportReport): string {
  const { source, noun, total, mapped, written } = report;
  const inOrder = sorted(written.unmapped);
  const places = inOrder.flatMap(({ origin: { place } }) => (place === undefined ? [] : [place]));
  const positions = new Map(positionsOf(places).map((position, i) => [places[i], position]));
  const unmapped = inOrder.map(({ kind, what, origin: { text, place }, reason }) => ({
    kind,
    what,
    id: text,
    ...(place === undefined ? {} : { file: place.file.path, ...positions.get(place) }),
    reason,
  }));
  const renamed = written.renamed.map(({ origin, sentence }) => ({ id: origin.text, sentence }));
  const files = [...written.files.keys()];
  return `${JSON.stringify({ source, counted: noun, total, mapped, files, unmapped, renamed }, null, 2)}\n`;
}

function ofKind(unmapped: readonly Unmapped[], kind: Unmapped["kind"]): readonly Unmapped[] {
  return unmapped.filter((one) => one.kind === kind);
}

function table(title: string, rows: readonly Unmapped[]): string {
  if (rows.length === 0) return "";
  const lines = sorted(rows).map(
    ({ what, origin, reason }) =>
      `| ${cell(placeText(origin))} | ${cell(subject(what, origin.text))} | ${cell(reason)} |\n`,
  );
  return `\n## ${title}\n\n| Where | What | Why |\n|---|---|---|\n${lines.join("")}`;
}

/** What it is and what it is called, the former once. */
function subject(what: string, text: string): string {
  return oneLine(text.includes(what) || what === "expression" ? text : `${what} ${text}`);
}

function cell(text: string): string {
  return oneLine(text).replaceAll("|", "\\|");
}

/** By file and place; what has none stays behind, in its order. */
function sorted(unmapped: readonly Unmapped[]): readonly Unmapped[] {
  const path = ({ origin }: Unmapped): string => origin.place?.file.path ?? "\uffff";
  const start = ({ origin }: Unmapped): number => origin.place?.start ?? 0;
  return [...unmapped].sort((a, b) => (path(a) < path(b) ? -1 : path(a) > path(b) ? 1 : start(a) - start(b)));
}
