import { type ChildProcess, spawn } from "node:child_process";
import { Resolver } from "node:dns/promises";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { ModelError, openModel } from "../src/library/privlink.ts";
import { linesMatching } from "./read-source.ts";
import { EXAMPLE_FOLDER, makeFolder, run } from "./support/memory-io.ts";
import { PROGRAM, runTool } from "./support/server.ts";
import { needs, skipFor } from "./support/tools.ts";

const ROOT = join(import.meta.dirname, "..");
/** A folder that the project has to itself, above which nothing need be seen. */
const above = mkdtempSync(join(tmpdir(), "privlink-least-"));
chmodSync(above, 0o755);
const project = join(above, "project");
mkdirSync(project);
cpSync(EXAMPLE_FOLDER, project, { recursive: true });
afterAll(() => rmSync(above, { recursive: true, force: true }));

/**
 * Node's own sandbox: nothing is written, nothing is read but the program and the project, no program is started; and no text
 * becomes code, no object is changed through its prototype's name.
 */
const SANDBOX = [
  process.allowedNodeEnvironmentFlags.has("--permission") ? "--permission" : "--experimental-permission",
  "--no-warnings",
  "--disallow-code-generation-from-strings",
  "--disable-proto=throw",
  `--allow-fs-read=${ROOT}`,
  `--allow-fs-read=${above}`,
];

/** Every mount read-only, a user who owns nothing, no capability, none to be had. */
const NOBODY = [
  "unshare",
  "--mount",
  "sh",
  "-c",
  `mount --make-rprivate / && awk '{ print $2 }' /proc/mounts | sort -r |
    while read -r at; do mount -o remount,bind,ro "$at" 2>/dev/null; done
  touch ${above}/written 2>/dev/null && exit 7
  exec setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all "$@"`,
  "sh",
];

interface Served {
  readonly child: ChildProcess;
  readonly said: () => string;
}

function serve(words: readonly string[]): Served {
  const [command, ...args] = [...words, PROGRAM, "serve", "--listen", "127.0.0.1:0=hub", "--log-format", "text"];
  const child = spawn(command, args, { cwd: project, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  return { child, said: () => said };
}

async function sees({ child, said }: Served, pattern: RegExp): Promise<void> {
  await vi.waitFor(() => {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${said()}`);
    expect(said()).toMatch(pattern);
  }, 10_000);
}

describe("a server with nothing but what it needs", () => {
  test.for([
    { where: "in Node's sandbox", words: [process.execPath, ...SANDBOX, "--allow-worker"], needs: [] },
    {
      where: "as nobody, where nothing can be written",
      words: [...NOBODY, process.execPath],
      needs: ["unshare", "setpriv"],
    },
  ])("$where: answers, notices a change, reloads and ends", async ({ words, needs: things }, context) => {
    await needs(...things)(context);
    if (things.length > 0 && process.getuid?.() !== 0) skipFor("only root may become nobody", context);
    const server = serve(words);
    const ended = new Promise((resolve) => server.child.once("exit", resolve));
    try {
      await sees(server, /^Ready\.$/m);
      const [, port = ""] = /127\.0\.0\.1:(\d+)/.exec(server.said()) ?? [];
      const resolver = new Resolver({ timeout: 2000 });
      resolver.setServers([`127.0.0.1:${port}`]);
      expect(await resolver.resolve4("myregistry.azurecr.io")).toEqual(["10.0.0.7"]);
      appendFileSync(join(project, "privlink.yaml"), "# changed\n");
      await sees(server, /reloaded: 3 networks/);
    } finally {
      server.child.kill("SIGTERM");
    }
    expect(await ended, server.said()).toBe(0);
  });

  test.each(["check", "explain myregistry.azurecr.io --from onprem", "graph -o svg"])(
    "privlink %s prints the same in Node's sandbox",
    async (line) => {
      const free = await runTool(process.execPath, [PROGRAM, ...line.split(" ")], project);
      const held = await runTool(process.execPath, [...SANDBOX, PROGRAM, ...line.split(" ")], project);
      expect(free.code, free.stderr).toBe(0);
      expect(held).toEqual(free);
    },
  );

  test.each([
    { line: "check /etc/hosts", denied: "FileSystemRead of /etc/hosts" },
    { line: "init azure/key-vault --out estate", denied: "estate/privlink.yaml cannot be written" },
    { line: "serve --listen 127.0.0.1:0 -- true", denied: "ChildProcess" },
  ])("the sandbox holds: privlink $line is told $denied", async ({ line, denied }) => {
    const { code, stderr } = await runTool(
      process.execPath,
      [...SANDBOX, "--allow-worker", PROGRAM, ...line.split(" ")],
      project,
    );
    expect(code, stderr).toBe(1);
    expect(stderr).toContain(denied);
  });
});

describe("hostile files are data", () => {
  const bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let i = 1; i < 9; i++) bomb.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(", ")}]`);
  const zone = "zones: { corp.example: { records: 'www 60 A 10.0.0.1', links: all } }";

  test.each([
    {
      what: "__proto__ as a key of the topology",
      text: "networks: { hub: }\n__proto__: { polluted: yes }",
      says: /__proto__ is no key/,
    },
    {
      what: "__proto__ as a key of a network",
      text: "networks: { hub: { __proto__: { kind: azure } } }",
      says: /__proto__ is no key/,
    },
    {
      what: "constructor as a key",
      text: "networks: { hub: { constructor: { prototype: { polluted: yes } } } }",
      says: /constructor is no key/,
    },
    {
      what: "a merge key that brings __proto__",
      text: "networks: { hub: { <<: { __proto__: { polluted: yes } } } }",
      says: /__proto__ is no key/,
    },
    {
      what: "a service type that every object has",
      text: "networks: { hub: }\nservices: { s: { type: constructor } }",
      says: /constructor/,
    },
    { what: "a kind that every object has", text: "networks: { hub: { kind: toString } }", says: /toString/ },
    {
      what: "a link to what every object has",
      text: `networks: { hub: }\nzones: { corp.example: { links: [constructor, __proto__] } }`,
      says: /__proto__/,
    },
    {
      what: "a tag that makes objects",
      text: "networks: !!js/function 'function () { return 1 }'",
      says: /js\/function/,
    },
    {
      what: "aliases that multiply",
      text: `${bomb.join("\n")}\nnetworks: { hub: }`,
      says: /aliases make more than 250000 values/,
    },
    { what: "an alias inside itself", text: "networks: &n { hub: *n }", says: /stands inside the value it refers to/ },
    { what: "values nested deeply", text: `networks: ${"[".repeat(5000)}${"]".repeat(5000)}`, says: /nested|deep/ },
    {
      what: "a name from a file outside",
      text: "networks: { hub: }\nzones: { corp.example: { file: ../../etc/passwd, links: all } }",
      says: /does not exist in given/,
    },
  ])("$what is refused with a sentence", ({ text, says }) => {
    const before = performance.now();
    expect(() => openModel({ topology: text })).toThrow(ModelError);
    expect(() => openModel({ topology: text })).toThrow(says);
    expect(performance.now() - before).toBeLessThan(5000);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect({}).not.toHaveProperty("polluted");
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("a network may be called %s", (name) => {
    const model = openModel({ topology: `networks: { ${name}: { prefixes: 10.0.0.0/16 } }\n${zone}` });
    expect(model.networks).toEqual([name]);
    expect(model.explain("www.corp.example", { from: name }).answers).toEqual(["10.0.0.1"]);
  });

  const VNET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/hub";
  const state = JSON.stringify({
    format_version: "1.0",
    terraform_version: "1.9.0",
    values: {
      root_module: {
        resources: [
          {
            address: "azurerm_virtual_network.hub",
            mode: "managed",
            type: "azurerm_virtual_network",
            name: "hub",
            values: { id: VNET, name: "hub", location: "westeurope", address_space: ["10.0.0.0/16"] },
          },
        ],
      },
    },
  });
  const template = `{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "resources": [
    { "type": "Microsoft.Network/virtualNetworks", "apiVersion": "2024-05-01", "name": "hub", "properties": { "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] }, "__proto__": { "polluted": "yes" } } } ],
    "variables": { "__proto__": { "polluted": "yes" }, "x": "[createObject('__proto__', createObject('polluted', 'yes'))]" }, "__proto__": { "polluted": "yes" } }`;
  test.each([
    { kind: "terraform", text: state.replace('"id":', '"__proto__":{"polluted":"yes"},"id":') },
    { kind: "terraform", text: state.replace('"values":', '"constructor":{"prototype":{"polluted":"yes"}},"values":') },
    { kind: "arm", text: template },
  ])("an import of $kind with __proto__ in it imports the rest", async ({ kind, text }) => {
    const folder = makeFolder({ "in.json": text });
    try {
      const ran = await run(`import ${kind} in.json --out estate`, folder.path);
      expect(ran.stderr + ran.stdout).toContain("1 of 1 resources");
      expect(ran.code).toBe(0);
      expect({}).not.toHaveProperty("polluted");
      expect(readFileSync(join(folder.path, "estate", "privlink.yaml"), "utf8")).not.toContain("polluted");
    } finally {
      folder.remove();
    }
  });
});

describe("a file outside the folder of the topology", () => {
  const outside = makeFolder({
    "secret.zone": "www 60 A 10.0.0.9 ; privlink-ignore nothing/of-the-kind: a secret\n",
    "net/inc.zone": "$INCLUDE ../secret.zone\n",
    "net/own.zone": "www 60 A 10.0.0.1\n",
  });
  symlinkSync("../secret.zone", join(outside.path, "net", "link.zone"));
  symlinkSync("own.zone", join(outside.path, "net", "inside.zone"));
  afterAll(() => outside.remove());
  const zoneOf = (file: string): string => `zones: { corp.example: { file: "${file}", links: all } }`;

  test.each([
    { by: "..", lines: zoneOf("../secret.zone") },
    { by: "its whole path", lines: zoneOf(join(outside.path, "secret.zone")) },
    { by: "a link", lines: zoneOf("link.zone") },
    { by: "$INCLUDE", lines: zoneOf("inc.zone") },
    { by: "a folder of zones", lines: "zones: { all: { folder: .., links: all } }" },
    { by: "public zones", lines: "public: { zones: [../secret.zone] }" },
    { by: "include", lines: "include: ../secret*.zone" },
  ])("is not opened by $by, not even for its comments", async ({ lines }) => {
    writeFileSync(join(outside.path, "net", "privlink.yaml"), `networks: { hub: }\n${lines}\n`);
    const { code, stdout, stderr } = await run("check net", outside.path);
    expect(code).toBe(2);
    expect(stdout + stderr).toMatch(/lies outside the project's folder net/);
    expect(stdout + stderr).not.toContain("a secret");
  });

  test("is told from a link that stays inside, which is followed", async () => {
    writeFileSync(join(outside.path, "net", "privlink.yaml"), `networks: { hub: }\n${zoneOf("inside.zone")}\n`);
    expect(await run("query www.corp.example --from hub -c net/privlink.yaml +short", outside.path)).toMatchObject({
      code: 0,
      stdout: "10.0.0.1\n",
    });
  });
});

describe("in the sources", () => {
  const files = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .toSorted();
  const withCode = (pattern: RegExp): string[] =>
    files.filter((path) => linesMatching(readFileSync(join(ROOT, "src", path), "utf8"), pattern).length > 0);

  test("no text becomes code, and no shell is asked", () => {
    expect(files.length).toBeGreaterThan(300);
    expect(
      withCode(/(?<![.\w$])eval\s*\(|new\s+Function\b|\bvm\s*\.|\bexec(?:Sync)?\s*\(\s*["'`]|\bshell\s*:/g),
    ).toEqual([]);
  });

  test("programs are started by five files: a command of the user's, who tells the service manager, git, what doctor and lab ask of the machine", () => {
    const starts = files.filter((path) =>
      /from "node:child_process"/.test(readFileSync(join(ROOT, "src", path), "utf8")),
    );
    expect(starts).toEqual([
      "app/beside.ts",
      "app/notifier.ts",
      "cli/lab-world.ts",
      "cli/machine-facts.ts",
      "project/git.ts",
    ]);
  });
});
