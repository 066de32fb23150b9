import { type Address, type AddressPort, formatAddressPort, isLoopback, isPrivateAddress } from "../net/address.ts";
import { type Cidr, knownCidr } from "../net/cidr.ts";
import { lowestFree } from "../platform/address-pool.ts";
import { findTarget, serversOf } from "../resolve/targets.ts";
import { INTERNET, platformKey } from "../snapshot/compile.ts";
import type { SimulatedResolver, Snapshot } from "../snapshot/snapshot.ts";
import type { Target } from "../topology/model.ts";
import { internetPrefixes, type Place, single } from "./places.ts";

/** An address that somebody in the lab may ask, and what of the model is there. */
export interface LabServer {
  readonly at: AddressPort;
  /** Looked up from wherever somebody asks: the model says who answers them there, if anybody. */
  readonly target: Target;
}

/** A server as one place reaches it. */
export interface ReachedServer {
  readonly at: AddressPort;
  /** Who answers there, as `--listen` calls them; absent: told by the source of a question. */
  readonly as?: string;
}

const DNS_PORT = 53;
/** For resolvers that have no address in the model: link-local ones (RFC 3927). */
const MADE_PREFIX = knownCidr("169.254.53.0/24");
/** Where a client asks whose model gives it no server at all. Nothing leads there. */
const NOBODY = "169.254.52.1";

/**
 * Every address at which the lab answers: those of resolvers that the model runs, public ones that somebody asks, and made
 * ones for resolvers, and an internet, that have none. `taken` are addresses that nobody gets; the made ones come into it.
 */
export function labServers(snapshot: Snapshot, taken: Cidr[]): LabServer[] {
  const servers = new Map<string, LabServer>();
  const real = realAddresses(snapshot);
  const add = (at: AddressPort, target: Target): void => {
    const text = formatAddressPort(at);
    if (!isLoopback(at.address) && !real.has(text) && !servers.has(text)) servers.set(text, { at, target });
  };
  const simulated = [...snapshot.resolvers.values()].filter(({ kind }) => kind !== "external");
  for (const at of simulated.flatMap(({ addresses }) => addresses)) add(at, targetAt(at));
  for (const at of askedInPublic(snapshot)) add(at, targetAt(at));
  taken.push(...[...servers.values()].map(({ at }) => single(at.address)));
  for (const { key, addresses } of simulated) {
    if (addresses.length > 0) continue;
    const prefixes = key === INTERNET ? [...internetPrefixes(snapshot), MADE_PREFIX] : [MADE_PREFIX];
    const made = prefixes.map((prefix) => lowestFree(prefix, { first: 53, last: 1 }, taken)).find((one) => one);
    if (made === undefined) continue;
    taken.push(single(made));
    add({ address: made, port: DNS_PORT }, key === INTERNET ? { ...word(key), kind: "internet" } : resolverTarget(key));
  }
  return [...servers.values()];
}

/** What a place reaches, and as whom it is answered: what the model says of each address, seen from there. */
export function reachedServers(snapshot: Snapshot, servers: readonly LabServer[], place: Place): ReachedServer[] {
  return servers.flatMap(({ at, target }) => {
    const isOwn = place.addresses.some(({ text }) => text === at.address.text);
    const isOfFamily = place.addresses.some(({ family }) => family === at.address.family);
    if (isOwn || !isOfFamily) return [];
    const found = findTarget(snapshot, target, place.network);
    switch (found.kind) {
      case "internet":
        return { at, as: INTERNET };
      case "resolver":
        return answersAt(found.resolver, at, place, target);
      case "servers":
      case "nobody":
        return [];
    }
  });
}

function answersAt(
  { key, kind, network }: SimulatedResolver,
  at: AddressPort,
  place: Place,
  target: Target,
): ReachedServer | readonly [] {
  // Whoever stands on the internet has no way to a private address, whatever is there.
  if (place.network === undefined && kind !== "internet" && isPrivateAddress(at.address)) return [];
  switch (kind) {
    case "external":
      return [];
    case "internet":
    case "inbound":
    case "forwarder":
      return { at, as: key };
    case "platform":
    case "public":
      // At an address that only the lab has, nobody but the listener can say whose platform it is.
      if (target.kind !== "address") return { at, as: platformKey(network ?? "") };
      return place.isTold ? { at } : { at, as: place.network ?? INTERNET };
  }
}

/** The name servers of a place, in order: what stands in its `resolv.conf`. */
export function nameServers(snapshot: Snapshot, servers: readonly LabServer[], place: Place): string[] {
  const { network, host } = place;
  const addressOf = (isIt: (target: Target) => boolean): string | undefined =>
    servers.find(({ target }) => isIt(target))?.at.address.text;
  const ofResolver = (key: string): string | undefined =>
    nearestOf(snapshot.resolvers.get(key), place)?.text ??
    addressOf((target) => target.kind === "resolver" && target.key === key);
  const ofTarget = (target: Target): (string | undefined)[] => {
    switch (target.kind) {
      case "address":
        return [target.at.address.text];
      case "internet":
        return [addressOf(({ kind }) => kind === "internet")];
      case "platform":
        return [ofResolver(platformKey(target.network ?? network ?? ""))];
      case "resolver":
        return [ofResolver(target.key)];
      case "network":
        return ofNetwork();
    }
  };
  const ofNetwork = (): (string | undefined)[] => {
    const targets = serversOf(snapshot, network).filter(({ kind }) => kind !== "network");
    return targets.length > 0 ? targets.flatMap(ofTarget) : [ofResolver(platformKey(network ?? ""))];
  };
  if (network === undefined) return [addressOf(({ kind }) => kind === "internet") ?? NOBODY];
  const targets = serversOf(snapshot, network, host);
  const found = targets.length > 0 ? targets.flatMap(ofTarget) : ofNetwork();
  return [...new Set(found.map((text) => text ?? NOBODY))];
}

/** The resolver's first address that the place could send to. */
function nearestOf(resolver: SimulatedResolver | undefined, { addresses }: Place): Address | undefined {
  const all = (resolver?.addresses ?? []).map(({ address }) => address);
  return all.find(({ family }) => addresses.some((own) => own.family === family)) ?? all[0];
}

/** Where real servers are: a lab that answered there would be asked by itself. */
function realAddresses({ realServers, internet }: Snapshot): ReadonlySet<string> {
  const targets = [...realServers.values(), internet.upstream].flatMap((servers) => servers.targets);
  return new Set(targets.flatMap((target) => (target.kind === "address" ? formatAddressPort(target.at) : [])));
}

/** Addresses out there that clients are told to ask. */
function askedInPublic({ topology }: Snapshot): AddressPort[] {
  const targets = [...topology.networks.values()].flatMap(({ dns, hosts }) => [
    ...dns,
    ...[...hosts.values()].flatMap((host) => host.dns),
  ]);
  return targets.flatMap((target) =>
    target.kind === "address" && !isPrivateAddress(target.at.address) ? target.at : [],
  );
}

function targetAt(at: AddressPort): Target {
  return { ...word(formatAddressPort(at)), kind: "address", at };
}

function resolverTarget(key: string): Target {
  return { ...word(key), kind: "resolver", key };
}

/** A target of the lab's own: no file has it. */
function word(text: string): Pick<Target, "text" | "span"> {
  return {
    text,
    span: { file: { path: "lab", encoding: "unicode", lineStarts: new Uint32Array(1) }, start: 0, end: 0 },
  };
}
