import { connect, type Socket } from "node:net";
import { checkServerIdentity, connect as connectTls } from "node:tls";
import { Deframer, frame } from "../transport/stream-framing.ts";
import { type AskFailure, type Attempt, closedEarly, type Exchange, failureOf, timedOut } from "./exchange.ts";

/** How a server proves who it is (RFC 7858, RFC 8310 §8.1). */
export interface TlsIdentity {
  /** The name, or address, that its certificate must hold. */
  readonly serverName: string;
  /** PEM certificates to trust instead of the system's. */
  readonly authorities?: string;
}

/** Sends a query over a TCP connection of its own and waits for its reply. Never rejects. */
export function exchangeOverTcp(attempt: Attempt): Promise<Exchange> {
  return exchange(
    attempt,
    () => connect(place(attempt)),
    "connect",
    (error) => failureOf(error, attempt.from),
  );
}

/** As `exchangeOverTcp`, over TLS. */
export function exchangeOverTls(attempt: Attempt, { serverName, authorities }: TlsIdentity): Promise<Exchange> {
  const isAddress = /^[0-9.]+$|:/.test(serverName);
  const open = (): Socket =>
    connectTls({
      ...place(attempt),
      ...(isAddress ? {} : { servername: serverName }), // RFC 6066 §3: no addresses.
      ...(authorities === undefined ? {} : { ca: authorities }),
      ALPNProtocols: ["dot"],
      checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
    });
  return exchange(attempt, open, "secureConnect", (error) => {
    const failure = failureOf(error, attempt.from);
    return failure.why === "system" ? notTrusted(error) : failure;
  });
}

function notTrusted(error: unknown): AskFailure {
  const text = error instanceof Error ? error.message : String(error);
  return { kind: "failed", why: "tls", text: `failed to prove who it is: ${text}` };
}

function place({ server, from }: Attempt): { host: string; port: number; localAddress?: string } {
  const { address, port } = server;
  return { host: address.text, port, ...(from === undefined ? {} : { localAddress: from.text }) };
}

function exchange(
  { timeoutMs, query, isReply }: Attempt,
  open: () => Socket,
  ready: "connect" | "secureConnect",
  failure: (error: unknown) => AskFailure,
): Promise<Exchange> {
  return new Promise((resolve) => {
    let socket: Socket | undefined;
    const end = (result: Exchange): void => {
      clearTimeout(timer);
      socket?.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => end(timedOut(timeoutMs)), timeoutMs);
    try {
      const deframer = new Deframer();
      socket = open();
      socket.on(ready, () => socket?.write(frame(query)));
      socket.on("data", (chunk: Uint8Array) => {
        const octets = deframer.push(chunk).find(isReply);
        if (octets !== undefined) end({ kind: "octets", octets });
      });
      socket.on("error", (error) => end(failure(error)));
      socket.on("close", () => end(closedEarly()));
    } catch (error) {
      end(failure(error));
    }
  });
}
