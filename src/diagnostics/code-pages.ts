import pages from "./data/code-pages.json" with { type: "json" };

/** What there is to say of one code: the section of docs/diagnostics.md, as data that comes with the program. */
export interface CodePage {
  readonly cause: string;
  /** Files with that one fault, those that are printed about. */
  readonly inputs: readonly { readonly path: string; readonly text: string }[];
  /** What is printed for them. */
  readonly output: string;
  readonly fix: string;
  /** The change that mends them, as a diff without numbers. */
  readonly change: string;
}

/** By code. Made of the folders of test/check by scripts/write-diagnostics-doc.mjs; a test holds them together. */
export const CODE_PAGES: ReadonlyMap<string, CodePage> = new Map(Object.entries<CodePage>(pages));
