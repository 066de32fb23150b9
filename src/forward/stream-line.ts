import type { Socket } from "node:net";
import type { Random } from "../client/ask.ts";
import { type AskFailure, closedEarly, type Exchange, timedOut } from "../client/exchange.ts";
import { openTcp, openTls, type StreamPlace, streamFailure, type TlsIdentity } from "../client/open-stream.ts";
import { Deframer, frame } from "../transport/stream-framing.ts";
import { recognise, type SentQuery, withId } from "./sent-query.ts";
import type { Cancel, Waiting, Way } from "./waiting.ts";

/** How long a connection is waited for and kept. */
export interface StreamLineSettings {
  readonly connectMs: number;
  /** Without a question; servers end idle connections at about this time themselves (RFC 7766 §6.2.3). */
  readonly idleMs: number;
  /** With questions and without a reply: the connection is given up. */
  readonly silentMs: number;
}

const STREAM_LINE: StreamLineSettings = { connectMs: 3000, idleMs: 8000, silentMs: 4000 };

const IDS = 0x1_0000;

/**
 * Sends queries to one server over one connection, which is opened when there is something to ask and reused while there
 * is; replies come in any order (RFC 7766 §6.2.1, RFC 7858 §3.4). Queries that a connection took along when the server
 * closed it are asked once more on the next one.
 */
export class StreamLine implements Way<Exchange> {
  private readonly place: StreamPlace;
  private readonly identity: TlsIdentity | undefined;
  private readonly random: Random;
  private readonly settings: StreamLineSettings;
  private connection: Connection | undefined;
  /** What TLS needs to begin the next connection in one round trip. */
  private session: Buffer | undefined;

  constructor(
    place: StreamPlace,
    identity: TlsIdentity | undefined,
    random: Random,
    settings: StreamLineSettings = STREAM_LINE,
  ) {
    this.place = place;
    this.identity = identity;
    this.random = random;
    this.settings = settings;
  }

  ask(query: SentQuery, end: (end: Exchange) => void): Cancel {
    let cancel: Cancel = () => {};
    const send = (isRepeat: boolean): void => {
      const waiting: Waiting<Exchange> = {
        query,
        end: (result) => {
          const isLost = result.kind === "failed" && result.why === "closed-connection";
          if (isLost && !isRepeat)
            send(true); // RFC 7766 §6.2.4: it may have closed while the query was under way.
          else end(result);
        },
      };
      const connection = this.connect();
      const id = connection.send(waiting, this.random);
      cancel = () => connection.forget(id, waiting);
    };
    send(false);
    return () => cancel();
  }

  close(): void {
    this.connection?.leave();
    this.connection = undefined;
  }

  private connect(): Connection {
    this.connection ??= new Connection(() => this.open(), this.settings, {
      isTls: this.identity !== undefined,
      onClosed: (connection) => {
        if (this.connection === connection) this.connection = undefined;
      },
    });
    return this.connection;
  }

  private open(): Socket {
    if (this.identity === undefined) return openTcp(this.place);
    const socket = openTls(this.place, this.identity, this.session);
    socket.on("session", (session) => {
      this.session = session;
    });
    return socket;
  }
}

/** One connection with the queries that it took along. */
class Connection {
  private readonly waiting = new Map<number, Waiting<Exchange>>();
  private readonly settings: StreamLineSettings;
  private readonly isTls: boolean;
  private readonly onClosed: (connection: Connection) => void;
  private readonly deframer = new Deframer();
  private socket: Socket | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** Until the connection is ready. */
  private unsent: Uint8Array[] | undefined = [];
  private isLeaving = false;
  private isClosed = false;

  constructor(
    open: () => Socket,
    settings: StreamLineSettings,
    { isTls, onClosed }: { readonly isTls: boolean; readonly onClosed: (connection: Connection) => void },
  ) {
    this.settings = settings;
    this.isTls = isTls;
    this.onClosed = onClosed;
    this.timer = setTimeout(() => this.fail(timedOut(settings.connectMs)), settings.connectMs);
    try {
      this.socket = open();
      this.socket.setNoDelay(true);
      this.socket.on(isTls ? "secureConnect" : "connect", () => this.flush());
      this.socket.on("data", (chunk: Uint8Array) => this.receive(chunk));
      this.socket.on("error", (error) => this.fail(streamFailure(error, undefined, isTls)));
      this.socket.on("close", () => this.fail(closedEarly()));
    } catch (error) {
      setImmediate(() => this.fail(streamFailure(error, undefined, this.isTls)));
    }
  }

  send(waiting: Waiting<Exchange>, random: Random): number {
    let id = random(IDS);
    while (this.waiting.has(id)) id = (id + 1) % IDS;
    if (this.unsent === undefined && this.waiting.size === 0) this.watch(this.settings.silentMs);
    this.waiting.set(id, waiting);
    const framed = frame(withId(waiting.query, id));
    if (this.unsent === undefined) this.socket?.write(framed);
    else this.unsent.push(framed);
    return id;
  }

  forget(id: number, waiting: Waiting<Exchange>): void {
    if (this.waiting.get(id) === waiting) this.waiting.delete(id);
    this.closeIfDone();
  }

  /** Takes no more queries, and closes when nothing is waited for. */
  leave(): void {
    this.isLeaving = true;
    this.closeIfDone();
  }

  private flush(): void {
    const { unsent = [] } = this;
    this.unsent = undefined;
    this.watch(this.settings.silentMs);
    this.socket?.cork();
    for (const framed of unsent) this.socket?.write(framed);
    this.socket?.uncork();
  }

  private receive(chunk: Uint8Array): void {
    for (const octets of this.deframer.push(chunk)) {
      const id = ((octets[0] ?? 0) << 8) | (octets[1] ?? 0);
      const waiting = this.waiting.get(id);
      // Over a connection nobody can guess: letters of another case are only a server's way.
      if (waiting === undefined || recognise(waiting.query, octets) === "foreign") continue;
      this.waiting.delete(id);
      waiting.end({ kind: "octets", octets });
    }
    this.closeIfDone();
    if (this.isClosed) return;
    this.watch(this.waiting.size > 0 ? this.settings.silentMs : this.settings.idleMs);
  }

  private closeIfDone(): void {
    if (this.isLeaving && this.waiting.size === 0) this.fail(closedEarly());
  }

  /** Gives the connection up unless something comes in time. */
  private watch(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fail(timedOut(ms)), ms);
  }

  /** Ends the connection, and with it the wait of all that it took along. */
  private fail(failure: AskFailure): void {
    if (this.isClosed) return;
    this.isClosed = true;
    clearTimeout(this.timer);
    this.onClosed(this);
    this.socket?.destroy();
    const all = [...this.waiting.values()];
    this.waiting.clear();
    for (const { end } of all) end(failure);
  }
}
