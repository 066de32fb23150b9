import type { Responder } from "../src/serve/responder.ts";
import { openTcp, type StreamDoor, type StreamOptions } from "../src/serve/tcp.ts";
import { closeAfterEach, connectTo, here, idOf, type StreamClient, unexpected } from "./loopback.ts";

/** Doors for streams and their clients for one file of tests, closed when a test ends. */
export interface StreamsOfTest {
  readonly open: (respond: Responder, options?: Partial<StreamOptions>) => Promise<StreamDoor>;
  readonly client: (door: StreamDoor) => Promise<StreamClient>;
}

export function streamsOfTest(): StreamsOfTest {
  const closeLater = closeAfterEach();
  return {
    open: async (respond, options = {}) => {
      const door = await openTcp({ at: here(), respond, onFault: unexpected, ...options });
      if (door.kind === "problem") throw new Error(door.text);
      closeLater(() => door.close(0));
      return door;
    },
    client: async (door) => {
      const opened = await connectTo(door.at);
      closeLater(() => {
        opened.socket.destroy();
      });
      return opened;
    },
  };
}

/** The IDs of the replies that came, in order. */
export function ids(from: StreamClient): number[] {
  return from.replies.map((reply) => idOf(reply));
}
