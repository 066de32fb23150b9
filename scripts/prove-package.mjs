// `node scripts/prove-package.mjs [NODE…]`: packs the package, installs it in an empty folder as a user would, and follows its
// documents there, with each NODE that is named, else with this one. The registry is asked for what it needs at run time.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");
/** Longer than any step on a busy machine; a program that does not end by itself has failed. */
const STEP_MS = 120_000;

const work = mkdtempSync(join(tmpdir(), "privlink-package-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));

const tarball = pack();
manual();
for (const node of process.argv.length > 2 ? process.argv.slice(2) : [process.execPath]) await prove(node);

function pack() {
  run("npm", ["pack", "--silent", "--pack-destination", work], ROOT, process.env);
  const file = join(work, `privlink-${version}.tgz`);
  say(`privlink-${version}.tgz has ${Math.round(statSync(file).size / 1024)} KiB`);
  return file;
}

async function prove(node) {
  const folder = mkdtempSync(join(work, "user-"));
  const env = { ...process.env, PATH: [dirname(node), process.env.PATH].join(delimiter), NO_COLOR: "1" };
  const privlink = (line) => run("npx", ["--no-install", "privlink", ...line.split(" ")], folder, env);
  say(`with node ${run(node, ["--version"], folder, env).trim()}`);

  run("npm", ["init", "--yes"], folder, env);
  run("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", tarball], folder, env);
  const packages = run("npm", ["ls", "--all", "--parseable"], folder, env).trim().split("\n").length - 1;
  say(`  installed: ${packages} packages, ${Math.round(octetsBelow(join(folder, "node_modules")) / 1024)} KiB`);

  expect("the version", privlink("version"), `privlink ${version} `);
  const example = join("node_modules", "privlink", "zones", "privlink.yaml");
  expect("check of the example", privlink(`check -c ${example}`), `${example}: no errors, 3 excused\n`);
  expect("test of the example", privlink(`test -c ${example}`), `${example}: 11 met\n`);
  expect("explain", privlink(`explain myregistry.azurecr.io --from onprem -c ${example}`), "→ 10.0.0.7 (private)\n");
  for (const shell of ["bash", "zsh", "fish"])
    expect(`completion of ${shell}`, privlink(`completion ${shell}`), "explain");
  await serves(node, folder, env);
  library(node, folder, env);
  say("  all of it does what the documents say");
}

/** `npx privlink` as the README has it, asked with dig; ended as a service manager would. */
async function serves(node, folder, env) {
  const program = join(folder, "node_modules", ".bin", "privlink");
  const server = spawn(node, [program, "serve", "--listen", "127.0.0.1:0"], { cwd: folder, env });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  let said = "";
  await new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`the server was not ready: ${said}`)), STEP_MS).unref();
    server.once("exit", () => reject(new Error(`the server ended: ${said}`)));
    server.stderr.on("data", (chunk) => {
      said += chunk;
      if (/^Ready\.$/m.test(said)) resolve();
    });
  });
  const [, port = ""] = /127\.0\.0\.1:(\d+)/.exec(said) ?? [];
  const dig = ["@127.0.0.1", "-p", port, "+short", "+timeout=2"];
  const name = "myregistry.azurecr.io";
  expect("dig from the hub", run("dig", [...dig, "+subnet=10.0.0.0/16", name], folder, env), "10.0.0.7\n");
  expect("dig from the internet", run("dig", [...dig, name], folder, env), "20.45.122.144\n");
  server.kill("SIGTERM");
  const code = await ended;
  if (code !== 0) throw new Error(`the server ended with ${code}: ${said}`);
}

/** Where npm puts it for `man privlink`: beside a package that is installed for the whole machine. */
function manual() {
  const prefix = join(work, "prefix");
  const here = (command, args) => run(command, args, work, process.env);
  here("npm", ["install", "--global", "--prefix", prefix, "--no-audit", "--no-fund", "--ignore-scripts", tarball]);
  const page = join(prefix, "share", "man", "man1", "privlink.1");
  here("mandoc", ["-T", "lint", "-W", "error", page]);
  expect("the manual page", here("mandoc", ["-T", "utf8", page]), "explain");
  expect("the installed program", here(join(prefix, "bin", "privlink"), ["version"]), `privlink ${version} `);
}

/** The programs of docs/library.md: their types under each way to find modules, then what they assert. */
function library(node, folder, env) {
  const text = readFileSync(join(folder, "node_modules", "privlink", "docs", "library.md"), "utf8");
  const programs = Array.from(text.matchAll(/^```ts\n([\s\S]*?)^```$/gm), ([, program]) => program);
  if (programs.length < 2) throw new Error("docs/library.md shows no programs");
  const names = programs.map((program, i) => {
    writeFileSync(join(folder, `program-${i + 1}.mts`), program);
    return `program-${i + 1}`;
  });
  for (const [module, resolution] of [
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ]) {
    const options = ["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--target", "es2023"];
    const types = ["--types", "node", "--typeRoots", join(ROOT, "node_modules", "@types")];
    const files = names.map((name) => `${name}.mts`);
    const out = join(folder, resolution);
    mkdirSync(out);
    writeFileSync(join(out, "package.json"), '{ "type": "module" }');
    const how = ["--module", module, "--moduleResolution", resolution, "--outDir", out, "--ignoreConfig"];
    run(node, [TSC, ...options, ...types, ...how, ...files], folder, env);
    for (const name of names) run(node, [join(out, `${name}.mjs`)], folder, env);
  }
  say(`  docs/library.md: ${programs.length} programs compile and hold`);
}

/** Runs a program to its end without a shell and gives all it said; throws with all it said where it failed. */
function run(command, args, cwd, env) {
  const ran = spawnSync(command, args, { cwd, env, encoding: "utf8", timeout: STEP_MS });
  if (ran.status === 0) return ran.stdout + ran.stderr;
  throw new Error(`${[command, ...args].join(" ")} ended with ${ran.status ?? ran.error}\n${ran.stdout}${ran.stderr}`);
}

function expect(what, said, part) {
  if (!said.includes(part)) throw new Error(`${what}: expected ${JSON.stringify(part)} in\n${said}`);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

function octetsBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath ?? entry.path, entry.name)).size, 0);
}
