import type { ExpandedName } from "../catalogue/expand.ts";
import { publicDeciders } from "../explain/public-reason.ts";
import { originOf } from "../explain/verdict.ts";
import { type DomainName, sameName } from "../name/domain-name.ts";
import type { EndpointPlan } from "../platform/allocate.ts";
import type { RRset } from "../record/rrset.ts";
import { lastSource } from "../resolve/last-source.ts";
import type { Resolution } from "../resolve/resolution.ts";
import type { SimulatedResolver, Snapshot, ViewZone } from "../snapshot/snapshot.ts";
import type { Asker } from "./askers.ts";
import { addressesIn } from "./effect.ts";
import { plainView, SharedWalks } from "./shared-walks.ts";

/** What clients who have a way to an approved endpoint get for its names, as far as it is not what the endpoint has there. */
export interface Survey {
  readonly misses: readonly Miss[];
  readonly strays: readonly Stray[];
}

/** A name of an endpoint, and the clients that were asked about it. */
interface Asked {
  readonly plan: EndpointPlan;
  readonly member: string;
  readonly name: ExpandedName;
  readonly asker: Asker;
  /** Networks of the asker that reach the endpoint, the endpoint's own first. */
  readonly networks: readonly string[];
  /** The first of them, which was asked. */
  readonly first: string;
  /** What it got. */
  readonly resolution: Resolution;
}

/** Clients get no private answer: a public one, or none. Of what a network does not see of a zone, the first name. */
export interface Miss extends Asked {
  /** Set where a private zone denied the name: what it is, as that resolver sees it. */
  readonly deniedBy?: ViewZone;
  /** Where the answer is public: who took it from there, last, and before it those that had asked it and waited. */
  readonly deciders: readonly SimulatedResolver[];
}

/** Clients get a private answer that is not, or not only, the endpoint's address. */
export interface Stray extends Asked {
  readonly rrset: RRset;
  readonly addresses: readonly string[];
  /** Those that no endpoint of that name has. */
  readonly unknown: readonly string[];
}

/**
 * Asks for the names of every approved endpoint, each class of networks once. Answers are not kept: only what is not as it
 * should be.
 */
export function surveyOf(
  snapshot: Snapshot,
  plans: ReadonlyMap<string, EndpointPlan>,
  askers: readonly Asker[],
): Survey {
  const misses: Miss[] = [];
  const strays: Stray[] = [];
  const planned = plannedAddresses(plans);
  const unseen = new Set<string>();
  for (const plan of plans.values()) {
    if (plan.endpoint.connection !== "approved") continue;
    const names = namesOf(plan);
    const walks = new SharedWalks(snapshot); // Of one endpoint's names: no answer is kept for longer.
    for (const asker of askers) {
      const networks = networksThatReach(snapshot, asker, plan.endpoint.network);
      const [first] = networks;
      if (first === undefined) continue;
      const missed = new Set<string>(); // Zones that are not seen: their other names are missed as well.
      for (const { member, name } of names) {
        const place = placeOf(first, plan, name);
        if (missed.has(name.zone.key) || unseen.has(place)) continue;
        const right = planned.get(name.publicName.key) ?? [];
        const asked = { plan, member, name, asker, networks, first };
        if (judge({ ...asked, resolution: walks.ask(asker, first, name.publicName) }, right) === undefined) continue;
        const found = judge({ ...asked, resolution: walks.askItself(first, name.publicName) }, right);
        if (found === undefined) continue;
        if ("rrset" in found) strays.push(found);
        else {
          misses.push(found);
          if (found.deniedBy === undefined) missed.add(name.zone.key);
          if (plainView(asker, first)?.zones.has(name.zone.key) === false) unseen.add(place);
        }
      }
    }
  }
  return { misses, strays };
}

/**
 * A zone that a network does not see: its endpoints are missed alike, as long as they stand in one network and their services
 * have one door. One of them speaks for all.
 */
function placeOf(first: string, { endpoint, service }: EndpointPlan, { zone }: ExpandedName): string {
  return `${first}\n${endpoint.network}\n${service.publicNetworkAccess}\n${zone.key}`;
}

/** The names of an endpoint, those that people know before the ones that only programs meet: the shorter first. */
export function namesOf({
  members,
}: EndpointPlan): readonly { readonly member: string; readonly name: ExpandedName }[] {
  return members
    .flatMap(({ member, names }) => names.map((name) => ({ member, name })))
    .toSorted((a, b) => a.name.publicName.labels.length - b.name.publicName.labels.length);
}

function networksThatReach({ reachable }: Snapshot, { networks }: Asker, target: string): readonly string[] {
  const reaching = networks.filter((network) => reachable.get(network)?.has(target) === true);
  return reaching.includes(target) ? [target, ...reaching.filter((network) => network !== target)] : reaching;
}

/** The addresses that endpoints have for each public name: a set for each endpoint. */
type Planned = ReadonlyMap<string, readonly ReadonlySet<string>[]>;

function plannedAddresses(plans: ReadonlyMap<string, EndpointPlan>): Planned {
  const planned = new Map<string, ReadonlySet<string>[]>();
  for (const { members } of plans.values()) {
    for (const { names, addresses } of members) {
      const own = new Set(addresses.map(({ text }) => text));
      for (const { publicName } of names) {
        const known = planned.get(publicName.key);
        if (known === undefined) planned.set(publicName.key, [own]);
        else known.push(own);
      }
    }
  }
  return planned;
}

function judge(asked: Asked, planned: readonly ReadonlySet<string>[]): Miss | Stray | undefined {
  const { resolution, name, plan } = asked;
  const { outcome, trace } = resolution;
  const origin = originOf(resolution);
  if (origin === "public") {
    const taken = plan.group === undefined ? name.publicName : name.privateName;
    return { ...asked, deciders: publicDeciders(resolution, taken) };
  }
  if (origin !== "private") return undefined;
  if (outcome.kind !== "answer") {
    const last = lastSource(trace);
    return { ...asked, deciders: [], ...(last?.kind === "zone" ? { deniedBy: last.source } : {}) };
  }
  const [rrset] = outcome.rrsets;
  const addresses = addressesIn(outcome);
  if (rrset === undefined || planned.some((own) => addresses.every((text) => own.has(text)))) return undefined;
  if (!sameOwner(rrset.owner, name)) return undefined; // An alias of somebody's own leads elsewhere: on purpose.
  const unknown = addresses.filter((text) => !planned.some((own) => own.has(text)));
  return { ...asked, rrset, addresses, unknown };
}

function sameOwner(owner: DomainName, { publicName, privateName }: ExpandedName): boolean {
  return sameName(owner, privateName) || sameName(owner, publicName);
}
