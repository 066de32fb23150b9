import type { ProbePlaces } from "../app/probe-doors.ts";
import type { ServeOptions } from "../app/serve-app.ts";
import { accountsHere, findServerUser, type ServerUser } from "../app/server-user.ts";
import { readServiceManager } from "../app/service-manager.ts";
import { type AddressPort, parseAddressPort } from "../net/address.ts";
import { parseSeconds } from "../record/text/number-text.ts";
import { chooseEngine, DATAGRAM_ENGINES, type DatagramEngine } from "../serve/datagram-engines.ts";
import { CACHE_SIZE_WORDS, parseCacheSize } from "../topology/cache-size.ts";
import { type Arguments, choiceOf, valueOf } from "./command.ts";
import { readControlPlace } from "./control-place.ts";
import type { Io } from "./io.ts";
import { LOG_FORMATS, LOG_LEVELS } from "./serve-options.ts";
import { listenHint } from "./serve-order.ts";
import { readWorkerCount } from "./worker-count.ts";

/** An hour, in seconds. */
const MAX_LAMEDUCK = 3600;
/** Of a character-string, which class CHAOS answers with (RFC 1035 §3.3). */
const MAX_ID_OCTETS = 255;

/** How to serve, whatever is served; the sentence of what is wrong with it. */
export function readServeTerms(args: Arguments, io: Io): Omit<ServeOptions, "order"> | string {
  const { program } = args;
  if (program?.length === 0) return "a command is missing behind --";
  const manager = readServiceManager(io.env, io.pid);
  if (typeof manager === "string") return manager;
  const user = readUser(args, io.platform);
  if (typeof user === "string") return user;
  const control = readControlPlace(args, io.cwd, io.platform);
  if (typeof control === "string") return control;
  const probes = readProbes(args);
  if (typeof probes === "string") return probes;
  const lameduck = parseSeconds(valueOf(args, "lameduck") ?? "0");
  if (lameduck === undefined || lameduck > MAX_LAMEDUCK)
    return `--lameduck: ${valueOf(args, "lameduck")} is no time up to an hour: write 5, 1m`;
  const workers = readWorkerCount(valueOf(args, "workers"));
  if (typeof workers === "string") return workers;
  if (workers > 1 && user !== undefined) return "--user and --workers do not go together: start it as that user";
  const datagrams = readEngine(args);
  if (datagrams === undefined)
    return "--datagrams: batched is not there: it is for Linux, and built where a C compiler is: npm run build, or leave it out";
  const size = valueOf(args, "cache-size");
  const cacheOctets = size === undefined ? undefined : parseCacheSize(size);
  if (size !== undefined && cacheOctets === undefined) return `--cache-size: ${size} is not ${CACHE_SIZE_WORDS}`;
  const id = valueOf(args, "id");
  if (id !== undefined && new TextEncoder().encode(id).length > MAX_ID_OCTETS)
    return `--id: ${id} is over ${MAX_ID_OCTETS} octets`;
  const readyFile = valueOf(args, "ready-file");
  return {
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
  };
}

function readUser(args: Arguments, platform: string): ServerUser | undefined | string {
  const text = valueOf(args, "user");
  return text === undefined ? undefined : findServerUser(text, accountsHere(platform));
}

/** What is to move datagrams; `undefined` where that is not there. */
function readEngine(args: Arguments): DatagramEngine | undefined {
  const wanted = choiceOf(args, "datagrams", DATAGRAM_ENGINES);
  return wanted === "batched" && chooseEngine(wanted).name !== wanted ? undefined : wanted;
}

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
