import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** With what these need; `strip`, `gcc` and `dpkg-query` are called, the shell runs the lines of the Containerfile. */
const PACKAGES = ["dash", "coreutils", "dpkg", "libstdc++6", "binutils", "gcc", "libc6-dev"];
/** The Node of the image, as a package of npm. */
const NODE = "node@24";

/** Lays out a small Debian with Node and npm at `folder`, as an image on a registry would be, out of packages alone. */
export function layOutBase(folder: string): void {
  const packages = join(folder, "packages");
  const root = join(folder, "root");
  mkdirSync(packages, { recursive: true });
  mkdirSync(join(root, "var/lib/dpkg/info"), { recursive: true });
  run("sh", ["-c", `apt-get download -qq ${withDependencies().join(" ")}`], packages);
  const status = readdirSync(packages).map((name) => unpack(join(packages, name), root));
  writeFileSync(join(root, "var/lib/dpkg/info/format"), "1\n"); // Names with architectures in them.
  writeFileSync(join(root, "var/lib/dpkg/status"), `${status.join("\n\n")}\n`);
  if (!existsSync(join(root, "bin/sh"))) symlinkSync("dash", join(root, "bin/sh"));
  writeFileSync(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
  placeNode(folder, root);
  for (const name of ["tmp", "root", "proc", "sys", "dev"]) mkdirSync(join(root, name), { recursive: true });
  chmodSync(join(root, "tmp"), 0o1777);
}

function withDependencies(): string[] {
  const none = ["recommends", "suggests", "conflicts", "breaks", "replaces", "enhances"].map((kind) => `--no-${kind}`);
  const lines = run("apt-cache", ["depends", "--recurse", ...none, ...PACKAGES]).split("\n");
  return ["base-files", ...new Set(lines.filter((line) => /^[a-z0-9]/.test(line)))];
}

/** Unpacks a package and enters it in the books of dpkg, without running anything of it. Gives its entry in the list. */
function unpack(file: string, root: string): string {
  run("dpkg-deb", ["--extract", file, root]);
  const control = run("dpkg-deb", ["--field", file]).trimEnd();
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, "m").exec(control)?.[1] ?? "";
  const isSame = field("Multi-Arch") === "same";
  const name = isSame ? `${field("Package")}:${field("Architecture")}` : field("Package");
  const paths = run("sh", ["-c", 'dpkg-deb --fsys-tarfile "$0" | tar -t', file]).replaceAll(/^\.\/\n|^\.|\/$/gm, "");
  writeFileSync(join(root, "var/lib/dpkg/info", `${name}.list`), paths);
  return control.replace("\n", "\nStatus: install ok installed\n");
}

function placeNode(folder: string, root: string): void {
  const fetched = join(folder, "node");
  mkdirSync(fetched);
  writeFileSync(join(fetched, "package.json"), "{}");
  run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", NODE], fetched);
  const local = join(root, "usr/local");
  for (const path of ["bin", "lib/node_modules"]) mkdirSync(join(local, path), { recursive: true });
  cpSync(join(fetched, "node_modules/node/bin/node"), join(local, "bin/node"));
  const inner = join(fetched, "node_modules/node/node_modules");
  const built = readdirSync(inner).find((name) => existsSync(join(inner, name, "LICENSE")));
  cpSync(join(inner, built ?? "none", "LICENSE"), join(local, "LICENSE"));
  const npm = join(run("npm", ["root", "--global"]).trim(), "npm");
  cpSync(npm, join(local, "lib/node_modules/npm"), { recursive: true, dereference: true });
  symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", join(local, "bin/npm"));
}

/** What a program printed; what it had to say where it failed. */
function run(command: string, args: readonly string[], cwd?: string): string {
  const env = { ...process.env, LC_ALL: "C" };
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    env,
    ...(cwd === undefined ? {} : { cwd }),
  });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
  return stdout;
}
