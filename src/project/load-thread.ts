import { Worker } from "node:worker_threads";
import type { LoadOrder, LoadResult } from "./load-order.ts";

/** A thread that runs the config flow, one order after another. */
export interface LoadThread {
  load(order: LoadOrder): Promise<LoadResult>;
  close(): Promise<void>;
}

/** Opens the thread at the first order, and anew after one that ended it. */
export function openLoadThread(): LoadThread {
  let worker: Worker | undefined;
  return {
    load(order) {
      const thread = worker ?? startWorker();
      worker = thread;
      return new Promise<LoadResult>((resolve, reject) => {
        const settle = (finish: () => void): void => {
          thread.off("message", onMessage);
          thread.off("error", onError);
          finish();
        };
        const onMessage = (result: LoadResult): void => settle(() => resolve(result));
        const onError = (error: unknown): void => {
          worker = undefined;
          settle(() => reject(error instanceof Error ? error : new Error(String(error))));
        };
        thread.on("message", onMessage);
        thread.on("error", onError);
        thread.postMessage(order);
      });
    },
    async close() {
      await worker?.terminate();
    },
  };
}

function startWorker(): Worker {
  const file = import.meta.url.endsWith(".ts") ? "./load-worker.ts" : "./load-worker.js";
  const worker = new Worker(new URL(file, import.meta.url));
  worker.unref();
  return worker;
}
