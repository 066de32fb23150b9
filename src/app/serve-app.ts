import { randomBytes, randomInt } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { type Control, type ControlProblem, openControl } from "../control/control-server.ts";
import { Diagnostics } from "../diagnostics/diagnostic.ts";
import { publicReason } from "../explain/public-reason.ts";
import type { Forwarder } from "../forward/forwarder.ts";
import { SECRET_OCTETS } from "../message/server-cookie.ts";
import { formatAddressPort } from "../net/address.ts";
import { createLog, type Log, type LogFormat, type LogLevel } from "../observe/log.ts";
import { openQueryLog, type QueryLog } from "../observe/query-log.ts";
import type { LoadedModel, LoadOrder } from "../project/load-order.ts";
import type { LoadThread } from "../project/load-thread.ts";
import { formatSummary } from "../report/summary.ts";
import { renderText } from "../report/text.ts";
import { type AnswerCounts, createAnswer } from "../serve/answer.ts";
import { type Listeners, type ListenersFailure, openListeners } from "../serve/listeners.ts";
import { ReadyStore } from "../serve/ready-store.ts";
import { compile } from "../snapshot/compile.ts";
import { holdSnapshot, type SnapshotHolder } from "../snapshot/holder.ts";
import { bannerText } from "./banner.ts";
import { runBeside } from "./beside.ts";
import { cacheRoutes } from "./cache-routes.ts";
import { dailySecrets } from "./cookie-secrets.ts";
import { listenForStop, type OnSignal, type StopSignals } from "./lifecycle.ts";
import { currentListener, openedListeners, possibleHere, proxiesOf, tellChange } from "./listening.ts";
import { oncePerPeer } from "./once-per-peer.ts";
import { asksItself, followGeneration, openForwarder } from "./real-servers.ts";
import { keepUpToDate } from "./upkeep.ts";

/** What `privlink serve` was told. */
export interface ServeOptions {
  readonly order: LoadOrder;
  /** Written, with the addresses listened on, once everything answers; removed at the end. */
  readonly readyFile?: string;
  /** Whether a line is logged for each question. */
  readonly queryLog: boolean;
  readonly logFormat: LogFormat;
  readonly logLevel: LogLevel;
  /** What it calls itself to clients that ask; the machine's name unless said. */
  readonly id?: string;
  /** Octets of real servers' answers that it keeps at most, whatever the topology says. */
  readonly cacheOctets?: number;
  /** Where it can be asked and told things by other processes: a path for a Unix socket. */
  readonly control?: string;
  /** A program and its arguments to run beside the server, which ends with it. */
  readonly command?: readonly string[];
  readonly version: string;
}

/** What serving needs of the process around it. */
export interface ServePorts {
  readonly stderr: (text: string) => void;
  /** Whether standard error is a terminal that takes colours. */
  readonly color: boolean;
  readonly onSignal: OnSignal;
  /** Loads the model at the start and whenever its files change. */
  readonly thread: LoadThread;
}

/** Replies under way get this long once the server was told to stop. */
const DRAIN_MS = 5000;

/** Serves until told to stop, or until its command ends. Gives the exit code: 1 when it could not start. */
export async function serve(options: ServeOptions, ports: ServePorts): Promise<number> {
  const model = ports.thread.loadFirst(options.order);
  if (model.kind !== "loaded") {
    ports.stderr(`privlink: ${model.kind === "problem" ? model.message : "nothing was loaded"}\n`);
    return 1;
  }
  const shown = model.diagnostics.filter(({ severity }) => severity !== "info");
  for (const diagnostic of shown) ports.stderr(renderText(diagnostic, { color: ports.color }));
  if (model.hasErrors) {
    ports.stderr(`privlink: not started: ${formatSummary(shown)}\n`);
    return 1;
  }
  const log = createLog(options.logFormat, options.logLevel);
  const queryLog = options.queryLog ? openQueryLog(options.logFormat, ports.stderr) : undefined;
  const holder = holdSnapshot(compile(model.input, new Diagnostics()));
  const counts: AnswerCounts = { trailing: 0 };
  const ready = new ReadyStore({ keepsResolutions: queryLog !== undefined, seed: randomInt(2 ** 32) });
  const parts: Parts = {
    holder,
    log,
    queryLog,
    counts,
    ready,
    forwarder: openForwarder(holder, log, options.cacheOctets),
  };
  const { forwarder } = parts;
  const listeners = await listen(model, options, parts);
  if (listeners.kind === "failed") {
    for (const { text } of listeners.problems) ports.stderr(`privlink: ${text}\n`);
    queryLog?.close();
    return 1;
  }
  const open = listeners.doors.map(({ at }) => at);
  const control = await openControlOf(options, parts);
  const problem = asksItself(holder.current, open) ?? (control?.kind === "problem" ? control.text : undefined);
  if (problem !== undefined || control?.kind === "problem") {
    ports.stderr(`privlink: not started: ${problem}\n`);
    if (control?.kind === "open") await control.close();
    await listeners.close(0);
    queryLog?.close();
    return 1;
  }
  const upkeep = keepUpToDate(model, options.order, holder, log, ports, () => {
    followGeneration(forwarder, holder.current, options.cacheOctets);
    const itself = asksItself(holder.current, open);
    if (itself !== undefined) log.error(itself);
  });
  const stop = listenForStop(ports.onSignal); // Before anybody is told that it is ready, and may stop it.
  announce(model, holder, listeners, options, ports, shown.length);
  ports.thread.warm();
  const code = await runUntilStopped(listeners, stop, options, ports, log);
  stop.close();
  await control?.close();
  forwarder.close();
  await upkeep.close();
  queryLog?.close();
  if (counts.trailing > 0) log.info(`octets behind the records of ${counts.trailing} queries were ignored`);
  if (options.readyFile !== undefined) rmSync(options.readyFile, { force: true });
  return code;
}

/** What a running server is made of, beside its sockets. */
interface Parts {
  readonly holder: SnapshotHolder;
  readonly log: Log;
  readonly queryLog: QueryLog | undefined;
  readonly counts: AnswerCounts;
  readonly ready: ReadyStore;
  readonly forwarder: Forwarder;
}

async function openControlOf(
  { control }: ServeOptions,
  { forwarder, ready, log }: Parts,
): Promise<Control | ControlProblem | undefined> {
  if (control === undefined) return undefined;
  const onFault = (error: unknown): void => log.error({ err: error }, "a bug in privlink failed a control request");
  return openControl(
    control,
    cacheRoutes(forwarder, ready, () => performance.now()),
    onFault,
  );
}

function listen(
  model: LoadedModel,
  { version, id = hostname() }: ServeOptions,
  { holder, log, queryLog, counts, ready, forwarder }: Parts,
): Promise<Listeners | ListenersFailure> {
  const { possible, without } = possibleHere(model.input.topology.listeners);
  for (const { at } of without) log.warn(`${formatAddressPort(at)} is left out: this machine has no IPv6`);
  const onFault = (error: unknown): void =>
    log.error({ err: error }, "a bug in privlink kept a question from its answer; please report it");
  const shared = {
    snapshots: holder,
    ready,
    ask: forwarder.ask,
    identity: { version: `privlink ${version}`, id },
    cookies: dailySecrets(() => randomBytes(SECRET_OCTETS), Date.now),
    counts,
    onFault,
    onIgnoredSubnet: oncePerPeer(({ address }) =>
      log.warn(`client subnet of ${address.text} ignored: list it under trust of the listener to believe it`),
    ),
    warningOf: (...found: Parameters<typeof publicReason>) => publicReason(...found)?.sentence,
    ...(queryLog === undefined ? {} : { onEvent: (event: Parameters<QueryLog["write"]>[0]) => queryLog.write(event) }),
  };
  return openListeners({
    listeners: possible.map((listener) => ({
      at: listener.at,
      respond: createAnswer({ ...shared, listener: currentListener(holder, listener) }),
      ...proxiesOf(currentListener(holder, listener)),
    })),
    onFault,
    onError: (error) => log.debug({ err: error }, "a reply could not be sent"),
    onChange: (change) => tellChange(log, change),
  });
}

/** The banner, and the file that scripts wait for: only now is everything answering. */
function announce(
  model: LoadedModel,
  holder: SnapshotHolder,
  listeners: Listeners,
  options: ServeOptions,
  ports: ServePorts,
  warnings: number,
): void {
  const open = openedListeners(possibleHere(model.input.topology.listeners).possible, listeners.byRequest);
  const { name: config, isExample } = model;
  const { version, readyFile } = options;
  if (readyFile !== undefined) writeFileSync(readyFile, open.map(({ at }) => `${formatAddressPort(at)}\n`).join(""));
  ports.stderr(bannerText({ version, config, isExample, listeners: open, snapshot: holder.current, warnings }));
}

/** Waits for a signal or for the command's end, then drains; a second signal ends the draining. */
async function runUntilStopped(
  listeners: Listeners,
  stop: StopSignals,
  options: ServeOptions,
  ports: ServePorts,
  log: Log,
): Promise<number> {
  const [program, ...args] = options.command ?? [];
  const tell = (text: string): void => ports.stderr(`privlink: ${text}\n`);
  const beside = program === undefined ? undefined : runBeside(program, args, tell);
  const ended = await Promise.race([stop.asked, ...(beside === undefined ? [] : [beside.ended])]);
  if (typeof ended === "string") log.info(`${ended}: answering what is under way, then ending`);
  beside?.stop("SIGTERM");
  const drained = Promise.all([listeners.close(DRAIN_MS), beside?.ended]);
  const insisted = await Promise.race([drained.then(() => undefined), stop.insisted]);
  if (insisted !== undefined) {
    beside?.stop("SIGKILL"); // What is still under way ends with the process.
  }
  return typeof ended === "string" ? 0 : ended;
}
