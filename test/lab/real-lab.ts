import { cpSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { whyNoLab } from "../../src/cli/lab-world.ts";
import { filesOf, labName, listedNamespaces, logFolder, namesOfLab, serverNamespace } from "../../src/lab/lab-name.ts";
import { type Ended, runProgram, runTool } from "../support/server.ts";

/** Why no lab can be made here, in words that may follow "this machine"; `undefined` where one can. */
export async function whyNoLabHere(): Promise<string | undefined> {
  const whyNot = await whyNoLab();
  if (whyNot !== undefined) return `cannot have a lab: ${whyNot}`;
  const probe = `privlink-probe-${process.pid}`;
  const { code, stderr } = await runTool("ip", ["netns", "add", probe]);
  await runTool("ip", ["netns", "delete", probe]);
  return code === 0 ? undefined : `gives no network namespace: ${stderr.trim()}`;
}

/** A topology in a folder of its own, and so with a lab of its own. */
export interface RealLab {
  readonly folder: string;
  /** Its topology, as an absolute path. */
  readonly file: string;
  readonly name: string;
  up(): Promise<Ended>;
  down(): Promise<Ended>;
  /** Runs a command where somebody stands. */
  exec(who: string, ...command: readonly string[]): Promise<Ended>;
  /** Everything of it that is on the machine: namespaces, files, logs. */
  remains(): Promise<string[]>;
  /** The processes of its servers. */
  serverPids(): Promise<number[]>;
  /** Takes it away, whatever became of it, and its folder. */
  close(): Promise<void>;
}

/** Copies a project and takes the topology in it for a lab. */
export function copyLab(project: string, topology: string): RealLab {
  return labIn((folder) => cpSync(project, folder, { recursive: true }), topology);
}

/** The lab of a topology that a test wrote. */
export function writtenLab(text: string): RealLab {
  return labIn((folder) => writeFileSync(join(folder, "privlink.yaml"), text), "privlink.yaml");
}

function labIn(fill: (folder: string) => void, topology: string): RealLab {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "privlink-lab-")));
  fill(folder);
  const file = join(folder, topology);
  const name = labName(file);
  const run = (...words: readonly string[]): Promise<Ended> => runProgram(["lab", ...words], folder);
  const down = (): Promise<Ended> => run("down", "-c", file);
  return {
    folder,
    file,
    name,
    up: () => run("up", "-c", file),
    down,
    exec: (who, ...command) => run("exec", who, "-c", file, "--", ...command),
    async remains() {
      const spaces = listedNamespaces((await runTool("ip", ["netns", "list"])).stdout);
      const files = existsSync(filesOf("")) ? readdirSync(filesOf("")) : [];
      const logs = existsSync(logFolder(name)) ? [logFolder(name)] : [];
      return [...namesOfLab(name, spaces), ...namesOfLab(name, files), ...logs];
    },
    async serverPids() {
      const { stdout } = await runTool("ip", ["netns", "pids", serverNamespace(name, 1)]);
      return (stdout.match(/\d+/g) ?? []).map((digits) => Number.parseInt(digits, 10));
    },
    async close() {
      await down();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
