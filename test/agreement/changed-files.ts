import * as fc from "fast-check";

/** What people add to zone files by mistake, or on purpose. */
const INSERTS: readonly string[] = [
  " ",
  "\t",
  "\n",
  '"',
  "(",
  ")",
  ";",
  "\\",
  ".",
  "@",
  "*",
  "$",
  "0",
  "a",
  "-",
  "#",
  "/",
  ",",
  "\r\n",
  "\n  ",
  "\n\n",
  "\\046",
  "IN ",
  "A ",
  " 60 ",
  " ; ",
  ' "" ',
  "$TTL 5\n",
  "\n$ORIGIN x\n",
];

/** A zone file with one small change somewhere. */
export interface ChangedFile {
  readonly file: string;
  readonly text: string;
  readonly change: string;
}

/** The same changes for the same seed, each to one of `files`, behind their first `head` octets. */
export function changeFiles(
  files: readonly { readonly file: string; readonly text: string }[],
  head: number,
  { count, seed }: { readonly count: number; readonly seed: number },
): ChangedFile[] {
  const anyChange = fc
    .record({
      pick: fc.nat(files.length - 1),
      at: fc.nat(10_000),
      removed: fc.constantFrom(0, 0, 1, 2),
      insert: fc.constantFrom("", ...INSERTS),
    })
    .filter(({ removed, insert }) => removed > 0 || insert !== "");
  return fc.sample(anyChange, { numRuns: count, seed }).map(({ pick, at, removed, insert }) => {
    const { file = "", text = "" } = files[pick] ?? {};
    const place = head + (at % (text.length - head));
    const change = `${JSON.stringify(text.slice(place, place + removed))} → ${JSON.stringify(insert)} at ${place}`;
    return { file, text: text.slice(0, place) + insert + text.slice(place + removed), change };
  });
}
