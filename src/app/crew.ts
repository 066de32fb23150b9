import cluster from "node:cluster";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { SECRET_OCTETS } from "../message/server-cookie.ts";
import type { Log } from "../observe/log.ts";
import { countsOfEnded, type MetricsSnapshot } from "../observe/metrics-snapshot.ts";
import type { LoadedModel } from "../project/load-order.ts";
import type { Listener } from "../topology/model.ts";
import type { Answering } from "./answering.ts";
import { type CacheDesk, listingOfAll } from "./cache-desk.ts";
import { dailySecrets } from "./cookie-secrets.ts";
import { FixedPorts } from "./fixed-ports.ts";
import type { LiveQueries } from "./live-queries.ts";
import type { WorkerReply, WorkerTerms } from "./worker-messages.ts";
import { type Forked, WorkerProcess } from "./worker-process.ts";

/** Milliseconds until a process that ended is started again: doubled each time, */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** and the first again after it has answered for so long. */
const CALM_MS = 10_000;
/** How often each is looked after: whether it obeys, and knows the secrets of cookies, which change once a day. */
const CARE_MS = 10_000;

/** What the processes of a crew are told, and who hears of them. */
export interface CrewParts {
  readonly size: number;
  readonly terms: Omit<WorkerTerms, "number" | "secrets">;
  readonly log: Log;
  /** Who watches questions as they are answered, if anybody may. */
  readonly live: Pick<LiveQueries, "relay" | "lose"> | undefined;
}

/** Several processes that answer as one. */
export interface Crew extends Answering {
  readonly cache: CacheDesk;
  /** How many answer, and how often one had to be started again. */
  readonly standing: () => { readonly running: number; readonly restarts: number };
  /** What each counted, those that ended included. */
  snapshots(): Promise<readonly MetricsSnapshot[]>;
  watch(isWatched: boolean): void;
}

/** Why nothing was opened: a sentence each. */
export interface CrewFailure {
  readonly kind: "failed";
  readonly problems: readonly { readonly text: string }[];
}

/** Starts all processes with a model, or none stays. Never rejects. */
export async function openCrew(model: LoadedModel, parts: CrewParts): Promise<Crew | CrewFailure> {
  const ports = new FixedPorts();
  const problems = await ports.tryAll(model.input.topology.listeners);
  if (problems.length > 0) return { kind: "failed", problems };
  const crew = new RunningCrew(model, ports, parts);
  const failure = await crew.start();
  return failure ?? crew.asAnswering();
}

/** What the processes have, or are to have. */
interface Generation {
  readonly model: LoadedModel;
  readonly ports: readonly number[];
}

class RunningCrew {
  private readonly parts: CrewParts;
  private readonly ports: FixedPorts;
  private generation: Generation;
  private readonly living = new Set<WorkerProcess>();
  private readonly serving = new Set<WorkerProcess>();
  private open: readonly Listener[] = [];
  private restarts = 0;
  private isWatched = false;
  private readonly currentSecrets = dailySecrets(() => randomBytes(SECRET_OCTETS), Date.now);
  /** What the processes know. */
  private secrets = this.currentSecrets();
  private readonly careTimer: NodeJS.Timeout;
  /** What those that ended had counted when they were last asked. */
  private ended: MetricsSnapshot | undefined;
  private readonly lastCounts = new WeakMap<WorkerProcess, MetricsSnapshot>();
  private isClosing = false;
  private wakeAll: () => void = () => undefined;
  private readonly whenClosing: Promise<void>;

  constructor(model: LoadedModel, ports: FixedPorts, parts: CrewParts) {
    this.parts = parts;
    this.ports = ports;
    this.generation = { model, ports: ports.portsOf(model.input.topology.listeners) };
    this.careTimer = setInterval(() => this.care(), CARE_MS).unref();
    this.whenClosing = new Promise((resolve) => {
      this.wakeAll = resolve;
    });
  }

  /** Starts as many as there are to be; when one cannot, all end again. */
  async start(): Promise<CrewFailure | undefined> {
    const numbers = Array.from({ length: this.parts.size }, (_, i) => i + 1);
    const started = await Promise.all(
      numbers.map(async (number) => {
        const worker = this.launch(number);
        return { worker, texts: await this.bring(worker) };
      }),
    );
    const texts = started.flatMap((one) => one.texts);
    if (texts.length > 0) {
      this.retire();
      for (const { worker } of started) worker.kill();
      await Promise.all(started.map(({ worker }) => worker.ended));
      return { kind: "failed", problems: [...new Set(texts)].map((text) => ({ text })) };
    }
    for (const { worker } of started) void this.keep(worker);
    return undefined;
  }

  asAnswering(): Crew {
    return {
      kind: "answering",
      open: () => this.open,
      follow: (model) => this.follow(model),
      close: (drainMs) => this.close(drainMs),
      cache: {
        list: async (below, limit) => {
          const order = { kind: "list-cache", limit, ...(below === undefined ? {} : { below }) } as const;
          const replies = await this.askAll((one) => one.order(order));
          return listingOfAll(
            replies.flatMap((reply) => (reply.kind === "cache" ? [reply.listing] : [])),
            limit,
          );
        },
        flush: async (below) => {
          const replies = await this.askAll((one) => one.order({ kind: "flush-cache", below }));
          return replies.reduce((sum, reply) => sum + (reply.kind === "flushed" ? reply.count : 0), 0);
        },
      },
      standing: () => ({ running: this.serving.size, restarts: this.restarts }),
      snapshots: () => this.snapshots(),
      watch: (isWatched) => {
        this.isWatched = isWatched;
        for (const one of this.living) one.tell({ kind: "watch", isWatched });
      },
    };
  }

  /** Has all of them make the model ready, and then swap together. One that ends meanwhile comes back with it. */
  private async follow(model: LoadedModel): Promise<void> {
    const { listeners } = model.input.topology;
    await this.ports.tryNew(listeners);
    this.generation = { model, ports: this.ports.portsOf(listeners) };
    const { ports } = this.generation;
    const isTold = await this.askAll((one) => one.prepare(model, ports));
    const replies = await this.askAll((one) => one.order({ kind: "swap" }));
    for (const reply of replies) if (reply.kind === "serving") this.open = reply.open;
    for (const reply of [...isTold, ...replies])
      if (reply.kind === "failed") this.parts.log.error(reply.texts.join("; "));
  }

  private askAll(ask: (one: WorkerProcess) => Promise<WorkerReply>): Promise<WorkerReply[]> {
    return Promise.all([...this.living].map(ask));
  }

  private launch(number: number): WorkerProcess {
    const { live } = this.parts;
    const worker = new WorkerProcess(fork(), number, ({ lines, lost }) => {
      for (const line of lines) live?.relay(line);
      if (lost > 0) live?.lose(lost);
    });
    this.living.add(worker);
    void worker.ended.then(() => this.forget(worker));
    return worker;
  }

  /** Brings a process that was started as far as answering; says why it does not. */
  private async bring(worker: WorkerProcess): Promise<readonly string[]> {
    const { model, ports } = this.generation;
    const { terms } = this.parts;
    // All of it at once: what comes later comes behind it.
    const replies = await Promise.all([
      worker.begin({ ...terms, number: worker.number, secrets: this.secrets }),
      worker.prepare(model, ports),
      worker.order({ kind: "swap" }),
    ]);
    if (this.isWatched) worker.tell({ kind: "watch", isWatched: true });
    const texts = replies.flatMap((reply) => (reply.kind === "failed" ? reply.texts : []));
    const last = replies[2];
    if (last.kind !== "serving")
      return texts.length > 0 ? texts.slice(0, 1) : [`worker ${worker.number} does not answer`];
    this.open = last.open;
    this.serving.add(worker);
    return [];
  }

  /** Has another process take the place of one that ends unasked, sooner or later. */
  private async keep(first: WorkerProcess): Promise<void> {
    const { log } = this.parts;
    let pauseMs = FIRST_PAUSE_MS;
    for (let worker = first, since = performance.now(); ; since = performance.now()) {
      const how = await worker.ended;
      if (this.isClosing) return;
      if (performance.now() - since >= CALM_MS) pauseMs = FIRST_PAUSE_MS;
      log.error(
        { worker: worker.number, left: this.serving.size },
        `worker ended: ${how}; another one takes its place in ${pauseMs / 1000} s`,
      );
      await Promise.race([this.whenClosing, pause(pauseMs)]);
      if (this.isClosing) return;
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
      this.restarts += 1;
      worker = this.launch(first.number);
      const texts = await this.bring(worker);
      if (texts.length === 0) log.info({ worker: worker.number }, "worker answers again");
      else if (!this.isClosing) {
        log.error({ worker: worker.number }, `worker could not start: ${texts.join("; ")}`);
        worker.kill();
      }
    }
  }

  private forget(worker: WorkerProcess): void {
    this.living.delete(worker);
    this.serving.delete(worker);
    const last = this.lastCounts.get(worker);
    if (last === undefined) return;
    void countsOfEnded(this.ended === undefined ? [last] : [this.ended, last]).then((counts) => {
      this.ended = counts;
    });
  }

  private async snapshots(): Promise<readonly MetricsSnapshot[]> {
    const replies = await Promise.all(
      [...this.serving].map(async (one) => {
        const reply = await one.order({ kind: "metrics" });
        if (reply.kind === "metrics" && reply.snapshot !== undefined) this.lastCounts.set(one, reply.snapshot);
        return this.lastCounts.get(one);
      }),
    );
    return [...replies, this.ended].flatMap((one) => one ?? []);
  }

  private care(): void {
    for (const one of this.serving) void one.order({ kind: "nod" });
    const secrets = this.currentSecrets();
    if (secrets === this.secrets) return;
    this.secrets = secrets;
    for (const one of this.living) one.tell({ kind: "secrets", secrets });
  }

  /** Has all of them answer what they were asked, and end. */
  private async close(drainMs: number | undefined): Promise<void> {
    this.retire();
    const order = { kind: "stop", ...(drainMs === undefined ? {} : { drainMs }) } as const;
    await Promise.all(
      [...this.living].map(async (one) => {
        await one.order(order);
        await one.ended;
      }),
    );
  }

  /** No process is started any more. */
  private retire(): void {
    this.isClosing = true;
    this.wakeAll();
    clearInterval(this.careTimer);
  }
}

/** Starts a process. What it is to do it is told, in a form that knows more than JSON. */
function fork(): Forked {
  cluster.schedulingPolicy = cluster.SCHED_NONE; // Each takes connections from the system: this process is not between.
  const file = import.meta.url.endsWith(".ts") ? "./answer-worker.ts" : "./answer-worker.js";
  cluster.setupPrimary({
    exec: fileURLToPath(new URL(file, import.meta.url)),
    args: [],
    serialization: "advanced",
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return cluster.fork();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
