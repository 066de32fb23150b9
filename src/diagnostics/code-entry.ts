/** What one code stands for. `docs/diagnostics.md` shows, per code, cause, bad input, output and fix. */
export interface CodeEntry {
  readonly severity: "error" | "warning" | "info";
  /** One line for lists: what is wrong, as a noun phrase. */
  readonly summary: string;
}
