import { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { DomainName } from "../name/domain-name.ts";
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
  for (const { endpoint, members } of planEndpoints(topology, ignored).values()) {
    for (const { publicName, privateName, zone } of members.flatMap((member) => member.names)) {
      const name = { endpoint: endpoint.key, publicName, privateName, zone };
      add(publicName.key, name);
      if (privateName.key !== publicName.key) add(privateName.key, name);
    }
  }
  return names;
}
