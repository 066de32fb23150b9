import type { StreamLimits } from "./stream-limits.ts";

/** What the book needs to know of a connection. */
export interface BookedConnection {
  /** The peer's address, canonical. */
  readonly client: string;
  /** Ends the connection at once; it leaves the book before this returns. */
  drop(): void;
}

/** Who is connected, over every address that shares the limits, and who has been idle longest. */
export class ConnectionBook {
  private readonly limits: Pick<StreamLimits, "connections" | "connectionsPerClient">;
  private readonly open = new Set<BookedConnection>();
  private readonly clients = new Map<string, number>();
  /** In the order in which they fell idle. */
  private readonly idle = new Set<BookedConnection>();
  /** Connections that were ended to make room. */
  evicted = 0;
  /** Connections for which there was none. */
  refused = 0;

  constructor(limits: Pick<StreamLimits, "connections" | "connectionsPerClient">) {
    this.limits = limits;
  }

  get size(): number {
    return this.open.size;
  }

  /** Whether one more connection would end another. */
  get isFull(): boolean {
    return this.open.size >= this.limits.connections;
  }

  /** Whether there is room for the connection; at need the one that has been idle longest makes it (RFC 7766 §6.2.3). */
  admit(connection: BookedConnection): boolean {
    const ofClient = this.clients.get(connection.client) ?? 0;
    if (ofClient >= this.limits.connectionsPerClient || !this.hasRoom()) {
      this.refused += 1;
      return false;
    }
    this.open.add(connection);
    this.clients.set(connection.client, ofClient + 1);
    return true;
  }

  /** Counts the connection for another client from now on; whether there is room for it there. */
  moveTo(connection: BookedConnection, client: string, rename: () => void): boolean {
    if (!this.open.has(connection) || client === connection.client) return true;
    const there = this.clients.get(client) ?? 0;
    if (there >= this.limits.connectionsPerClient) {
      this.refused += 1;
      return false;
    }
    this.discount(connection.client);
    rename();
    this.clients.set(client, there + 1);
    return true;
  }

  /** Notes that the connection owes its peer nothing, from now on. */
  fellIdle(connection: BookedConnection): void {
    if (this.open.has(connection)) this.idle.add(connection);
  }

  becameBusy(connection: BookedConnection): void {
    this.idle.delete(connection);
  }

  remove(connection: BookedConnection): void {
    if (!this.open.delete(connection)) return;
    this.idle.delete(connection);
    this.discount(connection.client);
  }

  private discount(client: string): void {
    const left = (this.clients.get(client) ?? 1) - 1;
    if (left === 0) this.clients.delete(client);
    else this.clients.set(client, left);
  }

  private hasRoom(): boolean {
    if (!this.isFull) return true;
    const [longestIdle] = this.idle;
    if (longestIdle === undefined) return false;
    longestIdle.drop();
    this.evicted += 1;
    return true;
  }
}
