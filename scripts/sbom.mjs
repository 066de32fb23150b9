// `npm run sbom -- [cyclonedx|spdx]`: the software bill of materials of what a user installs, on standard output: privlink and the
// packages that the lockfile has for run time. The same lockfile gives the same octets: where `npm sbom` puts chance in, a digest
// of the rest stands; the time is SOURCE_DATE_EPOCH, else now.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FORMATS = ["cyclonedx", "spdx"];

/**
 * The bill as npm makes it of the lockfile alone, whatever is installed; without chance, and under the name of the package. What
 * is for development is left out here: `--omit dev` leaves out more, packages that something for development may use as well.
 */
export function billOf(format, { epoch = process.env["SOURCE_DATE_EPOCH"] } = {}) {
  const args = ["sbom", "--sbom-format", format, "--sbom-type", "application", "--package-lock-only"];
  const { status, stdout, stderr, error } = spawnSync(process.platform === "win32" ? "npm.cmd" : "npm", args, {
    cwd: ROOT,
    encoding: "utf8",
    shell: process.platform === "win32",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`npm ${args.join(" ")} did not work: ${error?.message ?? stderr}`);
  const bill = JSON.parse(stdout);
  const time = (epoch === undefined ? new Date() : new Date(Number(epoch) * 1000)).toISOString();
  return format === "spdx" ? settledSpdx(bill, time) : settledCycloneDx(bill, time);
}

/** `name@version` of privlink and of every package that the lockfile has for run time. */
function runTimePackages() {
  const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  const entries = Object.entries(lock.packages).filter(([, { dev }]) => dev !== true);
  return new Set(
    entries.map(([path, { name, version }]) => `${name ?? path.replace(/^.*node_modules\//, "")}@${version}`),
  );
}

/** A CycloneDX bill with more components in it: what an image has beside its packages. */
export function withComponents(bill, components) {
  return numbered({ ...bill, components: [...bill.components, ...components] });
}

function settledCycloneDx(bill, timestamp) {
  // npm calls the package by the folder that it lies in.
  const component = { ...bill.metadata.component, name: "privlink" };
  const kept = runTimePackages();
  const components = bill.components.filter((one) => kept.has(one["bom-ref"]));
  const dependencies = bill.dependencies.flatMap(({ ref, dependsOn }) =>
    kept.has(ref) ? [{ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) }] : [],
  );
  return numbered({ ...bill, metadata: { ...bill.metadata, timestamp, component }, components, dependencies });
}

function settledSpdx(bill, created) {
  const kept = runTimePackages();
  const packages = bill.packages.filter(({ name, versionInfo }) => kept.has(`${name}@${versionInfo}`));
  const ids = new Set(["SPDXRef-DOCUMENT", ...packages.map(({ SPDXID }) => SPDXID)]);
  const relationships = bill.relationships.filter(
    ({ spdxElementId, relatedSpdxElement }) => ids.has(spdxElementId) && ids.has(relatedSpdxElement),
  );
  const creationInfo = { ...bill.creationInfo, created };
  const rest = { ...bill, documentNamespace: "", creationInfo, packages, relationships };
  const [name] = bill.documentNamespace.split(/-[0-9a-f]{8}-/);
  return { ...rest, documentNamespace: `${name}-${uuidOf(rest)}` };
}

function numbered(bill) {
  return { ...bill, serialNumber: `urn:uuid:${uuidOf({ ...bill, serialNumber: "" })}` };
}

/** A UUID of version 8 (RFC 9562 §5.8): a digest of the contents. */
function uuidOf(value) {
  const hex = createHash("sha256").update(JSON.stringify(value)).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const format = process.argv[2] ?? "cyclonedx";
  if (FORMATS.includes(format)) process.stdout.write(`${JSON.stringify(billOf(format), undefined, 2)}\n`);
  else {
    process.stderr.write(`${format} is no form of a bill: write ${FORMATS.join(" or ")}\n`);
    process.exitCode = 1;
  }
}
