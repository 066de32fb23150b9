import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AddressPort } from "../../src/net/address.ts";
import { here, listenHere, pause } from "../loopback.ts";
import { askAll } from "./ask-all.ts";

/** A zone as its server gets it. */
export interface ServedZone {
  /** Absolute, with the trailing dot. */
  readonly origin: string;
  readonly text: string;
}

/** A server of somebody else on a port of this machine. */
export interface RealServer {
  readonly name: string;
  readonly at: AddressPort;
  /** Ends it at once and removes its folder. */
  stop(): Promise<void>;
}

/** What a server is started with: its own folder, which holds each zone's file, and a free port. */
export interface Place {
  readonly folder: string;
  readonly port: number;
  /** The file of each zone, in the order of the zones. */
  readonly files: readonly string[];
}

/** How to start one make of server. */
export interface Make {
  /** The program, which is looked for in the path. */
  readonly name: string;
  /** The text of the configuration file. */
  configure(zones: readonly ServedZone[], place: Place): string;
  /** Arguments that keep it in the foreground and point it to its configuration. */
  arguments(configuration: string): readonly string[];
  /** The zones that a client on 127.0.0.1 sees; all when absent. */
  readonly visible?: readonly string[];
}

/** How long a server may take until it answers. */
const START_MS = 10_000;

/** Authoritative, nothing but zones. */
export const NSD: Make = {
  name: "nsd",
  configure: (zones, { folder, port, files }) =>
    [
      `server:\n ip-address: 127.0.0.1@${port}\n username: ""\n zonesdir: "${folder}"\n database: ""\n server-count: 1`,
      ` pidfile: ""\n xfrdfile: "${folder}/xfrd.state"\n zonelistfile: "${folder}/zone.list"\n xfrdir: "${folder}"`,
      " verbosity: 0\nremote-control:\n control-enable: no",
      ...zones.map(({ origin }, i) => `zone:\n name: "${origin}"\n zonefile: "${files[i] ?? ""}"`),
    ].join("\n"),
  arguments: (configuration) => ["-d", "-c", configuration],
};

/** Authoritative, nothing but zones. */
export const KNOT: Make = {
  name: "knotd",
  configure: (zones, { folder, port, files }) =>
    [
      `server:\n  rundir: "${folder}"\n  listen: 127.0.0.1@${port}\n  udp-workers: 1\n  tcp-workers: 1\n  background-workers: 1`,
      `log:\n  - target: stderr\n    any: error\ndatabase:\n  storage: "${folder}"`,
      `template:\n  - id: default\n    storage: "${folder}"\n    zonefile-sync: -1\n    journal-content: none\nzone:`,
      ...zones.map(({ origin }, i) => `  - domain: "${origin}"\n    file: "${files[i] ?? ""}"`),
    ].join("\n"),
  arguments: (configuration) => ["-c", configuration],
};

/** What named needs to leave the rest of the machine alone. */
export function namedOptions({ folder, port }: Place): string {
  return `directory "${folder}"; listen-on port ${port} { 127.0.0.0/8; }; listen-on-v6 { none; }; pid-file none;
    session-keyfile none; managed-keys-directory "${folder}"; dnssec-validation no; notify no; max-cache-size 8m; empty-zones-enable no;`;
}

/** named as an authoritative server that takes the zones as they are. */
export const NAMED: Make = {
  name: "named",
  configure: (zones, place) =>
    [
      `options { ${namedOptions(place)} recursion no;
        check-integrity no; check-names primary ignore; zero-no-soa-ttl no; }; controls { };`,
      ...zones.map(({ origin }, i) => `zone "${origin}" { type primary; file "${place.files[i] ?? ""}"; };`),
    ].join("\n"),
  arguments: (configuration) => ["-g", "-n", "1", "-c", configuration],
};

/**
 * Starts a server with zones and waits until it answers for every one of them; `undefined` where it is not installed. It
 * listens on 127.0.0.1 and is ended with `stop`.
 */
export async function startServer(make: Make, zones: readonly ServedZone[]): Promise<RealServer | undefined> {
  const folder = mkdtempSync(join(tmpdir(), `privlink-${make.name}-`));
  const files = zones.map(({ text }, i) => {
    const file = join(folder, `${i}.zone`);
    writeFileSync(file, text, "latin1");
    return file;
  });
  const port = await freePort();
  const configuration = join(folder, "server.conf");
  writeFileSync(configuration, `${make.configure(zones, { folder, port, files })}\n`);
  const child = spawn(make.name, make.arguments(configuration), { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += String(chunk)));
  const gone = goneOf(child);
  if (child.pid === undefined) {
    await gone;
    rmSync(folder, { recursive: true });
    return undefined;
  }
  const server: RealServer = {
    name: make.name,
    at: here("127.0.0.1", port),
    stop: async () => {
      child.kill("SIGKILL");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await untilItServes(server, make.visible ?? zones.map(({ origin }) => origin), child);
  } catch (error) {
    const text = readFileSync(configuration, "utf8").slice(0, 500);
    await server.stop();
    throw new Error(`${make.name} did not start\n${text}\n${printed.slice(-2000)}`, { cause: error });
  }
  return server;
}

function goneOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on("exit", () => resolve());
    child.on("error", () => resolve());
  });
}

async function untilItServes(server: RealServer, origins: readonly string[], child: ChildProcess): Promise<void> {
  if (origins.length === 0) return; // Whoever started it knows what it is to answer.
  const questions = origins.map((name) => ({ name, type: "SOA" }));
  for (const end = performance.now() + START_MS; ; await pause(50)) {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`);
    try {
      const replies = await askAll(server.at, questions);
      const silent = questions.filter((_, i) => replies[i]?.answers.length !== 1).map(({ name }) => name);
      if (silent.length === 0) return;
      if (performance.now() > end) throw new Error(`serves nothing at ${silent.join(", ")}`);
    } catch (error) {
      if (performance.now() > end) throw error;
    }
  }
}

/** A port that is free for UDP and TCP, as far as TCP knows. */
async function freePort(): Promise<number> {
  const server = createServer();
  const { port } = await listenHere(server);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  return port;
}
