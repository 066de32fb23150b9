import type { Socket } from "node:net";
import { Deframer, frame } from "../transport/stream-framing.ts";
import { type AskFailure, type Attempt, closedEarly, type Exchange, timedOut } from "./exchange.ts";
import { openTcp, openTls, streamFailure, type TlsIdentity } from "./open-stream.ts";

/** Sends a query over a TCP connection of its own and waits for its reply. Never rejects. */
export function exchangeOverTcp(attempt: Attempt): Promise<Exchange> {
  const failure = (error: unknown): AskFailure => streamFailure(error, attempt.from, false);
  return exchange(attempt, () => openTcp(attempt), "connect", failure);
}

/** As `exchangeOverTcp`, over TLS. */
export function exchangeOverTls(attempt: Attempt, identity: TlsIdentity): Promise<Exchange> {
  const failure = (error: unknown): AskFailure => streamFailure(error, attempt.from, true);
  return exchange(attempt, () => openTls(attempt, identity), "secureConnect", failure);
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
