import type { DomainName } from "../name/domain-name.ts";
import type { RRset } from "../record/rrset.ts";
import type { SourceSpan } from "../source/source-file.ts";

/**
 * What an import found, before it is written: the parts of a topology, each with where it came from. Parts refer to one
 * another by `id`, never by key: keys are given when the draft is written, so that things of one name get different ones.
 */
export interface Draft {
  readonly networks: readonly DraftNetwork[];
  readonly zones: readonly DraftZone[];
  readonly rulesets: readonly DraftRuleset[];
  readonly resolvers: readonly DraftResolver[];
  readonly services: readonly DraftService[];
  readonly endpoints: readonly DraftEndpoint[];
  readonly publicZones: readonly DraftPublicZone[];
  /** Real resolvers for what the model does not know: `IP`, `IP:PORT`, `tls://NAME@IP`. */
  readonly upstream: readonly string[];
  readonly listen: readonly DraftListener[];
  /** What has no place in the model, or not the whole of it. */
  readonly unmapped: readonly Unmapped[];
}

/** Where something came from. */
export interface Origin {
  /** What it is called there: an Azure identifier, `zone "corp.example"` of a configuration. */
  readonly text: string;
  /** Absent where it came from no file, but from a server. */
  readonly place?: SourceSpan;
}

/** What every part has. */
export interface Drafted {
  /** Unique among the parts of its kind; what others refer to. */
  readonly id: string;
  /** What it is called: its key, unless something else has it. */
  readonly name: string;
  /** What tells it from others of its name, best first: a resource group, a subscription. Stands before a slash in the key. */
  readonly scope?: readonly string[];
  readonly origin: Origin;
  /** Comments above it: what is unknown, what is only alike. One line each. */
  readonly notes?: readonly string[];
}

/** A server as `dns`, `to` and the like name it: text of a topology (`10.0.0.4`, `platform`), or a resolver of the draft. */
export type DraftTarget =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "resolver"; readonly id: string };

export interface DraftRule {
  readonly domain: DomainName;
  readonly to: readonly DraftTarget[];
  /** Lines instead of targets. */
  readonly answer?: string;
  readonly enabled?: boolean;
  readonly origin?: Origin;
  readonly notes?: readonly string[];
}

export interface DraftHost {
  readonly name: string;
  readonly address: readonly string[];
  readonly dns?: readonly DraftTarget[];
  readonly clients?: readonly string[];
  readonly registered?: boolean;
}

export interface DraftNetwork extends Drafted {
  readonly kind?: string;
  readonly location?: string;
  readonly prefixes?: readonly string[];
  readonly clients?: readonly string[];
  readonly subnets?: readonly { readonly name: string; readonly prefix: string }[];
  readonly dns?: readonly DraftTarget[];
  readonly forward?: readonly DraftRule[];
  /** Networks by id; it is enough that one of two says so. */
  readonly peers?: readonly string[];
  readonly transit?: boolean;
  readonly egress?: boolean;
  readonly hosts?: readonly DraftHost[];
  /** Its identifier in the platform. */
  readonly platformId?: string;
}

export interface DraftLink {
  /** By id. */
  readonly network: string;
  readonly onMiss?: "nxdomain" | "internet";
  readonly registration?: boolean;
  readonly state?: "completed" | "inProgress";
  readonly name?: string;
  readonly origin?: Origin;
}

/** Records of one set, with where they came from. */
export interface DraftRecords {
  readonly set: RRset;
  readonly origin?: Origin;
  readonly notes?: readonly string[];
}

export interface DraftZone extends Drafted {
  readonly apex: DomainName;
  readonly records: readonly DraftRecords[];
  readonly links: readonly DraftLink[];
  readonly onMiss?: "nxdomain" | "internet";
  readonly platformId?: string;
}

/** A zone of the internet. */
export interface DraftPublicZone {
  readonly apex: DomainName;
  readonly records: readonly DraftRecords[];
  readonly origin: Origin;
  readonly notes?: readonly string[];
}

export interface DraftRuleset extends Drafted {
  /** Networks by id. */
  readonly links: readonly string[];
  /** By id. */
  readonly network?: string;
  readonly forward: readonly DraftRule[];
  readonly order?: "before-zones" | "with-zones" | "after-zones";
  readonly platformId?: string;
}

export interface DraftResolver extends Drafted {
  /** By id; a model without networks has resolvers that stand nowhere. */
  readonly network?: string;
  readonly address?: readonly string[];
  readonly forward?: readonly DraftRule[];
  /** Zones by id. */
  readonly zones?: readonly string[];
  readonly aliases?: "trust" | "chase";
  readonly failover?: readonly string[];
  readonly external?: boolean;
  readonly tls?: string;
  readonly order?: "listed" | "fastest";
  readonly cache?: boolean;
  readonly platformId?: string;
}

export interface DraftService extends Drafted {
  /** A type of the catalogue. */
  readonly type: string;
  readonly location?: string;
  readonly replicas?: readonly string[];
  readonly parameters?: ReadonlyMap<string, string>;
  readonly names?: ReadonlyMap<string, string>;
  readonly address?: readonly string[];
  readonly publicNetworkAccess?: "enabled" | "disabled";
  readonly allow?: readonly string[];
  readonly publicAlias?: "always" | "whenApproved" | "whenAny" | "never";
  readonly platformId?: string;
}

export interface DraftEndpoint extends Drafted {
  /** By id. */
  readonly network: string;
  /** By id. */
  readonly service: string;
  readonly group?: string;
  readonly subnet?: string;
  /** One list for each name, or lists by member; absent: taken from the subnet. */
  readonly address?: readonly string[] | ReadonlyMap<string, readonly string[]>;
  readonly static?: boolean;
  readonly connection?: "approved" | "pending" | "rejected" | "disconnected";
  /** Zones by id; none of them is `none`. Absent: found by the catalogue. */
  readonly privateDns?: readonly string[];
  readonly ttl?: number;
  readonly platformId?: string;
}

export interface DraftListener {
  readonly address: string;
  /** By id. */
  readonly network?: string;
  /** By id. */
  readonly resolver?: string;
  readonly origin?: Origin;
}

/** Something of the source that is not in the model. */
export interface Unmapped {
  /** `left-out`: nothing of it is in the model; `partial`: it is, but not the whole of it. */
  readonly kind: "left-out" | "partial";
  /** What it is: `Microsoft.Compute/virtualMachines`, `option allow-query`. */
  readonly what: string;
  readonly origin: Origin;
  /** Why, as a sentence without a full stop. */
  readonly reason: string;
}

/** A draft of nothing, to spread into what has only some of the parts. */
export const EMPTY_DRAFT: Draft = {
  networks: [],
  zones: [],
  rulesets: [],
  resolvers: [],
  services: [],
  endpoints: [],
  publicZones: [],
  upstream: [],
  listen: [],
  unmapped: [],
};
