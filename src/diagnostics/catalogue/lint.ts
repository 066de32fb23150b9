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
  "rule/zone-elsewhere": {
    severity: "warning",
    summary: "a rule for a public domain whose private zone lies below another one",
  },
  "rule/hides-zone": { severity: "warning", summary: "a rule that counts instead of a linked zone of its name" },

  "link/not-inherited": { severity: "warning", summary: "a zone that peers see, and a network does not" },
  "link/in-progress": { severity: "info", summary: "a link that does not count yet" },
  "link/registers-in-privatelink": { severity: "warning", summary: "machines that register in a zone of endpoints" },
  "link/redirect-hides-record": { severity: "warning", summary: "a missing record that onMiss: internet hides" },
  "link/redirect-unused": { severity: "error", summary: "onMiss: internet where it does nothing" },
  "link/not-asked": { severity: "warning", summary: "links of a network whose clients ask other servers" },

  "zone/denies-others": { severity: "warning", summary: "a zone that denies names which others have endpoints for" },
  "zone/shared-names-missing": {
    severity: "warning",
    summary: "a zone without names that its provider has for everybody",
  },
  "zone/belongs-above": { severity: "warning", summary: "a zone whose records belong in the zone above" },
  "zone/long-ttl": { severity: "warning", summary: "a record of an endpoint that lives long" },
  "zone/public-address": { severity: "warning", summary: "a public address in a zone of endpoints" },
  "zone/record-without-endpoint": { severity: "warning", summary: "a record of an endpoint that is not there" },
  "zone/alias-to-privatelink": { severity: "warning", summary: "an alias of a name that is for DNS alone" },
  "zone/name-refused": { severity: "error", summary: "a zone whose name its platform does not take" },
  "zone/type-refused": { severity: "error", summary: "a record of a type that its platform does not take" },
  "zone/hides-provider-names": {
    severity: "warning",
    summary: "a zone over names of a provider that it does not have",
  },
  "zone/no-wildcard": { severity: "warning", summary: "a zone without a wildcard, over hosts of a provider" },
  "zone/mixed-addresses": { severity: "warning", summary: "addresses of two doors in one set" },

  "alias/loop": { severity: "error", summary: "aliases that go in a circle" },
  "alias/too-long": { severity: "warning", summary: "more aliases in a row than resolvers follow" },

  "endpoint/not-approved": { severity: "error", summary: "an endpoint whose connection is not approved" },
  "endpoint/group-alone": {
    severity: "warning",
    summary: "an endpoint without one for the group that is used with it",
  },
  "endpoint/out-of-reach": { severity: "warning", summary: "an endpoint that clients are led to and have no way to" },
  "endpoint/address-inside-subnet": {
    severity: "warning",
    summary: "an endpoint inside a subnet, where it must be outside",
  },

  "service/no-way-in": { severity: "error", summary: "a service that nobody can use" },
  "service/open-in-public": { severity: "info", summary: "a public door that is open beside an endpoint" },

  "network/too-many-servers": { severity: "info", summary: "more DNS servers than clients ask" },
  "network/public-only-server": {
    severity: "warning",
    summary: "a platform's address that knows public data alone, beside private zones",
  },

  "limit/exceeded": { severity: "warning", summary: "more of something than its platform takes" },
} as const satisfies Record<string, CodeEntry>;
