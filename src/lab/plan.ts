import { type Address, formatAddressPort } from "../net/address.ts";
import type { Cidr } from "../net/cidr.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { type Group, groupStands, type Stand } from "./groups.ts";
import { filesOf, placeNamespace, serverNamespace } from "./lab-name.ts";
import { type Place, placesOf } from "./places.ts";
import { type LabServer, labServers, nameServers, reachedServers } from "./servers.ts";

/** What a lab is made of, in the order it is made. Whatever is made belongs to a namespace, and goes with it. */
export type Step =
  | { readonly kind: "namespace"; readonly name: string }
  /** Commands of `ip`, without the word, inside a namespace. */
  | { readonly kind: "ip"; readonly namespace: string; readonly commands: readonly string[] }
  /** A file that programs in the namespace see in place of that in `/etc`. */
  | { readonly kind: "file"; readonly path: string; readonly text: string }
  /** A server in a namespace, at these values of `--listen`. */
  | { readonly kind: "serve"; readonly namespace: string; readonly listen: readonly string[] };

export interface LabPlan {
  readonly lab: string;
  /** Where one can stand. */
  readonly places: readonly PlannedPlace[];
  readonly steps: readonly Step[];
}

export interface PlannedPlace {
  readonly who: string;
  readonly namespace: string;
  readonly addresses: readonly string[];
  /** In the order of its `resolv.conf`. */
  readonly nameServers: readonly string[];
}

/** What is known of the machine that the lab is made on. */
export interface LabMachine {
  readonly hasIpv6: boolean;
  /** Its `/etc/nsswitch.conf`, if it has one. */
  readonly nsswitch?: string;
}

/** The two ends of a link, and a machine that nobody is: what is sent there is lost, as packets are that no route leads on. */
const PLACE_MAC = "02:00:00:00:00:01";
const SERVER_MAC = "02:00:00:00:00:02";
const NOBODY_MAC = "02:00:00:00:00:03";
/** What these are called on a link. No machine answers for them: the neighbours are written down. */
const GATEWAYS = {
  4: { server: "169.254.0.2", nobody: "169.254.0.3" },
  6: { server: "fe80::2", nobody: "fe80::3" },
} as const;

/**
 * Plans the lab of a model: a namespace for each network and host, one for each server, links between them, routes to what
 * the model says is reached, `resolv.conf`. A pure function: running the steps is `raiseLab`, undoing them `takeDownLab`.
 */
export function planLab(snapshot: Snapshot, lab: string, machine: LabMachine): LabPlan {
  const taken: Cidr[] = [];
  const servers = labServers(snapshot, taken).filter(({ at }) => isPossible(at.address, machine));
  const places = placesOf(snapshot, taken)
    .map((place) => ({ ...place, addresses: place.addresses.filter((address) => isPossible(address, machine)) }))
    .filter(({ addresses }) => addresses.length > 0);
  const groups = groupStands(places.map((place) => ({ place, servers: reachedServers(snapshot, servers, place) })));
  const names = groups.map((_, i) => serverNamespace(lab, i + 1));
  const spaces = [...names, ...places.map(({ who }) => placeNamespace(lab, who))];
  return {
    lab,
    places: places.map((place) => plannedPlace(snapshot, servers, place, lab)),
    steps: [
      ...spaces.map((name): Step => ({ kind: "namespace", name })),
      ...groups.flatMap((group, i) => groupSteps(group, names[i] ?? "", lab)),
      ...places.flatMap((place) => fileSteps(snapshot, servers, place, lab, machine)),
      ...groups.map((group, i): Step => ({ kind: "serve", namespace: names[i] ?? "", listen: listenOf(group) })),
    ],
  };
}

function isPossible({ family }: Address, { hasIpv6 }: LabMachine): boolean {
  return family === 4 || hasIpv6;
}

function plannedPlace(snapshot: Snapshot, servers: readonly LabServer[], place: Place, lab: string): PlannedPlace {
  return {
    who: place.who,
    namespace: placeNamespace(lab, place.who),
    addresses: place.addresses.map(({ text }) => text),
    nameServers: nameServers(snapshot, servers, place),
  };
}

function listenOf({ listeners }: Group): string[] {
  return [...listeners.values()].map(({ at, as }) => formatAddressPort(at) + (as === undefined ? "" : `=${as}`));
}

function groupSteps({ stands, listeners }: Group, server: string, lab: string): Step[] {
  const answering = new Map([...listeners.values()].map(({ at }) => [at.address.text, at.address]));
  const commands = [
    "link set lo up",
    ...[...answering.values()].map((address) => `address add ${own(address)} dev lo`),
  ];
  const steps: Step[] = [{ kind: "ip", namespace: server, commands }];
  for (const [i, stand] of stands.entries()) {
    const namespace = placeNamespace(lab, stand.place.who);
    steps.push({ kind: "ip", namespace: server, commands: serverEnd(stand, `v${i + 1}`, namespace) });
    steps.push({ kind: "ip", namespace, commands: placeEnd(stand) });
  }
  return steps;
}

/** The link, and the way back. Neighbours are written down, so that no setting of ARP on the machine matters. */
function serverEnd({ place }: Stand, link: string, namespace: string): string[] {
  return [
    `link add ${link} address ${SERVER_MAC} type veth peer name eth0 address ${PLACE_MAC} netns ${namespace}`,
    `link set ${link} up`,
    ...place.addresses.flatMap((address) => [
      `neighbour add ${address.text} lladdr ${PLACE_MAC} nud permanent dev ${link}`,
      `route add ${prefixOf(address)} dev ${link}`,
    ]),
  ];
}

/** The place's addresses, and routes to what it reaches; everything else is sent, and lost. */
function placeEnd({ place, servers }: Stand): string[] {
  const commands = [
    "link set lo up",
    "link set eth0 up",
    ...place.addresses.map((address) => `address add ${own(address)} dev eth0`),
  ];
  for (const family of [4, 6] as const) {
    const from = place.addresses.find((address) => address.family === family);
    if (from === undefined) continue;
    const { server, nobody } = GATEWAYS[family];
    const via = (gateway: string): string => `via ${gateway} dev eth0 onlink src ${from.text}`;
    const reached = servers.map(({ at }) => at.address).filter((address) => address.family === family);
    commands.push(
      `neighbour add ${server} lladdr ${SERVER_MAC} nud permanent dev eth0`,
      `neighbour add ${nobody} lladdr ${NOBODY_MAC} nud permanent dev eth0`,
      `route add default ${via(nobody)}`,
      ...new Set(reached.map((address) => `route add ${prefixOf(address)} ${via(server)}`)),
    );
  }
  return commands;
}

function prefixOf({ text, family }: Address): string {
  return `${text}/${family === 4 ? 32 : 128}`;
}

/** An address as `ip address add` takes it: at once, without a search for another machine that has it (RFC 4862 §5.4). */
function own(address: Address): string {
  return `${prefixOf(address)}${address.family === 6 ? " nodad" : ""}`;
}

function fileSteps(
  snapshot: Snapshot,
  servers: readonly LabServer[],
  place: Place,
  lab: string,
  { nsswitch }: LabMachine,
): Step[] {
  const folder = filesOf(placeNamespace(lab, place.who));
  const lines = [
    "# Written by privlink lab",
    ...nameServers(snapshot, servers, place).map((one) => `nameserver ${one}`),
  ];
  const files: Step[] = [
    { kind: "file", path: `${folder}/resolv.conf`, text: `${lines.join("\n")}\n${RESOLV_OPTIONS}` },
  ];
  if (nsswitch !== undefined)
    files.push({ kind: "file", path: `${folder}/nsswitch.conf`, text: withDnsAlone(nsswitch) });
  return files;
}

/** A server that is not there should not cost half a minute. */
const RESOLV_OPTIONS = "options timeout:2 attempts:1\n";

/** A machine's own resolver service would answer for it, past the namespace: names are looked up in files and DNS alone. */
function withDnsAlone(nsswitch: string): string {
  const others = nsswitch.split("\n").filter((line) => !/^\s*hosts:/.test(line));
  return `${others.join("\n").trimEnd()}\nhosts: files dns\n`;
}
