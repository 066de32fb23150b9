import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { importsOf, linesMatching } from "./read-source.ts";

/**
 * The house plan: every room of `src/`, its storey, and the rooms that it may open; `*` means types only. A new arrow is a
 * reviewed line here.
 */
const PLAN: readonly { readonly room: string; readonly storey: number; readonly opens: string }[] = [
  { storey: 0, room: "name", opens: "" },
  { storey: 0, room: "net", opens: "" },
  { storey: 0, room: "source", opens: "" },
  { storey: 1, room: "octets", opens: "name" },
  { storey: 1, room: "diagnostics", opens: "name source" },
  { storey: 2, room: "record", opens: "name net octets source*" },
  { storey: 2, room: "transport", opens: "net octets" },
  { storey: 2, room: "catalogue", opens: "name net" },
  { storey: 3, room: "message", opens: "name net octets record" },
  { storey: 3, room: "zonefile", opens: "name record source diagnostics" },
  { storey: 3, room: "zone", opens: "name record source diagnostics" },
  { storey: 3, room: "topology", opens: "name net record catalogue source diagnostics" },
  { storey: 4, room: "platform", opens: "name net record catalogue topology source diagnostics" },
  { storey: 5, room: "snapshot", opens: "name net record catalogue zone topology platform source diagnostics" },
  { storey: 6, room: "resolve", opens: "name net record zone snapshot topology* source*" },
  { storey: 7, room: "explain", opens: "name net record source topology snapshot resolve" },
  { storey: 7, room: "client", opens: "name net octets record message transport" },
  { storey: 8, room: "reply", opens: "name net record message zone snapshot resolve explain" },
  { storey: 9, room: "forward", opens: "name net record message transport client snapshot resolve topology*" },
  { storey: 9, room: "serve", opens: "name net octets record message transport snapshot resolve reply" },
  { storey: 9, room: "lint", opens: "every pure room below" },
  { storey: 9, room: "expect", opens: "every pure room below" },
  { storey: 9, room: "diff", opens: "every pure room below" },
  { storey: 9, room: "exchange", opens: "every pure room below" },
  { storey: 9, room: "graph", opens: "every pure room below" },
  { storey: 9, room: "doctor", opens: "" },
  { storey: 9, room: "lab", opens: "every pure room below" },
  { storey: 10, room: "report", opens: "source diagnostics explain expect*" },
  {
    storey: 10,
    room: "project",
    opens: "name net source diagnostics record catalogue zonefile zone topology platform snapshot resolve diff",
  },
  { storey: 10, room: "control", opens: "name net" },
  { storey: 10, room: "observe", opens: "name net* record serve* forward* resolve message" },
  { storey: 11, room: "app", opens: "every room below" },
  { storey: 12, room: "cli", opens: "every room below" },
  { storey: 12, room: "library", opens: "every room below" },
];

/** Rooms of the query flow: they speak in outcomes and rcodes, never in diagnostics. */
const NEVER_DIAGNOSTICS = words("octets message transport resolve explain reply client forward serve");

/** Rooms where files, sockets, clock and randomness live; all others are handed what they need of them. */
const TOUCHES_THE_WORLD = words("client forward serve project observe app control cli library");

/** Rooms that resolve and do not look up. */
const NEVER_LOOKS_UP = words("lint expect");

const WORLD_MODULES = words(
  "fs fs/promises net dgram tls http https http2 dns dns/promises child_process worker_threads cluster process os " +
    "timers timers/promises perf_hooks readline readline/promises tty inspector crypto",
);
/** What a pure room may take of them: functions of their arguments alone. */
const PURE_NAMES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["net/node:net", words("isIP isIPv4 isIPv6")],
  ["*/node:crypto", words("createHash hash")],
]);
const WORLD_GLOBALS =
  /(?<![.\w$])(?:process\s*(?:\?\.|[.[])|globalThis\b|Date\s*\.\s*now\b|new\s+Date\s*\(\s*\)|Math\s*\.\s*random\b|performance\s*\.|crypto\s*\.|console\s*\.|fetch\s*\(|set(?:Timeout|Interval|Immediate)\s*\()/g;

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" ").filter((word) => word !== ""));
}

/** The rooms that `room` may open: `all` for everything, `types` for types only. */
function opens(room: string): { readonly all: ReadonlySet<string>; readonly types: ReadonlySet<string> } {
  const own = PLAN.find((one) => one.room === room);
  const below = PLAN.filter((one) => own !== undefined && one.storey < own.storey).map((one) => one.room);
  if (own?.opens === "every room below") return { all: new Set(below), types: new Set() };
  if (own?.opens === "every pure room below") {
    return { all: new Set(below.filter((one) => !TOUCHES_THE_WORLD.has(one))), types: new Set() };
  }
  const listed = [...words(own?.opens ?? "")];
  return {
    all: new Set(listed.filter((one) => !one.endsWith("*"))),
    types: new Set(listed.filter((one) => one.endsWith("*")).map((one) => one.slice(0, -1))),
  };
}

/** What a file, `room/file.ts`, does against the plan: one sentence each, with its line. */
function crossings(path: string, text: string): string[] {
  const [room = ""] = path.split("/");
  const found: string[] = [];
  for (const { specifier, typesOnly, names, line } of importsOf(text)) {
    const say = (what: string): void => {
      found.push(`src/${path}:${line} ${what}`);
    };
    if (specifier.startsWith(".")) {
      const target = new URL(specifier, `file:///${path}`).pathname.slice(1);
      const [other = ""] = target.split("/");
      const { all, types } = opens(room);
      if (NEVER_LOOKS_UP.has(room) && /^(?:zone\/lookup|net\/prefix-map)\.ts$/.test(target))
        say(`looks up with ${target}`);
      if (other === room) continue;
      if (!all.has(other) && !(types.has(other) && typesOnly)) {
        say(types.has(other) ? `opens ${other} for more than types` : `opens ${other}`);
      }
      if (/(?:^|\/)_[^/]*$/.test(target)) say(`opens ${target}, which is private`);
      if (NEVER_DIAGNOSTICS.has(room) && other === "diagnostics") say("speaks in diagnostics");
      continue;
    }
    const module = specifier.replace(/^node:/, "");
    if (TOUCHES_THE_WORLD.has(room) || !WORLD_MODULES.has(module)) continue;
    const pure = PURE_NAMES.get(`${room}/node:${module}`) ?? PURE_NAMES.get(`*/node:${module}`);
    if (names.length === 0 || !names.every((name) => pure?.has(name))) say(`touches the world with node:${module}`);
  }
  if (!TOUCHES_THE_WORLD.has(room)) {
    for (const { line, match } of linesMatching(text, WORLD_GLOBALS)) {
      found.push(`src/${path}:${line} touches the world with ${match}`);
    }
  }
  return found;
}

const SOURCE = fileURLToPath(new URL("../src/", import.meta.url));

/** Files of `src/` that are no tests, by path inside it. */
const FILES = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
  .toSorted();
const ROOMS = [...new Set(FILES.filter((path) => path.includes("/")).map((path) => path.split("/")[0] ?? ""))];

describe("the plan itself", () => {
  test.each(PLAN)("$room opens rooms on lower storeys only", ({ room, storey }) => {
    const { all, types } = opens(room);
    for (const other of [...all, ...types]) {
      const target = PLAN.find((one) => one.room === other);
      expect(target, `${other} is a room`).toBeDefined();
      expect(target?.storey, other).toBeLessThan(storey);
    }
  });

  test("has each room once, and each room of every rule", () => {
    const rooms = PLAN.map(({ room }) => room);
    expect(new Set(rooms).size).toBe(rooms.length);
    for (const room of [...NEVER_DIAGNOSTICS, ...TOUCHES_THE_WORLD, ...NEVER_LOOKS_UP]) expect(rooms).toContain(room);
    for (const room of NEVER_DIAGNOSTICS)
      expect([...opens(room).all, ...opens(room).types]).not.toContain("diagnostics");
  });

  test.each([
    {
      path: "octets/x.ts",
      text: 'import { a } from "../name/domain-name.ts";',
      says: "",
      because: "the plan lists it",
    },
    {
      path: "octets/x.ts",
      text: 'import { a } from "../net/cidr.ts";',
      says: "opens net",
      because: "it is not listed",
    },
    { path: "name/x.ts", text: 'export * from "../zone/zone.ts";', says: "opens zone", because: "that is up" },
    {
      path: "zone/x.ts",
      text: 'import a from "../zonefile/a.ts";',
      says: "opens zonefile",
      because: "that is sideways",
    },
    { path: "record/x.ts", text: 'import type { S } from "../source/s.ts";', says: "", because: "types are allowed" },
    {
      path: "record/x.ts",
      text: 'import { type S, type T } from "../source/s.ts";',
      says: "",
      because: "all are types",
    },
    {
      path: "record/x.ts",
      text: 'import {\n  type S,\n  t,\n} from "../source/s.ts";',
      says: "opens source for more than types",
      because: "one is a value",
    },
    { path: "record/rdata/x.ts", text: 'import { a } from "../../octets/a.ts";', says: "", because: "folders nest" },
    {
      path: "record/rdata/x.ts",
      text: 'import { a } from "../../zone/a.ts";',
      says: "opens zone",
      because: "nested or not",
    },
    { path: "zone/x.ts", text: 'import { a } from "./_a.ts";', says: "", because: "it is private to this room" },
    {
      path: "snapshot/x.ts",
      text: 'import { a } from "../zone/_a.ts";',
      says: "opens zone/_a.ts, which is private",
      because: "it is private to another",
    },
    {
      path: "name/x.ts",
      text: 'const a = await import("../zone/a.ts");',
      says: "opens zone",
      because: "late is no excuse",
    },
    { path: "name/x.ts", text: '// import { a } from "../zone/a.ts";\n', says: "", because: "a comment opens nothing" },
    { path: "name/x.ts", text: '/*\nimport { a } from "../zone/a.ts";\n*/', says: "", because: "nor does a long one" },
    {
      path: "name/x.ts",
      text: 'import { readFileSync } from "node:fs";',
      says: "touches the world with node:fs",
      because: "files are the world",
    },
    {
      path: "project/x.ts",
      text: 'import { readFileSync } from "node:fs";',
      says: "",
      because: "this room reads files",
    },
    {
      path: "net/x.ts",
      text: 'import { isIP } from "node:net";',
      says: "",
      because: "isIP is a function of its argument",
    },
    {
      path: "net/x.ts",
      text: 'import { isIP, Socket } from "node:net";',
      says: "touches the world with node:net",
      because: "a socket is not",
    },
    {
      path: "record/x.ts",
      text: 'import { isIP } from "node:net";',
      says: "touches the world with node:net",
      because: "only net may",
    },
    { path: "platform/x.ts", text: 'import { createHash } from "node:crypto";', says: "", because: "a digest is pure" },
    {
      path: "platform/x.ts",
      text: 'import { randomInt } from "node:crypto";',
      says: "touches the world with node:crypto",
      because: "chance is not",
    },
    {
      path: "name/x.ts",
      text: "const now = Date.now();",
      says: "touches the world with Date.now",
      because: "the clock is the world",
    },
    {
      path: "name/x.ts",
      text: "const x = `${Math.random()}`;",
      says: "touches the world with Math.random",
      because: "templates hold code",
    },
    {
      path: "name/x.ts",
      text: "exit(process.exitCode);",
      says: "touches the world with process.",
      because: "so is the process",
    },
    { path: "name/x.ts", text: 'const x = "process.env"; // Date.now()', says: "", because: "text is no code" },
    {
      path: "name/x.ts",
      text: 'const quote = /["`]/; const x = "Date.now";',
      says: "",
      because: "a regular expression holds quotes",
    },
    {
      path: "name/x.ts",
      text: 'return /"/.test(Date.now());',
      says: "touches the world with Date.now",
      because: "behind return stands an expression",
    },
    {
      path: "name/x.ts",
      text: "const half = a / b; Date.now(); const c = d / e;",
      says: "touches the world with Date.now",
      because: "a division is none",
    },
    {
      path: "name/x.ts",
      text: "const x = this.process.id + a.crypto.b;",
      says: "",
      because: "a property may be called so",
    },
    {
      path: "lint/x.ts",
      text: 'import { lookup } from "../zone/lookup.ts";',
      says: "looks up with zone/lookup.ts",
      because: "lint resolves",
    },
  ])("$path with $text: $says, because $because", ({ path, text, says }) => {
    expect(
      crossings(path, text)
        .map((sentence) => sentence.replace(/^\S+ /, ""))
        .join("; "),
    ).toBe(says);
  });
});

describe("the house as it is built", () => {
  test("has rooms only where the plan has them, and no file outside a room", () => {
    expect(FILES.length).toBeGreaterThan(0);
    expect(FILES.filter((path) => !path.includes("/"))).toEqual([]);
    expect(ROOMS.filter((room) => !PLAN.some((one) => one.room === room))).toEqual([]);
  });

  test.each(ROOMS)("%s keeps to the plan", (room) => {
    const files = FILES.filter((path) => path.startsWith(`${room}/`));
    expect(files.flatMap((path) => crossings(path, readFileSync(SOURCE + path, "utf8")))).toEqual([]);
  });

  test.each(ROOMS)("%s says in a README.md what it is for", (room) => {
    expect(existsSync(`${SOURCE}${room}/README.md`)).toBe(true);
  });

  test("has no barrels", () => {
    expect(FILES.filter((path) => /(?:^|\/)(?:index|types|helpers|utils)\.ts$/.test(path))).toEqual([]);
  });
});
