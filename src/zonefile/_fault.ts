import { type Run, report } from "./_run.ts";
import type { Fault } from "./scanner.ts";

/** Says what is wrong with the shape of an entry. */
export function reportFault(run: Run, fault: Fault): void {
  switch (fault.kind) {
    case "stray-parenthesis":
      report(run, "zonefile/syntax", "a closing parenthesis that nothing opened", fault);
      return;
    case "unclosed-parenthesis":
      report(run, "zonefile/unclosed-parenthesis", "the parenthesis is never closed", fault, {
        hint: "add ) behind the last word of the record",
      });
      return;
    case "unclosed-quote":
      report(run, "zonefile/unclosed-quote", "the quoted string is not closed on its line", fault, {
        hint: 'add ", and write a line break inside a string as \\010',
      });
      return;
    case "nul":
      report(run, "zonefile/not-text", "a NUL octet, which no zone file holds", fault, {
        hint: "save the file as plain text; the octet 0 of a name or string is written \\000",
      });
      return;
    case "too-many-words":
      report(run, "zonefile/syntax", "the record has more words than any record can hold", fault);
  }
}
