import { randomInt } from "node:crypto";
import type { ControlPlace } from "../control/access.ts";
import type { ControlProblem } from "../control/control-server.ts";
import type { Route } from "../control/route.ts";
import { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { Forwarder } from "../forward/forwarder.ts";
import type { AddressPort } from "../net/address.ts";
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
import { type ActivatedSockets, leftOver, readActivated } from "./activation.ts";
import { type Answering, type AnsweringParts, openAnswering } from "./answering.ts";
import { bannerText, modelText } from "./banner.ts";
import { type ControlDoor, openControlDoor } from "./control-door.ts";
import { createReadiness, listenForStop, type OnSignal, type Readiness, signalMeanings } from "./lifecycle.ts";
import { openLiveQueries } from "./live-queries.ts";
import { type Notifier, notifierFor, tellingOfLoads } from "./notifier.ts";
import { openProbeDoors, type ProbeDoors, type ProbePlaces } from "./probe-doors.ts";
import { removeReadyFile, writeReadyFile } from "./ready-file.ts";
import { asksItself, followGeneration, openForwarder } from "./real-servers.ts";
import { runUntilStopped } from "./run-until-stopped.ts";
import type { ServerUser } from "./server-user.ts";
import type { ServiceManager } from "./service-manager.ts";
import { stepDown } from "./step-down.ts";
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
  /** Whom it becomes once every socket is open. */
  readonly user?: ServerUser;
  /** What the service manager that started it said. */
  readonly manager?: ServiceManager;
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
  /** As Node calls it: what signals mean depends on it. */
  readonly platform: string;
  /** Loads the model at the start and whenever its files change. */
  readonly thread: LoadThread;
  /** What can be asked of the model over the control socket: the readings of it that commands give. */
  readonly modelRoutes: (snapshots: SnapshotHolder) => readonly Route[];
}

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
  const activated = readActivated(options.manager?.activation);
  if (activated?.kind === "problems") {
    for (const text of activated.texts) ports.stderr(`privlink: not started: ${text}\n`);
    return 1;
  }
  const parts = partsOf(model, options, ports, activated);
  const doors = await openDoors(model, options, ports, parts);
  if (doors.kind === "problems") {
    for (const text of doors.texts) ports.stderr(`privlink: ${text}\n`);
    parts.queryLog?.close();
    return 1;
  }
  const upkeep = upkeepOf(model, options, ports, parts, doors);
  const stop = listenForStop(ports.onSignal, signalMeanings(ports.platform).stop); // Before anybody is told that it is ready, and may stop it.
  parts.readiness.start();
  announce(model, parts, doors, options, ports, shown.length);
  ports.thread.warm();
  const code = await runUntilStopped(doors.answering, stop, parts, options, ports.stderr);
  stop.close();
  await doors.probes.close();
  await doors.control?.close();
  parts.forwarder.close();
  await upkeep.close();
  parts.queryLog?.close();
  await Promise.race([parts.notifier.close(), stop.insisted]);
  const { trailing } = parts.counts;
  if (trailing > 0) parts.log.info(`octets behind the records of ${trailing} queries were ignored`);
  const left = options.readyFile === undefined ? undefined : removeReadyFile(options.readyFile);
  if (left !== undefined) parts.log.warn(left);
  return code;
}

/** What a running server is made of, beside its sockets. */
interface Parts extends AnsweringParts {
  readonly readiness: Readiness;
  readonly notifier: Notifier;
}

function partsOf(
  model: LoadedModel,
  options: ServeOptions,
  { stderr }: ServePorts,
  activated: ActivatedSockets | undefined,
): Parts {
  const log = createLog(options.logFormat, options.logLevel);
  const queryLog = options.queryLog ? openQueryLog(options.logFormat, stderr) : undefined;
  const holder = holdSnapshot(compile(model.input, new Diagnostics()));
  const counts: AnswerCounts = { trailing: 0 };
  const forwarder = openForwarder(holder, log, options.cacheOctets);
  const readiness = createReadiness();
  const metrics = metricsFor(options, forwarder, counts, readiness);
  metrics?.serving(model.digest);
  const keepsResolutions = queryLog !== undefined || metrics !== undefined;
  const ready = new ReadyStore({ keepsResolutions, seed: randomInt(2 ** 32) });
  const live =
    options.control === undefined
      ? undefined
      : openLiveQueries((isWatched) => ready.keepResolutions(keepsResolutions || isWatched));
  const notifier = notifierFor(options.manager?.notify, log);
  const inherited = activated?.kind === "sockets" ? activated.sockets : undefined;
  return { holder, log, queryLog, metrics, live, counts, ready, forwarder, readiness, notifier, inherited };
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
  const wrong = [
    asksItself(parts.holder.current, openAt(answering)),
    ...leftOver(parts.inherited, openAt(answering)),
    ...[control, probes].map((door) => (door?.kind === "problem" ? door.text : undefined)),
  ].flatMap((text) => text ?? []);
  if (wrong.length === 0) wrong.push(...stepDown(options, model.touched));
  if (wrong.length === 0 && control?.kind !== "problem" && probes.kind === "open")
    return { kind: "open", answering, control, probes };
  if (control?.kind === "open") await control.close();
  if (probes.kind === "open") await probes.close();
  await answering.close(0);
  return { kind: "problems", texts: wrong.map((text) => `not started: ${text}`) };
}

function openAt({ open }: Answering): AddressPort[] {
  return open().map(({ at }) => at);
}

/** Reloads, and what follows from each new generation. */
function upkeepOf(
  model: LoadedModel,
  { order, cacheOctets }: ServeOptions,
  ports: ServePorts,
  { holder, log, metrics, forwarder, notifier }: Parts,
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
  const { onSignal, platform } = ports;
  const thread = tellingOfLoads(ports.thread, notifier);
  const upkeepPorts = { onSignal, thread, reloadSignals: signalMeanings(platform).reload };
  const upkeep = keepUpToDate(model, order, holder, log, upkeepPorts, onSwap, (result) => {
    metrics?.reloaded(result);
    notifier.ready(result === "failed" ? "the reload failed, the old model answers" : modelText(holder.current));
  });
  control?.reloadBy(upkeep);
  return upkeep;
}

/** Counters, where somebody collects them. */
function metricsFor(
  { probes, version, runtime }: ServeOptions,
  forwarder: Forwarder,
  counts: AnswerCounts,
  readiness: Readiness,
): Metrics | undefined {
  if (probes.metrics === undefined) return undefined;
  return createMetrics({
    version,
    runtime,
    cache: forwarder.cache,
    outstanding: () => forwarder.outstanding,
    isReady: () => readiness.missing().length === 0,
    trailing: () => counts.trailing,
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
  { holder, log, notifier }: Parts,
  { answering, control, probes: { places } }: Doors,
  options: ServeOptions,
  ports: ServePorts,
  warnings: number,
): void {
  const open = answering.open();
  const { name: config, isExample } = model;
  const probes = [...places, ...(control?.at === undefined ? [] : [{ name: "control", at: control.at, path: "/v1" }])];
  const { version, readyFile } = options;
  const unwritten = readyFile === undefined ? undefined : writeReadyFile(readyFile, openAt(answering));
  if (unwritten !== undefined) log.error(unwritten);
  ports.stderr(bannerText({ version, config, isExample, listeners: open, probes, snapshot: holder.current, warnings }));
  notifier.ready(modelText(holder.current));
}
