import { displayName } from "../name/name-text.ts";
import { type AddressPort, formatAddressPort } from "../net/address.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Listener } from "../topology/model.ts";

/** What the banner tells. */
export interface BannerFacts {
  readonly version: string;
  /** How the user would name the topology. */
  readonly config: string;
  readonly isExample: boolean;
  /** Open listeners, with the ports they got. */
  readonly listeners: readonly Listener[];
  /** Doors for probes and collectors. */
  readonly probes: readonly { readonly name: string; readonly at: AddressPort; readonly path: string }[];
  readonly snapshot: Snapshot;
  readonly warnings: number;
}

/** A few lines for whoever started the server: where it listens, what it knows, what to type. The last is `Ready.`. */
export function bannerText(facts: BannerFacts): string {
  const { version, config, isExample, listeners, probes, snapshot, warnings } = facts;
  const from = isExample ? `the built-in example, ${config}: no privlink.yaml here and none named with -c` : config;
  const lines = [`privlink ${version}  ${from}`];
  for (const listener of listeners)
    lines.push(` dns     udp+tcp ${formatAddressPort(listener.at)}  ${answersAs(listener)}`);
  for (const { name, at, path } of probes) lines.push(` ${name.padEnd(7)} http    ${formatAddressPort(at)}${path}`);
  lines.push(
    ` model   ${modelText(snapshot)}${warnings === 0 ? "" : ` · ${counted(warnings, "warning")} (see above)`}`,
  );
  for (const [i, text] of commandsToTry(listeners, snapshot).entries())
    lines.push(`${i === 0 ? " try     " : "         "}${text}`);
  return `${lines.join("\n")}\nReady.\n`;
}

/** As whom a listener answers. */
export function answersAs({ network, resolver, serves }: Listener): string {
  if (serves !== undefined) return `authoritative for ${serves.key}`;
  if (resolver === "platform" && network !== undefined) return `the platform resolver of network ${network}`;
  if (resolver !== undefined)
    return resolver === "platform" ? "the platform resolver of whoever asks" : `resolver ${resolver}`;
  return network === undefined ? "the DNS of whoever asks" : `the DNS of network ${network}`;
}

/** `3 networks · 1 zone · 1 link · 1 endpoint`. */
export function modelText({ topology }: Snapshot): string {
  const links = [...topology.zones.values()].reduce((count, zone) => count + zone.links.length, 0);
  const parts = [
    counted(topology.networks.size, "network"),
    counted(topology.zones.size, "zone"),
    counted(links, "link"),
    counted(topology.endpoints.size, "endpoint"),
    counted(topology.resolvers.size, "resolver"),
  ];
  return parts.join(" · ");
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Commands that show the model's point: one name, asked from inside and from outside. */
function commandsToTry(listeners: readonly Listener[], snapshot: Snapshot): string[] {
  const isForEverybody = ({ network, resolver, serves }: Listener): boolean =>
    network === undefined && resolver === undefined && serves === undefined;
  const listener = listeners.find(isForEverybody) ?? listeners[0];
  const name =
    [...snapshot.endpointNames.values()].flat().at(-1)?.publicName ?? [...snapshot.topology.zones.values()][0]?.name;
  if (listener === undefined) return [];
  const dig = `dig @${listener.at.address.text} -p ${listener.at.port}`;
  if (listener.serves !== undefined) {
    const [served] = snapshot.authorities.get(listener.serves.key)?.zones.values() ?? [];
    return served === undefined ? [] : [`${dig} ${displayName(served.zone.origin)} SOA`];
  }
  if (name === undefined) return [];
  const labels = name.labels.join(".");
  if (listener.network !== undefined || listener.resolver !== undefined) return [`${dig} ${labels}`];
  const commands: string[] = [];
  for (const network of snapshot.topology.networks.values()) {
    const standIn = network.prefixes[0] ?? network.clients[0];
    if (standIn !== undefined) commands.push(`${dig} +subnet=${standIn.text} ${labels}    # as network ${network.key}`);
  }
  return [...commands.slice(0, 3), `${dig} ${labels}    # as the internet`];
}
