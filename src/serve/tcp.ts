import { createServer, type ListenOptions, type Server, type Socket } from "node:net";
import { type AddressPort, parseAddress } from "../net/address.ts";
import { ConnectionBook } from "./connection-book.ts";
import { FairTurns } from "./fair-turns.ts";
import { bindText } from "./interface-addresses.ts";
import { type ListenProblem, listenProblem } from "./listen-problem.ts";
import { type IsProxy, ProxiedPeers } from "./proxied.ts";
import { type OnFault, type Responder, tell } from "./responder.ts";
import { StreamConnection, type StreamCounts } from "./stream-connection.ts";
import { STREAM_LIMITS, type StreamLimits } from "./stream-limits.ts";

const DEFAULT_DRAIN_MS = 5000;
/** The connections of every door share one thread. */
const TURNS = new FairTurns();

/** What to listen on for connections, and whom to ask for replies. */
export interface StreamOptions {
  /** One address, never a wildcard. Port 0 = any free one. */
  readonly at: AddressPort;
  /** The interface of a link-local IPv6 address, which is not unique without it. */
  readonly zone?: string;
  /** An open socket at that address to take over, by its descriptor; it is closed with the door. */
  readonly descriptor?: number;
  readonly limits?: Partial<StreamLimits>;
  /** Counts connections together with other listeners; without it the limits are this listener's alone. */
  readonly book?: ConnectionBook;
  /** As in `DatagramOptions`. */
  readonly sharesPorts?: boolean;
  readonly respond: Responder;
  /** Peers that begin each connection with a PROXY header; when given, all others are refused. */
  readonly isProxy?: IsProxy;
  readonly onFault: OnFault;
  /** Told of what the listening socket reports, such as running out of files. */
  readonly onError?: (error: Error) => void;
}

/** An open TCP listener. */
export interface StreamDoor {
  readonly kind: "open";
  /** With the port that was given for 0. */
  readonly at: AddressPort;
  readonly counts: Readonly<StreamCounts>;
  /** Connections that are open now. */
  readonly connections: number;
  /**
   * Accepts no more, answers the queries that were read, then ends each connection. Never rejects.
   * Connections that take longer than `drainMs` (5 s) are dropped.
   */
  close(drainMs?: number): Promise<void>;
}

/** Opens a TCP listener. Never rejects: an address that cannot be opened is a value. */
export function openTcp(options: StreamOptions): Promise<StreamDoor | ListenProblem> {
  const server = createServer({ allowHalfOpen: true });
  const { at, zone, descriptor } = options;
  const { address, port } = at;
  return new Promise((resolve) => {
    const fail = (error: unknown): void => resolve(listenProblem("tcp", at, error));
    server.once("error", fail);
    const host = bindText(address, zone);
    const place = descriptor === undefined ? { host, port, ipv6Only: address.family === 6 } : { fd: descriptor };
    try {
      const how: ListenOptions & { reusePort?: boolean } = place;
      if (options.sharesPorts === true) how.reusePort = true; // Node knows it from 22.12 on.
      server.listen(how, () => {
        server.off("error", fail);
        resolve(new TcpDoor(server, options));
      });
    } catch (error) {
      fail(error);
    }
  });
}

class TcpDoor implements StreamDoor {
  readonly kind = "open";
  readonly at: AddressPort;
  readonly counts: StreamCounts = {
    accepted: 0,
    queries: 0,
    replies: 0,
    broken: 0,
    timedOut: 0,
    badFrames: 0,
    socketErrors: 0,
  };
  private readonly server: Server;
  private readonly options: StreamOptions;
  private readonly limits: StreamLimits;
  private readonly book: ConnectionBook;
  private readonly open = new Set<StreamConnection>();
  private readonly proxied = new ProxiedPeers();
  private closing: Promise<void> | undefined;
  private whenEmpty: (() => void) | undefined;

  constructor(server: Server, options: StreamOptions) {
    const bound = server.address();
    this.at = { address: options.at.address, port: typeof bound === "object" && bound !== null ? bound.port : 0 };
    this.server = server;
    this.options = options;
    this.limits = { ...STREAM_LIMITS, ...options.limits };
    this.book = options.book ?? new ConnectionBook(this.limits);
    server.on("connection", (socket) => this.accept(socket));
    server.on("error", (error) => {
      this.counts.socketErrors += 1;
      tell(options.onError, error);
    });
  }

  get connections(): number {
    return this.open.size;
  }

  close(drainMs = DEFAULT_DRAIN_MS): Promise<void> {
    this.closing ??= this.drain(drainMs);
    return this.closing;
  }

  private accept(socket: Socket): void {
    const address = parseAddress(socket.remoteAddress ?? "");
    const port = socket.remotePort;
    if (address === undefined || port === undefined) {
      socket.destroy(); // The peer has gone before we came.
      return;
    }
    const { isProxy } = this.options;
    if (isProxy?.(address) === false) {
      socket.on("error", () => {});
      socket.resetAndDestroy();
      return;
    }
    const peer = { transport: "tcp", address, port, local: this.at, idleMs: this.limits.idleMs } as const;
    const connection = new StreamConnection(socket, peer, {
      limits: this.limits,
      book: this.book,
      turns: TURNS,
      respond: this.options.respond,
      onFault: this.options.onFault,
      ...(isProxy === undefined ? {} : { proxied: this.proxied }),
      counts: this.counts,
      onClosed: (closed) => {
        this.open.delete(closed);
        if (this.open.size === 0) this.whenEmpty?.();
      },
    });
    if (!this.book.admit(connection)) {
      socket.on("error", () => {}); // A refused peer may be gone too.
      socket.resetAndDestroy(); // At once, so that the peer tries elsewhere and nothing of it stays here.
      return;
    }
    this.counts.accepted += 1;
    this.open.add(connection);
    connection.open();
  }

  private async drain(drainMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
    const emptied = new Promise<void>((resolve) => {
      if (this.open.size === 0) resolve();
      this.whenEmpty = resolve;
    });
    for (const connection of this.open) connection.endInput();
    const timer = setTimeout(() => {
      for (const connection of this.open) connection.drop();
    }, drainMs);
    await Promise.all([closed, emptied]);
    clearTimeout(timer);
  }
}
