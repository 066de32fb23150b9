import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Option, variableOf } from "../src/cli/command.ts";
import { COMMANDS } from "../src/cli/command-list.ts";
import { CATALOGUE } from "../src/diagnostics/catalogue.ts";
import { renderCompact } from "../src/report/compact.ts";
import { acceptedKeys } from "../src/topology/keys.ts";
import { type Checkout, openCheckout } from "./support/checkout.ts";
import { blocksOf, isCommands, runDocument } from "./support/documents.ts";
import { loadText } from "./support/memory-files.ts";
import { needs } from "./support/tools.ts";

const ROOT = join(import.meta.dirname, "..");
const DOCUMENTS = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", ...below("docs", ".md")];
const EXAMPLES = below("examples", ".md");
/** Made of folders with one fault each: what stands in it is meant to be wrong. */
const FAULTS = "docs/diagnostics.md";
/** The ports that documents show; each is exchanged for a free one. */
const PORTS = [5300, 5301];
/** What neither Debian nor npm can give may keep so many blocks from being run. */
const MAX_EXCUSED = 3;

function below(folder: string, extension: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((path) => join(folder, path))
    .filter((path) => path.endsWith(extension))
    .toSorted();
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** The stretches of a document that are set as code: in its lines, and its blocks that are not read by anything else. */
function codeIn(path: string): readonly string[] {
  const text = read(path);
  const blocks = blocksOf(text).flatMap(({ lines }) => lines);
  const prose = text.replaceAll(/^(`{3,})[^`]*?^\1$/gms, "");
  return [...blocks, ...Array.from(prose.matchAll(/`([^`\n]+)`/g), ([, code = ""]) => code)];
}

describe("every command that a document shows", () => {
  let checkout: Checkout;
  beforeAll(async () => {
    checkout = await openCheckout(PORTS);
  }, 120_000);
  afterAll(async () => checkout.close());
  beforeEach(needs("dig", "::1")); // The built-in example listens there too.

  test.each(DOCUMENTS.filter((path) => blocksOf(read(path)).some(isCommands)))(
    "%s: prints what is shown",
    async (path) => {
      expect(await runDocument(ROOT, path, checkout)).toEqual([]);
    },
    120_000,
  );

  test("runs, with few exceptions that say why", () => {
    const excuses = [...DOCUMENTS, ...EXAMPLES].flatMap((path) =>
      blocksOf(read(path)).flatMap(({ excuse }) => (excuse === undefined ? [] : [`${path}: ${excuse}`])),
    );
    expect(excuses.length, excuses.join("\n")).toBeLessThanOrEqual(MAX_EXCUSED);
  });
});

describe("commands, flags and variables", () => {
  const options = new Map<string, Option>();
  beforeAll(async () => {
    for (const command of COMMANDS)
      for (const option of (await command.load()).options) options.set(option.name, option);
  });

  test("the README lists the commands that there are", () => {
    const listed = Array.from(read("README.md").matchAll(/^\| `privlink ([\w-]+)/gm), ([, name]) => name);
    expect(listed).toEqual(COMMANDS.map(({ name }) => name));
  });

  test("every flag is documented, and every documented flag exists", () => {
    const page = read("docs/commands.md");
    const missing = [...options.keys()].filter((name) => !page.includes(`--${name}`));
    expect(missing).toEqual([]);
    const known = new Set([...options.keys(), "help"]);
    const unknown = [...DOCUMENTS, ...EXAMPLES].flatMap((path) =>
      codeIn(path)
        .filter((code) => /^(?:\$ )?(?:npx privlink|privlink|npm start|--)/.test(code))
        .flatMap((code) => Array.from(code.matchAll(/(?<![\w-])--([a-z][a-z-]*)/g), ([, name = ""]) => name))
        .filter((name) => !known.has(name))
        .map((name) => `${path}: --${name}`),
    );
    expect(unknown).toEqual([]);
  });

  test("every variable is documented, and every documented variable exists", () => {
    const variables = [...options.values()].map(variableOf).filter((name) => name !== undefined);
    const documented = [...DOCUMENTS, ...EXAMPLES].flatMap((path) =>
      Array.from(read(path).matchAll(/\bPRIVLINK_[A-Z_]+/g), ([name]) => name),
    );
    expect(new Set(documented)).toEqual(new Set(variables));
  });

  test("every script of npm that is documented exists", () => {
    const manifest: unknown = JSON.parse(read("package.json"));
    const scripts =
      typeof manifest === "object" && manifest !== null && "scripts" in manifest ? Object(manifest.scripts) : {};
    const named = DOCUMENTS.flatMap((path) =>
      codeIn(path).flatMap((code) => Array.from(code.matchAll(/^npm (?:run )?([\w:]+)/g), ([, name = ""]) => name)),
    );
    expect(named.length).toBeGreaterThan(0);
    const itself = new Set(["pack", "install", "ci"]); // What npm does without a script.
    expect(named.filter((name) => !Object.hasOwn(scripts, name) && !itself.has(name))).toEqual([]);
  });
});

describe("keys", () => {
  const objects = [...new Set(acceptedKeys().map(({ object }) => object))];

  test("docs/topology.md has the objects that there are", () => {
    const headings = Array.from(read("docs/topology.md").matchAll(/^### (\w+)$/gm), ([, name]) => name);
    expect(headings).toEqual(objects);
  });

  test.each(objects)("docs/topology.md has every key of %s, and no other", (object) => {
    const [, section = ""] = read("docs/topology.md").split(`\n### ${object}\n`);
    const rows = (section.split("\n### ")[0] ?? "").split("\n").filter((line) => line.startsWith("| `"));
    const expected = acceptedKeys()
      .filter((row) => row.object === object)
      .map(({ key, type, required, default: standard, meaning }) => {
        const otherwise = required === true ? "required" : (standard ?? "none");
        return `| \`${key}\` | ${type.replaceAll("|", "\\|")} | ${otherwise} | ${meaning} |`;
      });
    expect(rows).toEqual(expected);
  });

  test("docs/topology.md shows the built-in example", () => {
    expect(read("docs/topology.md")).toContain(`\`\`\`yaml\n${read("zones/privlink.yaml")}\`\`\`\n`);
  });

  test.each(
    ["README.md"].flatMap((path) =>
      blocksOf(read(path))
        .filter(({ language }) => language === "yaml")
        .map(({ line, lines }) => ({ place: `${path}:${line}`, text: `${lines.join("\n")}\n` })),
    ),
  )("$place is a topology without problems", ({ text }) => {
    const whole = text.startsWith("networks:") ? text : `networks: { hub: , spoke: }\n${text}`;
    expect(loadText(whole).diagnostics.map(renderCompact)).toEqual([]);
  });
});

describe("names that documents use", () => {
  test("codes exist", () => {
    const subjects = new Set(Object.keys(CATALOGUE).map((code) => code.split("/")[0]));
    const unknown = DOCUMENTS.flatMap((path) =>
      codeIn(path)
        .flatMap((code) => Array.from(code.matchAll(/(?<![\w./-])([a-z]+)\/([a-z][a-z0-9-]*)(?![\w./-])/g)))
        .filter(([code, subject]) => subjects.has(subject) && !Object.hasOwn(CATALOGUE, code))
        .filter(() => path !== "docs/architecture.md") // Rooms have files of such names.
        .map(([code]) => `${path}: ${code}`),
    );
    expect(unknown).toEqual([]);
  });

  test("points of docs/semantics.md that comments and tests refer to exist, each once", () => {
    const points = Array.from(read("docs/semantics.md").matchAll(/^\*\*([0-9]+)\. /gm), ([, number]) => number);
    expect(new Set(points).size).toBe(points.length);
    const files = [...below("src", ".ts"), ...below("src", ".md"), ...below("test", ".ts"), ...below("test", ".txt")];
    const unknown = files.flatMap((path) =>
      Array.from(read(path).matchAll(/SEMANTICS((?:,? (?:and )?[0-9]+)+)/g))
        .flatMap(([, numbers = ""]) => numbers.match(/[0-9]+/g) ?? [])
        .filter((number) => !points.includes(number))
        .map((number) => `${path}: SEMANTICS ${number}`),
    );
    expect(unknown).toEqual([]);
  });

  test("the rooms of docs/architecture.md are those of the plan that are built", () => {
    const rooms = Array.from(
      read("docs/architecture.md").matchAll(/^\| ([0-9]+) \| `(\w+)` \| [^|]+ \| ([^|]+) \|$/gm),
      ([, storey, room, opens]) => `${storey} ${room}: ${opens}`,
    );
    const plan = Array.from(
      read("test/architecture.test.ts").matchAll(/storey:\s*([0-9]+),\s*room:\s*"(\w+)",\s*opens:\s*"([^"]*)"/g),
    )
      .filter(([, , room = ""]) => existsSync(join(ROOT, "src", room)))
      .map(([, storey, room, opens]) => `${storey} ${room}: ${opens === "" ? "—" : opens}`);
    expect(plan.length).toBeGreaterThan(0);
    expect(rooms).toEqual(plan);
  });

  test.each([...DOCUMENTS, ...EXAMPLES])("%s links to what is there", (path) => {
    const prose = read(path).replaceAll(/^(`{3,})[^`]*?^\1$/gms, "");
    const broken = Array.from(prose.matchAll(/\]\(([^)\s]+)\)/g), ([, target = ""]) => target)
      .filter((target) => !target.includes("://"))
      .filter((target) => !isThere(path, target));
    expect(broken).toEqual([]);
  });
});

/** Whether a relative link leads to a file, and to a heading in it. */
function isThere(from: string, target: string): boolean {
  const [file = "", anchor] = target.split("#");
  const path = file === "" ? from : normalize(join(dirname(from), file));
  if (!existsSync(join(ROOT, path))) return false;
  if (anchor === undefined) return true;
  const headings = Array.from(read(path).matchAll(/^#+ (.+)$/gm), ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );
  return headings.includes(anchor);
}

test("the page of faults is made of faults alone", () => {
  expect(blocksOf(read(FAULTS)).some(isCommands)).toBe(false);
});
