import type { LintRule } from "./rule.ts";
import { aliasesRule } from "./rules/aliases.ts";
import { customDnsRule } from "./rules/custom-dns.ts";
import { dnsServersRule } from "./rules/dns-servers.ts";
import { endpointsRule } from "./rules/endpoints.ts";
import { forwardingRule } from "./rules/forwarding.ts";
import { limitsRule } from "./rules/limits.ts";
import { linkStatesRule } from "./rules/link-states.ts";
import { linksRule } from "./rules/links.ts";
import { misplacedRecordsRule } from "./rules/misplaced-records.ts";
import { missingRecordsRule } from "./rules/missing-records.ts";
import { overridesRule } from "./rules/overrides.ts";
import { privatelinkRecordsRule } from "./rules/privatelink-records.ts";
import { privatelinkZonesRule } from "./rules/privatelink-zones.ts";
import { redirectsRule } from "./rules/redirects.ts";
import { refusedZonesRule } from "./rules/refused-zones.ts";
import { serversRule } from "./rules/servers.ts";
import { servicesRule } from "./rules/services.ts";
import { shadowingRule } from "./rules/shadowing.ts";
import { sharedRecordsRule } from "./rules/shared-records.ts";
import { silentRulesRule } from "./rules/silent-rules.ts";
import { splitZonesRule } from "./rules/split-zones.ts";
import { strandedRule } from "./rules/stranded.ts";
import { wrongRecordsRule } from "./rules/wrong-records.ts";
import { zoneElsewhereRule } from "./rules/zone-elsewhere.ts";
import { zoneNamesRule } from "./rules/zone-names.ts";

/** Every rule. The order does not matter: findings are sorted by place. */
export const LINT_RULES: readonly LintRule[] = [
  // Who answers, and from where.
  linksRule,
  linkStatesRule,
  redirectsRule,
  customDnsRule,
  forwardingRule,
  zoneElsewhereRule,
  dnsServersRule,
  serversRule,
  silentRulesRule,
  // Zones that are not where names lead, or stand in the way.
  zoneNamesRule,
  shadowingRule,
  overridesRule,
  misplacedRecordsRule,
  privatelinkZonesRule,
  aliasesRule,
  // What zones hold of endpoints.
  missingRecordsRule,
  wrongRecordsRule,
  sharedRecordsRule,
  splitZonesRule,
  privatelinkRecordsRule,
  // Services, endpoints, and what their platform takes.
  endpointsRule,
  strandedRule,
  servicesRule,
  refusedZonesRule,
  limitsRule,
];
