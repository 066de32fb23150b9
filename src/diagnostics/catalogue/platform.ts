import type { CodeEntry } from "../code-entry.ts";

/** What is wrong with services and endpoints once their names and addresses are worked out. */
export const PLATFORM_CODES = {
  "endpoint/group-not-offered": { severity: "error", summary: "a group that the service's type has not in its cloud" },
  "endpoint/no-subnet": { severity: "error", summary: "an endpoint without a subnet to take addresses from" },
  "endpoint/subnet-full": { severity: "error", summary: "a subnet without a free address for an endpoint" },
  "endpoint/unknown-member": { severity: "error", summary: "an address for a member that the group does not have" },
  "endpoint/missing-member": { severity: "warning", summary: "a member of a static endpoint without an address" },
  "endpoint/address-taken": { severity: "error", summary: "an endpoint at an address that something else has" },
  "endpoint/address-reserved": { severity: "error", summary: "an endpoint at an address that the platform keeps" },
  "endpoint/address-outside-subnet": { severity: "error", summary: "an endpoint's address outside its subnet" },
  "endpoint/address-outside-network": { severity: "error", summary: "an endpoint's address outside its network" },
  "endpoint/ipv6-address": { severity: "warning", summary: "an IPv6 address where the platform has none" },
  "endpoint/no-zone": { severity: "warning", summary: "an endpoint without the zone that its record belongs in" },
  "endpoint/ambiguous-zone": { severity: "error", summary: "an endpoint whose zone could be several" },
  "endpoint/zone-unused": { severity: "warning", summary: "a zone of an endpoint that none of its names lies in" },
  "endpoint/other-provider": { severity: "error", summary: "an endpoint in a network of another provider" },
  "endpoint/name-taken": { severity: "error", summary: "two endpoints of a network that publish one name" },
  "service/no-names": { severity: "error", summary: "a service whose public names cannot be made" },
  "service/unknown-member": { severity: "error", summary: "a name for a member that the service does not have" },
  "service/unknown-parameter": { severity: "error", summary: "a parameter that the service's type does not take" },
  "service/name-clash": { severity: "warning", summary: "two services that publish one name" },
} as const satisfies Record<`endpoint/${string}` | `service/${string}`, CodeEntry>;
