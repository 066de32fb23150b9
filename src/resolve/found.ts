import type { DomainName } from "../name/domain-name.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import type { Zone, ZoneAnswer } from "../zone/zone.ts";
import type { Outcome } from "./resolution.ts";

/** What one source gave for one name: a way on, or the end. */
export type Found =
  | { readonly kind: "alias"; readonly aliases: readonly RRset[]; readonly target: DomainName }
  | { readonly kind: "end"; readonly aliases: readonly RRset[]; readonly outcome: Outcome };

export function end(outcome: Outcome, aliases: readonly RRset[] = []): Found {
  return { kind: "end", aliases, outcome };
}

/**
 * A zone's answer to a question of `type` as a step of the chain. CNAME and ANY ask for aliases themselves: those are not
 * followed (SEMANTICS 27). A cut is where this zone knows no more: what then, the caller says, else the question fails.
 */
export function fromZone(
  zone: Zone,
  type: RecordType,
  answer: ZoneAnswer,
  atCut: (delegation: Delegation) => Found = endAtCut,
): Found {
  switch (answer.kind) {
    case "data":
      return end({ kind: "answer", rrsets: answer.rrsets });
    case "alias":
      return { kind: "alias", aliases: [answer.cname], target: answer.target };
    case "dname": {
      const { dname, cname, target } = answer;
      if (cname === undefined || target === undefined) return end({ kind: "yxdomain" }, [dname]);
      const wantsAlias = type === RecordTypes.CNAME || type === RecordTypes.ANY;
      return wantsAlias
        ? end({ kind: "answer", rrsets: [cname] }, [dname])
        : { kind: "alias", aliases: [dname, cname], target };
    }
    case "nodata":
      return end({ kind: "nodata", soa: zone.soa });
    case "nxdomain":
      return end({ kind: "nxdomain", soa: zone.soa });
    case "delegation":
      return atCut(answer);
  }
}

/** Where a zone of the model ends. */
export type Delegation = Extract<ZoneAnswer, { kind: "delegation" }>;

/** A resolver has nobody to ask there: addresses of the child's own servers are never asked (SEMANTICS 44). */
function endAtCut({ ns }: Delegation): Found {
  return end({ kind: "failed", reason: { kind: "delegation", cut: ns.owner } });
}
