import type { DomainName } from "../name/domain-name.ts";
import { longestSuffix } from "../name/suffix-map.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { Resolution } from "../resolve/resolution.ts";
import { resolveOffline } from "../resolve/resolve.ts";
import { platformKey } from "../snapshot/compile.ts";
import type { Snapshot, View } from "../snapshot/snapshot.ts";
import type { Asker } from "./askers.ts";

/** An answer, and what it rests on: the source of each name that was met on the way. */
interface Walk {
  /** What networks share that have the same behaviour. */
  readonly kind: string;
  readonly names: readonly DomainName[];
  readonly sources: readonly string[];
  readonly resolution: Resolution;
}

/**
 * Asks one question from many networks, and answers from what another network was told where that cannot differ: both are
 * answered by their own platform resolvers, of one kind and without rules, and for every name that the walk of the other one
 * met, both have the same zone or none. Then each step of the two walks is the same, and so is the next name.
 */
export class SharedWalks {
  private readonly snapshot: Snapshot;
  private readonly walks = new Map<string, Walk[]>();

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot;
  }

  /**
   * What a network that `asker` stands for is told of a name. It may be another one's answer: the outcome is the same, and the
   * trace, but for the resolver's name. Who tells of it asks `askItself`.
   */
  ask(asker: Asker, network: string, name: DomainName): Resolution {
    const view = plainView(asker, network);
    if (view === undefined) return this.askItself(network, name);
    const own = this.snapshot.topology.networks.get(network);
    const kind = `${own?.kind} ${own?.egress}`;
    const known = this.walks.get(name.key) ?? [];
    const same = known.find(
      (walk) => walk.kind === kind && walk.names.every((one, i) => sourceIn(view, one) === walk.sources[i]),
    );
    if (same !== undefined) return same.resolution;
    const resolution = this.askItself(network, name);
    const names = [name, ...resolution.trace.flatMap((step) => ("name" in step ? [step.name] : []))];
    known.push({ kind, names, sources: names.map((one) => sourceIn(view, one)), resolution });
    this.walks.set(name.key, known);
    return resolution;
  }

  askItself(network: string, name: DomainName): Resolution {
    return resolveOffline(this.snapshot, { kind: "servers-of", network }, { name, type: RecordTypes.A });
  }
}

/** The view of a network's own platform resolver, where nothing but linked zones and the internet is in it. */
export function plainView({ resolvers }: Asker, network: string): View | undefined {
  const [own, ...others] = resolvers;
  if (own === undefined || others.length > 0 || own.key !== platformKey(network)) return undefined;
  const { view } = own;
  return view.rules.length === 0 && view.hostZones.size === 0 ? view : undefined;
}

function sourceIn({ zones }: View, name: DomainName): string {
  const zone = longestSuffix(zones, name);
  return zone === undefined ? "" : `${zone.key} ${zone.onMiss} ${zone.madeBy?.network ?? ""}`;
}
