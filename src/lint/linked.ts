import type { DomainName } from "../name/domain-name.ts";
import { profileOf } from "../platform/profiles.ts";
import type { RRset } from "../record/rrset.ts";
import type { Resolution } from "../resolve/resolution.ts";
import { platformKey } from "../snapshot/compile.ts";
import type { SourceSpan } from "../source/source-file.ts";
import type { Link, NetworkKind, PrivateZone } from "../topology/model.ts";
import type { Estate } from "./estate.ts";

/** The links of a zone that count, to networks of these kinds, or of any: those with a platform resolver that could be asked. */
export function linksOf(estate: Estate, { links }: PrivateZone, ...kinds: readonly NetworkKind[]): Link[] {
  const { topology, snapshot } = estate;
  return links.filter(({ network, state }) => {
    const kind = topology.networks.get(network)?.kind;
    if (!snapshot.resolvers.has(platformKey(network))) return false;
    return state === "completed" && kind !== undefined && (kinds.length === 0 || kinds.includes(kind));
  });
}

/** Whether a name that a zone lacks is asked in public by the machines of a linked network. */
export function isRedirected({ topology }: Estate, { name }: PrivateZone, { network, onMiss }: Link): boolean {
  const kind = topology.networks.get(network)?.kind ?? "generic";
  return onMiss === "internet" && profileOf(kind).redirect.appliesTo(name);
}

/** What the platform resolver of a network says to somebody who asks it. */
export function askPlatform(estate: Estate, network: string, name: DomainName): Resolution {
  return estate.ask({ kind: "resolver", key: platformKey(network) }, name);
}

/** Where a set was written; else where its zone is declared. */
export function placeOf(rrset: RRset, zone: PrivateZone): SourceSpan {
  const [place] = rrset.places ?? [];
  return place === undefined ? zone.span : shown(place, zone);
}

/** A place of a record with the line that it stands in, where that is a line of the topology: packed zones keep no text. */
export function shown(place: SourceSpan, { span: { file } }: Pick<PrivateZone, "span">): SourceSpan {
  return place.file.path === file.path ? { ...place, file } : place;
}

/** Of a service's names the one that people know it by: the shortest. */
export function mainName(names: readonly { readonly publicName: DomainName }[]): DomainName | undefined {
  return names.map(({ publicName }) => publicName).toSorted((a, b) => a.labels.length - b.labels.length)[0];
}
