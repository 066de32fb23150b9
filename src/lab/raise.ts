import { logFolder } from "./lab-name.ts";
import type { LabProcess, LabWorld } from "./lab-world.ts";
import type { LabPlan, Step } from "./plan.ts";
import { findLab, takeDownLab } from "./take-down.ts";

export type Raised =
  | { readonly kind: "up" }
  /** It is there, whole or not, and was not touched. */
  | { readonly kind: "there"; readonly namespaces: number }
  /** Nothing is left of what was made. `message` is a sentence without a full stop. */
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "stopped" };

/** How long the servers may take until they answer. */
const START_MS = 30_000;
const LOOK_MS = 25;
/** Lines of a server's log that tell why it ended. */
const TOLD_LINES = 12;

/**
 * Makes a lab, step by step, and waits until its servers answer. Whole or not at all: where a step fails, or `isStopped`
 * says so, everything is undone.
 */
export async function raiseLab(plan: LabPlan, world: LabWorld, isStopped: () => boolean): Promise<Raised> {
  const there = await findLab(plan.lab, world);
  if (there.length > 0) return { kind: "there", namespaces: there.length };
  const undone = async (raised: Raised): Promise<Raised> => {
    await takeDownLab(plan.lab, world);
    return raised;
  };
  const servers: LabProcess[] = [];
  for (const [i, step] of plan.steps.entries()) {
    if (isStopped()) return undone({ kind: "stopped" });
    const problem = await take(step, plan.lab, world, servers);
    if (problem === undefined) continue;
    // The first namespace is the lock: who cannot make it came second, and what is there is not theirs to undo.
    if (i === 0 && problem.includes("exists")) return { kind: "there", namespaces: 1 };
    return undone({ kind: "failed", message: problem });
  }
  const problem = await untilReady(servers, world, isStopped);
  if (isStopped()) return undone({ kind: "stopped" });
  return problem === undefined ? { kind: "up" } : undone({ kind: "failed", message: problem });
}

/** Takes a step; the sentence of what went wrong. */
async function take(step: Step, lab: string, world: LabWorld, servers: LabProcess[]): Promise<string | undefined> {
  switch (step.kind) {
    case "namespace": {
      const { code, stderr } = await world.ip(["netns", "add", step.name]);
      return code === 0 ? undefined : `namespace ${step.name} cannot be made: ${stderr.trim()}`;
    }
    case "ip": {
      const input = `${step.commands.join("\n")}\n`;
      const { code, stderr } = await world.ip(["-n", step.namespace, "-batch", "-"], input);
      return code === 0 ? undefined : failedBatch(step, stderr);
    }
    case "file":
      return world.write(step.path, step.text);
    case "serve":
      servers.push(world.serve(step.namespace, step.listen, logFolder(lab)));
      return undefined;
  }
}

/** What `ip` says of a batch, with the command in place of its number. */
function failedBatch({ namespace, commands }: Extract<Step, { kind: "ip" }>, stderr: string): string {
  const [, number = ""] = /Command failed -:(\d+)/.exec(stderr) ?? [];
  const command = commands[Number.parseInt(number, 10) - 1] ?? commands.join("; ");
  return `ip -n ${namespace} ${command}: ${stderr.replaceAll(/\s*Command failed -:\d+\s*/g, "").trim()}`;
}

async function untilReady(
  servers: readonly LabProcess[],
  world: LabWorld,
  isStopped: () => boolean,
): Promise<string | undefined> {
  for (let waited = 0; waited < START_MS; waited += LOOK_MS) {
    if (isStopped()) return undefined;
    const ended = servers.find((server) => server.state() === "ended");
    if (ended !== undefined) return `the server of the lab ended:\n${lastLines(ended.said())}`;
    if (servers.every((server) => server.state() === "ready")) return undefined;
    await world.wait(LOOK_MS);
  }
  return `the server of the lab did not answer within ${START_MS / 1000} s:\n${servers.map((one) => lastLines(one.said())).join("\n")}`;
}

function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-TOLD_LINES).join("\n");
}
