import { formatColumns } from "./columns.ts";

/** One thing of a list: JSON shows it as it is, a table joins lists and takes keys for titles. */
export type Entry = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** Entries of one kind as a table: `onMiss` becomes ON-MISS. `titles` are the keys when there are no entries to tell. */
export function entryTable(keys: readonly string[], entries: readonly Entry[]): string {
  return formatColumns(
    keys.map((key) => key.replace(/([A-Z])/g, "-$1").toUpperCase()),
    entries.map((entry) => keys.map((key) => cellOf(entry[key]))),
  );
}

function cellOf(value: Entry[string] | undefined): string {
  if (value === undefined || value === null) return "";
  return Array.isArray(value) ? value.join(",") : String(value);
}
