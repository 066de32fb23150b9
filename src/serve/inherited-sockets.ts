import { type AddressPort, formatAddressPort } from "../net/address.ts";

/** A socket that was open before the program: whoever started it bound the address and handed the descriptor on. */
export interface InheritedSocket {
  readonly descriptor: number;
  readonly transport: "udp" | "tcp";
  readonly at: AddressPort;
}

/** What there is at an address: a socket to take over, one that was let go of again, or none. */
export type Inherited = { readonly kind: "socket"; readonly descriptor: number } | { readonly kind: "let-go" };

/** The sockets of a start, each taken over once, by the listener at its address. */
export class InheritedSockets {
  /** By transport and address; several where a unit asks for several. */
  private readonly waiting = new Map<string, InheritedSocket>();
  private readonly taken = new Set<string>();

  /** Of two at one address the second is left over: there is one listener for it. */
  private readonly doubled: InheritedSocket[] = [];

  constructor(sockets: readonly InheritedSocket[]) {
    for (const socket of sockets) {
      const key = keyOf(socket.transport, socket.at);
      if (this.waiting.has(key)) this.doubled.push(socket);
      else this.waiting.set(key, socket);
    }
  }

  /** Hands over the socket of an address; `undefined` where the program opens one as usual. */
  take(transport: "udp" | "tcp", at: AddressPort): Inherited | undefined {
    const key = keyOf(transport, at);
    const socket = this.waiting.get(key);
    // It was closed here, and is open still where it came from: another one cannot be bound.
    if (socket === undefined) return this.taken.has(key) ? { kind: "let-go" } : undefined;
    this.waiting.delete(key);
    this.taken.add(key);
    return { kind: "socket", descriptor: socket.descriptor };
  }

  /** Sockets that nobody took, in the order of their descriptors. */
  left(): readonly InheritedSocket[] {
    return [...this.waiting.values(), ...this.doubled].toSorted((one, other) => one.descriptor - other.descriptor);
  }
}

function keyOf(transport: "udp" | "tcp", at: AddressPort): string {
  return `${transport} ${formatAddressPort(at)}`;
}
