import { setImmediate as nextTurn } from "node:timers/promises";
import type { AddressPort } from "../net/address.ts";
import {
  arrivedIsRead,
  DEFAULT_DRAIN_MS,
  DEFAULT_RECEIVE_BUFFER,
  MAX_QUEUED_OCTETS,
  noCounts,
} from "./_datagram-terms.ts";
import { KnownPeers } from "./_known-peers.ts";
import { type NativeDatagrams, type NativeSocket, nativeDatagrams } from "./_native-datagrams.ts";
import type { DatagramDoor, DatagramOptions } from "./datagram-door.ts";
import { InFlight } from "./in-flight.ts";
import { type ListenProblem, listenProblem } from "./listen-problem.ts";
import { ReceiveQueue } from "./receive-queue.ts";
import { respondSafely, tell } from "./responder.ts";

/** Longer than any datagram: the system says so of a reply that is cut to it. */
const TOO_LONG_OCTETS = 65_536;
/** Views of questions up to this length are kept, so that none is made for a datagram. */
const USUAL_OCTETS = 512;

/** Whether this system has the engine. */
export function hasBatchedDatagrams(): boolean {
  return nativeDatagrams() !== undefined;
}

/**
 * Opens a UDP socket whose datagrams are moved many at a time, by the native add-on. Never rejects: an address that cannot
 * be opened is a value. Ask `hasBatchedDatagrams` first.
 */
export function openBatched(options: DatagramOptions): Promise<DatagramDoor | ListenProblem> {
  const native = nativeDatagrams();
  if (native === undefined) throw new Error("the native add-on is not there: ask hasBatchedDatagrams first");
  try {
    return Promise.resolve(new BatchedDoor(native, options));
  } catch (error) {
    return Promise.resolve(listenProblem("udp", options.at, error));
  }
}

/** A reply that waits until the system takes it, and the name of whom it goes to. */
interface Waiting {
  readonly octets: Uint8Array;
  readonly name: Uint8Array;
}

class BatchedDoor implements DatagramDoor {
  readonly kind = "open";
  readonly at: AddressPort;
  readonly receiveBuffer: number;
  readonly counts = noCounts();
  private readonly native: NativeDatagrams;
  private readonly options: DatagramOptions;
  private readonly socket: NativeSocket;
  private readonly octets: Uint8Array;
  private readonly inLengths: Uint32Array;
  private readonly outOffsets: Uint32Array;
  private readonly outLengths: Uint32Array;
  private readonly outErrors: Int32Array;
  private readonly peers: KnownPeers;
  private readonly inFlight = new InFlight();
  private readonly queue: ReceiveQueue;
  /** The beginning of each slot at each usual length. */
  private readonly views: Uint8Array[][];
  /** Replies in the memory that are not sent yet, and their octets. */
  private count = 0;
  private filled = 0;
  private waiting: Waiting[] = [];
  private waitingOctets = 0;
  private isReading = true;
  private closing: Promise<void> | undefined;
  private closed = false;

  constructor(native: NativeDatagrams, options: DatagramOptions) {
    const { slots, memoryOctets, inLengths, inNames, outOffsets, outLengths, outErrors, nameStride } = native.layout;
    const { at, zone = "", sharesPorts = false, descriptor = -1 } = options;
    const memory = new ArrayBuffer(memoryOctets);
    this.native = native;
    this.options = options;
    this.octets = new Uint8Array(memory);
    this.inLengths = new Uint32Array(memory, inLengths, slots);
    this.outOffsets = new Uint32Array(memory, outOffsets, slots);
    this.outLengths = new Uint32Array(memory, outLengths, slots);
    this.outErrors = new Int32Array(memory, outErrors, slots);
    this.views = Array.from({ length: slots }, () => []);
    this.socket = new native.Datagrams(at.address.octets, at.port, zone, sharesPorts, descriptor, memory, (count) =>
      this.hear(count),
    );
    this.at = { address: at.address, port: this.socket.port() };
    this.peers = new KnownPeers(memory, inNames, slots * nameStride, this.at);
    // Who opened a socket for us may have been granted more than we would be.
    this.receiveBuffer = this.grant(descriptor < 0 ? (options.receiveBuffer ?? DEFAULT_RECEIVE_BUFFER) : 0);
    this.queue = new ReceiveQueue({ maxOctets: this.receiveBuffer, resize: (octets) => this.grant(octets) });
  }

  close(drainMs = DEFAULT_DRAIN_MS): Promise<void> {
    this.closing ??= this.drain(drainMs);
    return this.closing;
  }

  /** Linux doubles what it grants, for its own bookkeeping, and tells the double: socket(7). */
  private grant(octets: number): number {
    return this.socket.receiveBuffer(octets) / 2;
  }

  /** Called once for each batch, never while it runs. */
  private hear(count: number): void {
    if (count < 0) {
      this.counts.socketErrors += 1;
      tell(this.options.onError, this.errorOf("recvmmsg", count));
    } else if (count === 0) {
      this.sendWaiting();
    } else if (this.isReading) {
      for (let slot = 0; slot < count; slot++) this.receive(slot);
      this.flush();
    }
  }

  /** The hot path: one call per datagram. */
  private receive(slot: number): void {
    const { inNames, nameStride } = this.native.layout;
    this.counts.received += 1;
    this.queue.count();
    // Port 0 means that no reply is wanted (RFC 768), and sending to it fails.
    if (this.peers.portAt(slot * nameStride) === 0) {
      this.counts.fromPortZero += 1;
      return;
    }
    const peer = this.peers.at(slot * nameStride);
    const answer = respondSafely(this.options.respond, this.questionIn(slot), peer, this.options.onFault);
    if (answer === undefined) return;
    const nameAt = inNames + slot * nameStride;
    if (answer instanceof Uint8Array) {
      this.put(answer, this.octets, nameAt);
      return;
    }
    const name = this.octets.slice(nameAt, nameAt + nameStride); // The slot is another's when the promise settles.
    this.inFlight.follow(answer, (later) => {
      if (later === undefined) return;
      this.put(later, name, 0);
      this.flush();
    });
  }

  private questionIn(slot: number): Uint8Array {
    const { inPayload, inStride } = this.native.layout;
    const length = this.inLengths[slot] ?? 0;
    const views = this.views[slot];
    const known = views?.[length];
    if (known !== undefined) return known;
    const start = inPayload + slot * inStride;
    const view = this.octets.subarray(start, start + length);
    if (views !== undefined && length <= USUAL_OCTETS) views[length] = view;
    return view;
  }

  /** Writes a reply into the memory, with the name of whom it goes to; `flush` sends it. */
  private put(reply: Uint8Array, names: Uint8Array, nameAt: number): void {
    if (this.closed) {
      this.counts.dropped += 1;
      return;
    }
    const { slots, outPayload, outOctets, outNames, nameStride } = this.native.layout;
    const octets = reply.length > TOO_LONG_OCTETS ? reply.subarray(0, TOO_LONG_OCTETS) : reply;
    if (this.count === slots || this.filled + octets.length > outOctets) this.flush();
    this.octets.set(octets, outPayload + this.filled);
    const to = outNames + this.count * nameStride;
    for (let i = 0; i < nameStride; i++) this.octets[to + i] = names[nameAt + i] ?? 0;
    this.outOffsets[this.count] = this.filled;
    this.outLengths[this.count] = octets.length;
    this.filled += octets.length;
    this.count += 1;
  }

  /** Sends what is in the memory; what the system does not take waits. */
  private flush(): void {
    const { count } = this;
    if (count === 0) return;
    const isWaiting = this.waiting.length > 0;
    const done = isWaiting ? 0 : this.socket.send(count);
    this.tellSent(done);
    for (let i = done; i < count; i++) this.wait(i);
    if (!isWaiting && done < count) this.socket.watch(1);
    this.count = 0;
    this.filled = 0;
  }

  private tellSent(done: number): void {
    this.counts.sent += done;
    for (let i = 0; i < done; i++) {
      const error = this.outErrors[i] ?? 0;
      if (error === 0) continue;
      this.counts.sent -= 1;
      this.counts.sendErrors += 1;
      tell(this.options.onError, this.errorOf("sendmmsg", error));
    }
  }

  private wait(i: number): void {
    const { outPayload, outNames, nameStride } = this.native.layout;
    const start = outPayload + (this.outOffsets[i] ?? 0);
    const octets = this.octets.slice(start, start + (this.outLengths[i] ?? 0));
    if (this.waitingOctets + octets.length > MAX_QUEUED_OCTETS) {
      this.counts.dropped += 1;
      return;
    }
    const to = outNames + i * nameStride;
    this.waiting.push({ octets, name: this.octets.slice(to, to + nameStride) });
    this.waitingOctets += octets.length;
  }

  /** The system takes replies again. */
  private sendWaiting(): void {
    this.socket.watch(0);
    const waiting = this.waiting;
    this.waiting = [];
    this.waitingOctets = 0;
    for (const { octets, name } of waiting) this.put(octets, name, 0);
    this.flush();
  }

  private errorOf(call: string, number: number): Error {
    const code = this.native.errorName(number);
    return Object.assign(new Error(`${call} ${code}`), { code });
  }

  private async drain(drainMs: number): Promise<void> {
    const until = performance.now() + drainMs;
    await arrivedIsRead(this.counts, until);
    this.isReading = false;
    await this.inFlight.settled(until - performance.now());
    while (this.waiting.length > 0 && performance.now() < until) await nextTurn();
    this.counts.dropped += this.waiting.length;
    this.closed = true;
    this.socket.close();
  }
}
