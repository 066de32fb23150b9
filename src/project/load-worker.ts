import { parentPort } from "node:worker_threads";
import { type LoadOrder, runLoad } from "./load-order.ts";

/** The config flow on a thread of its own, so that a reload never keeps the answering thread waiting. */
parentPort?.on("message", (order: LoadOrder) => {
  parentPort?.postMessage(runLoad(order));
});
