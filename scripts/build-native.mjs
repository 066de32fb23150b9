// `node scripts/build-native.mjs FOLDER`: compiles the add-on that moves many datagrams in a system call into FOLDER, named by
// platform and architecture. Where there is no Linux or no C compiler it does nothing: privlink then does without.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const COMPILERS = process.env.CC ? [process.env.CC] : ["cc", "gcc", "clang"];
const FLAGS = ["-std=c11", "-O2", "-fPIC", "-shared", "-fvisibility=hidden", "-s", "-Wall", "-Wextra"];

export function buildNative(folder) {
  const compiler = COMPILERS.find((name) => spawnSync(name, ["--version"]).status === 0);
  if (process.platform !== "linux" || compiler === undefined) return;
  mkdirSync(folder, { recursive: true });
  const headers = join(ROOT, "node_modules", "node-api-headers", "include");
  const output = join(folder, `datagrams-${process.platform}-${process.arch}.node`);
  const { status, stderr } = spawnSync(
    compiler,
    [...FLAGS, `-I${headers}`, "-o", output, join(ROOT, "native", "datagrams.c")],
    { encoding: "utf8" },
  );
  if (status !== 0)
    process.stderr.write(`privlink: built without the native add-on, answers cost more: ${stderr.trim()}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  buildNative(resolve(process.argv[2] ?? join(ROOT, "dist", "program")));
