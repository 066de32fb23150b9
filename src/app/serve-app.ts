import { randomInt } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import type { ControlPlace } from "../control/access.ts";
import type { ControlProblem } from "../control/control-server.ts";
import type { Route } from "../control/route.ts";
import { Diagnostics } from "../diagnostics/diagnostic.ts";
import { type AddressPort, formatAddressPort } from "../net/address.ts";
import { createLog, type LogFormat, type LogLevel } from "../observe/log.ts";
import { createMetrics, type Metrics } from "../observe/metrics.ts";
import { openQueryLog } from "../observe/query-log.ts";
import type { LoadedModel, LoadOrder } from "../project/load-order.ts";
import type { LoadThread } from "../project/load-thread.ts";
import { formatSummary } from "../report/summary.ts";
import { renderText } from "../report/text.ts";
import type { AnswerCounts } from "../serve/answer.ts";
import { ReadyStore } from "../serve/ready-store.ts";
import { compile } from "../snapshot/compile.ts";
import { holdSnapshot, type SnapshotHolder } from "../snapshot/holder.ts";
import type { Listener } from "../topology/model.ts";
import { type Answering, type AnsweringParts, openAnswering } from "./answering.ts";
import { bannerText } from "./banner.ts";
import { runBeside } from "./beside.ts";
import { type ControlDoor, openControlDoor } from "./control-door.ts";
import { openRates } from "./limited-strangers.ts";
import { createReadiness, listenForStop, type OnSignal, type Readiness, type StopSignals } from "./lifecycle.ts";
import { openLiveQueries } from "./live-queries.ts";
import { openProbeDoors, type ProbeDoors, type ProbePlaces } from "./probe-doors.ts";
import { asksItself, followGeneration, openForwarder } from "./real-servers.ts";
import { keepUpToDate, type Upkeep } from "./upkeep.ts";

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
  /** Where it can be asked and told things by other processes. */
  readonly control?: ControlPlace;
  /** Where probes and collectors ask. */
  readonly probes: ProbePlaces;
  /** Milliseconds that it goes on answering once it was told to stop, not ready any more. */
  readonly lameduckMs: number;
  /** What it runs on: `node v20.20.2 linux x64`. */
  readonly runtime: string;
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
  /** What can be asked of the model over the control socket: the readings of it that commands give. */
  readonly modelRoutes: (snapshots: SnapshotHolder) => readonly Route[];
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
  const parts = partsOf(model, options, ports);
  const doors = await openDoors(model, options, ports, parts);
  if (doors.kind === "problems") {
    for (const text of doors.texts) ports.stderr(`privlink: ${text}\n`);
    parts.queryLog?.close();
    return 1;
  }
  const upkeep = upkeepOf(model, options, ports, parts, doors);
  const stop = listenForStop(ports.onSignal); // Before anybody is told that it is ready, and may stop it.
  parts.readiness.start();
  announce(model, parts.holder, doors, options, ports, shown.length);
  ports.thread.warm();
  const code = await runUntilStopped(doors.answering, stop, parts, options, ports);
  stop.close();
  await doors.probes.close();
  await doors.control?.close();
  parts.forwarder.close();
  await upkeep.close();
  parts.queryLog?.close();
  const { trailing } = parts.counts;
  if (trailing > 0) parts.log.info(`octets behind the records of ${trailing} queries were ignored`);
  if (options.readyFile !== undefined) rmSync(options.readyFile, { force: true });
  return code;
}

/** What a running server is made of, beside its sockets. */
interface Parts extends AnsweringParts {
  readonly readiness: Readiness;
}

function partsOf(model: LoadedModel, options: ServeOptions, { stderr }: ServePorts): Parts {
  const log = createLog(options.logFormat, options.logLevel);
  const queryLog = options.queryLog ? openQueryLog(options.logFormat, stderr) : undefined;
  const holder = holdSnapshot(compile(model.input, new Diagnostics()));
  const counts: AnswerCounts = { trailing: 0 };
  const forwarder = openForwarder(holder, log, options.cacheOctets);
  const readiness = createReadiness();
  const rates = openRates(log);
  const metrics = metricsFor(options, { forwarder, counts, rates, readiness });
  metrics?.serving(model.digest);
  const keepsResolutions = queryLog !== undefined || metrics !== undefined;
  const ready = new ReadyStore({ keepsResolutions, seed: randomInt(2 ** 32) });
  const live =
    options.control === undefined
      ? undefined
      : openLiveQueries((isWatched) => ready.keepResolutions(keepsResolutions || isWatched));
  return { holder, log, queryLog, metrics, live, counts, ready, rates, forwarder, readiness };
}

/** Everything of a server that others can reach. */
interface Doors {
  readonly kind: "open";
  readonly answering: Answering;
  readonly control: ControlDoor | undefined;
  readonly probes: ProbeDoors;
}

interface DoorProblems {
  readonly kind: "problems";
  /** What to tell the user, a sentence each. */
  readonly texts: readonly string[];
}

/** Opens all doors, or none: where one cannot be opened, or would lead back to itself, the others are closed again. */
async function openDoors(
  model: LoadedModel,
  options: ServeOptions,
  ports: ServePorts,
  parts: Parts,
): Promise<Doors | DoorProblems> {
  const answering = await openAnswering(model.input.topology.listeners, options, parts);
  if (answering.kind === "failed") return { kind: "problems", texts: answering.problems.map(({ text }) => text) };
  const control = await openControlOf(model, options, ports, parts, answering.open);
  const probes = await openProbeDoors(options.probes, parts);
  const itself = asksItself(parts.holder.current, openAt(answering));
  if (itself === undefined && control?.kind !== "problem" && probes.kind === "open")
    return { kind: "open", answering, control, probes };
  if (control?.kind === "open") await control.close();
  if (probes.kind === "open") await probes.close();
  await answering.close(0);
  const texts = [itself, ...[control, probes].map((door) => (door?.kind === "problem" ? door.text : undefined))];
  return { kind: "problems", texts: texts.flatMap((text) => (text === undefined ? [] : [`not started: ${text}`])) };
}

function openAt({ open }: Answering): AddressPort[] {
  return open().map(({ at }) => at);
}

/** Reloads, and what follows from each new generation. */
function upkeepOf(
  model: LoadedModel,
  { order, cacheOctets }: ServeOptions,
  ports: ServePorts,
  { holder, log, metrics, forwarder }: Parts,
  { answering, control }: Doors,
): Upkeep {
  const onSwap = async ({ digest, input }: LoadedModel): Promise<void> => {
    control?.serving(digest);
    metrics?.serving(digest);
    followGeneration(forwarder, holder.current, cacheOctets);
    await answering.follow(input.topology.listeners);
    const itself = asksItself(holder.current, openAt(answering));
    if (itself !== undefined) log.error(itself);
  };
  const upkeep = keepUpToDate(model, order, holder, log, ports, onSwap, (result) => metrics?.reloaded(result));
  control?.reloadBy(upkeep);
  return upkeep;
}

/** Counters, where somebody collects them. */
function metricsFor(
  { probes, version, runtime }: ServeOptions,
  { forwarder, counts, rates, readiness }: Pick<Parts, "forwarder" | "counts" | "rates" | "readiness">,
): Metrics | undefined {
  if (probes.metrics === undefined) return undefined;
  return createMetrics({
    version,
    runtime,
    cache: forwarder.cache,
    outstanding: () => forwarder.outstanding,
    isReady: () => readiness.missing().length === 0,
    trailing: () => counts.trailing,
    limited: () => rates.counts,
  });
}

async function openControlOf(
  { name, digest }: LoadedModel,
  { control, version }: ServeOptions,
  { modelRoutes }: ServePorts,
  parts: Parts,
  listeners: () => readonly Listener[],
): Promise<ControlDoor | ControlProblem | undefined> {
  if (control === undefined || parts.live === undefined) return undefined;
  const routes = [...modelRoutes(parts.holder), parts.live.route];
  return openControlDoor(control, { ...parts, version, config: name, digest, listeners, routes });
}

/** The banner, and the file that scripts wait for: only now is everything answering. */
function announce(
  model: LoadedModel,
  holder: SnapshotHolder,
  { answering, control, probes: { places } }: Doors,
  options: ServeOptions,
  ports: ServePorts,
  warnings: number,
): void {
  const open = answering.open();
  const { name: config, isExample } = model;
  const probes = [...places, ...(control?.at === undefined ? [] : [{ name: "control", at: control.at, path: "/v1" }])];
  const { version, readyFile } = options;
  if (readyFile !== undefined) writeFileSync(readyFile, open.map(({ at }) => `${formatAddressPort(at)}\n`).join(""));
  ports.stderr(bannerText({ version, config, isExample, listeners: open, probes, snapshot: holder.current, warnings }));
}

/**
 * Waits for a signal or for the command's end, goes on answering for a while as somebody who is not ready, then drains. A second
 * signal ends both at once.
 */
async function runUntilStopped(
  answering: Answering,
  stop: StopSignals,
  { readiness, log }: Parts,
  options: ServeOptions,
  ports: ServePorts,
): Promise<number> {
  const [program, ...args] = options.command ?? [];
  const tell = (text: string): void => ports.stderr(`privlink: ${text}\n`);
  const beside = program === undefined ? undefined : runBeside(program, args, tell);
  const ended = await Promise.race([stop.asked, ...(beside === undefined ? [] : [beside.ended])]);
  readiness.stop();
  const isLame = typeof ended === "string" && options.lameduckMs > 0;
  if (isLame) log.info(`${ended}: not ready any more, answering for ${options.lameduckMs / 1000} s all the same`);
  const lame = isLame ? await Promise.race([pause(options.lameduckMs), stop.insisted]) : undefined;
  // In one turn with the end of listening: who reads the line gets no new answer.
  if (typeof ended === "string") log.info(`${ended}: answering what is under way, then ending`);
  beside?.stop("SIGTERM");
  const drained = Promise.all([answering.close(lame === undefined ? DRAIN_MS : 0), beside?.ended]);
  const insisted = lame ?? (await Promise.race([drained.then(() => undefined), stop.insisted]));
  if (insisted !== undefined) {
    beside?.stop("SIGKILL"); // What is still under way ends with the process.
  }
  return typeof ended === "string" ? 0 : ended;
}

/** Lets some time go by, which nothing waits for when the process could end. */
function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), ms);
  });
}
