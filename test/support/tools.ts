import { createSocket } from "node:dgram";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { TestContext } from "vitest";
import { parseAddress } from "../../src/net/address.ts";
import { hasBatchedDatagrams } from "../../src/serve/batched-datagrams.ts";

/**
 * What a test needs of the machine, programs and addresses, in front of each test: `beforeEach(needs("dig", "::1"))`. Where
 * something is missing the test is skipped and says so; with `CI=true` it fails, since a suite that tests nothing is green
 * too.
 */
export function needs(...things: readonly string[]): (context: TestContext) => Promise<void> {
  return async (context) => {
    const missing: string[] = [];
    for (const thing of things) if (!(await isThere(thing))) missing.push(thing);
    if (missing.length > 0) skipFor(`this machine has no ${missing.join(", no ")}`, context);
  };
}

/** Skips the test that runs and says why; with `CI=true` it fails. */
export function skipFor(reason: string, context: TestContext): never {
  if (process.env["CI"] === "true") throw new Error(`${reason}, and with CI=true nothing is skipped`);
  return context.skip(reason);
}

/** Whether the machine has a program in its `PATH`, or an address that a socket can have. */
function isThere(thing: string): boolean | Promise<boolean> {
  const address = parseAddress(thing);
  if (address !== undefined) return isOwnAddress(address.text, address.family === 4 ? "udp4" : "udp6");
  return isInstalled(thing);
}

/** Whether the machine has a program in its `PATH`. */
export function isInstalled(program: string): boolean {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.some((folder) => folder !== "" && existsSync(join(folder, program)));
}

function isOwnAddress(address: string, kind: "udp4" | "udp6"): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(kind);
    socket.on("error", () => resolve(false));
    socket.bind(0, address, () => {
      socket.close();
      resolve(true);
    });
  });
}

/** In front of tests of datagrams in batches: the add-on is there where the build found a C compiler. */
export function needsAddOn(context: TestContext): void {
  if (!hasBatchedDatagrams()) skipFor("the build found no C compiler for the add-on", context);
}
