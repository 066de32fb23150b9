import type { LintRule } from "./rule.ts";
import { customDnsRule } from "./rules/custom-dns.ts";
import { dnsServersRule } from "./rules/dns-servers.ts";
import { forwardingRule } from "./rules/forwarding.ts";
import { linksRule } from "./rules/links.ts";
import { misplacedRecordsRule } from "./rules/misplaced-records.ts";
import { missingRecordsRule } from "./rules/missing-records.ts";
import { shadowingRule } from "./rules/shadowing.ts";
import { sharedRecordsRule } from "./rules/shared-records.ts";
import { silentRulesRule } from "./rules/silent-rules.ts";
import { splitZonesRule } from "./rules/split-zones.ts";
import { wrongRecordsRule } from "./rules/wrong-records.ts";
import { zoneNamesRule } from "./rules/zone-names.ts";

/** Every rule. The order does not matter: findings are sorted by place. */
export const LINT_RULES: readonly LintRule[] = [
  // Who answers, and from where.
  linksRule,
  customDnsRule,
  forwardingRule,
  dnsServersRule,
  silentRulesRule,
  // Zones that are not where names lead.
  zoneNamesRule,
  shadowingRule,
  misplacedRecordsRule,
  // What zones hold of endpoints.
  missingRecordsRule,
  wrongRecordsRule,
  sharedRecordsRule,
  splitZonesRule,
];
