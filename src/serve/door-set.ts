import { type AddressPort, formatAddressPort } from "../net/address.ts";
import { type Door, type DoorOptions, openDoor } from "./door.ts";
import { bindText, type InterfaceAddress } from "./interface-addresses.ts";
import { type ListenProblem, listenProblem } from "./listen-problem.ts";
import { tell } from "./responder.ts";

/** Tries to find a port that is free for both transports and at every address. */
const PORT_TRIES = 10;

/** What became of an address after the start: the interfaces of the machine changed, or what is wanted. */
export type ListenChange =
  | { readonly kind: "opened"; readonly at: AddressPort }
  | { readonly kind: "closed"; readonly at: AddressPort }
  | ListenProblem;

/** The doors of one `ADDR:PORT` that was asked for: one door, or for a wildcard one for each address, on one port. */
export class DoorSet {
  private readonly at: AddressPort;
  /** The addresses that there should be doors for, now. */
  private readonly wanted: () => InterfaceAddress[];
  private readonly options: DoorOptions;
  private readonly onChange: ((change: ListenChange) => void) | undefined;
  /** By what `bindText` gives. */
  private readonly byText = new Map<string, Door>();
  /** Addresses whose problem has been told. */
  private readonly told = new Set<string>();
  /** As asked for; of 0, the port that was found. */
  private port: number;

  constructor(
    at: AddressPort,
    wanted: () => InterfaceAddress[],
    options: DoorOptions,
    onChange?: (change: ListenChange) => void,
  ) {
    this.at = at;
    this.port = at.port;
    this.wanted = wanted;
    this.options = options;
    this.onChange = onChange;
  }

  get doors(): readonly Door[] {
    return [...this.byText.values()];
  }

  /** Opens every door, or none and says why. */
  async open(): Promise<ListenProblem[]> {
    for (let left = PORT_TRIES; ; left--) {
      const problems = await this.openAll();
      if (problems.length === 0) return [];
      await this.close(0);
      this.port = this.at.port;
      const isClash = this.port === 0 && problems.every((problem) => problem.code === "EADDRINUSE");
      if (!isClash || left === 1) return problems;
    }
  }

  /** Opens doors at addresses that have come, and closes those at addresses that have gone. Never rejects. */
  async follow(): Promise<void> {
    const addresses = this.readWanted();
    if (!Array.isArray(addresses)) return this.tellOnce("", addresses); // The doors stay as they are.
    const wanted = new Map(addresses.map((own) => [bindText(own.address, own.zone), own]));
    for (const [text, door] of this.byText) {
      if (wanted.has(text)) continue;
      this.byText.delete(text);
      await door.close();
      tell(this.onChange, { kind: "closed", at: door.at });
    }
    for (const text of this.told) if (!wanted.has(text)) this.told.delete(text);
    for (const [text, own] of wanted) {
      if (this.byText.has(text)) continue;
      const opened = await this.openOne(text, own);
      if (opened.kind === "open") tell(this.onChange, { kind: "opened", at: opened.at });
      else this.tellOnce(text, opened);
    }
  }

  async close(drainMs?: number): Promise<void> {
    const doors = this.doors;
    this.byText.clear();
    await Promise.all(doors.map((door) => door.close(drainMs)));
  }

  private async openAll(): Promise<ListenProblem[]> {
    const problems: ListenProblem[] = [];
    const absent: ListenProblem[] = [];
    const addresses = this.readWanted();
    if (!Array.isArray(addresses)) return [addresses];
    for (const own of addresses) {
      const text = bindText(own.address, own.zone);
      const opened = await this.openOne(text, own);
      if (opened.kind === "open") continue;
      // An address of a wildcard may not be ready yet (IPv6 looks for duplicates first): `follow` comes back for it.
      if (own.address.text !== this.at.address.text && opened.code === "EADDRNOTAVAIL") absent.push(opened);
      else problems.push(opened);
      if (opened.code === "EADDRINUSE" && this.at.port === 0) return problems; // The next port, for all of them.
    }
    if (problems.length > 0) return problems;
    if (this.byText.size === 0) return absent.length > 0 ? absent : [this.nobodyThere()];
    for (const problem of absent) this.tellOnce(problem.at.address.text, problem);
    return [];
  }

  /** The system may refuse to list its interfaces. */
  private readWanted(): InterfaceAddress[] | ListenProblem {
    try {
      return this.wanted();
    } catch (error) {
      return listenProblem("udp", this.at, error);
    }
  }

  private async openOne(text: string, { address, zone }: InterfaceAddress): Promise<Door | ListenProblem> {
    const opened = await openDoor({ address, port: this.port }, zone, this.options);
    if (opened.kind === "problem") return opened;
    this.port = opened.at.port;
    this.byText.set(text, opened);
    this.told.delete(text);
    return opened;
  }

  private tellOnce(text: string, problem: ListenProblem): void {
    if (this.told.has(text)) return;
    this.told.add(text);
    tell(this.onChange, problem);
  }

  private nobodyThere(): ListenProblem {
    const { family } = this.at.address;
    return {
      kind: "problem",
      transport: "udp",
      at: this.at,
      code: "EADDRNOTAVAIL",
      text: `${formatAddressPort(this.at)}: no interface of this machine has an IPv${family} address`,
    };
  }
}
