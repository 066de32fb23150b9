import type { Doors, Measured } from "./measure.ts";
import { ROWS, type Row } from "./rows.ts";

/** A try waits for a second in the configurations where something is waited for. Nothing else takes that long. */
const WAITED_MS = 900;
/** Up to so many addresses are shown; of more, their number and order. */
const FEW = 4;

/** The part of the page that a library has: its heading names the version. */
export interface Section {
  readonly heading: string;
  readonly table: readonly string[];
}

/** The part of a library in the page as it stands. */
export function sectionOf(page: string, library: string): Section | undefined {
  const lines = page.split("\n");
  const at = lines.findIndex((line) => line.startsWith(`## ${library} `));
  if (at === -1) return undefined;
  const [start, end] = tableAfter(lines, at);
  return { heading: (lines[at] ?? "").slice("## ".length), table: lines.slice(start, end) };
}

/** The page with the part of a library exchanged for this one; what is written around its table stays. */
export function withSection(page: string, library: string, { heading, table }: Section): string {
  const lines = page.split("\n");
  const at = lines.findIndex((line) => line.startsWith(`## ${library} `));
  if (at === -1) return `${page.trimEnd()}\n\n## ${heading}\n\n${table.join("\n")}\n`;
  const [start, end] = tableAfter(lines, at);
  return [...lines.slice(0, at), `## ${heading}`, ...lines.slice(at + 1, start), ...table, ...lines.slice(end)].join(
    "\n",
  );
}

function tableAfter(lines: readonly string[], heading: number): readonly [start: number, end: number] {
  let start = heading + 1;
  while (start < lines.length && !/^(?:\||## )/.test(lines[start] ?? "")) start++;
  let end = start;
  while (end < lines.length && (lines[end] ?? "").startsWith("|")) end++;
  return [start, end];
}

/** The libraries that the page has a part for. */
export function librariesOn(page: string): readonly string[] {
  return Array.from(page.matchAll(/^## (\S+) [^\n]*\d[^\n]*$/gm), ([, name = ""]) => name);
}

/** A line for each row, a column for each door. */
export function tableOf(doors: Doors): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(["asked for", ...[...doors.keys()].map((name) => `\`${name}\``)]),
    line(["---", ...[...doors.keys()].map(() => "---")]).replaceAll(" ", ""),
    ...ROWS.map((row) => line([row.says, ...[...doors.values()].map((rows) => cellOf(row, rows.get(row)))])),
  ];
}

function cellOf(row: Row, measured: Measured | undefined): string {
  if (measured === undefined) return "—";
  const { ms, udp, tcp } = measured;
  const asked = tcp === 0 ? `${udp}` : `${udp} + ${tcp} TCP`;
  return `${resultOf(row, measured)}${ms >= WAITED_MS ? " after its timeout" : ""} (${asked})`;
}

function resultOf({ name }: Row, { result }: Measured): string {
  if (result === "") return "nothing, and no error";
  const addresses = result.split(" ");
  if (addresses.length <= FEW || !addresses.every((word) => word.startsWith("10."))) return `\`${result}\``;
  const isOrdered = result === SETS.get(name)?.join(" ");
  return `all ${addresses.length}, ${isOrdered ? "in the order of the file" : "in another order"}`;
}

/** The sets of `estate/corp.example.zone` that are too long to show: their last address is the lowest. */
const SETS: ReadonlyMap<string, readonly string[]> = new Map([
  ["forty.corp.example", longSet("10.3.2", 39)],
  ["hundred.corp.example", longSet("10.3.3", 99)],
]);

function longSet(prefix: string, generated: number): readonly string[] {
  return [...Array.from({ length: generated }, (_, i) => `${prefix}.${i + 7}`), `${prefix}.1`];
}
