import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { makeFolder, run } from "../../../test/support/memory-io.ts";

const UNLINKED = "networks:\n  hub: { prefixes: 10.0.0.0/16 }\nzones:\n  corp.example: {}\n";
let folder = makeFolder({});
beforeEach(() => {
  folder.remove();
  folder = makeFolder({
    "unlinked.yaml": UNLINKED,
    "error.yaml": "networks:\n  hub: { prefixes: 10.0.0.0/16, pears: spoke }\n",
    "excused.yaml": UNLINKED.replace("{}", "{} # privlink-ignore link/none: linked when the office moves"),
    "parts/corp": "www 60 CNAME web\n",
    "parts/other.zone": "@ 60 A 10.0.0.1\n",
  });
});
afterAll(() => folder.remove());

function read(name: string): string {
  return readFileSync(join(folder.path, name), "utf8");
}

describe("check --report", () => {
  test("writes several forms in one run, and the one of --format besides", async () => {
    const line =
      "check unlinked.yaml --format compact --report sarif=a.sarif --report junit=a.xml --report github=a.txt";
    const { code, stdout } = await run(
      `${line} --report json=a.json --report text=a.log --report compact=b`,
      folder.path,
    );
    expect(code).toBe(0);
    expect(JSON.parse(read("a.sarif"))).toMatchObject({
      version: "2.1.0",
      runs: [
        {
          tool: { driver: { name: "privlink", version: "1.2.3", rules: [{ id: "link/none" }] } },
          results: [
            {
              ruleId: "link/none",
              level: "warning",
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: "unlinked.yaml" },
                    region: { startLine: 4, startColumn: 3, endLine: 4, endColumn: 15 },
                  },
                },
              ],
            },
          ],
        },
      ],
    });
    expect(read("a.xml")).toContain(
      '<testcase classname="unlinked.yaml" name="link/none at 4:3" time="0"><system-out>',
    );
    expect(read("a.txt")).toMatch(
      /^::warning file=unlinked\.yaml,line=4,col=3,endColumn=14,title=link\/none::zone corp\./,
    );
    expect(JSON.parse(read("a.json"))).toMatchObject({ diagnostics: [{ code: "link/none" }] });
    expect(read("a.log")).toMatch(/^unlinked\.yaml:4:3: warning: .*\n 4 \|/);
    expect(read("b")).toBe(stdout);
    expect(readdirSync(folder.path).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test("lets findings fail in the report as they do in the exit code", async () => {
    const { code } = await run("check unlinked.yaml --fail-on warning --report junit=a.xml", folder.path);
    expect(code).toBe(2);
    expect(read("a.xml")).toContain('failures="1"');
    expect(read("a.xml")).toContain('<failure type="link/none" message="unlinked.yaml:4:3: zone corp.example');
  });

  test("keeps the place of what was there before, behind a link too", async () => {
    writeFileSync(join(folder.path, "old.json"), "old", { mode: 0o640 });
    symlinkSync("old.json", join(folder.path, "link.json"));
    expect((await run("check unlinked.yaml --report json=link.json", folder.path)).code).toBe(0);
    expect(JSON.parse(read("old.json"))).toMatchObject({ schema: "privlink/diagnostics/v1" });
  });

  test.each([
    { report: "sarif", says: "--report sarif is no FORM=FILE: junit=report.xml" },
    {
      report: "sarfi=x",
      says: "--report sarfi=x: sarfi is none of text, compact, json, sarif, junit, github: did you mean sarif?",
    },
    { report: "json=-", says: "--report json=-: write --format json to have it on standard output" },
    { report: "json=x --report sarif=x", says: "--report writes x twice" },
  ])("$report: $says", async ({ report, says }) => {
    const { code, stderr } = await run(`check unlinked.yaml --report ${report}`, folder.path);
    expect({ code, first: stderr.split("\n")[0] }).toEqual({ code: 1, first: `privlink check: ${says}` });
    expect(existsSync(join(folder.path, "x"))).toBe(false);
  });

  test("ends with 1 where a report cannot be written, and writes the others", async () => {
    const { code, stderr } = await run("check unlinked.yaml --report json=none/a --report json=b.json", folder.path);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "unlinked.yaml: 1 warning\nprivlink: none/a is in a folder that does not exist\n",
    });
    expect(existsSync(join(folder.path, "b.json"))).toBe(true);
  });
});

describe("what is excused", () => {
  test("by a comment is counted, not told, and stands apart in reports", async () => {
    const { code, stdout, stderr } = await run("check excused.yaml --fail-on info --report sarif=a.sarif", folder.path);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: "excused.yaml: no errors, 1 excused\n" });
    expect(JSON.parse(read("a.sarif")).runs[0].results).toMatchObject([
      { suppressions: [{ kind: "inSource", justification: "linked when the office moves" }] },
    ]);
  });

  test("by the baseline is what was there when it was written", async () => {
    const written = await run("check unlinked.yaml --baseline old/base.json --write-baseline", folder.path);
    expect(written.code).toBe(1);
    mkdirSync(join(folder.path, "old"));
    const again = await run(
      "check unlinked.yaml --fail-on info --baseline old/base.json --write-baseline",
      folder.path,
    );
    expect(again).toEqual({ code: 0, stdout: "", stderr: "unlinked.yaml: no errors, 1 excused\n" });
    expect(JSON.parse(read("old/base.json")).findings).toMatchObject([{ code: "link/none", path: "../unlinked.yaml" }]);

    // Lines move, and the command runs elsewhere: nothing is new.
    writeFileSync(join(folder.path, "unlinked.yaml"), `# moved\n\n${UNLINKED}`);
    const elsewhere = await run("check ../unlinked.yaml --fail-on info --baseline base.json", join(folder.path, "old"));
    expect(elsewhere).toMatchObject({ code: 0, stdout: "" });

    writeFileSync(join(folder.path, "unlinked.yaml"), UNLINKED.replace("{}", "{ links: hub }"));
    const mended = await run("check unlinked.yaml --format compact --baseline old/base.json", folder.path);
    expect(mended.stdout).toMatch(
      /^old\/base\.json:4:20: warning: no longer found: link\/none .* \[baseline\/stale\]\n$/,
    );
    expect(mended.stderr).toBe("unlinked.yaml: no errors\nold/base.json: 1 warning\n");
  });

  test("is not mended either", async () => {
    const topology = `networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16, subnets: { pe: 10.0.0.0/24 } }
zones: { privatelink.vaultcore.azure.net: {} }
services: { kv: { type: azure/key-vault, publicNetworkAccess: disabled } }
endpoints: { pe: { network: hub, service: kv } }
`;
    writeFileSync(join(folder.path, "fix.yaml"), topology);
    const found = await run("check fix.yaml --format json", folder.path);
    const lines = JSON.parse(found.stdout).diagnostics.map(
      ({ code }: { code: string }) => `# privlink-ignore ${code}: moved`,
    );
    expect((await run("check fix.yaml --fix", folder.path)).stdout).toContain("+");
    const [head = "", ...rest] = topology.split("zones:");
    writeFileSync(join(folder.path, "fix.yaml"), `${head}${lines.join("\n")}\nzones:${rest.join("zones:")}`);
    const fixed = await run("check fix.yaml --fix", folder.path);
    expect(fixed.stdout).toBe("");
  });

  test("is never an error of loading", async () => {
    const { code, stderr } = await run("check error.yaml --baseline base.json --write-baseline", folder.path);
    expect({ code, stderr }).toEqual({ code: 2, stderr: "error.yaml: 1 error\n" });
  });

  test.each([
    { flags: "--write-baseline", says: "--write-baseline needs --baseline FILE: where to write" },
    { flags: "--baseline none.json", says: "none.json does not exist: --write-baseline writes it" },
    {
      flags: "--baseline unlinked.yaml",
      says: "unlinked.yaml is no baseline: it has not the schema privlink/baseline/v1",
    },
  ])("with $flags alone: $says", async ({ flags, says }) => {
    expect(await run(`check unlinked.yaml ${flags}`, folder.path)).toEqual({
      code: 1,
      stdout: "",
      stderr: `privlink: ${says}\n`,
    });
  });
});

describe("check --zone", () => {
  test("says which zone a file is of", async () => {
    const { code, stdout, stderr } = await run("check --zone corp.example=parts/corp --format compact", folder.path);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "parts/corp: 2 warnings\n" });
    expect(stdout).toContain("parts/corp:1:1: warning: www.corp.example. is an alias of web.corp.example.");
  });

  test("counts before what the file is called", async () => {
    const { stdout } = await run("check --zone a.example=parts/other.zone parts --format compact", folder.path);
    expect(stdout).toContain("public zone a.example. has no SOA");
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
  });

  test.each([
    { zone: "corp.example", says: "--zone corp.example is no NAME=FILE: corp.example=zones/corp.zone" },
    { zone: "a..b=parts/corp", says: "--zone a..b=parts/corp: a..b has an empty label" },
    { zone: "a.b=none", says: "FOLDER/none does not exist" },
  ])("$zone: $says", async ({ zone, says }) => {
    const { code, stderr } = await run(`check --zone ${zone}`, folder.path);
    expect({ code, stderr: stderr.replaceAll(folder.path, "FOLDER") }).toEqual({
      code: 1,
      stderr: `privlink: ${says}\n`,
    });
  });
});

describe("what is no file to read", () => {
  test.each([
    { line: "check hollow", says: "hollow:1:1: error: the folder hollow/ has no *.zone file in it or below it" },
    {
      line: "check -c hollow.yaml",
      says: "hollow.yaml:1:20: error: the folder hollow/ has no *.zone file in it or below it",
    },
  ])("$line: a folder for public zones that has none", async ({ line, says }) => {
    mkdirSync(join(folder.path, "hollow"), { recursive: true });
    writeFileSync(join(folder.path, "hollow", "readme.txt"), "nothing");
    writeFileSync(join(folder.path, "hollow.yaml"), "public: { zones: [ hollow ] }\n");
    const { code, stdout } = await run(`${line} --format compact`, folder.path);
    expect({ code, stdout }).toEqual({ code: 2, stdout: `${says} [topology/zone-folder]\n` });
  });

  test("is told with its path, and the rest is checked", async () => {
    const path = join(folder.path, "zones");
    mkdirSync(join(path, "deep"), { recursive: true });
    symlinkSync("..", join(path, "deep", "up"));
    symlinkSync("nowhere", join(path, "dangling.zone"));
    symlinkSync("circle.zone", join(path, "circle.zone"));
    symlinkSync("/dev/zero", join(path, "device.zone"));
    mkdirSync(join(path, "folder.zone"));
    writeFileSync(join(path, "binary.example.zone"), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0xff]));
    writeFileSync(join(path, "deep", "last.example.zone"), "www 60 A 10.0.0\n");
    expect(spawnSync("mkfifo", [join(path, "pipe.zone")]).status).toBe(0);
    const { code, stdout } = await run("check zones --format compact", folder.path);
    expect(code).toBe(2);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.map((line) => line.replace(/^(\S+): (\w+): .*?(\[\S+\])$/, "$1 $2 $3"))).toEqual([
      "zones/binary.example.zone:1:1 warning [public/no-soa]",
      "zones/binary.example.zone:1:5 error [zonefile/not-text]",
      "zones/circle.zone:1:1 error [zone/unreadable-file]",
      "zones/dangling.zone:1:1 error [zone/unreadable-file]",
      "zones/deep/last.example.zone:1:1 warning [public/no-soa]",
      "zones/deep/last.example.zone:1:10 error [zonefile/bad-rdata]",
      "zones/device.zone:1:1 error [zone/unreadable-file]",
      "zones/folder.zone:1:1 error [zone/unreadable-file]",
      "zones/pipe.zone:1:1 error [zone/unreadable-file]",
    ]);
    expect(stdout).toContain("pipe.zone is a pipe, not a file: write what comes out of it into a file first [");
  });

  test.each([
    { name: "pipe.yaml", says: "pipe.yaml is a pipe, not a file: write what comes out of it into a file first" },
    { name: "dangling.yaml", says: "FOLDER/dangling.yaml is a link to gone.yaml, which does not exist" },
    { name: "large.yaml", says: "large.yaml has 200 MiB, more than the 32 that are read" },
    { name: "folder.yaml", says: "FOLDER/folder.yaml has no privlink.yaml: it is empty" },
  ])("as a topology: $says", async ({ name, says }) => {
    spawnSync("mkfifo", [join(folder.path, "pipe.yaml")]);
    symlinkSync("gone.yaml", join(folder.path, "dangling.yaml"));
    spawnSync("truncate", ["-s", "200M", join(folder.path, "large.yaml")]);
    mkdirSync(join(folder.path, "folder.yaml"));
    const { code, stderr } = await run(`check -c ${name}`, folder.path);
    expect({ code, stderr: stderr.replaceAll(folder.path, "FOLDER") }).toEqual({
      code: 1,
      stderr: `privlink: ${says}\n`,
    });
  });

  test.each(["networks:\n  hub: { prefixes: [10.0.0.0/16\nzones:\n", "zones: {\n", 'a: "\n', "- -\n\t- x", "&a [*a]"])(
    "half of a topology, %j, is told by place",
    async (text) => {
      writeFileSync(join(folder.path, "half.yaml"), text);
      const { code, stdout } = await run("check half.yaml --format compact", folder.path);
      expect(code).toBe(2);
      for (const line of stdout.trimEnd().split("\n")) expect(line).toMatch(/^half\.yaml:\d+:\d+: \w+: .+ \[\S+\]$/);
    },
  );
});

describe("progress", () => {
  function clock(stepMs: number): () => Date {
    let at = 0;
    return () => new Date((at += stepMs));
  }
  const terminal = { stdout: true, stderr: true };

  test("is said on a terminal in a run of more than a second, and cleared", async () => {
    const { stderr } = await run("check unlinked.yaml", folder.path, { now: clock(1500), isTerminal: terminal });
    const clear = "\r\u001B[K";
    const [before, ...notes] = stderr.split(clear);
    expect(before).toBe("");
    expect(notes.slice(0, -1).join("\n")).toMatch(/^(?:(?:reading|asking) [^\n]+\n?)+$/);
    expect(notes.at(-1)).toBe("unlinked.yaml: 1 warning\n");
  });

  test.each([
    { because: "nobody looks", world: { now: clock(1500) } },
    { because: "it takes no second", world: { now: clock(1), isTerminal: terminal } },
    { because: "the terminal is dumb", world: { now: clock(1500), isTerminal: terminal, env: { TERM: "dumb" } } },
  ])("is not said where $because", async ({ world }) => {
    expect((await run("check unlinked.yaml", folder.path, world)).stderr).toBe("unlinked.yaml: 1 warning\n");
  });
});
