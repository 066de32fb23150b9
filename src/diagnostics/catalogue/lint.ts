import type { CodeEntry } from "../code-entry.ts";

/** What is written right, and answers what nobody wants: told by `check`, which asks the model. */
export const LINT_CODES = {
  "link/missing": { severity: "error", summary: "a zone that is not linked where its endpoint's clients are" },
  "link/missing-at-forwarder": {
    severity: "error",
    summary: "a zone that is not linked where the forwarder of its endpoint's clients asks",
  },
  "link/missing-at-inbound": {
    severity: "error",
    summary: "a zone that is not linked where the inbound endpoint stands that clients use",
  },
  "endpoint/record-missing": { severity: "error", summary: "an endpoint whose record its zone does not have" },
  "endpoint/records-incomplete": { severity: "error", summary: "an endpoint with records for some of its names only" },
  "endpoint/wrong-address": { severity: "error", summary: "a record of an endpoint with another address than it has" },
  "endpoint/several-addresses": {
    severity: "warning",
    summary: "a record of an endpoint with more addresses than the endpoint has",
  },
  "endpoint/record-shared": { severity: "error", summary: "endpoints of one service that write one record" },
  "zone/records-split": { severity: "warning", summary: "zones of one name of which each has what the other lacks" },
  "zone/wrong-name": { severity: "error", summary: "a zone whose name no service's names lead to" },
  "zone/shadows-public": { severity: "error", summary: "a private zone in the place of a service's public one" },
  "zone/record-misplaced": { severity: "warning", summary: "a record at a name that no service's name leads to" },
  "network/dns-mixed": { severity: "warning", summary: "DNS servers of a network that answer differently" },
  "network/host-dns-differs": { severity: "warning", summary: "a host that gets other answers than its network" },
  "rule/reserved-not-taken": { severity: "warning", summary: "a rule for everything that reserved domains pass by" },
  "rule/behind-zone": { severity: "warning", summary: "a rule for names that a linked zone answers" },
  "network/dns-past-links": { severity: "error", summary: "a network whose DNS servers never ask its platform" },
  "rule/privatelink-alone": { severity: "error", summary: "a rule for a private zone that its server never looks at" },
  "rule/loop": { severity: "error", summary: "rules that send names in a circle" },
  "rule/alias-elsewhere": { severity: "warning", summary: "a name that depends on how a forwarder treats aliases" },
} as const satisfies Record<string, CodeEntry>;
