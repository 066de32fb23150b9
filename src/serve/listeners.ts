import { type AddressPort, formatAddressPort } from "../net/address.ts";
import { ConnectionBook } from "./connection-book.ts";
import type { Door, DoorOptions } from "./door.ts";
import { DoorSet, type ListenChange } from "./door-set.ts";
import { type InterfaceAddress, interfaceAddresses, isWildcardAddress } from "./interface-addresses.ts";
import type { ListenProblem } from "./listen-problem.ts";
import type { IsProxy } from "./proxied.ts";
import type { Responder } from "./responder.ts";
import { STREAM_LIMITS } from "./stream-limits.ts";

const DEFAULT_INTERFACES_EVERY_MS = 5000;

/** One place to listen on, and who answers there. */
export interface ListenerRequest {
  /** 0.0.0.0 and [::] stand for every address of their family that the machine has; port 0 for any free one. */
  readonly at: AddressPort;
  readonly respond: Responder;
  /** As in `DoorOptions`. */
  readonly isProxy?: IsProxy;
}

/** Everything a server listens on. */
export interface ListenersOptions extends Omit<DoorOptions, "respond" | "isProxy" | "book"> {
  readonly listeners: readonly ListenerRequest[];
  /** Told when an address of a wildcard came or went, or came and could not be opened. */
  readonly onChange?: (change: ListenChange) => void;
  /** How often the addresses of the machine are read again for wildcards; 0 = never. */
  readonly interfacesEveryMs?: number;
  readonly readInterfaces?: () => InterfaceAddress[];
}

/** Open listeners. */
export interface Listeners {
  readonly kind: "listening";
  /** What is open now, in the order of the requests. */
  readonly doors: readonly Door[];
  /** The same, for each request: several doors for a wildcard. */
  readonly byRequest: readonly (readonly Door[])[];
  /** The connections of every door together. */
  readonly book: ConnectionBook;
  /** Closes all doors as they say; never rejects. */
  close(drainMs?: number): Promise<void>;
}

/** Nothing is open: every problem, in the order of the requests. */
export interface ListenersFailure {
  readonly kind: "failed";
  readonly problems: readonly ListenProblem[];
}

/**
 * Opens every listener over UDP and TCP, or none. A wildcard is a socket for each address, so that replies leave from the
 * address that was asked; where a listener names one of them on the same port, that listener has it.
 */
export async function openListeners(options: ListenersOptions): Promise<Listeners | ListenersFailure> {
  const { readInterfaces = interfaceAddresses, listeners } = options;
  const book = new ConnectionBook({ ...STREAM_LIMITS, ...options.limits });
  const named = new Set(listeners.map(({ at }) => formatAddressPort(at)));
  const wanted = ({ address, port }: AddressPort): (() => InterfaceAddress[]) => {
    if (!isWildcardAddress(address)) return () => [{ address }];
    return () =>
      readInterfaces().filter(
        (own) => own.address.family === address.family && !named.has(formatAddressPort({ address: own.address, port })),
      );
  };
  const sets = listeners.map(({ at, respond, isProxy }) => {
    const own = { ...options, respond, book, ...(isProxy === undefined ? {} : { isProxy }) };
    return new DoorSet(at, wanted(at), own, options.onChange);
  });

  const problems: ListenProblem[] = [];
  for (const set of sets) problems.push(...(await set.open()));
  if (problems.length > 0) {
    await Promise.all(sets.map((set) => set.close(0)));
    return { kind: "failed", problems };
  }
  const hasWildcard = listeners.some(({ at }) => isWildcardAddress(at.address));
  const everyMs = hasWildcard ? (options.interfacesEveryMs ?? DEFAULT_INTERFACES_EVERY_MS) : 0;
  return new OpenListeners(sets, book, everyMs);
}

class OpenListeners implements Listeners {
  readonly kind = "listening";
  readonly book: ConnectionBook;
  private readonly sets: readonly DoorSet[];
  private readonly timer: NodeJS.Timeout | undefined;
  private following: Promise<void> | undefined;
  private closing: Promise<void> | undefined;

  constructor(sets: readonly DoorSet[], book: ConnectionBook, everyMs: number) {
    this.sets = sets;
    this.book = book;
    if (everyMs > 0) this.timer = setInterval(() => this.follow(), everyMs).unref();
  }

  get doors(): readonly Door[] {
    return this.byRequest.flat();
  }

  get byRequest(): readonly (readonly Door[])[] {
    return this.sets.map((set) => set.doors);
  }

  close(drainMs?: number): Promise<void> {
    this.closing ??= this.closeAll(drainMs);
    return this.closing;
  }

  /** One round at a time: a slow one is not overtaken. */
  private follow(): void {
    this.following ??= this.followAll().finally(() => {
      this.following = undefined;
    });
  }

  private async followAll(): Promise<void> {
    for (const set of this.sets) await set.follow();
  }

  private async closeAll(drainMs: number | undefined): Promise<void> {
    clearInterval(this.timer);
    await this.following; // What it opens is closed too.
    await Promise.all(this.sets.map((set) => set.close(drainMs)));
  }
}
