import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ended, runTool, type ServerProcess, startServer } from "../support/server.ts";

/** Who is not root is root of a user namespace of its own, where the kernel lets it. */
const IS_ROOT = process.getuid?.() === 0;
const NEW = ["unshare", ...(IS_ROOT ? [] : ["--user", "--map-root-user"]), "--net", "--mount", "--uts"];

/** Files that libraries read beside `resolv.conf`, as every machine has them that nobody changed. */
const SYSTEM_FILES = { hosts: "127.0.0.1 localhost\n", "nsswitch.conf": "hosts: files dns\n" };

/**
 * A network of the test's own with privlink at port 53, and programs in it that have any `resolv.conf` they like. It is
 * gone with the last process that is in it; the machine's files and addresses stay as they are.
 */
export interface Namespace {
  readonly server: ServerProcess;
  /** Runs a program to its end with this `/etc/resolv.conf`. */
  run(resolvConf: string, command: readonly string[]): Promise<Ended>;
  /** Starts another server, which ends with the namespace. */
  start(command: readonly string[]): void;
  /** Ends the servers. */
  close(): Promise<void>;
}

/** Why this machine gives nobody a namespace, in words that may follow "it"; `undefined` where it does. */
export async function whyNoNamespace(): Promise<string | undefined> {
  const [tool = "", ...flags] = NEW;
  const { code, stderr } = await runTool(tool, [...flags, "sh", "-c", setUp([]), "sh", "nsenter", "--version"]);
  return code === 0 ? undefined : `gives no network namespace: ${stderr.trim() || "unshare, ip or nsenter is missing"}`;
}

/**
 * Serves a folder's `privlink.yaml` at these addresses, the only ones beside 127.0.0.1. Who asks at one asks from the same
 * one.
 */
export async function openNamespace(folder: string, addresses: readonly string[]): Promise<Namespace> {
  const files = mkdtempSync(join(tmpdir(), "privlink-clients-"));
  for (const [name, text] of Object.entries(SYSTEM_FILES)) writeFileSync(join(files, name), text);
  const server = await startServer({
    within: [...NEW, "sh", "-c", setUp(addresses), "sh"],
    cwd: folder,
    listen: addresses.map((address) => `${address}:53`),
    args: ["--query-log", "--log-format", "json"],
  });
  const user = IS_ROOT ? [] : ["--user", "--preserve-credentials"];
  const enter = ["--target", `${server.pid}`, ...user, "--net", "--mount", "--uts"];
  const run = async (resolvConf: string, command: readonly string[]): Promise<Ended> => {
    const own = mkdtempSync(join(files, "run-"));
    writeFileSync(join(own, "resolv.conf"), resolvConf);
    const sources = [...Object.keys(SYSTEM_FILES).map((name) => join(files, name)), join(own, "resolv.conf")];
    const mounts = sources.map((path) => `mount --bind ${path} /etc/${path.split("/").at(-1)}`);
    const script = [...mounts, 'exec "$@"'].join(" && ");
    return runTool("nsenter", enter.concat("unshare", "--mount", "sh", "-c", script, "sh", command));
  };
  const others: ChildProcess[] = [];
  return {
    server,
    run,
    start(command) {
      const other = spawn("nsenter", enter.concat(command), { stdio: "ignore" });
      process.once("exit", () => other.kill("SIGKILL"));
      others.push(other);
    },
    async close() {
      for (const other of others) other.kill("SIGKILL");
      await server.stop();
      rmSync(files, { recursive: true, force: true });
    },
  };
}

/**
 * A script that makes the namespace and becomes the command behind it. Everything is routed to loopback, IPv6 too: where
 * nothing leads to an address, libraries order their answers otherwise. A host name with a dot would be a search list.
 */
function setUp(addresses: readonly string[]): string {
  return [
    "ip link set lo up",
    ...addresses.map((address) => `ip address add ${address}/32 dev lo`),
    "ip address add fd00::1/128 dev lo nodad",
    "ip route add default dev lo",
    "ip -6 route add default dev lo",
    "hostname client",
    'exec "$@"',
  ].join(" && ");
}
