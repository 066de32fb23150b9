import type { CodeEntry } from "../code-entry.ts";

/** What a zone may hold and hardly means, and what leads nowhere: told by `check`, which looks at whole models. */
export const ZONE_HABIT_CODES = {
  "zone/dangling-alias": { severity: "warning", summary: "an alias of a name that does not exist" },
  "zone/host-is-alias": { severity: "warning", summary: "an alias where an MX, SRV or NS record needs a host" },
  "zone/host-without-address": {
    severity: "warning",
    summary: "an MX, SRV or NS record of a host that has no address",
  },
  "zone/doubled-origin": { severity: "warning", summary: "a name that ends with its zone's name twice" },
  "zone/star-inside": { severity: "warning", summary: "an asterisk in a name that is no wildcard" },
  "zone/wildcard-hidden": {
    severity: "info",
    summary: "names that a wildcard does not answer for, as others lie below them",
  },
  "zone/zero-ttl": { severity: "info", summary: "records that nobody may keep: TTL 0" },
  "zone/soa-timers": { severity: "info", summary: "timers of a SOA that do not fit one another" },
  "zone/few-name-servers": { severity: "info", summary: "a public zone with no name server, or one" },
} as const satisfies Record<`zone/${string}`, CodeEntry>;
