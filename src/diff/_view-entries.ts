import { type DomainName, nameFromLabels } from "../name/domain-name.ts";
import type { Rule, SimulatedResolver, Snapshot, View, ViewZone } from "../snapshot/snapshot.ts";
import type { Marks } from "./_marks.ts";

/** One thing that a view has for a domain. */
export type Entry =
  /** `rank`: where it stands against everything else in the view; equal ranks of two views are one place. */
  | { readonly kind: "zone"; readonly rank: string; readonly zone: ViewZone }
  | { readonly kind: "rule"; readonly rank: string; readonly rule: Rule };

export interface Entries {
  readonly domains: ReadonlyMap<string, DomainName>;
  at(this: void, domain: DomainName): readonly Entry[];
}

/** All that a view has, by domain, in the order in which it is looked at. */
export function entriesOf({ phases, zones: linked, hostZones }: View): Entries {
  const domains = new Map<string, DomainName>();
  const entries = new Map<string, Entry[]>();
  const add = (domain: DomainName, entry: Entry): void => {
    domains.set(domain.key, domain);
    const others = entries.get(domain.key);
    if (others === undefined) entries.set(domain.key, [entry]);
    else others.push(entry);
  };
  const middle = phases.findIndex((phase) => phase.some((layer) => layer.kind === "zones" && layer.zones === linked));
  for (const [i, phase] of phases.entries()) {
    // Phases without anything are left out of a view, so they are told by where they stand to the linked zones.
    const side = Math.sign(i - middle);
    const firstRules = phase.findIndex(({ kind }) => kind === "rules");
    const tie = side === 0 && firstRules === 0 ? "rules-first" : "zones-first";
    for (const layer of phase) {
      if (layer.kind === "zones") {
        const what = layer.zones === hostZones ? "hosts" : "zones";
        for (const zone of layer.zones.values()) add(zone.zone.origin, { kind: "zone", rank: `${side} ${what}`, zone });
      } else {
        for (const rule of layer.rules.values()) add(rule.domain, { kind: "rule", rank: `${side} ${tie}`, rule });
      }
    }
  }
  return { domains, at: (domain) => entries.get(domain.key) ?? [] };
}

/** What holds for every name that a resolver is asked: two of one shape differ in what their views have, or not at all. */
export function shapeOf({ realServers }: Snapshot, { kind, key, view }: SimulatedResolver): string {
  const { aliases, aliasLimit, failover, reenter, redirect, reserved } = view;
  const servers = kind === "external" ? realServers.get(key) : undefined;
  return JSON.stringify({
    servers: servers?.targets.map(({ text }) => text),
    isReal: kind === "external",
    aliases,
    aliasLimit,
    failover,
    reenter: reenter.aliases,
    redirect: { ...redirect },
    reserved: reserved === undefined ? undefined : [...reserved.domains.keys(), reserved.areLeftAlone],
  });
}

/** Marks names that exist on one side alone because something lies below them. */
export function markAncestors(marks: Marks, before: ReadonlySet<string>, after: ReadonlySet<string>): void {
  for (const key of before) if (!after.has(key)) marks.addName(nameOfKey(key));
  for (const key of after) if (!before.has(key)) marks.addName(nameOfKey(key));
}

/** The name that has a key: the labels of a key are folded. */
function nameOfKey(key: string): DomainName {
  const labels: string[] = [];
  for (let offset = 0; key.charCodeAt(offset) > 0; offset += 1 + key.charCodeAt(offset))
    labels.push(key.slice(offset + 1, offset + 1 + key.charCodeAt(offset)));
  return nameFromLabels(labels);
}
