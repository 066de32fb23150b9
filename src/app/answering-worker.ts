import { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { CookieSecrets } from "../message/server-cookie.ts";
import type { LoadedModel } from "../project/load-order.ts";
import { PieceReceiver } from "../project/model-pieces.ts";
import { compile } from "../snapshot/compile.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { type Answering, openAnswering } from "./answering.ts";
import { closeParts, type OwnParts, openParts } from "./answering-parts.ts";
import { type CacheDesk, cacheDeskOf } from "./cache-desk.ts";
import { LiveRelay } from "./live-relay.ts";
import { followGeneration } from "./real-servers.ts";
import { canSharePorts } from "./shared-ports.ts";
import type { FromWorker, ToWorker, WorkerOrder, WorkerReply, WorkerTerms } from "./worker-messages.ts";

/** A model that waits for its turn. */
interface Prepared {
  readonly model: LoadedModel;
  readonly ports: readonly number[];
  readonly snapshot: Snapshot;
}

/** Everything once the first model is there. */
interface Running {
  readonly parts: OwnParts;
  readonly answering: Answering;
}

/**
 * The side of a process that answers: hears what the first process says, and does one thing after another. It opens its sockets
 * with the first model that is to take over.
 */
export class AnswerWorker {
  private readonly send: (message: FromWorker, sent?: () => void) => void;
  private readonly pieces = new PieceReceiver();
  private readonly relay: LiveRelay;
  private arrived: LoadedModel | undefined;
  private terms: WorkerTerms | undefined;
  private secrets: CookieSecrets | undefined;
  private prepared: Prepared | undefined;
  private running: Running | undefined;
  private working: Promise<void> = Promise.resolve();

  constructor(send: (message: FromWorker, sent?: () => void) => void) {
    this.send = send;
    this.relay = new LiveRelay((lines, lost, sent) => send({ kind: "lines", lines, lost }, sent));
  }

  /** Says that this process hears. */
  wake(): void {
    this.send({ kind: "awake" });
  }

  hear(message: ToWorker): void {
    switch (message.kind) {
      case "order": {
        const { arrived } = this; // What came before the order: more may come before its turn.
        this.working = this.working.then(() => this.obey(message.id, message.order, arrived));
        return;
      }
      case "piece":
        this.arrived = this.pieces.take(message.piece) ?? this.arrived;
        return;
      case "watch":
        this.relay.watch(message.isWatched);
        return;
      case "secrets":
        this.secrets = message.secrets;
    }
  }

  /** A rejection that nobody handled. */
  unhandled(reason: unknown): void {
    if (this.running === undefined) throw reason; // Nothing is answered yet: better to end, and to be started anew.
    this.running.parts.faults.unhandled(reason);
  }

  private async obey(id: number, order: WorkerOrder, arrived: LoadedModel | undefined): Promise<void> {
    const reply = await this.performSafely(order, arrived);
    this.send({ kind: "reply", id, reply }, order.kind === "stop" ? () => process.exit(0) : undefined);
  }

  private async performSafely(order: WorkerOrder, arrived: LoadedModel | undefined): Promise<WorkerReply> {
    try {
      return await this.perform(order, arrived);
    } catch (error) {
      const text = error instanceof Error ? error.stack : String(error);
      return { kind: "failed", texts: [`a bug in privlink, please report it: ${text}`] };
    }
  }

  private async perform(order: WorkerOrder, arrived: LoadedModel | undefined): Promise<WorkerReply> {
    switch (order.kind) {
      case "begin":
        this.terms = order.terms;
        this.secrets = order.terms.secrets;
        return DONE;
      case "prepare":
        if (arrived === undefined) throw new RangeError("no model came before the order");
        this.prepared = { model: arrived, ports: order.ports, snapshot: compile(arrived.input, new Diagnostics()) };
        return DONE;
      case "swap":
        return this.running === undefined ? this.start() : this.swap(this.running);
      case "nod":
        return DONE;
      case "metrics":
        return { kind: "metrics", snapshot: await this.running?.parts.metrics?.snapshot() };
      case "list-cache":
        return { kind: "cache", listing: await this.desk.list(order.below, order.limit) };
      case "flush-cache":
        return { kind: "flushed", count: await this.desk.flush(order.below) };
      case "stop":
        await this.stop(order.drainMs);
        return DONE;
    }
  }

  private async start(): Promise<WorkerReply> {
    const { terms, prepared, secrets } = this;
    if (terms === undefined || prepared === undefined || secrets === undefined)
      throw new RangeError("nothing is there to be answered from");
    const { model, ports, snapshot } = prepared;
    const parts = openParts(snapshot, terms, {
      live: (onWatch) => this.relay.tellingOf(onWatch),
      answers: true,
      isReady: () => true,
      workers: () => ({ running: 1, restarts: 0 }),
    });
    const answering = await openAnswering(
      model.input.topology.listeners,
      {
        version: terms.version,
        ...(terms.id === undefined ? {} : { id: terms.id }),
        cookies: () => this.secrets ?? secrets,
        ports,
        sharesPorts: canSharePorts(process.versions.node, process.platform),
        isOneOfSeveral: true,
        ...(terms.datagrams === undefined ? {} : { datagrams: terms.datagrams }),
        isQuiet: terms.number > 1,
      },
      parts,
    );
    this.prepared = undefined;
    if (answering.kind === "failed") return { kind: "failed", texts: answering.problems.map(({ text }) => text) };
    this.running = { parts, answering };
    return { kind: "serving", open: answering.open() };
  }

  private async swap({ parts, answering }: Running): Promise<WorkerReply> {
    if (this.prepared !== undefined) {
      const { model, ports, snapshot } = this.prepared;
      this.prepared = undefined;
      parts.holder.swap(snapshot);
      followGeneration(parts.forwarder, snapshot, this.terms?.cacheOctets);
      await answering.follow(model, ports);
    }
    return { kind: "serving", open: answering.open() };
  }

  private get desk(): CacheDesk {
    if (this.running === undefined) return NOTHING_KEPT;
    const { forwarder, ready } = this.running.parts;
    return cacheDeskOf(forwarder, ready, () => performance.now());
  }

  private async stop(drainMs: number | undefined): Promise<void> {
    if (this.running === undefined) return;
    await this.running.answering.close(drainMs);
    await closeParts(this.running.parts);
  }
}

const DONE: WorkerReply = { kind: "done" };

/** Before the first model. */
const NOTHING_KEPT: CacheDesk = {
  list: () => ({ octets: 0, maxOctets: 0, lines: [], more: 0 }),
  flush: () => 0,
};
