import { connect } from "node:net";
import { decodeMessage } from "../../src/message/decode.ts";
import type { Edns } from "../../src/message/edns.ts";
import type { Message } from "../../src/message/message.ts";
import { encodeQuery } from "../../src/message/query.ts";
import { knownName } from "../../src/name/name-text.ts";
import type { AddressPort } from "../../src/net/address.ts";
import { typeNumber } from "../../src/record/type-names.ts";
import { Deframer, frame } from "../../src/transport/stream-framing.ts";
import { idOf } from "../loopback.ts";

/** A question in words: `www.example.` and `AAAA`. */
export interface AskedQuestion {
  readonly name: string;
  readonly type: string;
}

/** How many questions are under way at once: many, as servers that wait for acknowledgements lose 40 ms for each window. */
const WINDOW = 2000;
/** A server that says nothing for so long is silent. */
const SILENCE_MS = 5000;

export interface AskOptions {
  readonly recursionDesired?: boolean;
  /** Whether the questions have OPT, with DO set. */
  readonly dnssecOk?: boolean;
  /** The address of this machine to ask from. */
  readonly from?: string;
}

/**
 * Asks a server every question over one TCP connection, with RD as told, and gives the replies in the order of the
 * questions.
 */
export function askAll(
  server: AddressPort,
  questions: readonly AskedQuestion[],
  { recursionDesired: rd = false, dnssecOk = false, from }: AskOptions = {},
): Promise<Message[]> {
  return new Promise((resolve, reject) => {
    const local = from === undefined ? {} : { localAddress: from };
    const socket = connect({ host: server.address.text, port: server.port, ...local });
    const edns: Edns = { version: 0, udpSize: 1232, dnssecOk: true, options: [] };
    const options = dnssecOk ? { edns } : {};
    const replies: Message[] = [];
    const deframer = new Deframer();
    let sent = 0;
    let received = 0;
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    const send = (): void => {
      const next = questions.slice(sent, sent + WINDOW);
      const queries = next.map(({ name, type }, i) =>
        frame(encodeQuery({ id: (sent + i) & 0xffff, name: knownName(name), type: numberOf(type), rd, ...options })),
      );
      sent += next.length;
      socket.write(Buffer.concat(queries));
    };
    socket.setTimeout(SILENCE_MS, () => fail(new Error(`no reply for ${SILENCE_MS} ms after ${received} replies`)));
    socket.on("error", fail);
    socket.on("end", () => fail(new Error(`ended after ${received} of ${questions.length} replies`)));
    socket.on("connect", send);
    socket.on("data", (chunk: Uint8Array) => {
      for (const octets of deframer.push(chunk)) {
        // Ids repeat after 65536 questions, of which no more than a window is under way.
        const start = sent - (sent % WINDOW === 0 ? WINDOW : sent % WINDOW);
        replies[start + ((idOf(octets) - start) & 0xffff)] = decodeMessage(octets);
        received += 1;
      }
      if (received < sent) return;
      if (received < questions.length) {
        send();
        return;
      }
      socket.destroy();
      resolve(replies);
    });
  });
}

function numberOf(type: string): number {
  const number = typeNumber(type);
  if (number === undefined) throw new RangeError(`${type} is no type`);
  return number;
}
