import { type Address, formatAddressPort } from "../net/address.ts";
import { containsAddress } from "../net/cidr.ts";
import type { Log } from "../observe/log.ts";
import type { Door } from "../serve/door.ts";
import type { ListenChange } from "../serve/door-set.ts";
import { interfaceAddresses } from "../serve/interface-addresses.ts";
import type { ListenProblem } from "../serve/listen-problem.ts";
import type { SnapshotHolder } from "../snapshot/holder.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Listener } from "../topology/model.ts";
import type { ServerUser } from "./server-user.ts";

/** Listeners that this machine can have, and those it cannot for want of IPv6. */
export interface Possible {
  readonly possible: readonly Listener[];
  readonly without: readonly Listener[];
}

/**
 * Leaves [::1] and [::] out on a machine that has no IPv6 at all, where another listener stays: the same topology then starts
 * everywhere. Every other address that is missing is a problem of its own.
 */
export function possibleHere(listeners: readonly Listener[], own = interfaceAddresses()): Possible {
  const has = (isIt: (address: Address) => boolean): boolean => own.some(({ address }) => isIt(address));
  const hasLoopback6 = has(({ text }) => text === "::1");
  const hasSome6 = has(({ family }) => family === 6);
  const isOurs = ({ at: { address } }: Listener): boolean =>
    address.text === "::1" ? hasLoopback6 : address.text !== "::" || hasSome6;
  const possible = listeners.filter(isOurs);
  if (possible.length === 0) return { possible: listeners, without: [] };
  return { possible, without: listeners.filter((listener) => !isOurs(listener)) };
}

/**
 * What the snapshot of the moment says of an open listener: its address stays, who answers there may change with a reload.
 * Several may be at one address, where any port will do: they are told apart by their order. Looked up once for each
 * generation.
 */
export function currentListener(holder: SnapshotHolder, opened: Listener): () => Listener {
  const isHere = ({ at }: Listener): boolean => formatAddressPort(at) === formatAddressPort(opened.at);
  const order = holder.current.topology.listeners.filter(isHere).indexOf(opened);
  let generation: Snapshot | undefined;
  let current = opened;
  return () => {
    if (generation !== holder.current) {
      generation = holder.current;
      current = generation.topology.listeners.filter(isHere)[order] ?? opened;
    }
    return current;
  };
}

/** Who is believed to be a proxy at a listener that is behind one: as the snapshot of the moment says. */
export function proxiesOf(current: () => Listener): { readonly isProxy?: (address: Address) => boolean } {
  if (current().proxy === undefined) return {};
  return { isProxy: (address) => current().trust.some((cidr) => containsAddress(cidr, address)) };
}

/** The listeners with the addresses and ports that they got: a wildcard is one for each address. */
export function openedListeners(
  asked: readonly Listener[],
  doors: readonly (readonly Pick<Door, "at">[])[],
): Listener[] {
  return asked.flatMap((listener, i) => (doors[i] ?? []).map(({ at }) => ({ ...listener, at })));
}

/** Two lists of listeners are alike when they are at the same addresses, behind a proxy or not. */
export function addressesOf(listeners: readonly Listener[]): string {
  return listeners
    .map(({ at, proxy = "" }) => `${formatAddressPort(at)}${proxy}`)
    .toSorted()
    .join(" ");
}

/** Tells what became of an address: its interface came or went, or a reload did without it. */
export function tellChange(log: Log, change: ListenChange, user?: ServerUser): void {
  switch (change.kind) {
    case "opened":
      return log.info(`listening on ${formatAddressPort(change.at)} too`);
    case "closed":
      return log.info(`no longer listening on ${formatAddressPort(change.at)}`);
    case "problem":
      return log.warn(user === undefined ? change.text : asThatUser(change, user));
  }
}

/** The problem of an address that would open for root, told to whoever let go of being root. */
function asThatUser({ text, code, transport, at }: ListenProblem, user: ServerUser): string {
  if (code !== "EACCES" && code !== "EPERM") return text;
  return `${transport} ${formatAddressPort(at)}: privileges were dropped by --user ${user.text}: restart privlink to listen there`;
}
