import type { CodeEntry } from "../code-entry.ts";

/** What is wrong with a topology: its text, its keys, and how its objects fit together. */
export const TOPOLOGY_CODES = {
  "topology/syntax": { severity: "error", summary: "text that is not YAML" },
  "topology/unquoted": { severity: "error", summary: "text that YAML takes for something else unless it is quoted" },
  "topology/alias": { severity: "error", summary: "a YAML alias that refers to too much, or to itself" },
  "topology/unknown-key": { severity: "error", summary: "a key that has no meaning here" },
  "topology/duplicate-key": { severity: "error", summary: "one key twice" },
  "topology/missing-key": { severity: "error", summary: "a required key that is not there" },
  "topology/reserved-key": { severity: "error", summary: "a key that would read as something else where it is used" },
  "topology/wrong-shape": { severity: "error", summary: "a list, a map or text where another of them belongs" },
  "topology/bad-value": { severity: "error", summary: "text that is not of the type its key takes" },
  "topology/bad-address": { severity: "error", summary: "text that is no address, or no address and port" },
  "topology/bad-prefix": { severity: "error", summary: "text that is no prefix" },
  "topology/bad-name": { severity: "error", summary: "text that is no domain name" },
  "topology/two-values": { severity: "error", summary: "one text that looks like several values" },
  "topology/ambiguous-name": { severity: "error", summary: "a name that several things have, where one is meant" },
  "topology/no-match": { severity: "error", summary: "a pattern that matches nothing" },
  "topology/include": { severity: "error", summary: "an included file that cannot be read, or is included twice" },
  "topology/conflicting-keys": { severity: "error", summary: "keys of which only one may be there" },

  "network/unknown": { severity: "error", summary: "a network that is not declared" },
  "network/unknown-host": { severity: "error", summary: "a host that its network does not have" },
  "network/no-platform-resolver": { severity: "error", summary: "the platform resolver of a network that has none" },
  "network/dns-itself": { severity: "error", summary: "DNS servers of a network that are the ones it uses" },
  "network/prefixes-overlap": { severity: "error", summary: "prefixes of peered networks that overlap" },
  "network/prefix-shared": { severity: "warning", summary: "one prefix in several networks that are not peered" },
  "network/clients-shared": { severity: "error", summary: "one clients prefix twice" },
  "network/subnet-outside": { severity: "error", summary: "a subnet outside the prefixes of its network" },
  "network/subnets-overlap": { severity: "error", summary: "subnets of one network that overlap" },
  "network/host-address-shared": { severity: "error", summary: "two hosts of one network at one address" },

  "link/no-links-there": { severity: "error", summary: "a link to a network that cannot have links" },
  "link/repeated": { severity: "error", summary: "two links of one zone to one network" },
  "link/two-zones-of-one-name": { severity: "error", summary: "two zones of one name linked to one network" },
  "link/none": { severity: "warning", summary: "a private zone that nobody sees" },
  "topology/unknown-zone": { severity: "error", summary: "a zone that is not declared" },
  "topology/zone-folder": {
    severity: "error",
    summary: "a folder of zones without zone files, or with one that cannot be read",
  },

  "resolver/unknown": { severity: "error", summary: "a resolver that is not declared" },
  "resolver/address-shared": { severity: "error", summary: "two resolvers of one network at one address" },
  "resolver/address-outside": { severity: "warning", summary: "a resolver outside the prefixes of its network" },
  "resolver/two-zones-of-one-name": { severity: "error", summary: "two zones of one name held by one resolver" },

  "rule/no-target": { severity: "error", summary: "a rule that sends questions nowhere" },
  "rule/repeated": { severity: "error", summary: "two rules for one domain" },
  "rule/platform-address-outside": { severity: "warning", summary: "a platform address where it does not answer" },

  "service/unknown": { severity: "error", summary: "a service that is not declared" },
  "service/unknown-type": { severity: "error", summary: "a type of service that the catalogue does not have" },
  "endpoint/unknown-group": { severity: "error", summary: "a group that the type of the service does not have" },
  "endpoint/group-missing": { severity: "error", summary: "an endpoint without a group, of a service with several" },
  "endpoint/unknown-subnet": { severity: "error", summary: "a subnet that the network does not have" },

  "listener/repeated": { severity: "error", summary: "two listeners at one address" },
  "listener/needs-authoritative": { severity: "error", summary: "zones of a listener that is a resolver's" },
  "listener/trust-unused": { severity: "error", summary: "trusted peers of an authoritative listener" },
  "listener/two-zones-of-one-name": { severity: "error", summary: "two zones of one name served by one listener" },
  "expectation/empty": { severity: "error", summary: "an expectation that expects nothing" },
} as const satisfies Record<string, CodeEntry>;
