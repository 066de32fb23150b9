import { randomInt } from "node:crypto";
import { CACHE_RULES, type CacheRules } from "../forward/cache-rules.ts";
import { FORWARDER_LIMITS, Forwarder } from "../forward/forwarder.ts";
import type { ServerChange } from "../forward/inquiry.ts";
import { type AddressPort, formatAddressPort } from "../net/address.ts";
import type { Log } from "../observe/log.ts";
import type { SnapshotHolder } from "../snapshot/holder.ts";
import type { RealServers, Snapshot } from "../snapshot/snapshot.ts";

/** The port to real servers of a server that is starting. `cacheOctets`: what it was told to keep at most. */
export function openForwarder(holder: SnapshotHolder, log: Log, cacheOctets?: number): Forwarder {
  return new Forwarder({
    limits: { cacheOctets: cacheOctetsOf(holder.current, cacheOctets) },
    random: (below) => randomInt(below),
    now: () => performance.now(),
    rulesOf: cacheRules(holder),
    onChange: tellServers(log),
  });
}

/** Brings a forwarder up to date with a new generation: answers stay where the same resolver asks the same servers. */
export function followGeneration(forwarder: Forwarder, snapshot: Snapshot, cacheOctets?: number): void {
  forwarder.cache.resize(cacheOctetsOf(snapshot, cacheOctets));
  forwarder.retain(new Set(snapshot.resolvers.keys()), realServersOf(snapshot));
}

/** What was typed goes before what the topology says. */
function cacheOctetsOf({ topology }: Snapshot, typed: number | undefined): number {
  return typed ?? topology.publicData.cache?.size ?? FORWARDER_LIMITS.cacheOctets;
}

/** How each resolver of the model keeps answers of real servers, as the generation of the moment says. */
function cacheRules(holder: SnapshotHolder): (asker: string) => CacheRules {
  let generation: Snapshot | undefined;
  let known = new Map<string, CacheRules>();
  return (asker) => {
    if (generation !== holder.current) {
      generation = holder.current;
      known = new Map();
    }
    const rules = known.get(asker) ?? rulesOf(holder.current, asker);
    known.set(asker, rules);
    return rules;
  };
}

function rulesOf({ topology }: Snapshot, asker: string): CacheRules {
  return { ...CACHE_RULES, ...(topology.resolvers.get(asker)?.cache ?? topology.publicData.cache) };
}

/** Every list of real servers that a generation may ask. */
function realServersOf({ realServers, internet }: Snapshot): readonly RealServers[] {
  return [...realServers.values(), internet.upstream];
}

/** Who is asked although privlink itself is there, as a sentence; nobody as a rule. `open`: where it listens. */
export function asksItself(snapshot: Snapshot, open: readonly AddressPort[]): string | undefined {
  const own = new Set(open.map(formatAddressPort));
  for (const target of realServersOf(snapshot).flatMap(({ targets }) => targets)) {
    if (target.kind !== "address" || !own.has(formatAddressPort(target.at))) continue;
    return `${target.text} is privlink itself, which listens there: give the server's own address, or listen elsewhere`;
  }
  return undefined;
}

/** Tells when a real server goes down and when it is back; of one that cannot prove its name, once until it is back. */
function tellServers(log: Log): (told: ServerChange) => void {
  const untrusted = new WeakSet<ServerChange["server"]>();
  return (told) => {
    const { server } = told;
    const { at, tls } = server.address;
    const name = tls === undefined ? formatAddressPort(at) : `tls://${tls}@${formatAddressPort(at)}`;
    switch (told.change) {
      case "up":
        untrusted.delete(server);
        return log.info(`${name} answers again`);
      case "down":
        return log.warn(`${name} is taken for down: it ${told.why}; it is tried once a second`);
      case "untrusted":
        if (!untrusted.has(server)) log.error(`${name} ${told.why}: nothing it says is believed`);
        untrusted.add(server);
    }
  };
}
