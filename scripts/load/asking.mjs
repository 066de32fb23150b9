// Starts and stops the clients of `asker.mjs`.
import { Worker } from "node:worker_threads";
import { Counts } from "./counts.mjs";

/** Clients that ask `perSecond` questions until stopped; `checked` holds each reply against the estate. */
export async function startAsking({ port, perSecond, clients = 4, checked = true }) {
  const counts = new Int32Array(new SharedArrayBuffer(Object.keys(Counts).length * 4));
  const worker = new Worker(new URL("asker.mjs", import.meta.url), {
    workerData: { port, perSecond, clients, checked, counts },
  });
  const wrong = [];
  let seconds = 0;
  const said = (kind) =>
    new Promise((resolve, reject) => {
      worker.once("error", reject);
      worker.on("message", (message) => {
        if (message.kind === kind) resolve(message);
      });
    });
  worker.on("message", (message) => {
    if (message.kind === "wrong") wrong.push(`${message.what}: ${message.octets}`);
  });
  await said("asking");
  const of = (count) => Atomics.load(counts, count);
  return {
    newest: () => of(Counts.NEWEST),
    sent: () => of(Counts.SENT),
    /** The first replies that were not as they must be. */
    wrong,
    async stop() {
      const asked = said("asked");
      worker.postMessage("stop");
      ({ seconds } = await asked);
      const sent = of(Counts.SENT) - of(Counts.UNSENT);
      return {
        sent,
        lost: sent - of(Counts.ANSWERED),
        wrong: of(Counts.WRONG),
        mixed: of(Counts.MIXED),
        backwards: of(Counts.BACKWARDS),
        perSecond: Math.round(sent / (seconds - 1)),
      };
    },
  };
}
