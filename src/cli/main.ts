#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { readVersion } from "../app/read-version.ts";
import { ExitCodes } from "./exit-codes.ts";
import { openIo } from "./io.ts";
import { runCli } from "./run-cli.ts";

/** The built-in example, in the package's root, from the sources as from what is built of them. */
const EXAMPLE = new URL("../../zones", import.meta.url);

if (process.pid === 1) endOnSignals();
const { io, flush } = openIo(process, readVersion(), fileURLToPath(EXAMPLE));
try {
  process.exitCode = await runCli(process.argv.slice(2), io);
} catch (error) {
  io.stderr(`privlink: ${deniedByNode(error) ?? `a bug in privlink, please report it: ${stackOf(error)}`}\n`);
  process.exitCode = ExitCodes.COULD_NOT_RUN;
}
const lost = await flush();
if (lost !== undefined) {
  io.stderr(`privlink: output could not be written: ${lost.message}\n`);
  process.exitCode = ExitCodes.COULD_NOT_RUN;
}
// Whatever still holds the process (a connection that is drained no longer, a watcher) is of no use to anybody now.
process.exit();

/**
 * The first process of a container ends on a signal only where it says so: the kernel gives it no default. So a command that
 * does not listen, or not yet, would be waited for until it is killed.
 */
function endOnSignals(): void {
  for (const [signal, number] of [
    ["SIGINT", 2],
    ["SIGTERM", 15],
  ] as const)
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(128 + number); // Nobody else listens.
    });
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** What Node's permission model, where somebody switched it on, did not allow: a sentence. */
function deniedByNode(error: unknown): string | undefined {
  if (!(error instanceof Error && "code" in error && error.code === "ERR_ACCESS_DENIED")) return undefined;
  const permission = "permission" in error ? String(error.permission) : "this";
  const resource = "resource" in error ? ` of ${String(error.resource)}` : "";
  return `node runs with its permission model and does not allow ${permission}${resource}: allow it, or do without`;
}
