import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import type { PackedTree } from "../zone/packed-tree.ts";
import { newLoadMemory, type RememberedLoad } from "./load-memory.ts";
import { type LoadOrder, runLoad } from "./load-order.ts";
import { TreeSender } from "./tree-crossing.ts";

/** What the thread knows from its start: what was read before it, and the arrays that the other side has. */
export interface Inheritance {
  readonly memory: RememberedLoad;
  readonly bases: readonly PackedTree[];
}

/** As `nice` counts: a reload gives way to answers, where there are fewer processors than work. */
const NICENESS = 5;

/** The config flow on a thread of its own, so that a reload never keeps the answering thread waiting. */
function work(inheritance: Inheritance | undefined): void {
  giveWay();
  const memory = newLoadMemory(inheritance?.memory);
  const sender = new TreeSender(inheritance?.bases);
  parentPort?.on("message", (order: LoadOrder) => parentPort?.postMessage(sender.send(runLoad(order, memory))));
}

/** Linux alone has a priority for each thread; elsewhere the whole process would get it, the answers too. */
function giveWay(): void {
  if (process.platform !== "linux") return;
  try {
    setPriority(NICENESS);
  } catch {
    // Where it is not allowed, a reload is done at the priority of everything else.
  }
}

work(workerData);
