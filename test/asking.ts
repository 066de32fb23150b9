import { randomInt } from "node:crypto";
import { type AskReply, ask, type ServerQuestion } from "../src/client/ask.ts";
import type { AskFailure } from "../src/client/exchange.ts";
import { knownName } from "../src/name/name-text.ts";
import type { AddressPort } from "../src/net/address.ts";

/** Asks a server for A of a.example, over UDP, once and for 150 ms, unless the question says otherwise. */
export function askFor(server: AddressPort, question: Partial<ServerQuestion> = {}): Promise<AskReply | AskFailure> {
  const usual = { name: knownName("a.example"), type: 1, rd: true, timeoutMs: 150, tries: 1 } as const;
  return ask({ server, transport: { kind: "udp-then-tcp" }, ...usual, ...question }, randomInt);
}
