/** What was compared, in the words of whoever asked for it. */
export interface Compared {
  /** `git:HEAD`, `.`. */
  readonly before: string;
  readonly after: string;
  /** Askers that one side alone has: of these no answer can be said to change. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
}
