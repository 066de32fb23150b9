import type { Draft } from "../exchange/draft.ts";

/** What was read of a source, whatever it is, or why nothing was: a sentence. */
export type Imported =
  | {
      readonly kind: "imported";
      readonly draft: Draft;
      /** What is counted: `resources`. */
      readonly noun: string;
      readonly total: number;
      readonly mapped: number;
    }
  | { readonly kind: "problem"; readonly message: string };
