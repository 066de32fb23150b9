import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import type { Brief } from "../diff/brief.ts";
import type { CompileInput } from "../snapshot/compile.ts";
import type { PackedTree } from "../zone/packed-tree.ts";
import { newLoadMemory, type RememberedLoad } from "./load-memory.ts";
import { type LoadOrder, runLoad } from "./load-order.ts";
import { type Crossing, TreeSender } from "./tree-crossing.ts";

/** What the thread knows from its start: what was read and is served, and the arrays that the other side has. */
export interface Inheritance {
  readonly memory: RememberedLoad;
  readonly bases: readonly PackedTree[];
  readonly served?: CompileInput;
}

/** What the thread does: load, or say what changed since it was last asked. */
export type ThreadRequest = { readonly kind: "load"; readonly order: LoadOrder } | { readonly kind: "compare" };

/** As `nice` counts: a reload gives way to answers, where there are fewer processors than work. */
const NICENESS = 5;

/** The config flow on a thread of its own, so that a reload never keeps the answering thread waiting. */
function work(inheritance: Inheritance | undefined): void {
  giveWay();
  const memory = newLoadMemory(inheritance?.memory);
  const sender = new TreeSender(inheritance?.bases);
  let told = inheritance?.served; // The generation that was served when it was last asked what changed.
  let served = told;
  const load = (order: LoadOrder): Crossing => {
    const result = runLoad(order, memory);
    if (result.kind === "loaded" && !result.hasErrors) served = result.input;
    return sender.send(result);
  };
  const compare = async (): Promise<Brief | undefined> => {
    // Read when it is needed: the first reload waits for what stands above.
    const { briefDifference } = await import("../diff/brief.ts");
    const brief = told === undefined || served === undefined ? undefined : briefDifference(told, served);
    told = served;
    return brief;
  };
  const answer = async (request: ThreadRequest): Promise<void> => {
    parentPort?.postMessage(request.kind === "load" ? load(request.order) : await compare());
  };
  parentPort?.on("message", (request: ThreadRequest) => void answer(request));
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
