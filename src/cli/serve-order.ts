import { ROOT } from "../name/domain-name.ts";
import { parseName } from "../name/name-text.ts";
import { parseAddressPort } from "../net/address.ts";
import type { LoadOrder } from "../project/load-order.ts";
import type { ForwardOverride, ListenOverride, ResolverOverride } from "../project/override-topology.ts";
import { parseSeconds } from "../record/text/number-text.ts";
import { type Arguments, valueOf, valuesOf } from "./command.ts";
import type { Io } from "./io.ts";

/** The port where none is said. */
const DNS_PORT = 53;
/** And over TLS (RFC 7858 §3.1). */
const TLS_PORT = 853;
/** RFC 2181 §8 */
const MAX_TTL = 0x7fff_ffff;

/** What to serve and where; the sentence of what is wrong with it. Paths that were typed win over a topology of the environment. */
export function readServeOrder(args: Arguments, io: Io): LoadOrder | string {
  const listen: ListenOverride[] = [];
  for (const text of valuesOf(args, "listen")) {
    const override = readListen(text);
    if (typeof override === "string") return override;
    listen.push(override);
  }
  const resolvers: ResolverOverride[] = [];
  for (const text of valuesOf(args, "resolver")) {
    const server = readServer(text, "--resolver", "NAME");
    if (typeof server === "string") return server;
    resolvers.push(server);
  }
  const forward: ForwardOverride[] = [];
  for (const text of valuesOf(args, "forward")) {
    const rule = readForward(text);
    if (typeof rule === "string") return rule;
    forward.push(rule);
  }
  const ttlText = valueOf(args, "max-ttl");
  const maxTtl = ttlText === undefined ? undefined : parseSeconds(ttlText);
  if (ttlText !== undefined && (maxTtl === undefined || maxTtl > MAX_TTL))
    return `--max-ttl: ${ttlText} is no TTL: write seconds, or 5m, 1h30m`;
  const config = valueOf(args, "config");
  const isOutdone = args.words.length > 0 && args.fromEnvironment.has("config");
  return {
    request: {
      paths: args.words,
      networks: valuesOf(args, "network"),
      needsNoFiles: forward.length > 0,
      ...(config === undefined || isOutdone ? {} : { config }),
    },
    folder: io.cwd,
    exampleFolder: io.exampleFolder,
    listen,
    beyondLoopback: args.switches.has("beyond-loopback"),
    resolvers,
    forward,
    ...(maxTtl === undefined ? {} : { maxTtl }),
  };
}

/** `NAME=ADDR[:PORT]`; the sentence of what is wrong with it. */
function readServer(text: string, flag: string, what: string): ResolverOverride | string {
  const sign = text.lastIndexOf("=");
  if (sign < 1) return `${flag}: ${text} is no ${what}=ADDR[:PORT]`;
  const address = text.slice(sign + 1);
  const at = parseAddressPort(address, DNS_PORT);
  if (at === undefined || at.port === 0)
    return `${flag}: ${address === "" ? "nothing" : address} is no ADDR[:PORT] of a server`;
  return { name: text.slice(0, sign), at };
}

/** `DOMAIN=ADDR[:PORT]`, `DOMAIN=tls://NAME@ADDR[:PORT]`; the sentence of what is wrong with it. */
function readForward(text: string): ForwardOverride | string {
  const secure = /^(.+)=tls:\/\/([^@]*)@([^@]*)$/i.exec(text);
  if (secure !== null) return readSecureForward(text, secure);
  const server = readServer(text, "--forward", "DOMAIN");
  if (typeof server === "string") return server;
  const domain = parseName(server.name, ROOT, "unicode");
  return domain.kind === "problem"
    ? `--forward: ${server.name} ${domain.problem}`
    : { domain: domain.name, at: server.at };
}

function readSecureForward(
  text: string,
  [, name = "", tls = "", address = ""]: RegExpExecArray,
): ForwardOverride | string {
  const domain = parseName(name, ROOT, "unicode");
  if (domain.kind === "problem") return `--forward: ${name} ${domain.problem}`;
  const at = parseAddressPort(address, TLS_PORT);
  const isServer = at !== undefined && at.port !== 0 && parseName(tls, ROOT, "unicode").kind === "name" && tls !== "";
  if (!isServer) return `--forward: ${text.slice(name.length + 1)} is no server, expected tls://NAME@ADDR[:PORT]`;
  return { domain: domain.name, at, tls };
}

function readListen(text: string): ListenOverride | string {
  const sign = text.indexOf("=");
  const address = sign === -1 ? text : text.slice(0, sign);
  const who = sign === -1 ? undefined : text.slice(sign + 1);
  const at = parseAddressPort(address, DNS_PORT);
  if (at === undefined)
    return `--listen: ${address === "" ? "nothing" : address} is no ADDR:PORT${listenHint(address)}`;
  if (who === "") return `--listen: ${text} names nobody behind =`;
  return { at, ...(who === undefined ? {} : { who }) };
}

/** What somebody meant who wrote an address as other programs take it. */
export function listenHint(text: string): string {
  const [, host = "", port = ""] = /^(.*?):?(\d*)$/.exec(text) ?? [];
  if (/^\d+$/.test(text)) return `: did you mean 127.0.0.1:${text}?`;
  const end = port === "" ? "" : `:${port}`;
  if (host === "" || host === "*") return `: write 0.0.0.0${end} or [::]${end}`;
  if (host === "localhost") return `: did you mean 127.0.0.1${end}?`;
  if (text.split(":").length > 2) return ": write [ADDR]:PORT around IPv6";
  return "";
}
