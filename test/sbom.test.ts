import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";

const execute = promisify(execFile);
const ROOT = join(import.meta.dirname, "..");

interface Locked {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** A component of either form: what it is, and under which licence. */
interface Component {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly digests: number;
}

const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
  readFileSync(join(ROOT, "package-lock.json"), "utf8"),
);

/** What is reached from the dependencies of privlink, as Node finds them: walked here, not taken from a mark in the lockfile. */
function reached(): string[] {
  const found = new Map<string, string>();
  const walk = (path: string): void => {
    for (const name of Object.keys(lock.packages[path]?.dependencies ?? {})) {
      const place = placeOf(name, path);
      if (found.has(place)) continue;
      found.set(place, `${name} ${lock.packages[place]?.version}`);
      walk(place);
    }
  };
  walk("");
  return [...found.values()].toSorted();
}

function placeOf(name: string, from: string): string {
  const here = `${from === "" ? "" : `${from}/`}node_modules/${name}`;
  if (lock.packages[here] !== undefined || from === "") return here;
  return placeOf(name, from.slice(0, Math.max(0, from.lastIndexOf("/node_modules/"))));
}

async function billText(format: string): Promise<string> {
  const env = { ...process.env, SOURCE_DATE_EPOCH: "1700000000" };
  const { stdout } = await execute(process.execPath, ["scripts/sbom.mjs", format], { cwd: ROOT, env });
  return stdout;
}

function componentsOf(format: string, text: string): Component[] {
  if (format === "spdx") {
    const { packages }: { readonly packages: readonly SpdxPackage[] } = JSON.parse(text);
    return packages.slice(1).map(({ name, versionInfo, licenseDeclared, checksums = [] }) => ({
      name,
      version: versionInfo,
      license: licenseDeclared,
      digests: checksums.length,
    }));
  }
  const { components }: { readonly components: readonly CycloneComponent[] } = JSON.parse(text);
  return components.map(({ name, version, licenses = [], hashes = [] }) => ({
    name,
    version,
    license: licenses.map(({ license, expression }) => license?.id ?? expression ?? "").join(" "),
    digests: hashes.length,
  }));
}

interface SpdxPackage {
  readonly name: string;
  readonly versionInfo: string;
  readonly licenseDeclared: string;
  readonly checksums?: readonly unknown[];
}

interface CycloneComponent {
  readonly name: string;
  readonly version: string;
  readonly licenses?: readonly { readonly license?: { readonly id: string }; readonly expression?: string }[];
  readonly hashes?: readonly unknown[];
}

describe.each(["cyclonedx", "spdx"])("the bill of materials as %s", (format) => {
  let text = "";
  let again = "";
  beforeAll(async () => {
    [text, again] = await Promise.all([billText(format), billText(format)]);
  }, 60_000);

  test("has every package that privlink reaches at run time, and no other", () => {
    const listed = componentsOf(format, text).map(({ name, version }) => `${name} ${version}`);
    expect(reached().length).toBeGreaterThan(10);
    expect(listed.toSorted()).toEqual(reached());
  });

  test("has a licence and a digest of each", () => {
    const without = componentsOf(format, text).filter(
      ({ license, digests }) =>
        digests === 0 || !/^[\w.-]+(?: (?:AND|OR) [\w.-]+)*$/.test(license) || license === "NOASSERTION",
    );
    expect(without).toEqual([]);
  });

  test("names nothing that is for development", () => {
    const manifest: { readonly devDependencies: Readonly<Record<string, string>> } = JSON.parse(
      readFileSync(join(ROOT, "package.json"), "utf8"),
    );
    expect(text).toContain("pino@");
    for (const name of Object.keys(manifest.devDependencies)) expect(text).not.toContain(`"${name}@`);
  });

  test("is the same each time", () => {
    expect(again).toBe(text);
    expect(text).toContain("2023-11-14T22:13:20");
  });
});

test("a form that there is not is told", async () => {
  await expect(execute(process.execPath, ["scripts/sbom.mjs", "xml"], { cwd: ROOT })).rejects.toThrow(
    "xml is no form of a bill: write cyclonedx or spdx",
  );
});
