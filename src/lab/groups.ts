import { formatAddressPort } from "../net/address.ts";
import type { Place } from "./places.ts";
import type { ReachedServer } from "./servers.ts";

/** A machine of the lab with what it reaches. */
export interface Stand {
  readonly place: Place;
  readonly servers: readonly ReachedServer[];
}

/** The machines that one server answers: their addresses tell them apart, and each address of the server is one thing to all. */
export interface Group {
  readonly stands: readonly Stand[];
  /** By `ADDR:PORT`. */
  readonly listeners: ReadonlyMap<string, ReachedServer>;
}

interface GrowingGroup {
  readonly stands: Stand[];
  readonly listeners: Map<string, ReachedServer>;
}

/**
 * As few groups as do, nearly always one. Networks with the same prefix may both have a machine, or a resolver, at the same
 * address; those are put into different groups, and a second server answers the same model there.
 */
export function groupStands(stands: readonly Stand[]): Group[] {
  const groups: GrowingGroup[] = [];
  for (const stand of stands) {
    let group = groups.find((one) => fits(one, stand));
    if (group === undefined) {
      group = { stands: [], listeners: new Map() };
      groups.push(group);
    }
    group.stands.push(stand);
    for (const server of stand.servers) group.listeners.set(formatAddressPort(server.at), server);
  }
  return groups;
}

function fits({ stands, listeners }: GrowingGroup, stand: Stand): boolean {
  const machines = textsOf(stands.flatMap(({ place }) => place.addresses));
  const answering = textsOf([...listeners.values()].map(({ at }) => at.address));
  const isFree = stand.place.addresses.every(({ text }) => !machines.has(text) && !answering.has(text));
  return (
    isFree &&
    stand.servers.every((server) => {
      const there = listeners.get(formatAddressPort(server.at));
      return !machines.has(server.at.address.text) && (there === undefined || there.as === server.as);
    })
  );
}

function textsOf(addresses: readonly { readonly text: string }[]): ReadonlySet<string> {
  return new Set(addresses.map(({ text }) => text));
}
