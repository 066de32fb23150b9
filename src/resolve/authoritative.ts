import { parentOf } from "../name/domain-name.ts";
import { longestSuffix } from "../name/suffix-map.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import type { Authority, ServedZone, Snapshot } from "../snapshot/snapshot.ts";
import { lookup } from "../zone/lookup.ts";
import type { Zone } from "../zone/zone.ts";
import { type Delegation, end, type Found, fromZone } from "./found.ts";
import type { Outcome, Question, Resolution, Step } from "./resolution.ts";

/** Aliases that one answer follows. Who asks goes on from the last one, so nothing is lost by stopping. */
const MAX_ALIASES = 16;

/**
 * Answers one question as an authoritative server does, from the zones it has and nothing else: no view, no rule, no
 * built-in name (SEMANTICS 16). Aliases are followed inside the zone that answered, and neither out of it nor into another
 * one, where a resolver would have to ask anew. `key` is that of an authority of the snapshot.
 */
export function resolveAuthoritatively(snapshot: Snapshot, key: string, question: Question): Resolution {
  const authority: Authority = snapshot.authorities.get(key) ?? { key, zones: new Map() };
  const { name, type } = question;
  const trace: Step[] = [{ kind: "authority", authority, name, type }];
  const aliases: RRset[] = [];
  const finish = (outcome: Outcome): Resolution => ({ question, aliases, outcome, trace });

  const served = zoneFor(authority, question);
  if (served === undefined) return finish({ kind: "refused", reason: { kind: "not-authoritative", name } });
  const met = new Set<string>();
  for (let at = name; ; ) {
    met.add(at.key);
    const found = findIn(served, { name: at, type }, trace);
    aliases.push(...found.aliases);
    if (found.kind === "end") return finish(found.outcome);
    const { target } = found;
    if (met.has(target.key)) return finish({ kind: "unfollowed", target, why: "loop" });
    if (zoneFor(authority, { name: target, type }) !== served)
      return finish({ kind: "unfollowed", target, why: "outside" });
    if (met.size > MAX_ALIASES) return finish({ kind: "unfollowed", target, why: "limit" });
    at = target;
  }
}

/** The longest zone that holds the name. A DS set is the parent's, where that is served (RFC 4035 §3.1.4.1). */
function zoneFor({ zones }: Authority, { name, type }: Question): ServedZone | undefined {
  const parent = type === RecordTypes.DS ? longestSuffix(zones, parentOf(name)) : undefined;
  return parent ?? longestSuffix(zones, name);
}

function findIn(served: ServedZone, { name, type }: Question, trace: Step[]): Found {
  const { zone } = served;
  const found = lookup(zone, name, type);
  trace.push(
    served.kind === "private"
      ? { kind: "zone", name, source: served.source, found }
      : { kind: "public", name, zone: served.source, found },
  );
  return fromZone(zone, type, found, (delegation) => end(referral(zone, delegation)));
}

/** Whom to ask below a cut. The DS set there is the parent's, and tells a validator whether the child is signed. */
function referral(zone: Zone, { ns, glue }: Delegation): Outcome {
  const ds = lookup(zone, ns.owner, RecordTypes.DS);
  const [set] = ds.kind === "data" ? ds.rrsets : [];
  return { kind: "referral", ns, glue, ...(set === undefined ? {} : { ds: set }) };
}
