import { createHash } from "node:crypto";
import type { Diagnostic } from "./diagnostic.ts";

/**
 * What stays the same of a finding while lines move above it: its code, its file and its sentence, as 32 hexadecimal digits.
 * `path` is the file as whoever compares names it. Never changed: baselines and code scanning keep what it gave.
 */
export function fingerprintOf({ code, message }: Pick<Diagnostic, "code" | "message">, path: string): string {
  return createHash("sha256").update(`${code}\0${path}\0${message}`).digest("hex").slice(0, 32);
}
