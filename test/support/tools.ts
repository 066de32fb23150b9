import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";

/** Where Debian keeps servers: not always in the path of a user. */
const SERVER_FOLDERS = ["/usr/sbin", "/sbin", "/usr/local/sbin"];

/** Where a program is, or `undefined`. */
export function findTool(name: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...SERVER_FOLDERS].filter((one) => one !== "");
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Groups tests that need programs of the system, whose paths `body` gets in their order. Where one is missing the group is
 * skipped with the reason in its title; with CI=true it fails instead.
 */
export function describeWith(tools: readonly string[], title: string, body: (...paths: string[]) => void): void {
  const paths = tools.map(findTool);
  const missing = tools.filter((_, i) => paths[i] === undefined).join(", ");
  if (missing === "") describe(title, () => body(...paths.filter((path) => path !== undefined)));
  else if (process.env["CI"] === "true") test(`${title}: ${missing} is installed`, () => expect(missing).toBe(""));
  else test.skip(`${title} (${missing} is not installed)`, () => {});
}
