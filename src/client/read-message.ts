import { decodeMessage } from "../message/decode.ts";
import type { Message } from "../message/message.ts";
import { WireError } from "../octets/wire-error.ts";
import type { AskFailure } from "./exchange.ts";

/** The message that octets are which answer a question, or that they are none. */
export function readMessage(octets: Uint8Array): { readonly kind: "message"; readonly message: Message } | AskFailure {
  try {
    return { kind: "message", message: decodeMessage(octets) };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { kind: "failed", why: "malformed-reply", text: `sent a malformed reply: ${error.message}` };
  }
}
