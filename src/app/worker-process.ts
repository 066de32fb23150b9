import type { Worker } from "node:cluster";
import type { LoadedModel } from "../project/load-order.ts";
import { PieceSender } from "../project/model-pieces.ts";
import type { FromWorker, ToWorker, WorkerOrder, WorkerReply, WorkerTerms } from "./worker-messages.ts";

/** Milliseconds for an order, the largest model included; a process that does not answer in time is of no use. */
const ORDER_MS = 60_000;

/** What the first process needs of another: `node:cluster` has it, and a test may have another. */
export type Forked = Pick<Worker, "on" | "isConnected"> & {
  send(message: ToWorker): boolean;
  readonly process: { kill(signal: NodeJS.Signals): boolean; readonly pid?: number | undefined };
};

/** A process that answers, as the first one sees it. Orders are answered in turn; none is left without an end. */
export class WorkerProcess {
  readonly number: number;
  /** Settles with how it ended, in a few words. */
  readonly ended: Promise<string>;
  private readonly forked: Forked;
  private readonly pieces = new PieceSender();
  private readonly waiting = new Map<number, (reply: WorkerReply) => void>();
  /** What is told before it hears: Node would lose it. */
  private untold: ToWorker[] | undefined = [];
  private orders = 0;
  private hasEnded = false;

  constructor(forked: Forked, number: number, onLines: (told: Extract<FromWorker, { kind: "lines" }>) => void) {
    this.forked = forked;
    this.number = number;
    forked.on("message", (message: FromWorker) => {
      if (message.kind === "lines") onLines(message);
      else if (message.kind === "reply") this.settle(message.id, message.reply);
      else this.tellUntold();
    });
    this.ended = new Promise((resolve) => {
      const end = (how: string): void => {
        this.hasEnded = true;
        const texts = [`worker ${number} ended: ${how}`];
        for (const id of this.waiting.keys()) this.settle(id, { kind: "failed", texts });
        resolve(how);
      };
      forked.on("exit", (code: number | null, signal: string | null) => end(signal ?? `exit code ${code ?? "?"}`));
      // Of one that runs: it could not be told something, and its end will say why.
      forked.on("error", (error) => {
        if (this.forked.process.pid === undefined) end(`it could not be started: ${error.message}`);
      });
    });
  }

  begin(terms: WorkerTerms): Promise<WorkerReply> {
    return this.order({ kind: "begin", terms });
  }

  /** Sends a model and has it made ready. All of it is on its way when this returns. */
  prepare(model: LoadedModel, ports: readonly number[]): Promise<WorkerReply> {
    for (const piece of this.pieces.piecesOf(model)) this.tell({ kind: "piece", piece });
    return this.order({ kind: "prepare", ports });
  }

  /** Gives an order. Never rejects: of a process that ends over it, or is stuck and is ended, it has failed. */
  order(order: WorkerOrder): Promise<WorkerReply> {
    const id = this.orders++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.settle(id, { kind: "failed", texts: [`worker ${this.number} did not obey within ${ORDER_MS / 1000} s`] });
        this.kill();
      }, ORDER_MS);
      this.waiting.set(id, (reply) => {
        clearTimeout(timer);
        resolve(reply);
      });
      if (!this.tell({ kind: "order", id, order }))
        this.settle(id, { kind: "failed", texts: [`worker ${this.number} has ended`] });
    });
  }

  /** Tells something that needs no answer; false when it can hear nothing any more. */
  tell(message: ToWorker): boolean {
    if (this.hasEnded || !this.forked.isConnected()) return false;
    if (this.untold === undefined) this.forked.send(message);
    else this.untold.push(message);
    return true;
  }

  kill(): void {
    this.forked.process.kill("SIGKILL");
  }

  private tellUntold(): void {
    const messages = this.untold ?? [];
    this.untold = undefined;
    for (const message of messages) this.tell(message);
  }

  private settle(id: number, reply: WorkerReply): void {
    const wake = this.waiting.get(id);
    this.waiting.delete(id);
    wake?.(reply);
  }
}
