import { createSocket, type RemoteInfo, type Socket, type SocketOptions } from "node:dgram";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { AddressPort } from "../net/address.ts";
import {
  arrivedIsRead,
  DEFAULT_DRAIN_MS,
  DEFAULT_RECEIVE_BUFFER,
  MAX_QUEUED_OCTETS,
  noCounts,
} from "./_datagram-terms.ts";
import { AddressCache, type KnownAddress } from "./address-cache.ts";
import type { DatagramDoor, DatagramOptions } from "./datagram-door.ts";
import { InFlight } from "./in-flight.ts";
import { bindText } from "./interface-addresses.ts";
import { type ListenProblem, listenProblem } from "./listen-problem.ts";
import { Outbox } from "./outbox.ts";
import { ReceiveQueue } from "./receive-queue.ts";
import { respondSafely, tell } from "./responder.ts";

/** No datagram is longer (RFC 768, less the headers of IPv4). */
const MAX_DATAGRAM_OCTETS = 65507;
/** Of this many replies one says how it went, so that a route that goes away is noticed. */
const SAMPLE = 64;

/** Opens a UDP socket with `node:dgram`. Never rejects: an address that cannot be opened is a value. */
export async function openUdp(options: DatagramOptions): Promise<DatagramDoor | ListenProblem> {
  const { family } = options.at.address;
  // Without a lookup of our own, each reply would take a detour through dns.lookup.
  const lookup: (host: string, family: unknown, found: (error: null, address: string, family: number) => void) => void =
    (host, _family, found) => found(null, host, family);
  const type = family === 6 ? { type: "udp6" as const, ipv6Only: true } : { type: "udp4" as const };
  const how: SocketOptions & { reusePort?: boolean } = { ...type, lookup };
  if (options.sharesPorts === true) how.reusePort = true; // Node knows it from 22.12 on.
  const socket = createSocket(how);
  const problem = await bind(socket, options);
  return problem ?? new UdpDoor(socket, options);
}

function bind(
  socket: Socket,
  { at, zone, descriptor }: Pick<DatagramOptions, "at" | "zone" | "descriptor">,
): Promise<ListenProblem | undefined> {
  const place = descriptor === undefined ? { address: bindText(at.address, zone), port: at.port } : { fd: descriptor };
  return new Promise((resolve) => {
    const fail = (error: unknown): void => {
      socket.close();
      resolve(listenProblem("udp", at, error));
    };
    socket.once("error", fail);
    try {
      socket.bind(place, () => {
        socket.off("error", fail);
        resolve(undefined);
      });
    } catch (error) {
      fail(error);
    }
  });
}

class UdpDoor implements DatagramDoor {
  readonly kind = "open";
  readonly at: AddressPort;
  readonly receiveBuffer: number;
  readonly counts = noCounts();
  private readonly socket: Socket;
  private readonly options: DatagramOptions;
  private readonly addresses = new AddressCache();
  private readonly inFlight = new InFlight();
  private readonly queue: ReceiveQueue;
  /** Where a reply lies while the system takes it. */
  private outbox = new Outbox();
  /** Whether replies wait in this process, as they do once the system takes no more. */
  private isQueued = false;
  private closing: Promise<void> | undefined;
  private closed = false;

  constructor(socket: Socket, options: DatagramOptions) {
    this.socket = socket;
    this.options = options;
    this.at = { address: options.at.address, port: socket.address().port };
    // Who opened a socket for us may have been granted more than we would be.
    const wanted = options.descriptor === undefined ? (options.receiveBuffer ?? DEFAULT_RECEIVE_BUFFER) : undefined;
    this.receiveBuffer = grantReceiveBuffer(socket, wanted);
    this.queue = new ReceiveQueue({
      maxOctets: this.receiveBuffer,
      resize: (octets) => grantReceiveBuffer(socket, octets),
    });
    socket.on("error", (error) => {
      this.counts.socketErrors += 1;
      tell(options.onError, error);
    });
    socket.on("message", (octets, from) => this.receive(octets, from));
  }

  close(drainMs = DEFAULT_DRAIN_MS): Promise<void> {
    this.closing ??= this.drain(drainMs);
    return this.closing;
  }

  /** The hot path: one call per datagram. */
  private receive(octets: Uint8Array, from: RemoteInfo): void {
    this.counts.received += 1;
    this.queue.count();
    // Port 0 means that no reply is wanted (RFC 768), and sending to it throws.
    if (from.port === 0) {
      this.counts.fromPortZero += 1;
      return;
    }
    const known = this.addresses.get(from.address);
    const peer = { transport: "udp", address: known.address, port: from.port, local: this.at } as const;
    const answer = respondSafely(this.options.respond, octets, peer, this.options.onFault);
    if (answer === undefined) return;
    if (answer instanceof Uint8Array) this.send(answer, from, known);
    else this.inFlight.follow(answer, (later) => later !== undefined && this.send(later, from, known));
  }

  /** Sends a reply to the text that it came from: a link-local client's has its interface. */
  private send(octets: Uint8Array, to: RemoteInfo, known: KnownAddress): void {
    if (this.closed || (this.isQueued && this.socket.getSendQueueSize() > MAX_QUEUED_OCTETS)) {
      this.counts.dropped += 1;
      return;
    }
    this.counts.sent += 1;
    const own = this.outbox.copy(octets);
    try {
      // A callback costs an eighth of a query, so it is kept for where it may have something to say.
      if (known.doubtful || octets.length > MAX_DATAGRAM_OCTETS || this.counts.sent % SAMPLE === 0) {
        this.socket.send(own, to.port, to.address, (error) => this.sent(error, known));
      } else {
        this.socket.send(own, to.port, to.address);
      }
      this.isQueued = this.socket.getSendQueueCount() > 0;
      if (this.isQueued) this.outbox = new Outbox();
    } catch (error) {
      this.sent(error instanceof Error ? error : new Error(String(error)), known);
    }
  }

  private sent(error: Error | null, known: KnownAddress): void {
    known.doubtful = error !== null;
    if (error === null) return;
    this.counts.sent -= 1;
    this.counts.sendErrors += 1;
    tell(this.options.onError, error);
  }

  private async drain(drainMs: number): Promise<void> {
    const until = performance.now() + drainMs;
    await arrivedIsRead(this.counts, until);
    this.socket.removeAllListeners("message");
    await this.inFlight.settled(until - performance.now());
    while (this.socket.getSendQueueCount() > 0 && performance.now() < until) await nextTurn();
    this.closed = true;
    await new Promise<void>((resolve) => {
      this.socket.close(() => resolve());
    });
  }
}

/** Asks for a buffer, if one is wanted, and gives what came of it, in octets. */
function grantReceiveBuffer(socket: Socket, octets: number | undefined): number {
  try {
    if (octets !== undefined) socket.setRecvBufferSize(octets);
  } catch {
    // The buffer stays as it was, and what it is says so.
  }
  const size = socket.getRecvBufferSize();
  // Linux doubles what it grants, for its own bookkeeping, and tells the double: socket(7).
  return process.platform === "linux" ? size / 2 : size;
}
