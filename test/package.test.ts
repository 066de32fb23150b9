import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { hasBatchedDatagrams } from "../src/serve/batched-datagrams.ts";

const ROOT = join(import.meta.dirname, "..");

/** What the package is made of, by meaning: a file of it that fits no line is one too many. */
const CONTENTS: readonly { readonly what: string; readonly fits: RegExp; readonly atLeast: number }[] = [
  {
    what: "the program: one file for each command, and what they share",
    fits: /^dist\/program\/[\w-]+\.js$/,
    atLeast: 40,
  },
  {
    what: "the add-on, where it was built, and what it is made of",
    fits: /^dist\/program\/datagrams-[\w-]+\.node$|^native\/(?:README\.md|datagrams\.c)$/,
    atLeast: hasBatchedDatagrams() ? 3 : 2,
  },
  { what: "the types of the library", fits: /^dist\/library\/privlink\.d\.ts$/, atLeast: 1 },
  { what: "the manual page", fits: /^dist\/man\/privlink\.1$/, atLeast: 1 },
  { what: "the built-in example", fits: /^zones\/(?:[\w.-]+\/)*[\w.-]+\.(?:yaml|zone)$/, atLeast: 2 },
  {
    what: "examples",
    fits: /^examples\/[\w-]+\/(?:[\w.-]+\/)*[\w.-]+\.(?:md|yaml|zone|json|mjs|sh|svg)$/,
    atLeast: 10,
  },
  { what: "documents and their pictures", fits: /^docs\/(?:[\w-]+\/)*[\w.-]+\.(?:md|svg|json|yaml)$/, atLeast: 20 },
  { what: "papers", fits: /^(?:README|CHANGELOG|CONTRIBUTING|SECURITY|THIRD-PARTY)\.md$|^LICENSE$/, atLeast: 6 },
  { what: "the manifest", fits: /^package\.json$/, atLeast: 1 },
];
/** Octets of the package once unpacked: over it, something is in it that nobody meant. */
const MAX_UNPACKED = 5_000_000;

interface LockEntry {
  readonly integrity?: unknown;
  readonly resolved?: unknown;
  readonly link?: unknown;
  readonly license?: unknown;
  readonly dev?: unknown;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, path), "utf8"));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function field(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

/** The packages of the lockfile, but the project itself. */
const LOCKED: readonly (readonly [string, LockEntry])[] = Object.entries(
  Object(field(readJson("package-lock.json"), "packages")),
).flatMap(([path, entry]) => (path !== "" && isObject(entry) ? [[path, entry] as const] : []));

describe("what npm packs", () => {
  let packed: readonly string[] = [];
  let unpackedSize = 0;
  beforeAll(() => {
    const { stdout } = spawnSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    const report: unknown = JSON.parse(stdout);
    const [one] = Array.isArray(report) ? report : [];
    const files = field(one, "files");
    packed = Array.isArray(files) ? files.map((file) => String(field(file, "path"))) : [];
    unpackedSize = Number(field(one, "unpackedSize"));
  }, 60_000);

  test.each(CONTENTS)("holds $what", ({ fits, atLeast }) => {
    expect(packed.filter((path) => fits.test(path)).length).toBeGreaterThanOrEqual(atLeast);
  });

  test("holds nothing else, and no more octets than it should", () => {
    expect(packed.filter((path) => !CONTENTS.some(({ fits }) => fits.test(path)))).toEqual([]);
    expect(unpackedSize).toBeLessThan(MAX_UNPACKED);
  });

  test("holds what its documents link to", () => {
    const there = new Set(packed.flatMap((path) => [path, ...foldersOf(path)]));
    const documents = packed.filter((path) => path.endsWith(".md"));
    const broken = documents.flatMap((path) => {
      const prose = readFileSync(join(ROOT, path), "utf8").replaceAll(/^(`{3,})[^`]*?^\1$/gms, "");
      return Array.from(prose.matchAll(/\]\(([^)\s#]+)/g), ([, target = ""]) => target)
        .filter((target) => !target.includes("://"))
        .filter((target) => !there.has(normalize(join(dirname(path), target)).replace(/\/$/, "")))
        .map((target) => `${path}: ${target}`);
    });
    expect(broken.filter((one) => !ONLY_IN_A_CLONE.test(one))).toEqual([]);
  });

  test("holds nothing that others wrote: what the program needs of them is installed beside it", () => {
    const borrowed = packed
      .filter((path) => path.endsWith(".js"))
      .filter((path) => /^\/\/#region node_modules\//m.test(readFileSync(join(ROOT, path), "utf8")));
    expect(borrowed).toEqual([]);
  });

  test("declares types that need no other file", () => {
    const types = readFileSync(join(ROOT, "dist/library/privlink.d.ts"), "utf8");
    expect(types).toContain("export declare function startServer(");
    expect(types).not.toMatch(/^import |\bimport\(|\bfrom "|reference types/m);
  });
});

/** Links of architecture and contribution into the sources and tests, which a package has not. */
const ONLY_IN_A_CLONE = /: (?:\.\.\/)*(?:src|test|bench|scripts|deploy)\//;

function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join("/"));
}

describe("the lockfile", () => {
  test("says of every package what it must hash to, and names no place to get it from", () => {
    expect(LOCKED.length).toBeGreaterThan(50);
    const unproven = LOCKED.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(String(integrity)));
    expect(unproven.map(([path]) => path)).toEqual([]);
    const placed = LOCKED.filter(([, { resolved, link }]) => resolved !== undefined || link !== undefined);
    expect(placed.map(([path]) => path)).toEqual([]);
  });

  test("pins what package.json asks for", () => {
    const manifest = readJson("package.json");
    for (const kind of ["dependencies", "devDependencies"] as const)
      for (const [name, version] of Object.entries(Object(field(manifest, kind)))) {
        expect(String(version), name).toMatch(/^\d+\.\d+\.\d+$/);
        expect(field(Object.fromEntries(LOCKED)[`node_modules/${name}`], "version"), name).toBe(version);
      }
  });

  test("has run-time packages under licences that ask for nothing but their text", () => {
    const runtime = LOCKED.filter(([, { dev }]) => dev !== true);
    expect(runtime.length).toBeGreaterThan(5);
    const others = runtime.filter(([, { license }]) => !["MIT", "ISC", "Apache-2.0"].includes(String(license)));
    expect(others.map(([path]) => path)).toEqual([]);
  });

  test("THIRD-PARTY.md tells of them, with their texts", () => {
    const { status, stderr } = spawnSync(process.execPath, ["scripts/third-party.mjs", "--check"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });

  test("no package of run time runs a script when it is installed", () => {
    const scripted = LOCKED.filter(([, { dev }]) => dev !== true).filter(([path]) => {
      const scripts = field(readJson(join(path, "package.json")), "scripts");
      return ["preinstall", "install", "postinstall"].some((name) => field(scripts, name) !== undefined);
    });
    expect(scripted.map(([path]) => path)).toEqual([]);
  });
});

test("what the package exports is there", () => {
  const manifest = readJson("package.json");
  const targets = [
    ...stringsIn(field(manifest, "exports")),
    field(manifest, "types"),
    ...stringsIn(field(manifest, "man")),
    ...stringsIn(field(manifest, "bin")),
  ];
  expect(targets.length).toBeGreaterThan(4);
  expect(targets.filter((target) => !existsSync(join(ROOT, String(target))))).toEqual([]);
  expect(readdirSync(join(ROOT, "dist", "program"))).toContain("library.js");
});

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return isObject(value) ? Object.values(value).flatMap(stringsIn) : [];
}
