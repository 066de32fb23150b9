import { createSocket, type Socket } from "node:dgram";
import type { Random } from "../client/ask.ts";
import { type AskFailure, failureOf } from "../client/exchange.ts";
import type { AddressPort } from "../net/address.ts";
import { recognise, type SentQuery, withId } from "./sent-query.ts";
import type { Cancel, DatagramEnd, Waiting, Way } from "./waiting.ts";

/** How a pool of ports is kept. */
export interface UdpPoolSettings {
  /** Sockets, each with a port of its own, that questions are spread over at random. */
  readonly sockets: number;
  /** Questions after which a port is given up; some have up to twice as many. */
  readonly questionsPerSocket: number;
  /** Without a question for so long all ports are given up. */
  readonly idleMs: number;
}

/**
 * 64 ports out of some 28,000 are 6 bits more to guess than one, on top of 16 of the id and of the letters' case
 * (RFC 5452 §9.2); more would be files that other things may need.
 */
const UDP_POOL: UdpPoolSettings = { sockets: 64, questionsPerSocket: 256, idleMs: 10_000 };

const IDS = 0x1_0000;
/** Of this many queries of a socket one says how it went. */
const SAMPLE = 8;

/**
 * Sends queries to one server from a pool of random ports: which one, chance decides for each question, and each port is
 * given up after some hundred. The sockets are connected: datagrams from elsewhere do not come in, and a port where nobody
 * listens is told at once.
 */
export class UdpPool implements Way<DatagramEnd> {
  private readonly at: AddressPort;
  private readonly random: Random;
  private readonly settings: UdpPoolSettings;
  private readonly sockets: PooledSocket[] = [];
  /** Given up, and waiting for their last replies. */
  private readonly leaving = new Set<PooledSocket>();
  private idleTimer: NodeJS.Timeout | undefined;
  private asked = 0;
  private askedBefore = 0;

  constructor(at: AddressPort, random: Random, settings: UdpPoolSettings = UDP_POOL) {
    this.at = at;
    this.random = random;
    this.settings = settings;
  }

  /** Sockets that are open, those given up included. */
  get size(): number {
    return this.sockets.length + this.leaving.size;
  }

  ask(query: SentQuery, end: (end: DatagramEnd) => void): Cancel {
    this.asked += 1;
    this.idleTimer ??= setInterval(() => this.closeIfIdle(), this.settings.idleMs).unref();
    const socket = this.choose();
    const waiting = { query, end };
    const id = socket.send(waiting, this.random);
    return () => socket.forget(id, waiting);
  }

  close(): void {
    clearInterval(this.idleTimer);
    this.idleTimer = undefined;
    for (const socket of this.sockets.splice(0)) this.giveUp(socket);
  }

  private choose(): PooledSocket {
    const { sockets, questionsPerSocket } = this.settings;
    const place = this.random(sockets);
    const chosen = this.sockets[place];
    if (chosen !== undefined && chosen.questionsLeft > 0) return chosen;
    const fresh = new PooledSocket(this.at, questionsPerSocket + this.random(questionsPerSocket), (socket) => {
      this.remove(socket);
    });
    if (fresh.isClosed) return fresh; // The system gave none: it tells why to who asks.
    if (chosen !== undefined) {
      this.sockets[place] = fresh;
      this.giveUp(chosen);
    } else this.sockets.push(fresh);
    return fresh;
  }

  private giveUp(socket: PooledSocket): void {
    this.leaving.add(socket);
    socket.leave();
  }

  private remove(socket: PooledSocket): void {
    const place = this.sockets.indexOf(socket);
    if (place !== -1) this.sockets.splice(place, 1);
    this.leaving.delete(socket);
  }

  private closeIfIdle(): void {
    const isIdle = this.asked === this.askedBefore && this.sockets.every((socket) => socket.isIdle);
    this.askedBefore = this.asked;
    if (isIdle) this.close();
  }
}

/** One port, and the queries that left from it. */
class PooledSocket {
  questionsLeft: number;
  private readonly socket: Socket;
  private readonly waiting = new Map<number, Waiting<DatagramEnd>>();
  private readonly onClosed: (socket: PooledSocket) => void;
  private readonly fail = (error: unknown): void => this.endAll(failureOf(error, undefined));
  private readonly sent = (error: Error | null): void => {
    if (error === null) return;
    this.fail(error);
  };
  /** Until the socket is connected. */
  private unsent: (Uint8Array | Uint8Array[])[] | undefined = [];
  private isLeaving = false;
  private failure: AskFailure | undefined;
  isClosed = false;

  constructor(at: AddressPort, questions: number, onClosed: (socket: PooledSocket) => void) {
    this.questionsLeft = questions;
    this.onClosed = onClosed;
    const { family, text } = at.address;
    const lookup: (
      host: string,
      family: unknown,
      found: (error: null, address: string, family: number) => void,
    ) => void = (host, _family, found) => found(null, host, family); // Addresses need no lookup.
    this.socket = createSocket({ type: family === 6 ? "udp6" : "udp4", lookup });
    this.socket.on("error", this.fail);
    this.socket.on("message", (octets) => this.receive(octets));
    try {
      // Exclusive: where several processes answer, Node would have them share the socket.
      this.socket.bind({ address: family === 6 ? "::" : "0.0.0.0", port: 0, exclusive: true }, () => {
        if (this.isClosed) return;
        // Where no route leads there the system says so here, and not by an event.
        this.socket.connect(at.port, text, (error?: Error) => (error === undefined ? this.flush() : this.fail(error)));
      });
    } catch (error) {
      this.fail(error);
    }
  }

  get isIdle(): boolean {
    return this.waiting.size === 0;
  }

  /** Sends a query and gives the id that it has. */
  send(waiting: Waiting<DatagramEnd>, random: Random): number {
    this.questionsLeft -= 1;
    let id = random(IDS);
    while (this.waiting.has(id)) id = (id + 1) % IDS; // Far fewer wait than there are ids.
    this.waiting.set(id, waiting);
    const { preface } = waiting.query;
    const query = withId(waiting.query, id);
    const octets = preface === undefined ? query : [preface, query];
    const { failure } = this;
    if (failure !== undefined) setImmediate(() => this.endAll(failure));
    else if (this.unsent !== undefined) this.unsent.push(octets);
    else this.write(octets);
    return id;
  }

  forget(id: number, waiting: Waiting<DatagramEnd>): void {
    if (this.waiting.get(id) === waiting) this.waiting.delete(id);
    this.closeIfDone();
  }

  /** Takes no more questions, and closes when nothing is waited for. */
  leave(): void {
    this.isLeaving = true;
    this.closeIfDone();
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.socket.close();
    this.onClosed(this);
  }

  /** A callback costs an eighth of a query; of some queries it says how it went, so that a route that goes away is noticed. */
  private write(octets: Uint8Array | Uint8Array[]): void {
    if (this.questionsLeft % SAMPLE === 0) this.socket.send(octets, this.sent);
    else this.socket.send(octets);
  }

  private flush(): void {
    const { unsent = [] } = this;
    this.unsent = undefined;
    if (!this.isClosed) for (const octets of unsent) this.socket.send(octets, this.sent);
  }

  private receive(octets: Uint8Array): void {
    const id = ((octets[0] ?? 0) << 8) | (octets[1] ?? 0);
    const waiting = this.waiting.get(id);
    if (waiting === undefined) return; // Late, or a guess.
    const arrival = recognise(waiting.query, octets);
    if (arrival === "foreign") return; // The wait goes on.
    this.waiting.delete(id);
    waiting.end(arrival === "reply" ? { kind: "octets", octets } : { kind: "other-case" });
    this.closeIfDone();
  }

  /** What the system reports of a socket is true of all that was sent from it. It is of no more use. */
  private endAll(failure: AskFailure): void {
    this.failure = failure;
    const all = [...this.waiting.values()];
    this.waiting.clear();
    this.close();
    for (const { end } of all) end(failure);
  }

  private closeIfDone(): void {
    if (this.isLeaving && this.waiting.size === 0) this.close();
  }
}
