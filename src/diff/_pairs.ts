import { type DomainName, ROOT } from "../name/domain-name.ts";
import { type Found, findTarget, serversOf } from "../resolve/targets.ts";
import type { Client } from "../snapshot/clients.ts";
import { platformKey } from "../snapshot/compile.ts";
import type { Rule, SimulatedResolver, Snapshot, View } from "../snapshot/snapshot.ts";
import type { Target } from "../topology/model.ts";
import type { Alias } from "./_known.ts";
import { Marks } from "./_marks.ts";
import { markPublic } from "./_public-marks.ts";
import { isInCircle } from "./_rule-circles.ts";
import { type Entries, entriesOf, markAncestors, shapeOf } from "./_view-entries.ts";
import { ZonePairs } from "./_zone-marks.ts";

/** What two parties, one on each side, may answer differently; with what each leaves to others. */
interface Pair {
  readonly marks: Marks;
  /** Below which domain names are left to which other pair. */
  readonly leads: { readonly domain: DomainName; readonly to: Pair }[];
}

/** A party as its client meets it: DNS servers in order, one resolver, or nobody. */
type Party =
  | { readonly kind: "servers"; readonly targets: readonly Target[]; readonly network: string }
  | { readonly kind: "resolver"; readonly resolver: SimulatedResolver }
  | { readonly kind: "nobody" };

/** Targets that stand for lists of targets, one within another. More is not looked into. */
const MAX_LISTS = 4;

/**
 * Two models side by side: finds, before anything is asked, for which names somebody's answer may differ. Views are compared
 * entry by entry, zones record by record, and what one resolver leaves to another is followed to that other. What is not
 * marked is answered alike: by the same sources, with the same records, all the way.
 *
 * Both sides may be one model: then two of its askers are compared.
 */
export class SideBySide {
  private readonly before: Snapshot;
  private readonly after: Snapshot;
  private readonly pairs = new Map<string, Pair>();
  private readonly ofViews = new Map<View, Entries>();
  private readonly zones: ZonePairs;
  private publicMarks: Marks | undefined;

  constructor(before: Snapshot, after: Snapshot, zones = new ZonePairs()) {
    this.zones = zones;
    this.before = before;
    this.after = after;
  }

  /** Whether two clients are surely answered alike, whatever they ask. */
  areAlike(before: Client, after: Client): boolean {
    const all = reachedFrom(this.pairOf(before, after));
    return this.inPublic().size === 0 && all.every(({ marks }) => marks.size === 0);
  }

  /** The names that two clients may be answered differently for. `aliases` are those of both models. */
  marksOf(before: Client, after: Client, aliases: () => readonly Alias[]): Marks {
    const start = this.pairOf(before, after);
    const all = reachedFrom(start);
    for (const { marks } of all) marks.addWithin(ROOT, this.inPublic());
    if (all.every(({ marks }) => marks.size === 0)) return start.marks;
    const known = aliases();
    for (let grows = true; grows; ) {
      const size = sizeOf(all);
      for (const { marks, leads } of all) {
        for (const { domain, to } of leads) marks.addWithin(domain, to.marks);
        followAliases(marks, known);
      }
      grows = sizeOf(all) > size;
    }
    return start.marks;
  }

  private inPublic(): Marks {
    if (this.publicMarks === undefined) {
      this.publicMarks = new Marks();
      markPublic(this.publicMarks, this.before.internet, this.after.internet);
    }
    return this.publicMarks;
  }

  private pairOf(before: Client, after: Client): Pair {
    const pair: Pair = { marks: new Marks(), leads: [] };
    if (before.kind === "ambiguous" || after.kind === "ambiguous") {
      if (before.kind !== after.kind) pair.marks.addDomain(ROOT);
      return pair;
    }
    const old = partyOf(this.before, before);
    const now = partyOf(this.after, after);
    if (old.kind === "servers" && now.kind === "servers") this.compareLists(pair, ROOT, old, now, 0);
    else if (old.kind === "resolver" && now.kind === "resolver") this.lead(pair, ROOT, old.resolver, now.resolver);
    else if (old.kind !== now.kind) pair.marks.addDomain(ROOT);
    return pair;
  }

  /** Servers or targets in order, one by one: which of them is moved on from depends on what they say. */
  private compareLists(
    pair: Pair,
    domain: DomainName,
    old: { readonly targets: readonly Target[]; readonly network?: string },
    now: { readonly targets: readonly Target[]; readonly network?: string },
    depth: number,
  ): void {
    if (old.targets.length !== now.targets.length || depth > MAX_LISTS) {
      pair.marks.addDomain(domain);
      return;
    }
    for (const [i, target] of old.targets.entries()) {
      const other = now.targets[i];
      if (other === undefined) continue;
      const found = findTarget(this.before, target, old.network);
      this.compareFound(
        pair,
        domain,
        [found, old.network],
        [findTarget(this.after, other, now.network), now.network],
        depth,
      );
    }
  }

  private compareFound(
    pair: Pair,
    domain: DomainName,
    [old, from]: readonly [Found, string | undefined],
    [now, nowFrom]: readonly [Found, string | undefined],
    depth: number,
  ): void {
    if (old.kind === "resolver" && now.kind === "resolver") this.lead(pair, domain, old.resolver, now.resolver);
    else if (old.kind === "servers" && now.kind === "servers") {
      const before = { targets: old.targets, ...(from === undefined ? {} : { network: from }) };
      const after = { targets: now.targets, ...(nowFrom === undefined ? {} : { network: nowFrom }) };
      this.compareLists(pair, domain, before, after, depth + 1);
    } else if (old.kind !== now.kind) pair.marks.addDomain(domain);
  }

  private lead(pair: Pair, domain: DomainName, old: SimulatedResolver, now: SimulatedResolver): void {
    pair.leads.push({ domain, to: this.resolverPair(old, now) });
  }

  private resolverPair(old: SimulatedResolver, now: SimulatedResolver): Pair {
    const key = `${old.key}\n${now.key}`;
    const known = this.pairs.get(key);
    if (known !== undefined) return known;
    const pair: Pair = { marks: new Marks(), leads: [] };
    this.pairs.set(key, pair); // Before it is filled: resolvers may lead to one another in circles.
    this.compareResolvers(pair, old, now);
    return pair;
  }

  private compareResolvers(pair: Pair, old: SimulatedResolver, now: SimulatedResolver): void {
    const { marks } = pair;
    if (old === now && this.before === this.after) return;
    const isOther = shapeOf(this.before, old) !== shapeOf(this.after, now);
    // A circle ends at the resolver that is met again: there it matters which one that is.
    const isElsewhere = old.key !== now.key && (isInCircle(this.before, old) || isInCircle(this.after, now));
    if (isOther || isElsewhere) {
      marks.addDomain(ROOT);
      return;
    }
    markAncestors(marks, old.view.knownAncestors, now.view.knownAncestors);
    const before = this.entries(old.view);
    const after = this.entries(now.view);
    for (const domain of new Map([...before.domains, ...after.domains]).values()) {
      const was = before.at(domain);
      const is = after.at(domain);
      const isAlike = was.length === is.length && was.every(({ rank }, i) => rank === is[i]?.rank);
      if (!isAlike) {
        marks.addDomain(domain);
        continue;
      }
      for (const [i, entry] of was.entries()) {
        const other = is[i];
        if (entry.kind === "zone" && other?.kind === "zone") {
          const isRedirectedAlike =
            entry.zone.onMiss === other.zone.onMiss &&
            String(entry.zone.redirectTypes) === String(other.zone.redirectTypes);
          if (isRedirectedAlike) marks.addWithin(domain, this.zones.marksOf(entry.zone.zone, other.zone.zone));
          else marks.addDomain(domain);
        }
        if (entry.kind === "rule" && other?.kind === "rule")
          this.compareRules(pair, [entry.rule, old.view], [other.rule, now.view]);
      }
    }
  }

  private entries(view: View): Entries {
    const known = this.ofViews.get(view) ?? entriesOf(view);
    this.ofViews.set(view, known);
    return known;
  }

  private compareRules(pair: Pair, [old, oldView]: readonly [Rule, View], [now, nowView]: readonly [Rule, View]): void {
    const { domain } = old;
    const { marks } = pair;
    if (old.isLocal !== now.isLocal || old.leadsInside !== now.leadsInside) marks.addDomain(domain);
    else if (old.kind === "answer" && now.kind === "answer")
      marks.addWithin(domain, this.zones.marksOf(old.zone, now.zone));
    else if (old.kind === "view" && now.kind === "view") {
      const was = this.before.resolvers.get(platformKey(old.network));
      const is = this.after.resolvers.get(platformKey(now.network));
      if (was !== undefined && is !== undefined) this.lead(pair, domain, was, is);
      else if (was !== is) marks.addDomain(domain);
    } else if (old.kind === "to" && now.kind === "to") {
      if (old.isLocal) return; // Nobody is asked.
      this.compareLists(pair, domain, leaving(old, oldView), leaving(now, nowView), 0);
    } else marks.addDomain(domain);
  }
}

/** The targets of a rule, and where its questions leave. */
function leaving({ targets, network }: Extract<Rule, { kind: "to" }>, view: View) {
  const from = network ?? view.network;
  return { targets, ...(from === undefined ? {} : { network: from }) };
}

function partyOf(snapshot: Snapshot, client: Exclude<Client, { kind: "ambiguous" }>): Party {
  const { topology, resolvers, internetResolver } = snapshot;
  if (client.kind === "internet") return { kind: "resolver", resolver: internetResolver };
  const { network, host } = client;
  const targets = serversOf(snapshot, network, host);
  if (targets.length > 0) return { kind: "servers", targets, network };
  const platform =
    resolvers.get(platformKey(network)) ?? (topology.networks.has(network) ? undefined : internetResolver);
  return platform === undefined ? { kind: "nobody" } : { kind: "resolver", resolver: platform };
}

/** A pair and all that it leads to. */
function reachedFrom(start: Pair): readonly Pair[] {
  const reached = new Set([start]);
  for (const pair of reached) for (const { to } of pair.leads) reached.add(to);
  return [...reached];
}

function sizeOf(pairs: readonly Pair[]): number {
  return pairs.reduce((sum, { marks }) => sum + marks.size, 0);
}

/** Marks what leads to a mark: a name whose alias has a target there, what lies below a DNAME, or is spoken for by `*`. */
function followAliases(marks: Marks, aliases: readonly Alias[]): void {
  for (const alias of aliases) {
    const { from, target } = alias;
    if (alias.kind === "name") {
      if (marks.covers(target)) marks.addName(from);
    } else if (alias.isOneTarget ? marks.covers(target) : marks.touches(target)) marks.addDomain(from);
  }
}
