import { readFileSync } from "node:fs";

/** Where the package says what it is, from the sources as from what is built of them. */
const MANIFEST = new URL("../../package.json", import.meta.url);

/** The version of the package. */
export function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(MANIFEST, "utf8"));
  const version = typeof manifest === "object" && manifest !== null && "version" in manifest ? manifest.version : "";
  return String(version);
}
