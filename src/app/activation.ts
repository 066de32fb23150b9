import { readFileSync, readlinkSync } from "node:fs";
import { type BoundSocket, boundSockets } from "../doctor/port-holders.ts";
import { type AddressPort, formatAddressPort, parseAddress } from "../net/address.ts";
import { type InheritedSocket, InheritedSockets } from "../serve/inherited-sockets.ts";
import { isWildcardAddress } from "../serve/interface-addresses.ts";
import type { Activation } from "./service-manager.ts";

/** sd_listen_fds(3): the first descriptor behind standard input, output and error. */
const FIRST_DESCRIPTOR = 3;

/** The sockets that a service manager opened; a sentence for each that cannot be answered at. */
export type ActivatedSockets =
  | { readonly kind: "sockets"; readonly sockets: InheritedSockets }
  | { readonly kind: "problems"; readonly texts: readonly string[] };

/** What the system says of descriptors, as text; `undefined` where it does not say. */
export interface DescriptorSource {
  /** Where a descriptor leads: `socket:[15436687]`. */
  link(this: void, descriptor: number): string | undefined;
  /** A table of `/proc/net`. */
  table(this: void, name: "udp" | "udp6" | "tcp" | "tcp6"): string | undefined;
}

/**
 * Finds out what each descriptor is. Node tells the family and the address of a socket only once it has taken it over as
 * one of a family, so the tables of the kernel are asked: they name transport, family and address. `undefined` where there is none.
 */
export function readActivated(
  activation: Activation | undefined,
  source: DescriptorSource = descriptorsOfProcess,
): ActivatedSockets | undefined {
  if (activation === undefined) return undefined;
  const { count, names } = activation;
  const bound = new Map<string, BoundSocket>(
    (["udp", "udp6", "tcp", "tcp6"] as const).flatMap((name) =>
      boundSockets(source.table(name) ?? "", name.startsWith("udp") ? "udp" : "tcp").map(
        (socket) => [`socket:[${socket.inode}]`, socket] as const,
      ),
    ),
  );
  const sockets: InheritedSocket[] = [];
  const texts: string[] = [];
  for (let i = 0; i < count; i++) {
    const descriptor = FIRST_DESCRIPTOR + i;
    const called = nameOf(descriptor, names[i]);
    const found = bound.get(source.link(descriptor) ?? "");
    const address = found === undefined ? undefined : parseAddress(found.address);
    if (found === undefined || address === undefined) {
      texts.push(
        `${called} is no socket that takes questions over UDP or TCP in this network namespace: a socket unit has ListenDatagram=ADDR:PORT and ListenStream=ADDR:PORT, with Accept=no`,
      );
      continue;
    }
    const socket = { descriptor, transport: found.protocol, at: { address, port: found.port } };
    if (isWildcardAddress(address)) texts.push(`${called} ${wildcardText(socket)}`);
    else sockets.push(socket);
  }
  return texts.length > 0 ? { kind: "problems", texts } : { kind: "sockets", sockets: new InheritedSockets(sockets) };
}

/** A sentence for each socket that no listener took: whoever asks there would wait in vain. */
export function leftOver(sockets: InheritedSockets | undefined, listening: readonly AddressPort[]): string[] {
  const places = listening.map(formatAddressPort).join(", ");
  return (sockets?.left() ?? []).map(
    ({ descriptor, transport, at }) =>
      `${nameOf(descriptor, undefined)} is ${transport} ${formatAddressPort(at)}, where no listener is (there are ${places}): add one to listen, or take the address out of the socket unit`,
  );
}

function nameOf(descriptor: number, name: string | undefined): string {
  return `descriptor ${descriptor}${name === undefined || name === "" ? "" : ` (${name})`} of the service manager`;
}

function wildcardText({ transport, at }: InheritedSocket): string {
  return `is ${transport} ${formatAddressPort(at)}, where a reply may leave from another address than was asked: write ListenDatagram= and ListenStream= for each address`;
}

/** Of this process; only Linux has them, and systemd. `/proc/self/net` is there also where the rest of `/proc/net` is hidden. */
const descriptorsOfProcess: DescriptorSource = {
  link: (descriptor) => orNothing(() => readlinkSync(`/proc/self/fd/${descriptor}`)),
  table: (name) => orNothing(() => readFileSync(`/proc/self/net/${name}`, "utf8")),
};

function orNothing(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
