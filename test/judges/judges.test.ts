import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { PROGRAM } from "../support/server.ts";
import { needs, skipFor } from "../support/tools.ts";

/**
 * The judges of authoritative servers, DNSViz and Zonemaster, on zones below a root of our own: what they find with
 * privlink they find with NSD. `judge.sh` says how; everything happens in network namespaces that end with it.
 */
const WORLD = join(import.meta.dirname, "world");
const TOOLS = ["unshare", "nsd", "dig", "ip", "bash", "dnsviz", "zonemaster-cli"];
const JUDGING_MS = 120_000;

const serve = (config: string): string[] => [process.execPath, PROGRAM, "serve", "-c", join(WORLD, config)];
const SERVERS = [
  { server: "nsd", command: ["nsd"] },
  { server: "privlink", command: serve("privlink.yaml") },
  { server: "a resolver", command: serve("resolver.yaml") },
];

const folder = mkdtempSync(join(tmpdir(), "privlink-judges-"));
const findings = new Map<string, Findings>();

beforeAll(async () => {
  const flags = namespaceFlags();
  if (flags === undefined) return;
  const judged = await Promise.all(
    SERVERS.map(async ({ server, command }) => ({ server, found: await judge(flags, command, server) })),
  );
  for (const { server, found } of judged) if (found !== undefined) findings.set(server, found);
}, JUDGING_MS + 10_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async (context) => {
  await needs(...TOOLS)(context);
  if (namespaceFlags() === undefined) skipFor("this machine gives no network namespace", context);
});

interface Findings {
  /** `judged.example.: errors NOT_AUTHORITATIVE`, `ERROR NAMESERVER01 IS_A_RECURSOR`: sorted, each once. */
  readonly dnsviz: readonly string[];
  readonly zonemaster: readonly string[];
  /** What DNSViz looked at. */
  readonly names: readonly string[];
}

describe("with privlink the judges find nothing that they do not find with NSD", () => {
  test.each(["dnsviz", "zonemaster"] as const)("%s", (judge) => {
    const theirs = foundWith("nsd")[judge];
    expect(foundWith("privlink")[judge].filter((finding) => !theirs.includes(finding))).toEqual([]);
  });

  test("and they have looked", () => {
    const { names, zonemaster } = foundWith("privlink");
    expect(names).toEqual(expect.arrayContaining([".", "example.", "judged.example.", "www.sub.judged.example."]));
    expect(zonemaster.filter((finding) => finding.startsWith("INFO")).length).toBeGreaterThan(30);
  });
});

test("the judges object to a listener that is no authority", () => {
  expect(foundWith("a resolver").dnsviz).toContain("judged.example.: errors SERVER_NOT_AUTHORITATIVE");
  expect(foundWith("a resolver").zonemaster).toContain("ERROR NAMESERVER01 IS_A_RECURSOR");
});

/** What makes `unshare` give a program a network of its own, in which it may do everything; all of it ends with the program. */
function namespaceFlags(): readonly string[] | undefined {
  const flags = ["--net", "--pid", "--fork", "--kill-child"];
  const isPossible = (some: readonly string[]): boolean => spawnSync("unshare", [...some, "true"]).status === 0;
  return [flags, ["--map-root-user", ...flags]].find(isPossible);
}

function foundWith(server: string): Findings {
  const found = findings.get(server);
  if (found === undefined) throw new Error(`nobody judged ${server}`);
  return found;
}

/** Lets the judges look at a server; `undefined` where a judge is missing. */
async function judge(
  flags: readonly string[],
  command: readonly string[],
  name: string,
): Promise<Findings | undefined> {
  const out = mkdtempSync(join(folder, `${name.replaceAll(" ", "-")}-`));
  const script = join(import.meta.dirname, "judge.sh");
  const said = await runToEnd("unshare", [...flags, "bash", script, out, ...command]);
  try {
    const [dnsviz, zonemaster] = ["dnsviz.json", "zonemaster.json"].map((file) => read(join(out, file)));
    return { dnsviz: dnsvizFindings(dnsviz), zonemaster: zonemasterFindings(zonemaster), names: keysOf(dnsviz) };
  } catch (error) {
    if (process.env["CI"] === "true") throw new Error(`no judgement of ${name}: ${said}`, { cause: error });
    return undefined;
  }
}

function runToEnd(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"] ?? "", HOME: folder, LC_ALL: "C" },
      timeout: JUDGING_MS,
      killSignal: "SIGKILL",
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
    child.on("error", (error) => resolve(error.message));
    child.on("close", () => resolve(said));
  });
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** Errors and warnings of DNSViz hang on everything that it looks at; which of the random names it was does not matter. */
function dnsvizFindings(report: unknown): string[] {
  const found = new Set<string>();
  const visit = (value: unknown, zone: string): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, zone);
    if (!isRecord(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === "errors" || key === "warnings")
        for (const one of listOf(inner)) found.add(`${zone}: ${key} ${String(one["code"])}`);
      else visit(inner, zone === "" ? key : zone);
    }
  };
  visit(report, "");
  return [...found].sort();
}

function zonemasterFindings(report: unknown): string[] {
  return [
    ...new Set(listOf(report).map(({ level, testcase, tag }) => `${String(level)} ${String(testcase)} ${String(tag)}`)),
  ].sort();
}

function keysOf(report: unknown): string[] {
  return isRecord(report) ? Object.keys(report) : [];
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
