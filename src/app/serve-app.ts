import type { ControlPlace } from "../control/access.ts";
import type { ControlProblem } from "../control/control-server.ts";
import type { Route } from "../control/route.ts";
import { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { AddressPort } from "../net/address.ts";
import type { LogFormat, LogLevel } from "../observe/log.ts";
import type { LoadedModel, LoadOrder } from "../project/load-order.ts";
import type { LoadThread } from "../project/load-thread.ts";
import { formatSummary } from "../report/summary.ts";
import { renderText } from "../report/text.ts";
import type { DatagramEngine } from "../serve/datagram-engines.ts";
import type { InheritedSockets } from "../serve/inherited-sockets.ts";
import { compile } from "../snapshot/compile.ts";
import type { SnapshotHolder } from "../snapshot/holder.ts";
import type { Listener } from "../topology/model.ts";
import { leftOver, readActivated } from "./activation.ts";
import { type Answering, openAnswering } from "./answering.ts";
import { closeParts, type OwnParts, openParts, type PartsTerms } from "./answering-parts.ts";
import { bannerText, modelText } from "./banner.ts";
import { cacheDeskOf } from "./cache-desk.ts";
import { type ControlDoor, openControlDoor } from "./control-door.ts";
import type { Crew } from "./crew.ts";
import { createReadiness, listenForStop, type OnSignal, type Readiness, signalMeanings } from "./lifecycle.ts";
import { type LiveQueries, openLiveQueries } from "./live-queries.ts";
import { type Notifier, notifierFor, tellingOfLoads } from "./notifier.ts";
import { openProbeDoors, type ProbeDoors, type ProbePlaces } from "./probe-doors.ts";
import { removeReadyFile, writeReadyFile } from "./ready-file.ts";
import { asksItself, followGeneration } from "./real-servers.ts";
import { runUntilStopped } from "./run-until-stopped.ts";
import type { ServerUser } from "./server-user.ts";
import type { ServiceManager } from "./service-manager.ts";
import { stepDown } from "./step-down.ts";
import { keepUpToDate, type Upkeep } from "./upkeep.ts";

/** What `privlink serve` was told. */
export interface ServeOptions {
  readonly order: LoadOrder;
  /** How many processes answer: 1, unless said, is this one; with more this one answers nothing and looks after the others. */
  readonly workers?: number;
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
  /** What moves datagrams; `auto` unless said. */
  readonly datagrams?: DatagramEngine;
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
  /** Told of rejections that nobody handled, until it is called off. */
  readonly onUnhandled?: (handler: (reason: unknown) => void) => () => void;
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
  if (activated !== undefined && (options.workers ?? 1) > 1) {
    ports.stderr("privlink: not started: sockets of the service manager go to one process: leave --workers out\n");
    return 1;
  }
  const parts = partsOf(model, options, activated?.sockets);
  const doors = await openDoors(model, options, ports, parts);
  if (doors.kind === "problems") {
    for (const text of doors.texts) ports.stderr(`privlink: ${text}\n`);
    await closeParts(parts);
    return 1;
  }
  const offUnhandled = ports.onUnhandled?.(parts.faults.unhandled);
  const upkeep = upkeepOf(model, options, ports, parts, doors);
  const stop = listenForStop(ports.onSignal, signalMeanings(ports.platform).stop); // Before anybody is told that it is ready, and may stop it.
  parts.readiness.start();
  announce(model, parts, doors, options, ports, shown.length);
  ports.thread.warm();
  const code = await runUntilStopped(doors.answering, stop, parts, options, ports.stderr);
  stop.close();
  await doors.probes.close();
  await doors.control?.close();
  await upkeep.close();
  await Promise.race([parts.notifier.close(), stop.insisted]);
  const left = options.readyFile === undefined ? undefined : removeReadyFile(options.readyFile);
  if (left !== undefined) parts.log.warn(left);
  await closeParts(parts);
  offUnhandled?.();
  return code;
}

/** What a running server is made of, beside its sockets. */
interface Parts extends OwnParts {
  readonly readiness: Readiness;
  readonly notifier: Notifier;
  readonly live: LiveQueries | undefined;
  /** The processes that answer, where it is not this one; known once they are there. */
  readonly crew: { current?: Crew };
}

function partsOf(model: LoadedModel, options: ServeOptions, inherited: InheritedSockets | undefined): Parts {
  const readiness = createReadiness();
  const crew: Parts["crew"] = {};
  const parts = openParts(compile(model.input, new Diagnostics()), partsTerms(options), {
    live: (onWatch) =>
      options.control === undefined
        ? undefined
        : openLiveQueries((isWatched) => {
            onWatch(isWatched);
            crew.current?.watch(isWatched);
          }),
    answers: options.workers === undefined || options.workers === 1,
    isReady: () => readiness.missing().length === 0,
    workers: () => crew.current?.standing() ?? { running: 1, restarts: 0 },
  });
  parts.metrics?.serving(model.digest);
  const notifier = notifierFor(options.manager?.notify, parts.log);
  return { ...parts, readiness, crew, notifier, inherited };
}

function partsTerms(options: ServeOptions): PartsTerms {
  const { version, runtime, queryLog, logFormat, logLevel, id, cacheOctets, datagrams = "auto" } = options;
  const counts = options.probes.metrics !== undefined;
  const said = { ...(id === undefined ? {} : { id }), ...(cacheOctets === undefined ? {} : { cacheOctets }) };
  return { version, runtime, queryLog, logFormat, logLevel, counts, datagrams, ...said };
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
  const answering = await openAnswerers(model, options, parts);
  if (answering.kind === "failed") return { kind: "problems", texts: answering.problems.map(({ text }) => text) };
  const control = await openControlOf(model, options, ports, parts, answering.open);
  const probes = await openProbeDoors(options.probes, { ...parts, others: () => parts.crew.current?.snapshots() });
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

/** Opens what answers, in this process or in several. */
async function openAnswerers(
  model: LoadedModel,
  options: ServeOptions,
  parts: Parts,
): Promise<Answering | { readonly kind: "failed"; readonly problems: readonly { readonly text: string }[] }> {
  const { workers: size = 1 } = options;
  if (size === 1) return openAnswering(model.input.topology.listeners, options, parts);
  const { openCrew } = await import("./crew.ts"); // Most servers need nothing of it.
  const { live, log } = parts;
  const crew = await openCrew(model, { size, terms: partsTerms(options), log, live });
  if (crew.kind === "answering") parts.crew.current = crew;
  return crew;
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
  const onSwap = async (loaded: LoadedModel): Promise<void> => {
    followGeneration(forwarder, holder.current, cacheOctets);
    await answering.follow(loaded);
    control?.serving(loaded.digest);
    metrics?.serving(loaded.digest);
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

async function openControlOf(
  { name, digest }: LoadedModel,
  { control, version }: ServeOptions,
  { modelRoutes }: ServePorts,
  parts: Parts,
  listeners: () => readonly Listener[],
): Promise<ControlDoor | ControlProblem | undefined> {
  if (control === undefined || parts.live === undefined) return undefined;
  const routes = [...modelRoutes(parts.holder), parts.live.route];
  const cache = parts.crew.current?.cache ?? cacheDeskOf(parts.forwarder, parts.ready, () => performance.now());
  return openControlDoor(control, { ...parts, cache, version, config: name, digest, listeners, routes });
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
