import { foldLabel } from "../name/domain-name.ts";
import { type Address, formatAddressPort, parseAddress, parseAddressPort } from "../net/address.ts";
import { parseCidr } from "../net/cidr.ts";
import { type AddresseeOf, addresseeOf } from "../resolve/addressee.ts";
import { type Client, clientAt, clientInSubnet } from "../snapshot/clients.ts";
import { INTERNET } from "../snapshot/compile.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Listener, Target } from "../topology/model.ts";
import { didYouMean } from "./did-you-mean.ts";

/** Somebody who asks, with what the user calls them. */
export interface Who {
  readonly text: string;
  readonly client: Client;
}

export type WhoResult =
  | { readonly kind: "found"; readonly who: readonly Who[] }
  /** A sentence without a full stop. */
  | { readonly kind: "problem"; readonly message: string };

/** Every network, and the internet: whoever could ask. */
export function everybody(snapshot: Snapshot): Who[] {
  return [...[...snapshot.topology.networks.keys()].map(inNetwork), { text: INTERNET, client: { kind: "internet" } }];
}

/** Finds what `--from` names, each asker once: NETWORK, HOST@NETWORK, an address or a prefix, a pattern, `all`, `internet`. */
export function findWho(snapshot: Snapshot, texts: readonly string[]): WhoResult {
  const found = new Map<string, Who>();
  for (const text of texts) {
    const who = whoNamed(snapshot, text);
    if (who.length === 0) return { kind: "problem", message: unknownWho(snapshot, text) };
    for (const one of who) found.set(one.text, one);
  }
  return { kind: "found", who: [...found.values()] };
}

function whoNamed(snapshot: Snapshot, text: string): Who[] {
  const { networks } = snapshot.topology;
  const folded = foldLabel(text);
  if (folded === INTERNET) return [{ text: INTERNET, client: { kind: "internet" } }];
  if (folded === "all") return [...networks.keys()].map(inNetwork);
  const address = parseAddress(text);
  if (address !== undefined) return [atAddress(snapshot, address)];
  const prefix = parseCidr(text);
  if (prefix.kind === "cidr")
    return [{ text: prefix.cidr.text, client: clientInSubnet(snapshot.clients, prefix.cidr) }];
  const at = text.indexOf("@");
  if (at === -1) return fitting(text, networks.keys()).map(inNetwork);
  return fitting(text.slice(at + 1), networks.keys()).flatMap((network) => {
    const hosts = fitting(text.slice(0, at), networks.get(network)?.hosts.keys() ?? []);
    return hosts.map((host) => ({ text: `${host}@${network}`, client: { kind: "network", network, host } as const }));
  });
}

/** The client at an address, as a query from there would be taken. */
export function atAddress(snapshot: Snapshot, address: Address): Who {
  return { text: address.text, client: clientAt(snapshot.clients, address) };
}

function inNetwork(network: string): Who {
  return { text: network, client: { kind: "network", network } };
}

/** The key that is `text`, else those that fit it as a pattern; case does not count. */
function fitting(text: string, keys: Iterable<string>): string[] {
  const all = [...keys];
  const exact = all.filter((key) => foldLabel(key) === foldLabel(text));
  if (exact.length > 0 || !/[*?]/.test(text)) return exact;
  const escaped = foldLabel(text).replace(/[.+^${}()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(`^${escaped.replaceAll(/\*+/g, ".*").replaceAll("?", ".")}$`, "s");
  return all.filter((key) => pattern.test(foldLabel(key)));
}

function unknownWho({ topology }: Snapshot, text: string): string {
  const hosts = [...topology.networks.values()].flatMap(({ key, hosts }) =>
    [...hosts.keys()].map((host) => `${host}@${key}`),
  );
  const names = [...topology.networks.keys(), ...hosts, INTERNET];
  const near = didYouMean(text, names);
  const host = hosts.find((name) => foldLabel(name.slice(0, name.indexOf("@"))) === foldLabel(text));
  const prefix = parseCidr(text);
  if (prefix.kind === "problem" && prefix.suggestion !== undefined)
    return `${text} ${prefix.problem}: did you mean ${prefix.suggestion}?`;
  return `nobody is called ${text}${host === undefined ? near || `: there are ${names.join(", ")}` : `: did you mean ${host}?`}`;
}

/** Who is asked, or why nobody is called what `--ask` says: a sentence. */
export type Asked = AddresseeOf | { readonly kind: "problem"; readonly message: string };

/**
 * Whom somebody asks: what they are configured to ask, or `--ask`: a resolver's key, `platform`, `NETWORK/platform`,
 * `internet`, or an address: that of an authoritative listener, else looked up from where they stand, as a rule's target
 * would be.
 */
export function askedBy(snapshot: Snapshot, { client }: Who, ask: string | undefined): Asked {
  if (ask === undefined || client.kind === "ambiguous") return addresseeOf(snapshot, client, undefined);
  const served = servedAt(snapshot, ask);
  if (served !== undefined) return { kind: "addressee", addressee: { kind: "authority", key: served } };
  const target = readTarget(snapshot, ask);
  if (target === undefined) return { kind: "problem", message: unknownResolver(snapshot, ask) };
  return addresseeOf(snapshot, client, target);
}

/** What the authoritative listener at an `ADDR:PORT` serves. */
function servedAt({ topology }: Snapshot, text: string): string | undefined {
  const at = parseAddressPort(text, 53);
  if (at === undefined) return undefined;
  const isThere = (listener: Listener): boolean => formatAddressPort(listener.at) === formatAddressPort(at);
  return topology.listeners.find((listener) => listener.serves !== undefined && isThere(listener))?.serves?.key;
}

/** Where a resolver named by `--ask` stands: who asks there when nobody is named. */
export function standsIn(snapshot: Snapshot, ask: string): Who | undefined {
  const target = readTarget(snapshot, ask);
  if (target?.kind === "internet") return { text: INTERNET, client: { kind: "internet" } };
  const key = target?.kind === "resolver" ? target.key : undefined;
  const network = target?.kind === "platform" ? target.network : snapshot.topology.resolvers.get(key ?? "")?.network;
  return network === undefined ? undefined : inNetwork(network);
}

function readTarget(snapshot: Snapshot, text: string): Target | undefined {
  const place = {
    text,
    span: { file: { path: "command line", encoding: "unicode", lineStarts: new Uint32Array(1) }, start: 0, end: 0 },
  } as const;
  const folded = foldLabel(text);
  if (folded === "platform") return { ...place, kind: "platform" };
  if (folded === INTERNET) return { ...place, kind: "internet" };
  const key = fitting(text.replaceAll(/[*?]/g, ""), snapshot.topology.resolvers.keys())[0];
  if (key !== undefined) return { ...place, kind: "resolver", key };
  const network = folded.endsWith("/platform")
    ? fitting(text.slice(0, -"/platform".length), snapshot.topology.networks.keys())[0]
    : undefined;
  if (network !== undefined) return { ...place, kind: "platform", network };
  const at = parseAddressPort(text, 53);
  return at === undefined ? undefined : { ...place, kind: "address", at };
}

function unknownResolver({ resolvers }: Snapshot, ask: string): string {
  const names = [...resolvers.keys(), "platform"];
  return `no resolver is called ${ask}${didYouMean(ask, names) || `: there are ${names.join(", ")}`}`;
}
