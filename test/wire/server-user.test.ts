import { chmodSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, expect, type TestContext, test } from "vitest";
import { keptBy } from "../../src/app/server-user.ts";
import { closeAfterEach } from "../loopback.ts";
import { activated } from "../manager/service-manager.ts";
import { type ProjectFolder, projectFolder } from "../support/project-folder.ts";
import { TOPOLOGY, zone } from "../support/reloading.ts";
import { PROGRAM, runTool, type ServerOptions, type ServerProcess, startServer } from "../support/server.ts";
import { needs, skipFor } from "../support/tools.ts";

/** Nobody on any machine. */
const UID = 61_234;
const USER = `${UID}:${UID}`;
/** A network of its own, where port 53 is free and only root may have it. */
const APART = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"];

const later = closeAfterEach();
beforeEach(needs("unshare", "ip", "nsenter", "dig", "setpriv"));
beforeEach(async (context: TestContext) => {
  if (process.getuid?.() !== 0) skipFor("this is not root, who alone becomes somebody else", context);
  const { code } = await runTool("setpriv", ["--reuid", String(UID), "--clear-groups", "test", "-r", PROGRAM]);
  if (code !== 0) skipFor(`others may not read ${PROGRAM}`, context);
});

function folderFor(topology: string): ProjectFolder {
  const folder = projectFolder({ "privlink.yaml": topology, "corp.example.zone": zone(1) });
  later(() => folder.close());
  chmodSync(folder.path, 0o755);
  return folder;
}

async function serve(options: ServerOptions): Promise<ServerProcess> {
  const server = await startServer({ owner: UID, ...options });
  later(async () => void (await server.stop()));
  return server;
}

/** Asks at port 53 in the network of the server. */
async function answerAt53(server: ServerProcess, ...how: string[]): Promise<string> {
  const dig = ["dig", "-b", "127.10.0.4", "@127.0.0.1", "www.corp.example", "+short", "+time=2", "+tries=1", ...how];
  return (await runTool("nsenter", ["--net", "--target", String(server.pid), ...dig])).stdout.trim();
}

/** What any thread of a process has kept of root; the threads are counted so that there are some. */
function keptByThreads(pid: number): { readonly threads: number; readonly kept: readonly string[] } {
  const threads = readdirSync(`/proc/${pid}/task`);
  const statuses = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/status`, "utf8"));
  return { threads: threads.length, kept: statuses.flatMap((status) => keptBy(status, UID, UID)) };
}

test("with --user it binds port 53 as root, answers as nobody in every thread, reloads, and says what it may not do", async () => {
  const folder = folderFor(`${TOPOLOGY}listen: 127.0.0.1:53\n`);
  const socket = join(dirname(folder.path), `privlink-${process.pid}.sock`);
  const options = { cwd: folder.path, listen: [], within: APART };
  const server = await serve({ ...options, args: ["--user", USER, "--control", socket] });
  for (const transport of ["+notcp", "+tcp"]) expect(await answerAt53(server, transport)).toBe("10.0.0.1");
  folder.replace("corp.example.zone", zone(2));
  await server.sees(/reloaded: /); // By the thread that loads, which began after the change of user.
  expect(await answerAt53(server)).toBe("10.0.0.2");
  const { threads, kept } = keptByThreads(server.pid);
  expect(threads).toBeGreaterThan(5);
  expect(kept).toEqual([]);
  folder.replace("privlink.yaml", `${TOPOLOGY}listen: [127.0.0.1:53, 127.0.0.2:53]\n`);
  await server.sees(/127\.0\.0\.2:53: privileges were dropped by --user 61234:61234: restart privlink to listen there/);
  expect(await answerAt53(server)).toBe("10.0.0.2");
  expect(await server.stop()).toEqual({ code: 0, signal: null });
  expect(existsSync(socket)).toBe(false);
});

test("with sockets of a service manager nobody needs to be root at any time", async () => {
  const folder = folderFor(`${TOPOLOGY}listen: 127.0.0.1:53\n`);
  const sockets = activated("--uid", String(UID), "udp=127.0.0.1:53", "tcp=127.0.0.1:53");
  const server = await serve({ cwd: folder.path, listen: [], within: [...APART, ...sockets] });
  for (const transport of ["+notcp", "+tcp"]) expect(await answerAt53(server, transport)).toBe("10.0.0.1");
  expect(keptByThreads(server.pid).kept).toEqual([]);
});

test("files that the user may not read keep it from starting", async () => {
  const folder = folderFor(TOPOLOGY);
  chmodSync(join(folder.path, "privlink.yaml"), 0o600);
  const words = [PROGRAM, "serve", "--listen", "127.0.0.1:0", "--user", USER];
  const { code, stderr } = await runTool(process.execPath, words, folder.path);
  expect(stderr).toMatch(/--user: 61234:61234 has no right to read .*privlink\.yaml/);
  expect(code).toBe(1);
});

test("only root may become somebody else", async () => {
  const words = ["--reuid", String(UID), "--clear-groups", process.execPath, PROGRAM, "serve", "--user", USER];
  const { code, stderr } = await runTool("setpriv", words);
  expect(stderr).toContain("--user: only root may become another user: start it as root, or leave --user out");
  expect(code).toBe(1);
});
