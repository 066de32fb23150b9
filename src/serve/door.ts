import type { AddressPort } from "../net/address.ts";
import type { ConnectionBook } from "./connection-book.ts";
import type { DatagramDoor, OpenDatagrams } from "./datagram-door.ts";
import type { InheritedSockets } from "./inherited-sockets.ts";
import { type ListenProblem, letGoProblem } from "./listen-problem.ts";
import { behindProxy, type IsProxy } from "./proxied.ts";
import type { OnFault, Responder } from "./responder.ts";
import type { StreamLimits } from "./stream-limits.ts";
import { openTcp, type StreamDoor } from "./tcp.ts";
import { openUdp } from "./udp.ts";

/** One address and port, open over UDP and TCP. */
export interface Door {
  readonly kind: "open";
  readonly at: AddressPort;
  readonly datagrams: DatagramDoor;
  readonly streams: StreamDoor;
  /** Closes both as they say; never rejects. */
  close(drainMs?: number): Promise<void>;
}

/** What every door of a server is opened with. */
export interface DoorOptions {
  readonly respond: Responder;
  /** Peers that put a PROXY header in front of each datagram and connection; when given, all others are dropped. */
  readonly isProxy?: IsProxy;
  readonly onFault: OnFault;
  readonly onError?: (error: Error) => void;
  /** As in `DatagramOptions`. */
  readonly receiveBuffer?: number;
  readonly limits?: Partial<StreamLimits>;
  /** As in `DatagramOptions`, for both transports. */
  readonly sharesPorts?: boolean;
  /** The connections of every door together. */
  readonly book: ConnectionBook;
  /** Sockets that were open before the program: one at the address is taken over instead of opened. */
  readonly inherited?: InheritedSockets;
  /** The engine that moves datagrams; `openUdp` unless given. */
  readonly openDatagrams?: OpenDatagrams;
}

/**
 * Opens an address for both transports, or neither. Of port 0, UDP chooses and TCP follows: when TCP's is taken, the
 * problem is `EADDRINUSE` and another try may have more luck.
 */
export async function openDoor(
  at: AddressPort,
  zone: string | undefined,
  options: DoorOptions,
): Promise<Door | ListenProblem> {
  const open = options.openDatagrams ?? openUdp;
  const place = zone === undefined ? {} : { zone };
  const { respond, isProxy } = options;
  const answer = isProxy === undefined ? respond : behindProxy(respond, isProxy);
  const udp = takenOver("udp", at, options.inherited);
  if (udp.kind === "problem") return udp;
  const datagrams = await open({ ...options, respond: answer, at, ...place, ...udp.socket });
  if (datagrams.kind === "problem") return datagrams;
  const tcp = takenOver("tcp", datagrams.at, options.inherited);
  const streams =
    tcp.kind === "problem" ? tcp : await openTcp({ ...options, at: datagrams.at, ...place, ...tcp.socket });
  if (streams.kind === "problem") {
    await datagrams.close(0);
    return streams;
  }
  const close = async (drainMs?: number): Promise<void> => {
    await Promise.all([datagrams.close(drainMs), streams.close(drainMs)]);
  };
  return { kind: "open", at: datagrams.at, datagrams, streams, close };
}

/** The socket to take over at an address, if there is one. */
function takenOver(
  transport: "udp" | "tcp",
  at: AddressPort,
  inherited: InheritedSockets | undefined,
): { readonly kind: "go"; readonly socket: { readonly descriptor?: number } } | ListenProblem {
  const found = inherited?.take(transport, at);
  if (found?.kind === "let-go") return letGoProblem(transport, at);
  return { kind: "go", socket: found === undefined ? {} : { descriptor: found.descriptor } };
}
