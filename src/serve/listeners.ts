import { type AddressPort, formatAddressPort } from "../net/address.ts";
import { ConnectionBook } from "./connection-book.ts";
import type { Door, DoorOptions } from "./door.ts";
import { DoorSet, type ListenChange } from "./door-set.ts";
import { type InterfaceAddress, interfaceAddresses, isWildcardAddress } from "./interface-addresses.ts";
import type { ListenProblem } from "./listen-problem.ts";
import type { IsProxy } from "./proxied.ts";
import { type Responder, tell } from "./responder.ts";
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
  /** Told when a place or an address of a wildcard came or went, or came and could not be opened. */
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
  /**
   * Listens where `listeners` say and nowhere else. A place that is among them already stays as it is, with its sockets,
   * connections and responder; others are opened or closed, which `onChange` is told. A place that cannot be opened is tried
   * again with the interfaces. One call at a time; settles once everything new is open, never rejects.
   */
  follow(listeners: readonly ListenerRequest[]): Promise<void>;
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
  const listeners = new OpenListeners(options);
  const problems = await listeners.open();
  return problems.length === 0 ? listeners : { kind: "failed", problems };
}

/** A request and its doors. */
interface Place {
  readonly at: AddressPort;
  /** Tells the place from others at one address: what is behind a proxy is another socket. */
  readonly key: string;
  readonly set: DoorSet;
}

class OpenListeners implements Listeners {
  readonly kind = "listening";
  readonly book: ConnectionBook;
  private readonly options: ListenersOptions;
  private places: readonly Place[];
  private timer: NodeJS.Timeout | undefined;
  /** Places that are gone and answer what they were asked. */
  private readonly leaving = new Set<Promise<void>>();
  private working: Promise<void> = Promise.resolve();
  private following: Promise<void> | undefined;
  private closing: Promise<void> | undefined;

  constructor(options: ListenersOptions) {
    this.options = options;
    this.book = new ConnectionBook({ ...STREAM_LIMITS, ...options.limits });
    this.places = keysOf(options.listeners).map(([key, request]) => this.placeOf(key, request));
  }

  /** Opens everything, or nothing and says why. */
  async open(): Promise<ListenProblem[]> {
    const problems: ListenProblem[] = [];
    for (const { set } of this.places) problems.push(...(await set.open()));
    if (problems.length > 0) await Promise.all(this.places.map(({ set }) => set.close(0)));
    else this.watchInterfaces();
    return problems;
  }

  get doors(): readonly Door[] {
    return this.byRequest.flat();
  }

  get byRequest(): readonly (readonly Door[])[] {
    return this.places.map(({ set }) => set.doors);
  }

  follow(listeners: readonly ListenerRequest[]): Promise<void> {
    return this.inTurn(() => this.moveTo(listeners));
  }

  close(drainMs?: number): Promise<void> {
    this.closing ??= this.closeAll(drainMs);
    return this.closing;
  }

  private async moveTo(listeners: readonly ListenerRequest[]): Promise<void> {
    if (this.closing !== undefined) return;
    const open = new Map(this.places.map((place) => [place.key, place]));
    const before = this.places;
    this.places = keysOf(listeners).map(([key, request]) => open.get(key) ?? this.placeOf(key, request));
    const staying = new Set(this.places);
    const gone = before.filter((place) => !staying.has(place));
    const come = this.places.filter(({ key }) => !open.has(key));
    for (const place of gone) {
      const left = this.leave(place);
      if (this.places.some(({ at }) => mayClash(at, place.at))) await left;
    }
    // A wildcard first lets go of what a listener names from now on, and at the end takes what nobody names any more.
    const wildcards = this.places.filter(({ at }) => isWildcardAddress(at.address));
    for (const { set } of [...wildcards, ...come, ...wildcards]) await set.follow();
    this.watchInterfaces();
  }

  /** Closes a place that is not wanted any more; what it was asked is answered first. */
  private leave({ set }: Place): Promise<void> {
    const places = set.doors.map(({ at }) => at);
    const left = set.close().then(() => {
      this.leaving.delete(left);
      for (const at of places) tell(this.options.onChange, { kind: "closed", at });
    });
    this.leaving.add(left);
    return left;
  }

  private placeOf(key: string, { at, respond, isProxy }: ListenerRequest): Place {
    const own = { ...this.options, respond, book: this.book, ...(isProxy === undefined ? {} : { isProxy }) };
    return { at, key, set: new DoorSet(at, () => this.addressesFor(at), own, this.options.onChange) };
  }

  /** Of a wildcard every address that the machine has and no other listener names. */
  private addressesFor({ address, port }: AddressPort): InterfaceAddress[] {
    if (!isWildcardAddress(address)) return [{ address }];
    const { readInterfaces = interfaceAddresses } = this.options;
    const named = new Set(this.places.map(({ at }) => formatAddressPort(at)));
    return readInterfaces().filter(
      (own) => own.address.family === address.family && !named.has(formatAddressPort({ address: own.address, port })),
    );
  }

  /** Looks again from time to time where an address may come or go, or could not be opened. */
  private watchInterfaces(): void {
    clearInterval(this.timer);
    const everyMs = this.options.interfacesEveryMs ?? DEFAULT_INTERFACES_EVERY_MS;
    const mayChange = this.places.some(({ at, set }) => isWildcardAddress(at.address) || set.doors.length === 0);
    if (mayChange && everyMs > 0) this.timer = setInterval(() => this.lookAgain(), everyMs).unref();
  }

  /** A round that is slow is not overtaken by the next. */
  private lookAgain(): void {
    this.following ??= this.inTurn(async () => {
      for (const { set } of this.places) await set.follow();
    }).finally(() => {
      this.following = undefined;
    });
  }

  /** Does one thing after another: two at once would open one address twice. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    this.working = this.working.then(work);
    return this.working;
  }

  private async closeAll(drainMs: number | undefined): Promise<void> {
    clearInterval(this.timer);
    await this.working; // What it opens is closed too.
    clearInterval(this.timer);
    await Promise.all([...this.places.map(({ set }) => set.close(drainMs)), ...this.leaving]);
  }
}

/** Each request with what tells it from the others; several may be at one address where any port will do. */
function keysOf(listeners: readonly ListenerRequest[]): readonly (readonly [string, ListenerRequest])[] {
  const seen = new Map<string, number>();
  return listeners.map((request) => {
    const place = `${formatAddressPort(request.at)}${request.isProxy === undefined ? "" : " behind a proxy"}`;
    const count = seen.get(place) ?? 0;
    seen.set(place, count + 1);
    return [`${place} ${count}`, request];
  });
}

/** Whether two places could want one socket. */
function mayClash(a: AddressPort, b: AddressPort): boolean {
  if (a.port !== b.port || a.address.family !== b.address.family) return false;
  return a.address.text === b.address.text || isWildcardAddress(a.address) || isWildcardAddress(b.address);
}
