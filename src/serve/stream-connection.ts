import type { Socket } from "node:net";
import { Deframer, frame } from "../transport/stream-framing.ts";
import type { BookedConnection, ConnectionBook } from "./connection-book.ts";
import { Deadline } from "./deadline.ts";
import type { FairTurns, Worker } from "./fair-turns.ts";
import type { ProxiedPeers } from "./proxied.ts";
import { ProxyIntake } from "./proxy-intake.ts";
import { type OnFault, type Peer, type Responder, respondSafely, tell } from "./responder.ts";
import type { StreamLimits } from "./stream-limits.ts";

/** What is not even a header is not DNS (RFC 1035 §4.1.1). */
const HEADER_OCTETS = 12;

/** A client that asks for more at once is one with much to do: a page takes a dozen names. */
const FEW_QUERIES = 16;

/** What a connection shares with the others of its server. */
export interface ConnectionContext {
  readonly limits: StreamLimits;
  readonly book: ConnectionBook;
  /** Shares the thread among the connections. */
  readonly turns: FairTurns;
  readonly respond: Responder;
  readonly onFault: OnFault;
  /** Whether each connection begins with a PROXY header; then whom it speaks for. */
  readonly proxied?: ProxiedPeers;
  readonly counts: StreamCounts;
  /** Called once, when nothing of the connection is left. */
  readonly onClosed: (connection: StreamConnection) => void;
}

export interface StreamCounts {
  accepted: number;
  queries: number;
  replies: number;
  /** Connections that broke: reset by the peer, or no longer there. */
  broken: number;
  /** Connections ended because nothing moved in time. */
  timedOut: number;
  /** Connections ended because of a frame that can hold no query: under 12 octets, or over the limit. */
  badFrames: number;
  /** What the listening socket reported. */
  socketErrors: number;
}

/**
 * One client's connection. Queries are taken in order and replies leave when they are ready (RFC 7766 §6.2.1.1). Reading
 * stops while too much waits; after the peer's end, or a frame that is no query, what was asked before is still answered.
 */
export class StreamConnection implements BookedConnection, Worker {
  client: string;
  private readonly socket: Socket;
  private peer: Peer;
  private readonly context: ConnectionContext;
  private readonly deframer: Deframer;
  /** Until the PROXY header is whole. */
  private intake: ProxyIntake | undefined;
  private readonly deadline: Deadline;
  /** Whole queries that were read and not yet taken, from `next` on. */
  private waiting: Uint8Array[] = [];
  private next = 0;
  private inFlight = 0;
  /** No more queries are read: the peer ended, or we do. */
  private inputEnded = false;
  private state: "open" | "ended" | "closed" = "open";

  constructor(socket: Socket, peer: Peer, context: ConnectionContext) {
    this.client = peer.address.text;
    this.socket = socket;
    this.peer = peer;
    this.context = context;
    this.deframer = new Deframer(context.limits.queryOctets);
    this.intake = context.proxied === undefined ? undefined : new ProxyIntake();
    this.deadline = new Deadline(() => this.timeOut());
  }

  get hasBacklog(): boolean {
    return this.waiting.length - this.next > FEW_QUERIES;
  }

  /** Starts to read. Call once, after the book has admitted the connection. */
  open(): void {
    this.socket.setNoDelay(true); // A reply is one write: nothing is worth waiting for.
    this.socket.on("data", (chunk: Uint8Array) => this.read(chunk));
    this.socket.on("end", () => this.endInput());
    this.socket.on("drain", () => this.progress());
    this.socket.on("finish", () => this.linger());
    this.socket.on("error", () => {
      this.context.counts.broken += 1;
    });
    this.socket.on("close", () => this.drop());
    this.context.book.fellIdle(this);
    this.deadline.set(this.context.limits.firstQueryMs);
  }

  /** Answers what has been read whole, then ends the connection. */
  endInput(): void {
    if (this.inputEnded) return;
    this.inputEnded = true;
    this.context.turns.want(this);
  }

  drop(): void {
    if (this.state === "closed") return;
    this.state = "closed";
    this.deadline.clear();
    this.context.turns.leave(this);
    this.waiting = [];
    this.context.book.remove(this);
    this.socket.destroy();
    this.context.onClosed(this);
  }

  private read(chunk: Uint8Array): void {
    if (this.inputEnded) return; // Read only so that the end of the peer can be seen.
    const octets = this.intake === undefined ? chunk : this.introduce(this.intake, chunk);
    if (octets === undefined) return;
    for (const message of this.deframer.push(octets)) {
      if (message.length < HEADER_OCTETS) return this.refuseFrame();
      this.waiting.push(message);
    }
    if (this.deframer.refusedLength !== undefined) return this.refuseFrame();
    if (this.next < this.waiting.length) this.progress();
  }

  /** The octets behind the PROXY header, once that is whole; who breaks off, or has too many connections, is dropped. */
  private introduce(intake: ProxyIntake, chunk: Uint8Array): Uint8Array | undefined {
    const introduced = intake.push(chunk);
    if (introduced.kind === "waiting") return undefined;
    const { proxied, book } = this.context;
    const peer = introduced.kind === "refused" ? undefined : proxied?.peerOf(this.peer, introduced.client);
    const client = peer?.address.text ?? "";
    const rename = (): void => {
      this.client = client;
    };
    if (introduced.kind === "refused" || peer === undefined || !book.moveTo(this, client, rename)) {
      if (introduced.kind === "refused") this.context.counts.badFrames += 1;
      this.drop();
      return undefined;
    }
    this.intake = undefined;
    this.peer = peer;
    return introduced.rest;
  }

  private refuseFrame(): void {
    this.context.counts.badFrames += 1;
    this.endInput();
  }

  /** A whole query came, or replies left: the clock starts again, and there may be something to do. */
  private progress(): void {
    if (this.state !== "open") return;
    const { turns, book } = this.context;
    this.restartClock();
    turns.want(this);
    if (this.next === this.waiting.length) return;
    book.becameBusy(this); // It waits for its turn, and nothing more is read meanwhile.
    this.socket.pause();
  }

  private restartClock(): void {
    const { answerMs, idleMs } = this.context.limits;
    if (this.state === "open") this.deadline.set(this.inFlight > 0 ? answerMs : idleMs);
  }

  /** Takes queries while the peer reads and replies are not owed to it in numbers, then decides whether to read on. */
  work(until: number): boolean {
    if (this.state !== "open") return false;
    const { turns, book } = this.context;
    const before = this.next;
    book.becameBusy(this);
    this.socket.cork(); // Replies of one turn leave in one system call.
    while (!this.isBlocked()) {
      const query = this.waiting[this.next];
      if (query === undefined) break;
      this.next += 1;
      this.take(query);
      if (turns.isOver(until)) break;
    }
    this.socket.uncork();
    if (this.next > before) this.restartClock();
    return this.decide();
  }

  private isBlocked(): boolean {
    const { inFlight, unsentOctets } = this.context.limits;
    return this.inFlight >= inFlight || this.socket.writableLength >= unsentOctets;
  }

  /** Says whether there is more to do at once: while it is blocked, a reply that comes or one that leaves goes on from here. */
  private decide(): boolean {
    const isEmpty = this.next === this.waiting.length;
    if (isEmpty) {
      this.waiting = [];
      this.next = 0;
    }
    if (isEmpty && this.inFlight === 0) {
      if (this.inputEnded) {
        this.end();
        return false;
      }
      if (this.socket.writableLength === 0) this.context.book.fellIdle(this);
    }
    const isBlocked = this.isBlocked();
    if (isEmpty && !isBlocked) this.socket.resume();
    else this.socket.pause();
    return !isEmpty && !isBlocked;
  }

  private take(query: Uint8Array): void {
    this.context.counts.queries += 1;
    // RFC 7828 §3.3.2: no promise of time where the connection is about to be ended, or may have to make room for another.
    const isShort = this.inputEnded || this.context.book.isFull;
    const peer = isShort ? { ...this.peer, idleMs: 0 } : this.peer;
    const answer = respondSafely(this.context.respond, query, peer, this.context.onFault);
    if (answer === undefined) return;
    if (answer instanceof Uint8Array) return this.reply(answer);
    this.inFlight += 1;
    void answer.then((later) => {
      this.inFlight -= 1;
      if (later !== undefined) this.reply(later);
      this.progress();
    });
  }

  private reply(octets: Uint8Array): void {
    if (this.state !== "open" || this.socket.destroyed) return;
    try {
      this.socket.write(frame(octets));
      this.context.counts.replies += 1;
    } catch (error) {
      // Longer than a message can be: whoever made it has a bug.
      tell(this.context.onFault, error);
    }
  }

  private end(): void {
    this.state = "ended";
    this.deadline.set(this.context.limits.idleMs);
    this.socket.end();
    this.socket.resume(); // What still comes is thrown away: closing over it would reset the replies that are under way.
  }

  private linger(): void {
    if (this.state === "ended") this.deadline.set(this.context.limits.lingerMs);
  }

  private timeOut(): void {
    if (this.state === "open") this.context.counts.timedOut += 1;
    this.drop();
  }
}
