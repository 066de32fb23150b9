// `node scripts/build.mjs FOLDER`: compiles the sources into FOLDER, a module for each, as libraries and benches take them;
// puts the program together in FOLDER/program, a file for what is always needed and one for each command, since finding and
// compiling three hundred modules is a good part of a start; and writes the manual page of those commands.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { buildNative } from "./build-native.mjs";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const folder = resolve(process.argv[2] ?? join(ROOT, "dist"));

const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
const compiled = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", folder], {
  cwd: ROOT,
  stdio: ["ignore", 2, 2],
});
if (compiled.status !== 0) process.exit(1);

const { dependencies, version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const program = await rolldown({
  // They find one another, and the package's root two folders up, by their own place.
  input: {
    main: join(folder, "cli", "main.js"),
    "load-worker": join(folder, "project", "load-worker.js"),
    library: join(folder, "library", "privlink.js"),
    "answer-worker": join(folder, "app", "answer-worker.js"),
  },
  platform: "node",
  external: [/^node:/, ...Object.keys(dependencies)],
});
await program.write({
  dir: join(folder, "program"),
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "[name]-[hash].js",
});
await program.close();
buildNative(join(folder, "program"));
chmodSync(join(folder, "program", "main.js"), 0o755); // npx runs it by a link that it made once, and does not look again.

const { COMMANDS } = await import(pathToFileURL(join(folder, "cli", "command-list.js")).href);
const { manPage } = await import(pathToFileURL(join(folder, "cli", "man-page.js")).href);
const commands = await Promise.all(COMMANDS.map((listed) => listed.load()));
mkdirSync(join(folder, "man"), { recursive: true });
writeFileSync(join(folder, "man", "privlink.1"), manPage(commands, version));
