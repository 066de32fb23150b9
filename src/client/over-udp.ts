import { createSocket } from "node:dgram";
import { type Attempt, type Exchange, failureOf, timedOut } from "./exchange.ts";

/**
 * Sends a query in a datagram and waits for its reply. Never rejects.
 *
 * Each attempt has a socket of its own: the system gives it a random port, the second half of what somebody who forges
 * replies must guess (RFC 5452 §9.2). It is connected, so datagrams from elsewhere do not come in, and a port where nobody
 * listens is told at once.
 */
export function exchangeOverUdp({ server, from, timeoutMs, query, isReply }: Attempt): Promise<Exchange> {
  return new Promise((resolve) => {
    const { family, text } = server.address;
    const lookup: (
      host: string,
      family: unknown,
      found: (error: null, address: string, family: number) => void,
    ) => void = (host, _family, found) => found(null, host, family); // Addresses need no lookup, and a lookup would wait for other lookups.
    const socket = createSocket({ type: family === 6 ? "udp6" : "udp4", lookup });
    let isOver = false;
    const end = (exchange: Exchange): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      socket.close();
      resolve(exchange);
    };
    const fail = (error: unknown): void => end(failureOf(error, from));
    const timer = setTimeout(() => end(timedOut(timeoutMs)), timeoutMs);
    const send = (error?: Error): void => {
      if (error !== undefined) return fail(error);
      if (!isOver) socket.send(query, (failed) => failed !== null && fail(failed));
    };
    socket.on("error", fail);
    socket.on("message", (octets) => {
      if (isReply(octets)) end({ kind: "octets", octets });
    });
    try {
      socket.bind({ address: from?.text ?? (family === 6 ? "::" : "0.0.0.0"), port: 0, exclusive: true }, () => {
        if (!isOver) socket.connect(server.port, text, send);
      });
    } catch (error) {
      fail(error);
    }
  });
}
