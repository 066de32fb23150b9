import type { CodeEntry } from "../code-entry.ts";

/** What is wrong where files and objects come together: public data, and what endpoints write over a zone. */
export const MODEL_CODES = {
  "zone/unreadable-file": { severity: "error", summary: "a zone file that cannot be read" },
  "public/duplicate-zone": { severity: "error", summary: "a public zone that two files give" },
  "public/no-origin": { severity: "error", summary: "a public zone file that does not say which zone it is" },
  "public/no-soa": { severity: "warning", summary: "a public zone without a SOA" },
  "public/replaces-generated": {
    severity: "info",
    summary: "a public record in place of the one a service would publish",
  },
  "listener/no-zones": { severity: "warning", summary: "an authoritative listener that serves no zone" },
  "endpoint/replaces-record": { severity: "warning", summary: "a record that an endpoint replaces or removes" },
} as const satisfies Record<string, CodeEntry>;
