import { ROOT } from "../../name/domain-name.ts";
import { ancestorsOf } from "../../snapshot/public-view.ts";
import type { Rule, SimulatedResolver, Snapshot, View, ViewZone } from "../../snapshot/snapshot.ts";
import { zoneOfRRsets } from "../../snapshot/zone-of-rrsets.ts";
import { type SourceSpan, sourceFile } from "../../source/source-file.ts";
import type { PlannedView } from "./plan.ts";

/** Aliases that BIND follows before it gives up; CoreDNS follows 7 of other zones. */
const TARGET_ALIAS_LIMIT = 11;

/** Where a plan stands: in no file. */
const NOWHERE: SourceSpan = { file: sourceFile("export", ""), start: 0, end: 0 };

/**
 * The model that a target has of one asker: a resolver with the planned zones, every alias going back to them, and nothing
 * else in the world. What it says is what the exported server is expected to say, and the same engine says it.
 */
export function planSnapshot({ zones, forwards }: PlannedView, model: Snapshot): { snapshot: Snapshot; key: string } {
  const held = new Map<string, ViewZone>();
  for (const { zone } of zones)
    held.set(zone.origin.key, { key: zone.origin.key, zone, span: NOWHERE, onMiss: "nxdomain" });
  const rules = new Map<string, Rule>();
  for (const { domain } of forwards)
    rules.set(domain.key, { kind: "to", domain, targets: [], span: NOWHERE, leadsInside: false, isLocal: false });
  const phases = [
    [
      { kind: "zones" as const, zones: held },
      { kind: "rules" as const, rules },
    ],
  ];
  const view: View = {
    zones: held,
    rules: [...rules.values()],
    hostZones: new Map(),
    knownAncestors: ancestorsOf([...zones.map(({ zone }) => zone.origin), ...forwards.map(({ domain }) => domain)]),
    aliases: "chase",
    redirect: { through: "internet", nodata: false, isAssumed: false },
    failover: ["no-reply"],
    aliasLimit: TARGET_ALIAS_LIMIT,
    phases,
    reenter: { aliases: "all", isAssumed: false },
  };
  const key = "export";
  const resolver: SimulatedResolver = { key, kind: "forwarder", addresses: [], view };
  const internet = {
    ...model.internet,
    exact: zoneOfRRsets(ROOT, model.internet.rootSoa, []),
    publishers: new Map(),
    zones: new Map(),
    upstream: { targets: [], order: "listed" as const },
    knownAncestors: new Set<string>(),
  };
  return { snapshot: { ...model, resolvers: new Map([[key, resolver]]), resolversAt: new Map(), internet }, key };
}
