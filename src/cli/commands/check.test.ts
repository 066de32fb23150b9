import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { EXAMPLE_FOLDER, makeFolder, run } from "../../../test/support/memory-io.ts";

const ZONE = "$ORIGIN corp.example.\n@ 60 SOA ns me 1 3 2 9 5\n@ 60 NS ns\n@ 60 NS ns.b.example.\nns 60 A 10.0.0.1\n";
const UNLINKED = `networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16, subnets: { pe: 10.0.0.0/24 } }
  spoke: { kind: azure, prefixes: 10.1.0.0/16 }
zones: { privatelink.vaultcore.azure.net: { links: spoke } }
services: { kv: { type: azure/key-vault, publicNetworkAccess: disabled } }
endpoints: { pe: { network: hub, service: kv } }
`;
const folder = makeFolder({
  "clean.yaml": "networks:\n  hub: { prefixes: 10.0.0.0/16 }\n",
  "error.yaml": "networks:\n  hub: { prefixes: 10.0.0.0/16, pears: spoke }\n",
  "warning.yaml": "networks:\n  hub: { prefixes: 10.0.0.0/16 }\nzones:\n  corp.example: {}\n",
  "unlinked.yaml": UNLINKED,
  "clean.zone": ZONE,
  "error.zone": `${ZONE}www 60 A 10.0.0\nwww 60 AAAA ::g\n`,
  "zones/a.zone": ZONE,
  "zones/deep/b.zone": "$ORIGIN b.example.\n@ 60 SOA ns me 1 3 2 9 5\nwww 60 CNAME a\nwww 60 A 10.0.0.1\n",
  "unreadable.yaml": "zones:\n  corp.example: { file: gone.zone }\n",
  "project/privlink.yaml": "networks:\n  hub: { prefixes: 10.0.0.0/16 }\n",
});
afterAll(() => folder.remove());
cpSync(EXAMPLE_FOLDER, join(folder.path, "example"), { recursive: true });
cpSync(EXAMPLE_FOLDER, join(folder.path, "unexcused"), { recursive: true });
for (const path of ["unexcused/privlink.yaml", "unexcused/public/azurecr.io.zone"].map((name) =>
  join(folder.path, name),
))
  writeFileSync(path, readFileSync(path, "utf8").replaceAll(/[#;] privlink-ignore .*/g, ""));

describe("check", () => {
  test.each([
    { line: "check clean.yaml", code: 0, summary: "clean.yaml: no errors\n" },
    { line: "check -c clean.yaml", code: 0, summary: "clean.yaml: no errors\n" },
    { line: "check project", code: 0, summary: "project: no errors\n" },
    { line: "check clean.zone", code: 0, summary: "clean.zone: no errors\n" },
    { line: "check clean.yaml clean.zone", code: 0, summary: "clean.yaml: no errors\nclean.zone: no errors\n" },
    { line: "check error.yaml", code: 2, summary: "error.yaml: 1 error\n" },
    { line: "check error.zone", code: 2, summary: "error.zone: 2 errors\n" },
    { line: "check zones", code: 2, summary: "zones: 1 error\n" },
    { line: "check clean.yaml error.zone", code: 2, summary: "clean.yaml: no errors\nerror.zone: 2 errors\n" },
    { line: "check unreadable.yaml --fail-on error", code: 2, summary: "unreadable.yaml: 1 error, 1 warning\n" },
    { line: "check warning.yaml", code: 0, summary: "warning.yaml: 1 warning\n" },
    { line: "check warning.yaml --fail-on warning", code: 2, summary: "warning.yaml: 1 warning\n" },
    { line: "check warning.yaml --fail-on info", code: 2, summary: "warning.yaml: 1 warning\n" },
    { line: "check example --fail-on info", code: 0, summary: "example: no errors, 3 excused\n" },
    { line: "check unexcused", code: 0, summary: "unexcused: 1 warning, 2 infos\n" },
    { line: "check unexcused --fail-on warning", code: 2, summary: "unexcused: 1 warning, 2 infos\n" },
    { line: "check unexcused --fail-on info", code: 2, summary: "unexcused: 1 warning, 2 infos\n" },
    { line: "check unlinked.yaml", code: 2, summary: "unlinked.yaml: 1 error\n" },
    {
      line: "check --fix unlinked.yaml",
      code: 2,
      summary: "unlinked.yaml: can mend 1 error, nothing is left; --write does it\n",
    },
    { line: "check --fix clean.yaml", code: 0, summary: "clean.yaml: no errors\n" },
    { line: "check --fix -q error.yaml", code: 2, summary: "" },
    {
      line: "check --fix warning.yaml",
      code: 0,
      summary: "warning.yaml: nothing can be mended by itself, 1 warning left\n",
    },
    { line: "check error.yaml --fail-on never", code: 0, summary: "error.yaml: 1 error\n" },
    { line: "check error.yaml -q", code: 2, summary: "" },
    { line: "check nowhere.zone", code: 1, summary: "privlink: FOLDER/nowhere.zone does not exist\n" },
  ])("$line ends with $code and says $summary", async ({ line, code, summary }) => {
    const ran = await run(line, folder.path);
    expect({ code: ran.code, stderr: ran.stderr.replaceAll(folder.path, "FOLDER") }).toEqual({ code, stderr: summary });
  });

  test("shows how it would mend a file, and does it when it is told to", async () => {
    const path = join(folder.path, "mended.yaml");
    writeFileSync(path, UNLINKED);
    const shown = await run("check --fix mended.yaml", folder.path);
    expect(shown.stdout).toContain("+zones: { privatelink.vaultcore.azure.net: { links: [spoke, hub] } }\n");
    expect(readFileSync(path, "utf8")).toBe(UNLINKED);
    const written = await run("check --fix --write mended.yaml", folder.path);
    expect(written).toEqual({ code: 0, stdout: "", stderr: "mended.yaml: mended 1 error, nothing is left\n" });
    expect(readFileSync(path, "utf8")).toBe(UNLINKED.replace("links: spoke", "links: [spoke, hub]"));
    expect((await run("check mended.yaml", folder.path)).code).toBe(0);
    rmSync(path);
  });

  test("takes --write with --fix alone", async () => {
    const { code, stderr } = await run("check --write clean.yaml", folder.path);
    expect({ code, line: stderr.split("\n")[0] }).toEqual({ code: 1, line: "privlink check: --write goes with --fix" });
  });

  test("finds privlink.yaml where it runs", async () => {
    expect(await run("check", join(folder.path, "project"))).toEqual({
      code: 0,
      stdout: "",
      stderr: "privlink.yaml: no errors\n",
    });
  });

  test("shows each problem with its line on standard output", async () => {
    const { stdout } = await run("check error.zone", folder.path);
    expect(stdout).toMatch(
      /^error\.zone:6:10: error: .+ \[.+\]\n 6 \| www 60 A 10\.0\.0\n {3}\| {10}\^+\nerror\.zone:7:13: error: /,
    );
  });

  test("has a form for editors", async () => {
    const { stdout } = await run("check error.zone --format compact", folder.path);
    expect(stdout.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^error\.zone:6:10: error: /),
      expect.stringMatching(/^error\.zone:7:13: error: /),
    ]);
  });

  test("has a form for programs, also when there is nothing to say", async () => {
    const found = await run("check zones --format json", folder.path);
    expect(JSON.parse(found.stdout)).toMatchObject({
      schema: "privlink/diagnostics/v1",
      summary: { error: 1 },
      diagnostics: [{ code: "zone/cname-beside-data", path: "zones/deep/b.zone" }],
    });
    const clean = await run("check clean.yaml --format json", folder.path);
    expect(JSON.parse(clean.stdout)).toMatchObject({ diagnostics: [] });
  });

  test.each([
    { env: {}, terminal: true, flags: "", colored: true },
    { env: {}, terminal: false, flags: "", colored: false },
    { env: { NO_COLOR: "1" }, terminal: true, flags: "", colored: false },
    { env: { NO_COLOR: "" }, terminal: true, flags: "", colored: true },
    { env: { TERM: "dumb" }, terminal: true, flags: "", colored: false },
    { env: { FORCE_COLOR: "1" }, terminal: false, flags: "", colored: true },
    { env: { FORCE_COLOR: "1", NO_COLOR: "1" }, terminal: false, flags: "", colored: true },
    { env: { FORCE_COLOR: "0" }, terminal: true, flags: "", colored: false },
    { env: { FORCE_COLOR: "1" }, terminal: true, flags: " --no-color", colored: false },
    { env: { PRIVLINK_NO_COLOR: "1" }, terminal: true, flags: "", colored: false },
  ])("colours with $env, terminal $terminal,$flags: $colored", async ({ env, terminal, flags, colored }) => {
    const isTerminal = { stdout: terminal, stderr: false };
    const { stdout } = await run(`check error.yaml${flags}`, folder.path, { env, isTerminal });
    expect(stdout.includes("\u001B[")).toBe(colored);
    expect(stdout).toContain("error:");
  });
});
