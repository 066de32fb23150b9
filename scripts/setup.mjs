// Makes a fresh clone ready: packages from the lockfile and a build, each only when what is there is older.
// Run by `npm start` and `npm test`, with Node alone: nothing that this script installs can be used by it.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** What decides of a build beside the sources. */
const BUILT_WITH = [
  "tsconfig.json",
  "tsconfig.build.json",
  "package-lock.json",
  "scripts/build.mjs",
  "scripts/build-native.mjs",
  "native/datagrams.c",
];
const [MAJOR = 0, MINOR = 0] = process.versions.node.split(".").map(Number);

export function setUp({ build = true } = {}) {
  if (MAJOR < 20 || (MAJOR === 20 && MINOR < 19)) {
    fail(`privlink needs Node 20.19 or newer, this is ${process.version}`);
  }
  const lock = digest(["package.json", "package-lock.json"]);
  const installed = join(ROOT, "node_modules", ".privlink-installed");
  if (read(installed) !== lock) {
    step("installing packages from the lockfile");
    run(process.platform === "win32" ? "npm.cmd" : "npm", [
      "ci",
      "--include=dev",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
    ]);
    writeFileSync(installed, lock);
  }
  if (!build) return;
  const sources = digest([...BUILT_WITH, ...filesBelow("src")]);
  const built = join(ROOT, "dist", ".privlink-built");
  if (read(built) === sources) return;
  step("building");
  rmSync(join(ROOT, "dist"), { recursive: true, force: true });
  run(process.execPath, [join(ROOT, "scripts", "build.mjs"), join(ROOT, "dist")]);
  mkdirSync(dirname(built), { recursive: true });
  writeFileSync(built, sources);
}

function filesBelow(folder) {
  const found = [];
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...filesBelow(path));
    else if (!entry.name.endsWith(".test.ts") && statSync(join(ROOT, path)).isFile()) found.push(path);
  }
  return found.sort((a, b) => (a < b ? -1 : 1));
}

function digest(paths) {
  const hash = createHash("sha256");
  for (const path of paths)
    hash.update(`${path}\0`).update(existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path)) : "");
  return hash.digest("hex");
}

function read(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (error !== undefined) fail(`${command} could not be run: ${error.message}`);
  if (status !== 0) fail(`${command} ${args[0]} ended with ${status}`);
}

function step(text) {
  process.stderr.write(`privlink: ${text} ...\n`);
}

function fail(text) {
  process.stderr.write(`privlink: ${text}\n`);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setUp({ build: true });
