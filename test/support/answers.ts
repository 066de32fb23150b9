import { randomInt } from "node:crypto";
import { ask } from "../../src/client/ask.ts";
import { rcodeName } from "../../src/message/rcodes.ts";
import { knownName } from "../../src/name/name-text.ts";
import { type AddressPort, parseAddress } from "../../src/net/address.ts";
import { formatRdata } from "../../src/record/rdata-text.ts";
import { RecordTypes } from "../../src/record/record-type.ts";
import { pause } from "../loopback.ts";

/** How a question is put. */
export interface Asked {
  /** A source address; any unless said. */
  readonly from?: string;
  readonly type?: number;
  readonly transport?: "udp" | "tcp";
}

/** What a server says of a name, in one text: `NOERROR 10.0.0.7`, the data of the last set, or why it says nothing. */
export async function answerOf(server: AddressPort, name: string, asked: Asked = {}): Promise<string> {
  const { type = RecordTypes.A, transport = "udp" } = asked;
  const from = asked.from === undefined ? undefined : parseAddress(asked.from);
  const reply = await ask(
    {
      server,
      name: knownName(name),
      type,
      rd: true,
      timeoutMs: 3000,
      tries: 1,
      transport: { kind: transport === "tcp" ? "tcp" : "udp-then-tcp" },
      ...(from === undefined ? {} : { from }),
    },
    (below) => randomInt(below),
  );
  if (reply.kind === "failed") return reply.text;
  const { rcode, answers } = reply.message;
  const last = answers.at(-1);
  const data = answers
    .filter(({ owner }) => owner.key === last?.owner.key)
    .map((one) => formatRdata(one.type, one.rdata));
  return [rcodeName(rcode), ...data].join(" ");
}

/** Asks until a server says something, for at most eight seconds; gives what it said last. */
export async function untilAnswer(
  server: AddressPort,
  name: string,
  wanted: string,
  asked: Asked = {},
): Promise<string> {
  for (const end = performance.now() + 8000; ; await pause(25)) {
    const answer = await answerOf(server, name, asked);
    if (answer === wanted || performance.now() > end) return answer;
  }
}
