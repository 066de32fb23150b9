import { filesOf, listedNamespaces, logFolder, namesOfLab } from "./lab-name.ts";
import type { LabWorld } from "./lab-world.ts";

/** What was taken away, and what could not be: a sentence without a full stop. */
export interface TakenDown {
  readonly namespaces: number;
  /** Processes that were ended: the servers, and what somebody left running. */
  readonly processes: number;
  readonly problems: readonly string[];
}

/** How long processes may take to end when they are asked to; then they are ended. */
const PATIENCE_MS = 3000;
const LOOK_MS = 50;

/** The namespaces of a lab that there are, whoever made them and whatever became of their servers. */
export async function findLab(lab: string, world: Pick<LabWorld, "ip">): Promise<string[]> {
  const { stdout } = await world.ip(["netns", "list"]);
  return namesOfLab(lab, listedNamespaces(stdout));
}

/**
 * Ends everything that runs in a lab's namespaces and takes them away, with their links, routes and files. Goes by names
 * alone: it works after a crash, after half a start, and when the topology has changed or gone. Nothing there: nothing done.
 */
export async function takeDownLab(lab: string, world: LabWorld): Promise<TakenDown> {
  const namespaces = await findLab(lab, world);
  const processes = await endProcesses(namespaces, world);
  const problems: string[] = [];
  for (const namespace of namespaces) {
    const { code, stderr } = await world.ip(["netns", "delete", namespace]);
    if (code !== 0) problems.push(`namespace ${namespace} is left: ${stderr.trim()}`);
  }
  // A crash may have left files of a namespace that has gone.
  for (const name of namesOfLab(lab, world.list(filesOf("")))) world.remove(filesOf(name));
  world.remove(logFolder(lab));
  return { namespaces: namespaces.length - problems.length, processes, problems };
}

async function endProcesses(namespaces: readonly string[], world: LabWorld): Promise<number> {
  const ended = new Set<number>();
  const signalAll = async (name: "SIGTERM" | "SIGKILL"): Promise<number> => {
    let left = 0;
    for (const pid of await processesIn(namespaces, world)) {
      if (name === "SIGTERM" && ended.has(pid))
        left += 1; // Asked already.
      else if (world.signal(pid, name)) left += 1;
      ended.add(pid);
    }
    return left;
  };
  let left = await signalAll("SIGTERM");
  for (let waited = 0; left > 0 && waited < PATIENCE_MS; waited += LOOK_MS) {
    await world.wait(LOOK_MS);
    left = await signalAll("SIGTERM");
  }
  if (left > 0) await signalAll("SIGKILL");
  return ended.size;
}

async function processesIn(namespaces: readonly string[], world: LabWorld): Promise<number[]> {
  const pids: number[] = [];
  for (const namespace of namespaces) {
    const { stdout } = await world.ip(["netns", "pids", namespace]);
    pids.push(...(stdout.match(/\d+/g) ?? []).map((digits) => Number.parseInt(digits, 10)));
  }
  return pids;
}
