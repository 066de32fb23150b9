import type { ProbePlaces } from "../../app/probe-doors.ts";
import { serve } from "../../app/serve-app.ts";
import { accountsHere, findServerUser } from "../../app/server-user.ts";
import { readServiceManager } from "../../app/service-manager.ts";
import { ROOT } from "../../name/domain-name.ts";
import { parseName } from "../../name/name-text.ts";
import { type AddressPort, parseAddressPort } from "../../net/address.ts";
import type { LoadOrder } from "../../project/load-order.ts";
import { openLoadThread } from "../../project/load-thread.ts";
import type { ForwardOverride, ListenOverride, ResolverOverride } from "../../project/override-topology.ts";
import { parseSeconds } from "../../record/text/number-text.ts";
import { chooseEngine, DATAGRAM_ENGINES } from "../../serve/datagram-engines.ts";
import { CACHE_SIZE_WORDS, parseCacheSize } from "../../topology/cache-size.ts";
import { takesColor } from "../color.ts";
import {
  type Arguments,
  CONFIG_OPTION,
  type Command,
  choiceOf,
  NO_COLOR_OPTION,
  valueOf,
  valuesOf,
} from "../command.ts";
import { readControlPlace } from "../control-place.ts";
import type { Io } from "../io.ts";
import { misuse } from "../misuse.ts";
import { modelRoutes } from "../model-routes.ts";
import { readWorkerCount } from "../worker-count.ts";

const LOG_FORMATS = ["text", "json"] as const;
const LOG_LEVELS = ["info", "silent", "error", "warn", "debug"] as const;
/** The port where none is said. */
const DNS_PORT = 53;
/** And over TLS (RFC 7858 §3.1). */
const TLS_PORT = 853;
/** An hour, in seconds. */
const MAX_LAMEDUCK = 3600;
/** RFC 2181 §8 */
const MAX_TTL = 0x7fff_ffff;
/** Of a character-string, which class CHAOS answers with (RFC 1035 §3.3). */
const MAX_ID_OCTETS = 255;

export const serveCommand: Command = {
  name: "serve",
  usage:
    "privlink serve [PATH…] [-c FILE] [--listen ADDR:PORT[=WHO]]… [--network NAME=CIDR]… [--forward DOMAIN=ADDR]… [--resolver NAME=ADDR]… [-- COMMAND…]",
  describe: "answers over UDP and TCP as each network's own DNS would",
  details: `PATH is a topology, or zone files and folders of them: public zones, or with --network private zones that those
networks see. Without PATH and -c: privlink.yaml here, else with --forward nothing, else the built-in example.
Reloads when files change, and on SIGHUP, which reads all of them again. SIGTERM and SIGINT end it, a second one at once.
The banner ends with "Ready.".
With -- COMMAND it runs the command beside the server, ends with it, and its exit code is the command's.`,
  options: [
    CONFIG_OPTION,
    {
      name: "listen",
      value: "ADDR:PORT[=WHO]",
      repeatable: true,
      describe: "where to answer, instead of where the topology says; as network or resolver WHO, or authoritative",
    },
    {
      name: "beyond-loopback",
      describe: "open the topology's listeners of loopback addresses at every address of the machine: for containers",
    },
    {
      name: "network",
      value: "NAME=CIDR",
      repeatable: true,
      describe: "with zone files: a network that sees them as private zones",
    },
    {
      name: "forward",
      value: "DOMAIN=ADDR[:PORT]",
      repeatable: true,
      describe: "send the names of a domain to a real server, or tls://NAME@ADDR; . is every domain",
    },
    {
      name: "resolver",
      value: "NAME=ADDR[:PORT]",
      repeatable: true,
      describe: "where an external resolver of the topology is asked",
    },
    { name: "max-ttl", value: "TTL", describe: "cap on the TTLs of replies: 30, 5m" },
    {
      name: "cache-size",
      value: "SIZE",
      describe: "octets of real servers' answers that are kept at most (default: the topology's, else 32MiB)",
    },
    { name: "id", value: "TEXT", describe: "what it calls itself: id.server and NSID (default: the machine's name)" },
    {
      name: "user",
      value: "NAME|UID[:GID]",
      describe: "started as root, become this user for good once every socket is open",
    },
    {
      name: "workers",
      value: "N",
      describe:
        "so many processes answer, auto: one for each processor; this one looks after them (default: 1, this one)",
    },
    {
      name: "datagrams",
      value: "ENGINE",
      choices: DATAGRAM_ENGINES,
      describe:
        "how UDP is read and written: batched, many datagrams in a system call, or node, one in each (default: batched where it was built)",
    },
    {
      name: "control",
      value: "SOCKET|ADDR:PORT",
      describe: "ask and tell the server there over HTTP, at a Unix socket or an address: /v1/openapi.json says what",
    },
    {
      name: "control-token-file",
      value: "FILE",
      describe: "with ADDR:PORT: holds the token that a request needs to change something; off loopback, to read, too",
    },
    {
      name: "health",
      value: "ADDR:PORT",
      bare: "127.0.0.1:8080",
      describe: "answer GET /health there while it runs (default: 127.0.0.1:8080)",
    },
    {
      name: "ready",
      value: "ADDR:PORT",
      bare: "127.0.0.1:8181",
      describe: "answer GET /ready there: 503 says what is not ready (default: 127.0.0.1:8181)",
    },
    {
      name: "metrics",
      value: "ADDR:PORT",
      bare: "127.0.0.1:9153",
      describe: "show counters at /metrics there, for Prometheus (default: 127.0.0.1:9153)",
    },
    {
      name: "lameduck",
      value: "TIME",
      describe: "go on answering so long once told to stop, not ready any more: 5, 1m (default: 0)",
    },
    { name: "ready-file", value: "FILE", describe: "written, with the addresses listened on, once everything answers" },
    { name: "query-log", describe: "log a line for each question" },
    {
      name: "log-format",
      value: "FORM",
      choices: LOG_FORMATS,
      describe: "of the log on standard error (default: text on a terminal, else json)",
    },
    { name: "log-level", value: "LEVEL", choices: LOG_LEVELS, describe: "how much is logged (default: info)" },
    NO_COLOR_OPTION,
  ],
  takesProgram: true,
  async run(args, io) {
    const order = readOrder(args, io);
    if (typeof order === "string") return misuse(io, serveCommand, order);
    const { program } = args;
    if (program?.length === 0) return misuse(io, serveCommand, "a command is missing behind --");
    const readyFile = valueOf(args, "ready-file");
    const id = valueOf(args, "id");
    const manager = readServiceManager(io.env, io.pid);
    if (typeof manager === "string") return misuse(io, serveCommand, manager);
    const userText = valueOf(args, "user");
    const user = userText === undefined ? undefined : findServerUser(userText, accountsHere(io.platform));
    if (typeof user === "string") return misuse(io, serveCommand, user);
    const control = readControlPlace(args, io.cwd, io.platform);
    if (typeof control === "string") return misuse(io, serveCommand, control);
    const probes = readProbes(args);
    if (typeof probes === "string") return misuse(io, serveCommand, probes);
    const lameduck = parseSeconds(valueOf(args, "lameduck") ?? "0");
    if (lameduck === undefined || lameduck > MAX_LAMEDUCK)
      return misuse(io, serveCommand, `--lameduck: ${valueOf(args, "lameduck")} is no time up to an hour: write 5, 1m`);
    const workers = readWorkerCount(valueOf(args, "workers"));
    if (typeof workers === "string") return misuse(io, serveCommand, workers);
    if (workers > 1 && user !== undefined)
      return misuse(io, serveCommand, "--user and --workers do not go together: start it as that user");
    const datagrams = choiceOf(args, "datagrams", DATAGRAM_ENGINES);
    if (datagrams === "batched" && chooseEngine(datagrams).name !== "batched")
      return misuse(
        io,
        serveCommand,
        "--datagrams: batched is not there: it is for Linux, and built where a C compiler is: npm run build, or leave it out",
      );
    const sizeText = valueOf(args, "cache-size");
    const cacheOctets = sizeText === undefined ? undefined : parseCacheSize(sizeText);
    if (sizeText !== undefined && cacheOctets === undefined)
      return misuse(io, serveCommand, `--cache-size: ${sizeText} is not ${CACHE_SIZE_WORDS}`);
    if (id !== undefined && new TextEncoder().encode(id).length > MAX_ID_OCTETS)
      return misuse(io, serveCommand, `--id: ${id} is over ${MAX_ID_OCTETS} octets`);
    return serve(
      {
        order,
        workers,
        datagrams,
        queryLog: args.switches.has("query-log"),
        logFormat: io.isTerminal.stderr
          ? choiceOf(args, "log-format", LOG_FORMATS)
          : choiceOf(args, "log-format", ["json", "text"]),
        logLevel: choiceOf(args, "log-level", LOG_LEVELS),
        probes,
        lameduckMs: lameduck * 1000,
        version: io.version,
        runtime: io.runtime,
        manager,
        ...(user === undefined ? {} : { user }),
        ...(readyFile === undefined ? {} : { readyFile }),
        ...(id === undefined ? {} : { id }),
        ...(cacheOctets === undefined ? {} : { cacheOctets }),
        ...(control === undefined ? {} : { control }),
        ...(program === undefined ? {} : { command: program }),
      },
      {
        stderr: io.stderr,
        color: takesColor(args, io, "stderr"),
        onSignal: io.onSignal,
        platform: io.platform,
        onUnhandled: io.onUnhandled,
        thread: openLoadThread(),
        modelRoutes: (snapshots) => modelRoutes(snapshots, io.version),
      },
    );
  },
};

/** Where probes and collectors ask; the sentence of what is no such place. */
function readProbes(args: Arguments): ProbePlaces | string {
  const places: { health?: AddressPort; ready?: AddressPort; metrics?: AddressPort } = {};
  for (const name of ["health", "ready", "metrics"] as const) {
    const text = valueOf(args, name);
    const at = text === undefined ? undefined : parseAddressPort(text, -1);
    if (text !== undefined && (at === undefined || at.port === -1))
      return `--${name}: ${text} is no ADDR:PORT${listenHint(text)}`;
    if (at !== undefined) places[name] = at;
  }
  return places;
}

/** What to serve and where; the sentence of what is wrong with it. Paths that were typed win over a topology of the environment. */
function readOrder(args: Arguments, io: Io): LoadOrder | string {
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
function listenHint(text: string): string {
  const [, host = "", port = ""] = /^(.*?):?(\d*)$/.exec(text) ?? [];
  if (/^\d+$/.test(text)) return `: did you mean 127.0.0.1:${text}?`;
  const end = port === "" ? "" : `:${port}`;
  if (host === "" || host === "*") return `: write 0.0.0.0${end} or [::]${end}`;
  if (host === "localhost") return `: did you mean 127.0.0.1${end}?`;
  if (text.split(":").length > 2) return ": write [ADDR]:PORT around IPv6";
  return "";
}
