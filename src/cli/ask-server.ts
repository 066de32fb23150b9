import { ask } from "../client/ask.ts";
import type { Address, AddressPort } from "../net/address.ts";
import { formatAddressPort } from "../net/address.ts";
import type { Answered } from "./answered.ts";
import { cookieOf, type DigQuestion } from "./dig-words.ts";

/** Asks a real server. `from` is what the user calls whoever asks: this machine, or the client subnet's owner. */
export async function askServer(
  server: AddressPort,
  from: string,
  question: DigQuestion,
  source: Address | undefined,
  random: (below: number) => number,
): Promise<Answered> {
  const { name, type, rd, cd, ad, edns, tcp, timeoutMs, tries } = question;
  const result = await ask(
    {
      server,
      name,
      type,
      class: question.class,
      rd,
      cd,
      ad,
      timeoutMs,
      tries,
      transport: { kind: tcp ? "tcp" : "udp-then-tcp" },
      ...(edns === undefined ? {} : { edns }),
      ...(source === undefined ? {} : { from: source }),
    },
    random,
  );
  const cookieSent = cookieOf(question);
  const text = formatAddressPort(server);
  const where = `${server.address.text}#${server.port}`;
  if (result.kind === "failed") {
    return { from, server: text, serverLine: where, ms: 0, reply: { kind: "none", why: `${text} ${result.text}` } };
  }
  return {
    from,
    server: text,
    serverLine: `${where}(${server.address.text}) (${result.transport.toUpperCase()})`,
    ms: result.ms,
    reply: { kind: "message", message: result.message, octets: result.octets.length },
    ...(cookieSent === undefined ? {} : { cookieSent }),
  };
}
