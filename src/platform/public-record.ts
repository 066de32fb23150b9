import type { RRset } from "../record/rrset.ts";

/** A record set that a service publishes by itself. */
export interface PublicRecord {
  readonly rrset: RRset;
  /** The service's key. */
  readonly service: string;
  /** Empty for a service that a provider runs for everybody. */
  readonly group: string;
  readonly member: string;
  /** `alias`: the public name; `privatelink`: its alias's target; `chain`: the names behind; `address`: the end. */
  readonly role: "alias" | "privatelink" | "chain" | "address";
}
