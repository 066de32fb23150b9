// `node deploy/image/assemble.mjs FOLDER`: lays out the root of the image in FOLDER. Run by the Containerfile, in a clone that is
// built, on the image that Node and its libraries are taken from: what runs this file is what the image gets. Nothing is named
// by architecture. What is missing, a licence for one, ends the build.
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { billOf, withComponents } from "../../scripts/sbom.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const image = process.argv[2] ?? fail("name the folder to lay the image out in");
const NODE = "/usr/bin/node";
const PROGRAM = "/usr/lib/privlink";
const LICENSES = "/usr/share/licenses";
/** Nobody in particular, as in other images that have no shell. */
const USER = 65532;
const EPOCH = process.env["SOURCE_DATE_EPOCH"] || "0";

/** Of a package, what runs: no declarations, maps, tests and texts. */
const CODE = new Set([".js", ".mjs", ".cjs", ".json", ".wasm"]);
const NO_CODE = new Set(["node_modules", "test", "tests", "examples", "benchmarks", "docs"]);
const LICENSE = /^(?:licen[cs]e|copying|notice)/i;

const packages = runTimePackages();
placeProgram();
placeNode();
const owners = placeLibraries();
placeUser();
write("/usr/share/privlink/sbom.cdx.json", `${JSON.stringify(billOfImage(), undefined, 2)}\n`);
settleTimes();

/** Folders of the packages that the lockfile has for run time. */
function runTimePackages() {
  const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  return Object.entries(lock.packages).flatMap(([path, { dev }]) => (path === "" || dev === true ? [] : [path]));
}

function placeProgram() {
  for (const path of ["package.json", "dist/program", "zones"]) copy(join(ROOT, path), `${PROGRAM}/${path}`);
  copy(join(ROOT, "LICENSE"), `${LICENSES}/privlink/LICENSE`);
  for (const path of packages) placePackage(path);
  write("/usr/bin/privlink", `#!${NODE}\nimport("${PROGRAM}/dist/program/main.js");\n`, 0o755);
}

function placePackage(path) {
  const folder = join(ROOT, path);
  cpSync(folder, at(`${PROGRAM}/${path}`), {
    recursive: true,
    filter: (from) => {
      if (from === folder) return true;
      if (!statSync(from).isDirectory()) return CODE.has(extname(from));
      return !basename(from).startsWith(".") && !NO_CODE.has(from.slice(folder.length + 1));
    },
  });
  const licenses = readdirSync(folder).filter((name) => LICENSE.test(name));
  if (licenses.length === 0) fail(`${path} has no licence in it`);
  for (const name of licenses) copy(join(folder, name), `${LICENSES}/${path.replace(/^node_modules\//, "")}/${name}`);
}

/** Symbols that only debuggers read are a tenth of Node: they stay behind. */
function placeNode() {
  copy(realpathSync(process.execPath), NODE);
  run("strip", [at(NODE)]);
  chmodSync(at(NODE), 0o755);
  const beside = dirname(dirname(realpathSync(process.execPath)));
  const places = [join(beside, "LICENSE"), "/usr/share/doc/nodejs/LICENSE", "/usr/share/doc/nodejs/copyright"];
  const license = places.find((path) => existsSync(path));
  if (license === undefined) fail(`no licence of Node at ${places.join(", ")}`);
  copy(license, `${LICENSES}/node/LICENSE`);
}

/** The libraries that the loader takes for Node, where it looks for them, and the licences of their packages. Gives the packages. */
function placeLibraries() {
  // What ldd does, without the shell that it needs.
  const trace = run(process.execPath, [], { LD_TRACE_LOADED_OBJECTS: "1" });
  const libraries = [...trace.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)].map(([, path]) => path);
  if (libraries.length === 0) fail(`no libraries of ${process.execPath} were found in:\n${trace}`);
  for (const path of libraries) copy(realpathSync(path), path);
  copy(realpathSync("/etc/os-release"), "/etc/os-release");
  const owners = [...new Set(libraries.map(ownerOf))].toSorted((a, b) => (a < b ? -1 : 1));
  for (const owner of owners) {
    const [name] = owner.split(":");
    copy(realpathSync(`/usr/share/doc/${name}/copyright`), `${LICENSES}/debian/${name}/copyright`);
    // Where scanners look for the packages of an image that has no dpkg.
    write(`/var/lib/dpkg/status.d/${name}`, run("dpkg-query", ["--status", owner]));
  }
  return owners;
}

/** The Debian package that a library is of. Since /lib is a link to /usr/lib either may be in the books. */
function ownerOf(path) {
  for (const name of [path, `/usr${path}`, realpathSync(path), realpathSync(path).replace(/^\/usr/, "")]) {
    const { status, stdout } = spawnSync("dpkg-query", ["--search", name], { encoding: "utf8" });
    if (status === 0) return stdout.slice(0, stdout.indexOf(": "));
  }
  return fail(`no Debian package has ${path}: take an image of Debian with Node as BASE`);
}

function placeUser() {
  write("/etc/passwd", `root:x:0:0:root:/:/nonexistent\nprivlink:x:${USER}:${USER}:privlink:/config:/nonexistent\n`);
  write("/etc/group", `root:x:0:\nprivlink:x:${USER}:\n`);
  mkdirSync(at("/config"), { recursive: true }); // Where nothing is mounted, that is told: it is empty.
}

/** The packages of npm, Node, and the packages of Debian that libraries were taken of. */
function billOfImage() {
  const node = {
    "bom-ref": `node@${process.versions.node}`,
    type: "platform",
    name: "node",
    version: process.versions.node,
    purl: `pkg:generic/node@${process.versions.node}`,
    licenses: [{ license: { name: "Node.js", url: `file://${LICENSES}/node/LICENSE` } }],
  };
  const debian = owners.map((owner) => {
    const [name, version, architecture] = run("dpkg-query", [
      "--show",
      "--showformat=${Package} ${Version} ${Architecture}",
      owner,
    ]).split(" ");
    return {
      "bom-ref": `${name}@${version}`,
      type: "library",
      name,
      version,
      purl: `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}`,
      licenses: [{ license: { name: "Debian", url: `file://${LICENSES}/debian/${name}/copyright` } }],
    };
  });
  return withComponents(billOf("cyclonedx", { epoch: EPOCH }), [node, ...debian]);
}

/** Whenever it is laid out, everything in it is as old as what it was made of. */
function settleTimes() {
  const time = Number(EPOCH);
  for (const path of [".", ...readdirSync(image, { recursive: true })]) lutimesSync(join(image, path), time, time);
}

function at(path) {
  return join(image, path);
}

function copy(from, to) {
  mkdirSync(dirname(at(to)), { recursive: true });
  cpSync(from, at(to), { recursive: true });
}

function write(path, text, mode = 0o644) {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
  chmodSync(at(path), mode);
}

function run(command, args, env = {}) {
  return execFileSync(command, args, { encoding: "utf8", env: { ...process.env, ...env } });
}

function fail(text) {
  process.stderr.write(`assemble: ${text}\n`);
  process.exit(1);
}
