import { createHash } from "node:crypto";
import type { SimulatedResolver, Snapshot, View } from "../snapshot/snapshot.ts";
import type { Zone } from "../zone/zone.ts";
import type { Addressee, ResolverAddressee } from "./resolve.ts";
import { resolverOf, serversOf } from "./targets.ts";

/**
 * A text that addressees of one snapshot share only where they answer every question alike, octet for octet: they hold the
 * same zones in the same order and behave alike, wherever they stand. Two networks that are linked to the same zones have
 * one sight. Whoever sends questions on, to a place that depends on where it stands, has one of its own, and what a real
 * server says is nobody's but the asker's.
 */
export function sightOf(snapshot: Snapshot, addressee: Addressee): string {
  if (addressee.kind === "authority") return `authority ${addressee.key}`;
  const own = ownSight(addressee);
  if (addressee.kind === "servers-of" && serversOf(snapshot, addressee.network, addressee.host).length > 0) return own;
  const resolver = resolverOf(snapshot, addressee);
  if (resolver === undefined || snapshot.realServers.has(resolver.key)) return own;
  return sightOfView(resolver) ?? `resolver ${resolver.key}`;
}

function ownSight(addressee: ResolverAddressee): string {
  return addressee.kind === "resolver"
    ? `resolver ${addressee.key}`
    : `servers of ${addressee.network ?? ""} ${addressee.host ?? ""}`;
}

/** Views do not change, and each is compared with all others. */
const sights = new WeakMap<View, string>();

/**
 * What of a view makes no difference beside its zones: it follows from them, or matters where there are rules, or says where
 * questions leave from, and none does. What is added to views some day makes one until it stands here.
 */
const NO_DIFFERENCE: ReadonlySet<string> = new Set<keyof View>([
  "network",
  "zones",
  "rules",
  "hostZones",
  "knownAncestors",
  "reserved",
  "phases",
]);

/** `undefined` where the view is like no other. */
function sightOfView({ kind, view }: SimulatedResolver): string | undefined {
  if (view.rules.length > 0) return undefined;
  const known = sights.get(view);
  if (known !== undefined) return known;
  const behaviour = Object.entries(view).filter(([name]) => !NO_DIFFERENCE.has(name));
  if (!behaviour.every(([, value]) => hasText(value))) return undefined;
  const order = view.phases.map((phase) => phase.map((layer) => (layer.kind === "zones" ? zonesIn(layer) : [])));
  const text = JSON.stringify([kind, order, behaviour.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
  // A text of thousands of zones would be read for each new client.
  const sight = `view ${createHash("sha256").update(text).digest("base64url")}`;
  sights.set(view, sight);
  return sight;
}

/** Whether JSON says all of a value: of a map or a set it says nothing, so that two of them would look alike. */
function hasText(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "function";
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  return isPlain && Object.values(value).every(hasText);
}

function zonesIn({ zones }: { readonly zones: View["zones"] }): readonly string[] {
  const texts = [...zones].map(([name, { key, zone, onMiss, redirectTypes }]) =>
    JSON.stringify([name, key, numberOf(zone), onMiss, redirectTypes ?? "all"]),
  );
  return texts.toSorted((a, b) => (a < b ? -1 : 1));
}

const numbers = new WeakMap<Zone, number>();
let lastNumber = 0;

/** Zones of one key may be of two generations, or made for two networks. */
function numberOf(zone: Zone): number {
  const known = numbers.get(zone);
  if (known !== undefined) return known;
  lastNumber += 1;
  numbers.set(zone, lastNumber);
  return lastNumber;
}
