import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SignalName } from "../../src/app/lifecycle.ts";
import { serve } from "../../src/app/serve-app.ts";
import { type AddressPort, parseAddressPort } from "../../src/net/address.ts";
import { newLoadMemory } from "../../src/project/load-memory.ts";
import { runLoad } from "../../src/project/load-order.ts";
import type { LoadThread } from "../../src/project/load-thread.ts";
import type { ListenOverride } from "../../src/project/override-topology.ts";

/** The folder of the built-in example. */
export const EXAMPLE = join(import.meta.dirname, "..", "..", "zones");

/** A whole server inside the test's own process. */
export interface Serving {
  /** Where it listens, in the order asked for. */
  readonly at: readonly AddressPort[];
  /** What it wrote to standard error. */
  readonly said: () => string;
  /** Sends SIGTERM; gives the exit code. */
  stop(): Promise<number>;
}

/** Serves the built-in example, as `privlink serve --listen …` in an empty folder does. */
export async function serveExample(listen: readonly ListenOverride[]): Promise<Serving> {
  const folder = mkdtempSync(join(tmpdir(), "privlink-serving-"));
  const readyFile = join(folder, "ready");
  const handlers = new Map<SignalName, () => void>();
  let said = "";
  let tellReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    tellReady = resolve;
  });
  const ended = serve(
    {
      order: { request: { paths: [], networks: [] }, folder, exampleFolder: EXAMPLE, listen },
      readyFile,
      queryLog: false,
      logFormat: "json",
      logLevel: "silent",
      probes: {},
      lameduckMs: 0,
      runtime: "node test",
      version: "test",
    },
    {
      stderr: (text) => {
        said += text;
        if (text.endsWith("Ready.\n")) tellReady(); // The file is written in the same turn.
      },
      color: false,
      platform: process.platform,
      modelRoutes: () => [],
      thread: loadHere(), // The tests' own loader knows TypeScript, a worker of this Node may not.
      onSignal: (name, handler) => {
        handlers.set(name, handler);
        return () => handlers.delete(name);
      },
    },
  );
  const code = await Promise.race([ended, ready]);
  if (code !== undefined) throw new Error(`the server ended with ${code}: ${said}`);
  const at = readFileSync(readyFile, "utf8")
    .trim()
    .split("\n")
    .map((line) => knownAddressPort(line));
  return {
    at,
    said: () => said,
    async stop() {
      handlers.get("SIGTERM")?.();
      const exit = await ended;
      rmSync(folder, { recursive: true, force: true });
      return exit;
    },
  };
}

/** `127.0.0.1:5300`, `[::1]:5300`. */
export function knownAddressPort(text: string): AddressPort {
  const parsed = parseAddressPort(text, 0);
  if (parsed === undefined) throw new RangeError(`${text} is no ADDR:PORT`);
  return parsed;
}

/** The whole config flow on the thread of the tests. */
export function loadHere(): LoadThread {
  const memory = newLoadMemory();
  return {
    loadFirst: (order) => runLoad(order, memory),
    warm: () => undefined,
    load: async (order) => runLoad(order, memory),
    compare: async () => undefined,
    close: async () => undefined,
  };
}
