import { rmSync, writeFileSync } from "node:fs";
import { type AddressPort, formatAddressPort } from "../net/address.ts";

/** Writes the file that scripts wait for, an address in each line; says why it cannot. */
export function writeReadyFile(path: string, open: readonly AddressPort[]): string | undefined {
  try {
    writeFileSync(path, open.map((at) => `${formatAddressPort(at)}\n`).join(""));
    return undefined;
  } catch (error) {
    return `--ready-file: ${path} cannot be written: ${messageOf(error)}`;
  }
}

/** Removes it at the end; says why it cannot. */
export function removeReadyFile(path: string): string | undefined {
  try {
    rmSync(path, { force: true });
    return undefined;
  } catch (error) {
    return `--ready-file: ${path} stays behind: ${messageOf(error)}`;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
