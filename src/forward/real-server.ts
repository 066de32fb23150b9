import type { Random } from "../client/ask.ts";
import type { Exchange } from "../client/exchange.ts";
import type { TlsIdentity } from "../client/open-stream.ts";
import type { AddressPort } from "../net/address.ts";
import { ServerHealth } from "./server-health.ts";
import { StreamLine } from "./stream-line.ts";
import { UdpPool } from "./udp-pool.ts";
import type { DatagramEnd, Way } from "./waiting.ts";

/** Who is asked: the address, and the name that a certificate must have where it is asked over TLS. */
export interface ServerAddress {
  readonly at: AddressPort;
  readonly tls?: string;
}

/** How long it is believed of a server that it does not cope with something. */
const ABILITY_MS = 15 * 60 * 1000;

/** One real server: its sockets, how it does, and what it copes with. Sockets are opened when there is something to ask. */
export class RealServer {
  readonly address: ServerAddress;
  readonly health = new ServerHealth();
  readonly datagrams: Way<DatagramEnd>;
  /** TCP, or TLS where the server is asked over TLS alone. */
  readonly stream: Way<Exchange>;
  private readonly now: () => number;
  private readonly random: Random;
  private readonly identity: TlsIdentity | undefined;
  private noEdnsUntil = 0;
  private noCaseUntil = 0;

  /** `authorities`: PEM certificates to trust instead of the system's. */
  constructor(address: ServerAddress, random: Random, now: () => number, authorities?: string) {
    this.address = address;
    this.now = now;
    this.datagrams = new UdpPool(address.at, random);
    this.random = random;
    const { tls } = address;
    this.identity =
      tls === undefined ? undefined : { serverName: tls, ...(authorities === undefined ? {} : { authorities }) };
    this.stream = new StreamLine({ server: address.at }, this.identity, random);
  }

  /** A connection for one question, which begins with a PROXY header: it speaks for one client. */
  streamWith(preface: Uint8Array): Way<Exchange> {
    const line = new StreamLine({ server: this.address.at, preface }, this.identity, this.random);
    return {
      ask: (query, end) => {
        const cancel = line.ask(query, (ended) => {
          line.close(); // Also the one that was opened when the first was closed.
          end(ended);
        });
        line.close(); // As soon as the reply is there.
        return cancel;
      },
      close: () => line.close(),
    };
  }

  /** Whether it is thought to know EDNS. */
  get takesEdns(): boolean {
    return this.now() >= this.noEdnsUntil;
  }

  /** Whether it is thought to repeat the letters of a question as they came. */
  get keepsCase(): boolean {
    return this.now() >= this.noCaseUntil;
  }

  /** Remembers that it answered without EDNS what it refused with. */
  refusedEdns(): void {
    this.noEdnsUntil = this.now() + ABILITY_MS;
  }

  /** Remembers that also where nobody could have forged it, the question came back in other letters. */
  changedCase(): void {
    this.noCaseUntil = this.now() + ABILITY_MS;
  }

  close(): void {
    this.datagrams.close();
    this.stream.close();
  }
}
