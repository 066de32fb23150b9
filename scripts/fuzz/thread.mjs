// A thread that runs inputs, watched from outside: what it finds, and an input that never ends.
import { Worker } from "node:worker_threads";

/** An input that takes so long never ends. */
const HANG_MS = 15_000;

/** Runs a thread to its end. Gives what it says then; nothing when it did not get there. `onFinding` is told of each finding. */
export function runThread(data, onFinding) {
  const progress = new Float64Array(new SharedArrayBuffer(16)); // The number of the input, and how many ran.
  const worker = new Worker(new URL("./worker.mjs", import.meta.url), { workerData: { ...data, progress } });
  const fault = (subject, what, stack) =>
    onFinding({ index: progress[0], subject, what, stack, octets: Buffer.alloc(0) });
  let last = { inputs: -1, at: performance.now() };
  const watch = setInterval(() => {
    const now = performance.now();
    if (progress[1] !== last.inputs) last = { inputs: progress[1], at: now };
    else if (now - last.at > HANG_MS) {
      fault("input", "does not end");
      void worker.terminate();
    }
  }, 500);
  let result;
  worker.on("message", (message) => {
    if (message.kind === "done") result = message;
    else onFinding(message);
  });
  worker.on("error", (error) => fault("worker", String(error), error.stack));
  return new Promise((resolve) => {
    worker.on("exit", () => {
      clearInterval(watch);
      resolve(result);
    });
  });
}
