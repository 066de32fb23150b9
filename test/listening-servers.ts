import type { Socket } from "node:net";
import type { AddressPort } from "../src/net/address.ts";
import { openListeners } from "../src/serve/listeners.ts";
import type { Responder } from "../src/serve/responder.ts";
import { closeAfterEach, connectionServer, datagramServer, here, unexpected } from "./loopback.ts";

/** Servers for one file of tests, each closed when its test ends. */
export interface ServersOfTest {
  /** A listener of ours, over UDP and TCP. */
  readonly serve: (respond: Responder, at?: AddressPort) => Promise<AddressPort>;
  readonly serveDatagrams: (replies: (query: Uint8Array) => readonly Uint8Array[]) => Promise<AddressPort>;
  readonly serveConnections: (onConnection: (socket: Socket) => void) => Promise<AddressPort>;
}

export function serversOfTest(): ServersOfTest {
  const closeLater = closeAfterEach();
  return {
    serve: async (respond, at = here()) => {
      const listeners = await openListeners({ listeners: [{ at, respond }], onFault: unexpected });
      if (listeners.kind === "failed") throw new Error(listeners.problems[0]?.text);
      closeLater(() => listeners.close(0));
      return listeners.doors[0]?.at ?? at;
    },
    serveDatagrams: async (replies) => {
      const server = await datagramServer(replies);
      closeLater(() => server.close());
      return server.at;
    },
    serveConnections: async (onConnection) => {
      const server = await connectionServer(onConnection);
      closeLater(() => server.close());
      return server.at;
    },
  };
}
