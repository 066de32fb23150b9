import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");

/** What documents name: everything that a command of theirs can touch. */
const COPIED = ["package.json", "README.md", "zones", "examples", "docs", "test/check", "test/import/terraform"];

/**
 * A copy of what a user has after `npm start` has set things up, built from the sources of now, with the ports of the
 * documents exchanged for free ones: several tests, and a user's own server, may run at once.
 */
export interface Checkout {
  readonly folder: string;
  /** Runs one line of a shell; what it writes, standard error included, with the ports of the documents. */
  run(line: string, cwd: string): Promise<string>;
  /**
   * Runs a server in place of the one before, or, with ` &` at the end, beside the next ones; what it says up to `Ready.`.
   */
  serve(args: string, cwd: string): Promise<string>;
  /** Ends every server. */
  stop(): Promise<void>;
  /** Ends every server, and takes the copy away. */
  close(): Promise<void>;
}

export async function openCheckout(documentedPorts: readonly number[]): Promise<Checkout> {
  const folder = mkdtempSync(join(tmpdir(), "privlink-documents-"));
  for (const path of COPIED)
    if (existsSync(join(ROOT, path))) cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  spawnSync(process.execPath, [join(ROOT, "scripts", "build.mjs"), join(folder, "dist")]);
  const program = join(folder, "dist", "program", "main.js");
  if (!existsSync(program)) throw new Error("the build gave no dist/program/main.js");

  const ports = new Map(await Promise.all(documentedPorts.map(async (port) => [port, await freePort()] as const)));
  const toFree = (text: string): string => exchange(text, ports);
  const toDocumented = (text: string): string =>
    exchange(text, new Map([...ports].map(([port, free]) => [free, port])));
  for (const path of topologiesBelow(folder)) writeFileSync(path, toFree(readFileSync(path, "utf8")));

  const shellLine = (line: string): string =>
    toFree(line)
      .replace(/^npm start(?: -- )?/, "npx privlink serve ")
      .replaceAll(/\bnpx privlink\b/g, `'${process.execPath}' '${program}'`);
  let server: ChildProcess | undefined;
  const beside: ChildProcess[] = [];
  const end = async (running: ChildProcess | undefined): Promise<void> => {
    if (running === undefined || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGTERM");
    await ended;
  };
  const stop = async (): Promise<void> => {
    await end(server);
    server = undefined;
  };
  const stopAll = async (): Promise<void> => {
    await stop();
    for (const running of beside.splice(0)) await end(running);
  };
  return {
    folder,
    async run(line, cwd) {
      // One pipe for both outputs keeps them in the order they were written in.
      const child = spawn("sh", ["-c", `{ ${shellLine(line)}\n} 2>&1`], { cwd, stdio: ["ignore", "pipe", "ignore"] });
      let said = "";
      child.stdout.on("data", (chunk: Buffer) => {
        said += chunk.toString();
      });
      await new Promise((resolve) => child.once("close", resolve));
      return toDocumented(said);
    },
    async serve(args, cwd) {
      const isBeside = args.endsWith(" &");
      if (!isBeside) await stop();
      const line = shellLine(args.replace(/ &$/, ""));
      const child = spawn("sh", ["-c", `exec ${line}`], { cwd, stdio: ["ignore", "ignore", "pipe"] });
      if (isBeside) beside.push(child);
      else server = child;
      let said = "";
      const ready = new Promise<void>((resolve) => {
        child.stderr.on("data", (chunk: Buffer) => {
          said += chunk.toString();
          if (/^Ready\.$/m.test(said)) resolve();
        });
        child.once("exit", () => resolve());
      });
      await ready;
      return toDocumented(said);
    },
    stop: stopAll,
    async close() {
      await stopAll();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function exchange(text: string, ports: ReadonlyMap<number, number>): string {
  return text.replaceAll(/(?<![0-9.])[0-9]{4,5}(?![0-9.])/g, (digits) =>
    String(ports.get(Number.parseInt(digits, 10)) ?? digits),
  );
}

function topologiesBelow(folder: string): string[] {
  return ["zones", "examples"]
    .filter((name) => existsSync(join(folder, name)))
    .flatMap((name) =>
      readdirSync(join(folder, name), { recursive: true, encoding: "utf8" }).map((path) => join(folder, name, path)),
    )
    .filter((path) => path.endsWith(".yaml"));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const at = probe.address();
      probe.close(() => resolve(typeof at === "object" && at !== null ? at.port : 0));
    });
  });
}
