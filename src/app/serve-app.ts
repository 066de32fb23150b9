import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { Diagnostics } from "../diagnostics/diagnostic.ts";
import { publicReason } from "../explain/public-reason.ts";
import { askUpstreamWith } from "../forward/ask-upstream.ts";
import { formatAddressPort } from "../net/address.ts";
import { createLog, type Log, type LogFormat, type LogLevel } from "../observe/log.ts";
import { openQueryLog, type QueryLog } from "../observe/query-log.ts";
import { type LoadedModel, type LoadOrder, runLoad } from "../project/load-order.ts";
import { openLoadThread } from "../project/load-thread.ts";
import { watchFolders } from "../project/watch-folders.ts";
import { formatSummary } from "../report/summary.ts";
import { renderText } from "../report/text.ts";
import { createAnswer } from "../serve/answer.ts";
import type { ListenChange } from "../serve/door-set.ts";
import { type Listeners, openListeners } from "../serve/listeners.ts";
import type { Responder } from "../serve/responder.ts";
import { compile } from "../snapshot/compile.ts";
import { holdSnapshot } from "../snapshot/holder.ts";
import type { Listener } from "../topology/model.ts";
import { bannerText } from "./banner.ts";
import { listenForStop, type OnSignal } from "./lifecycle.ts";
import { createReloader } from "./reload.ts";

/** What `privlink serve` was told. */
export interface ServeOptions {
  readonly order: LoadOrder;
  /** Written, with the addresses listened on, once everything answers; removed at the end. */
  readonly readyFile?: string;
  /** Whether a line is logged for each question. */
  readonly queryLog: boolean;
  readonly logFormat: LogFormat;
  readonly logLevel: LogLevel;
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
}

/** Replies under way get this long once the server was told to stop. */
const DRAIN_MS = 5000;

/** Serves until told to stop, or until its command ends. Gives the exit code: 1 when it could not start. */
export async function serve(options: ServeOptions, ports: ServePorts): Promise<number> {
  const log = createLog(options.logFormat, options.logLevel);
  const model = runLoad(options.order);
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
  return serveModel(model, options, ports, log, shown.length);
}

async function serveModel(
  model: LoadedModel,
  options: ServeOptions,
  ports: ServePorts,
  log: Log,
  warnings: number,
): Promise<number> {
  const holder = holdSnapshot(compile(model.input, new Diagnostics()));
  const queryLog = options.queryLog ? openQueryLog(options.logFormat, ports.stderr) : undefined;
  const onFault = (error: unknown): void =>
    log.error({ err: error }, "a bug in privlink kept a question from its answer; please report it");
  const declared = model.input.topology.listeners;
  const ask = askUpstreamWith((below) => randomInt(below));
  const respondAt = (listener: Listener): Responder =>
    createAnswer({
      snapshots: holder,
      listener: currentListener(holder, listener),
      ask,
      identity: { version: `privlink ${options.version}`, id: hostname() },
      onFault,
      warningOf: (snapshot, resolution) => publicReason(snapshot, resolution)?.sentence,
      ...(queryLog === undefined ? {} : { onEvent: (event) => queryLog.write(event) }),
    });
  const listeners = await openListeners({
    listeners: declared.map((listener) => ({ at: listener.at, respond: respondAt(listener) })),
    onFault,
    onError: (error) => log.debug({ err: error }, "a reply could not be sent"),
    onChange: (change) => tellChange(log, change),
  });
  if (listeners.kind === "failed") {
    for (const { text } of listeners.problems) ports.stderr(`privlink: ${text}\n`);
    queryLog?.close();
    return 1;
  }
  const stop = listenForStop(ports.onSignal);
  const upkeep = keepUpToDate(model, options.order, holder, log, ports.onSignal);
  const open = openedListeners(declared, listeners);
  const { name: config, isExample } = model;
  ports.stderr(
    bannerText({ version: options.version, config, isExample, listeners: open, snapshot: holder.current, warnings }),
  );
  if (options.readyFile !== undefined)
    writeFileSync(options.readyFile, open.map(({ at }) => `${formatAddressPort(at)}\n`).join(""));

  const [program, ...args] = options.command ?? [];
  const child = program === undefined ? undefined : runBeside(program, args, ports);
  const ended = await Promise.race([stop.asked, ...(child === undefined ? [] : [child.ended])]);
  log.info(
    typeof ended === "string"
      ? `${ended}: answering what is under way, then ending`
      : "the command ended, and the server with it",
  );
  child?.stop();
  const drained = Promise.all([listeners.close(DRAIN_MS), child?.ended]);
  await Promise.race([drained, stop.insisted]);
  await close(upkeep, stop, queryLog, options.readyFile);
  return typeof ended === "string" ? 0 : ended.code;
}

interface Upkeep {
  close(): Promise<void>;
}

/** Reloads when files change or SIGHUP comes. */
function keepUpToDate(
  model: LoadedModel,
  order: LoadOrder,
  holder: ReturnType<typeof holdSnapshot>,
  log: Log,
  onSignal: OnSignal,
): Upkeep {
  const thread = openLoadThread();
  const watcher = watchFolders(
    () => reloader.request("files changed"),
    (folder, error) => log.warn({ err: error }, `changes in ${folder} cannot be watched: send SIGHUP to reload`),
  );
  let listening = model.input.topology.listeners;
  const reloader = createReloader(
    {
      order,
      thread,
      holder,
      log,
      onLoaded: ({ touched, input }) => {
        watcher.follow(touched);
        const next = input.topology.listeners;
        if (addressesOf(next) !== addressesOf(listening))
          log.warn("listeners came or went: restart privlink to listen as the topology says");
        listening = next;
      },
    },
    model.digest,
  );
  watcher.follow(model.touched);
  const offHangup = onSignal("SIGHUP", () => reloader.request("SIGHUP"));
  return {
    async close() {
      offHangup();
      watcher.close();
      await thread.close();
    },
  };
}

function addressesOf(listeners: readonly Listener[]): string {
  return listeners
    .map(({ at }) => formatAddressPort(at))
    .sort()
    .join(" ");
}

/** What the snapshot of the day says of a listener: its address stays, who answers there may change with a reload. */
function currentListener(holder: ReturnType<typeof holdSnapshot>, opened: Listener): () => Listener {
  const key = formatAddressPort(opened.at);
  return () => holder.current.topology.listeners.find(({ at }) => formatAddressPort(at) === key) ?? opened;
}

/** The listeners with the addresses and ports that they got. */
function openedListeners(declared: readonly Listener[], { doors }: Listeners): Listener[] {
  return doors.map((door, i) => {
    const own =
      declared.find(
        ({ at }) => at.address.text === door.at.address.text && (at.port === door.at.port || at.port === 0),
      ) ??
      declared[i] ??
      declared[0];
    return own === undefined ? { at: door.at, trust: [], span: NOWHERE } : { ...own, at: door.at };
  });
}

const NOWHERE = { file: { path: "", encoding: "unicode", lineStarts: new Uint32Array(1) }, start: 0, end: 0 } as const;

function tellChange(log: Log, change: ListenChange): void {
  switch (change.kind) {
    case "opened":
      return log.info(`listening on ${formatAddressPort(change.at)} too: the address has come`);
    case "closed":
      return log.info(`no longer listening on ${formatAddressPort(change.at)}: the address has gone`);
    case "problem":
      return log.warn(change.text);
  }
}

/** A program that runs beside the server. */
interface Beside {
  readonly ended: Promise<{ readonly code: number }>;
  stop(): void;
}

function runBeside(program: string, args: readonly string[], ports: ServePorts): Beside {
  const child = spawn(program, args, { stdio: "inherit" });
  const ended = new Promise<{ code: number }>((resolve) => {
    child.on("error", (error) => {
      ports.stderr(`privlink: ${program} could not be run: ${error.message}\n`);
      resolve({ code: 1 });
    });
    child.on("exit", (code) => resolve({ code: code ?? 1 }));
  });
  return { ended, stop: () => void child.kill("SIGTERM") };
}

async function close(
  upkeep: Upkeep,
  stop: ReturnType<typeof listenForStop>,
  queryLog: QueryLog | undefined,
  readyFile: string | undefined,
): Promise<void> {
  await upkeep.close();
  stop.close();
  queryLog?.close();
  if (readyFile !== undefined) rmSync(readyFile, { force: true });
}
