import { Worker } from "node:worker_threads";
import type { Brief } from "../diff/brief.ts";
import type { PackedTree } from "../zone/packed-tree.ts";
import { newLoadMemory, rememberedIn } from "./load-memory.ts";
import { type LoadOrder, type LoadResult, runLoad } from "./load-order.ts";
import type { Inheritance, ThreadRequest } from "./load-worker.ts";
import { basesIn, type Crossing, TreeReceiver } from "./tree-crossing.ts";

/** Whoever runs the config flow for a server, one order after another, and remembers what it read. */
export interface LoadThread {
  /** Runs the first order here, as there is nobody to keep waiting. */
  loadFirst(order: LoadOrder): LoadResult;
  /** Starts the thread, so that the next order need not wait for it. It knows what the first run read. */
  warm(): void;
  /** Runs an order on the thread. */
  load(order: LoadOrder): Promise<LoadResult>;
  /**
   * Which answers are others than when it was last asked, or at the start, by the models loaded since without errors; absent
   * where the thread does not know any more what was answered then.
   */
  compare(): Promise<Brief | undefined>;
  close(): Promise<void>;
}

/** A worker, and what came from it. */
interface Thread {
  readonly worker: Worker;
  readonly receiver: TreeReceiver;
}

/** Opens the thread when it is needed, and anew after an order that ended it: that one begins with nothing. */
export function openLoadThread(): LoadThread {
  let inheritance: Inheritance | undefined;
  let current: Thread | undefined;
  const thread = (): Thread => {
    if (current !== undefined) return current;
    const started = startThread(inheritance);
    inheritance = undefined;
    current = started;
    // Whoever waits for an order is told too.
    started.worker.on("error", () => {
      if (current === started) current = undefined;
    });
    return started;
  };
  let turn: Promise<unknown> = Promise.resolve();
  /** One request at a time, so that each reply is that of its request. */
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined); // Whoever asked is told.
    return result;
  };
  return {
    loadFirst(order) {
      const memory = newLoadMemory();
      const result = runLoad(order, memory);
      const bases: PackedTree[] = result.kind === "loaded" ? basesIn(result) : [];
      const served = result.kind === "loaded" && !result.hasErrors ? { served: result.input } : {};
      inheritance = { memory: rememberedIn(memory), bases, ...served };
      return result;
    },
    warm: () => void thread(),
    load: (order) =>
      inTurn(async () => {
        const { worker, receiver } = thread();
        return receiver.receive(await replyOf<Crossing>(worker, { kind: "load", order }));
      }),
    compare: () =>
      inTurn(async () => (current === undefined ? undefined : replyOf(current.worker, { kind: "compare" }))),
    async close() {
      await current?.worker.terminate();
    },
  };
}

function startThread(inheritance: Inheritance | undefined): Thread {
  const file = import.meta.url.endsWith(".ts") ? "./load-worker.ts" : "./load-worker.js";
  const worker = new Worker(new URL(file, import.meta.url), { workerData: inheritance });
  worker.unref();
  return { worker, receiver: new TreeReceiver(inheritance?.bases) };
}

/** What the worker makes of a request; rejects when it ended over it. */
function replyOf<Reply>(worker: Worker, request: ThreadRequest): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      worker.off("message", onMessage);
      worker.off("error", onError);
      finish();
    };
    const onMessage = (reply: Reply): void => settle(() => resolve(reply));
    const onError = (error: unknown): void =>
      settle(() => reject(error instanceof Error ? error : new Error(String(error))));
    worker.on("message", onMessage);
    worker.on("error", onError);
    worker.postMessage(request);
  });
}
