import type { CodeEntry } from "../code-entry.ts";

/** What is wrong with the text of a zone file, or of zone-file lines in a topology. */
export const ZONEFILE_CODES = {
  "zonefile/syntax": { severity: "error", summary: "text that is no zone-file entry" },
  "zonefile/not-text": { severity: "error", summary: "octets that no zone file holds: NUL, or UTF-16" },
  "zonefile/unclosed-quote": { severity: "error", summary: "a quoted string that its line does not close" },
  "zonefile/unclosed-parenthesis": { severity: "error", summary: "a parenthesis that is never closed" },
  "zonefile/bad-name": { severity: "error", summary: "an owner or origin that is no domain name" },
  "zonefile/no-owner": { severity: "error", summary: "a record that repeats an owner where none came before" },
  "zonefile/unknown-type": { severity: "error", summary: "a word that is no record type where one was expected" },
  "zonefile/meta-type": { severity: "error", summary: "a type that only questions or messages have" },
  "zonefile/obsolete-type": { severity: "error", summary: "a type that zone files no longer have: MD, MF" },
  "zonefile/bad-class": { severity: "error", summary: "a record of another class than IN" },
  "zonefile/bad-ttl": { severity: "error", summary: "a TTL that is no number of seconds and no sum of units" },
  "zonefile/ttl-too-large": { severity: "warning", summary: "a TTL above 2147483647, read as 0" },
  "zonefile/no-ttl": { severity: "warning", summary: "records whose TTL nothing says" },
  "zonefile/bad-rdata": { severity: "error", summary: "data that does not fit its record type" },
  "zonefile/unknown-directive": { severity: "error", summary: "a word with $ that is no directive" },
  "zonefile/bad-directive": { severity: "error", summary: "a directive whose words are missing, wrong or too many" },
  "zonefile/bad-include": { severity: "error", summary: "an $INCLUDE that cannot be followed" },
  "zonefile/bad-generate": { severity: "error", summary: "a $GENERATE whose range or template is wrong" },
  "zonefile/too-many-problems": { severity: "error", summary: "more problems than a run reports" },
} as const satisfies Record<`zonefile/${string}`, CodeEntry>;
