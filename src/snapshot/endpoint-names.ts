import { Diagnostics } from "../diagnostics/diagnostic.ts";
import { ancestorOf, type DomainName, prepend } from "../name/domain-name.ts";
import { planEndpoints } from "../platform/allocate.ts";
import type { Topology } from "../topology/model.ts";

/** A public name that an endpoint is there for, and where its private record belongs. */
export interface EndpointName {
  /** The endpoint's key. */
  readonly endpoint: string;
  readonly publicName: DomainName;
  /** What the public name becomes: the same name where clients use the private one itself. */
  readonly privateName: DomainName;
  /** The name of the zone that the private record belongs in. */
  readonly zone: DomainName;
  /** Set where the endpoint publishes the name itself, rather than its service: the network it does so in. */
  readonly publishedIn?: string;
}

/** The endpoint names that a name is, itself or by a wildcard, the nearest first to be found. */
export function endpointNamesAt(
  names: ReadonlyMap<string, readonly EndpointName[]>,
  name: DomainName,
): readonly EndpointName[] {
  const exact = names.get(name.key);
  if (exact !== undefined) return exact;
  for (let count = name.labels.length - 1; count > 0; count--) {
    const wildcard = prepend(["*"], ancestorOf(name, count));
    const found = wildcard === undefined ? undefined : names.get(wildcard.key);
    if (found !== undefined) return found;
  }
  return [];
}

/** Every endpoint's names, by the key of the public name and of the private one: what `explain` looks a public answer up in. */
export function compileEndpointNames(topology: Topology): Map<string, readonly EndpointName[]> {
  const names = new Map<string, EndpointName[]>();
  const add = (key: string, name: EndpointName): void => {
    const others = names.get(key);
    if (others === undefined) names.set(key, [name]);
    else others.push(name);
  };
  const ignored = new Diagnostics(); // The run that writes the records tells the user.
  for (const { endpoint, members, group } of planEndpoints(topology, ignored).values()) {
    for (const { publicName, privateName, zone } of members.flatMap((member) => member.names)) {
      const where = group === undefined ? { publishedIn: endpoint.network } : {};
      const name = { endpoint: endpoint.key, publicName, privateName, zone, ...where };
      add(publicName.key, name);
      if (privateName.key !== publicName.key) add(privateName.key, name);
    }
  }
  return names;
}
