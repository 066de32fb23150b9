import type { DomainName } from "../name/domain-name.ts";
import type { RecordType } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import type { Authority, PublicZone, Rule, SimulatedResolver, ViewZone } from "../snapshot/snapshot.ts";
import type { RuleOrder, Target } from "../topology/model.ts";
import type { ZoneAnswer } from "../zone/zone.ts";
import type { ReplyMarks } from "./upstream.ts";

export interface Question {
  readonly name: DomainName;
  readonly type: RecordType;
}

/** How the last name of the chain ended. */
export type Outcome =
  /** For QTYPE ANY perhaps several sets; else one. */
  | { readonly kind: "answer"; readonly rrsets: readonly RRset[] }
  /** Without a SOA only where a real upstream sent none. */
  | { readonly kind: "nodata"; readonly soa?: RRset }
  | { readonly kind: "nxdomain"; readonly soa?: RRset }
  /** A DNAME made a name of over 255 octets (RFC 6672 §2.2); the DNAME is the last of the aliases. */
  | { readonly kind: "yxdomain" }
  /** An authoritative server's zone ends here: who goes on, with the addresses that cannot be found without it. */
  | { readonly kind: "referral"; readonly ns: RRset; readonly ds?: RRset; readonly glue: readonly RRset[] }
  /** An authoritative server says the aliases and no more: their target is somebody else's affair. */
  | { readonly kind: "unfollowed"; readonly target: DomainName; readonly why: Unfollowed }
  | { readonly kind: "failed"; readonly reason: Failure }
  | { readonly kind: "refused"; readonly reason: Refusal }
  | { readonly kind: "not-implemented" }
  /** Nobody answers at the address: at once in the model, silence in reality. */
  | { readonly kind: "no-reply"; readonly reason: Silence }
  /** A real server would be asked, and may not be here. */
  | { readonly kind: "upstream"; readonly targets: readonly string[] };

/** Why an authoritative server does not go on: the target is in another zone or in none, was met before, or is one too many. */
export type Unfollowed = "outside" | "loop" | "limit";

/** Why a resolver says SERVFAIL. */
export type Failure =
  | { readonly kind: "alias-loop"; readonly name: DomainName }
  | { readonly kind: "alias-limit"; readonly limit: number }
  | { readonly kind: "resolver-loop"; readonly path: readonly string[] }
  | { readonly kind: "resolver-limit"; readonly path: readonly string[] }
  | { readonly kind: "targets-failed"; readonly targets: readonly FailedTarget[] }
  | { readonly kind: "delegation"; readonly cut: DomainName };

export interface FailedTarget {
  readonly target: string;
  /** A rcode mnemonic, or what was wrong, in a few words. */
  readonly why: string;
  /** Asking it failed on the way: no connection, no TLS. Silence and replies of no use are something else. */
  readonly isNetworkError?: true;
  /** It failed a moment ago, and was not asked again. */
  readonly isRemembered?: true;
}

/** Why a resolver, or an authoritative server, says REFUSED. */
export type Refusal =
  /** The source address lies in prefixes of several networks that are not peered. */
  | { readonly kind: "ambiguous-client"; readonly networks: readonly string[] }
  /** With RD=0, where a real server would have to be asked. */
  | { readonly kind: "recursion-not-desired" }
  /** No zone of the authoritative server holds the name. */
  | { readonly kind: "not-authoritative"; readonly name: DomainName };

/** Why nobody answers. */
export type Silence =
  | { readonly kind: "no-resolver-there"; readonly target: string; readonly network?: string }
  | { readonly kind: "unreachable"; readonly target: string; readonly from: string; readonly to: string }
  | { readonly kind: "platform-outside"; readonly target: string; readonly from: string }
  /** A public address, asked from a network whose machines reach none. */
  | { readonly kind: "no-egress"; readonly target: string; readonly from: string }
  | { readonly kind: "targets-silent"; readonly targets: readonly FailedTarget[] };

/** One decision, in the order they were taken. */
export type Step =
  /** This resolver takes the question; `via` is the target text when another resolver sent it here. */
  | {
      readonly kind: "resolver";
      readonly resolver: SimulatedResolver;
      readonly name: DomainName;
      readonly type: RecordType;
      readonly via?: string;
    }
  /** This authoritative server takes the question. */
  | {
      readonly kind: "authority";
      readonly authority: Authority;
      readonly name: DomainName;
      readonly type: RecordType;
    }
  /** The longest linked (or held) zone answers, whatever it says. */
  | { readonly kind: "zone"; readonly name: DomainName; readonly source: ViewZone; readonly found: ZoneAnswer }
  /** The zone had no such name and its link says `onMiss: internet`: the same name, in public. */
  | { readonly kind: "redirect"; readonly name: DomainName; readonly source: ViewZone }
  /** A rule of a forwarder or a network sends the name away. */
  | { readonly kind: "rule"; readonly name: DomainName; readonly rule: Rule }
  /** One target of a rule, or one DNS server of a client, was asked, and what came of it. */
  | {
      readonly kind: "target";
      readonly target: Target;
      readonly result: "answered" | "no-reply" | "moved-on" | "failed";
      /** Why nobody answered, why the next one is asked, or, where there is none, why that is the end. */
      readonly why?: Silence | Failure | Refusal;
    }
  /** A name that every resolver knows: localhost, private reverse zones … */
  | { readonly kind: "builtin"; readonly name: DomainName; readonly domain: DomainName }
  /** Public data: a record of a service or of `public.records`, or a public zone. */
  | { readonly kind: "public"; readonly name: DomainName; readonly zone?: PublicZone; readonly found: ZoneAnswer }
  /** Nothing public knows the name and there is no upstream: the simulated root answers. */
  | { readonly kind: "offline"; readonly name: DomainName }
  /** A target's reply went on past this name, for which the view has a source of its own: the rest is dropped. */
  | { readonly kind: "cut"; readonly at: DomainName }
  /** The rule has records of its own, and answers with them. */
  | { readonly kind: "rule-answer"; readonly name: DomainName; readonly rule: Rule; readonly found: ZoneAnswer }
  /** What happens here is a switch of the topology: the provider does not document it. */
  | { readonly kind: "assumed"; readonly name: DomainName; readonly assumption: Assumption }
  /** Real servers were asked, or would be. */
  | {
      readonly kind: "upstream";
      readonly name: DomainName;
      readonly targets: readonly string[];
      readonly result: "answered" | "failed" | "would-ask";
      /** Of an answer: what the server said beside its records. */
      readonly marks?: ReplyMarks;
    };

/** A switch under `assume` that an answer rests on, as it stands. */
export type Assumption =
  /** An alias in public data comes back to this view, or does not. */
  | { readonly kind: "reenter"; readonly aliases: "all" | "private" }
  /** A rule's target gave an alias that this view has a source of its own for. */
  | { readonly kind: "ruleAliases"; readonly aliases: "chase" | "trust"; readonly rule: Rule }
  /** A zone's link sends a name on, and a rule is there for it. */
  | { readonly kind: "redirectThrough"; readonly through: "internet" | "rules"; readonly rule: Rule }
  /** A zone's link sends a type on that the name does not have. */
  | { readonly kind: "redirectNodata" }
  /** A rule is longer than a linked zone that matches as well. */
  | { readonly kind: "azureRules"; readonly order: RuleOrder; readonly rule: Rule; readonly zone: ViewZone }
  /** A `.` rule meets a name of a domain that the provider reserves. */
  | { readonly kind: "reservedNames"; readonly isLeftAlone: boolean; readonly rule: Rule; readonly domain: DomainName };

/** One question, answered by one server, with why. */
export interface Resolution {
  readonly question: Question;
  /** The resolver that answered; absent for an authoritative server, and where nobody could be asked. */
  readonly resolver?: SimulatedResolver;
  /** CNAME and DNAME sets in the order they were followed; a DNAME stands before its synthesised CNAME. */
  readonly aliases: readonly RRset[];
  readonly outcome: Outcome;
  readonly trace: readonly Step[];
}
