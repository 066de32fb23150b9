import { spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { blocksOf, commandsOf } from "../support/documents.ts";
import { PROGRAM, runTool } from "../support/server.ts";
import { needs, skipFor } from "../support/tools.ts";
import { copyLab, type RealLab, whyNoLabHere, writtenLab } from "./real-lab.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const LAB_MS = 60_000;

const here: { whyNot?: string } = {};
beforeAll(async () => {
  const whyNot = await whyNoLabHere();
  if (whyNot !== undefined) here.whyNot = whyNot;
}, LAB_MS);
beforeEach(async (context) => {
  await needs("ip", "dig", "setpriv")(context);
  if (here.whyNot !== undefined) skipFor(`this machine ${here.whyNot}`, context);
});

describe("a lab", () => {
  const labs: RealLab[] = [];
  const kept = (lab: RealLab): RealLab => {
    labs.push(lab);
    return lab;
  };
  afterAll(async () => {
    for (const lab of labs) await lab.close();
  }, LAB_MS);

  test(
    "two stand side by side; exec gives the command's exit code; a second up, and names that nobody has, are told",
    async () => {
      const [first, second] = [kept(writtenLab(ONE("10.0.0.80"))), kept(writtenLab(ONE("10.0.0.90")))];
      const ups = await Promise.all([first.up(), second.up()]);
      expect(ups.map(({ code, stderr }) => ({ code, ends: stderr.includes("The lab is up") }))).toEqual([
        { code: 0, ends: true },
        { code: 0, ends: true },
      ]);
      const ask = (lab: RealLab) => lab.exec("hub", "dig", "+short", "@168.63.129.16", "www.corp.example");
      expect((await ask(first)).stdout).toBe("10.0.0.80\n");
      expect((await ask(second)).stdout).toBe("10.0.0.90\n");
      expect((await first.exec("hub", "sh", "-c", "exit 42")).code).toBe(42);
      const told = await Promise.all([first.up(), first.exec("hib", "true"), first.exec("all", "true")]);
      expect(told.map(({ code, stderr }) => [code, stderr.replaceAll(first.file, "FILE")])).toEqual([
        [1, "privlink: the lab of FILE is there already: privlink lab down -c FILE takes it away\n"],
        [1, "privlink: nobody is called hib: did you mean hub?\n"],
        [1, "privlink: all is no single place: name a network, HOST@NETWORK or internet\n"],
      ]);
      writeFileSync(first.file, `${ONE("10.0.0.80")}  later: { kind: azure, prefixes: 10.7.0.0/16 }\n`);
      expect((await first.exec("later", "true")).stderr).toContain("later was not there when the lab was made");
      expect((await first.down()).code).toBe(0);
      expect(await first.remains()).toEqual([]);
      expect((await ask(second)).stdout).toBe("10.0.0.90\n");
      expect((await first.exec("hub", "true")).stderr).toContain("there is no lab of");
      expect((await first.down()).stderr).toContain("there was no lab of");
    },
    LAB_MS,
  );

  test(
    "after kill -9 of its server, with programs left running in it and its file gone, down leaves nothing",
    async () => {
      const lab = kept(writtenLab(ONE("10.0.0.80")));
      await lab.up();
      await lab.exec("hub", "sh", "-c", "sleep 600 >/dev/null 2>&1 </dev/null &");
      const [server, ...others] = await lab.serverPids();
      expect(others).toEqual([]);
      if (server !== undefined) process.kill(server, "SIGKILL");
      rmSync(lab.file);
      expect((await lab.remains()).length).toBeGreaterThan(3);
      expect(await lab.down()).toMatchObject({ code: 0, stderr: expect.stringContaining("3 namespaces, 1 process\n") });
      expect(await lab.remains()).toEqual([]);
    },
    LAB_MS,
  );

  test(
    "stopped with Ctrl-C while it is made, it leaves nothing",
    async () => {
      const lab = kept(writtenLab(ONE("10.0.0.80")));
      const child = spawn(process.execPath, [PROGRAM, "lab", "up", "-c", lab.file], {
        stdio: ["ignore", "ignore", "pipe"],
      });
      let said = "";
      child.stderr.on("data", (chunk: Buffer) => {
        said += chunk.toString();
      });
      const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
      while ((await lab.remains()).length === 0 && child.exitCode === null) await runTool("true", []);
      child.kill("SIGINT");
      expect(await ended).toBe(1);
      expect(said).toBe("privlink: stopped: nothing of the lab is left\n");
      expect(await lab.remains()).toEqual([]);
    },
    LAB_MS,
  );

  test("what keeps a machine from having one is said in a sentence", async () => {
    const lab = kept(writtenLab(ONE("10.0.0.80")));
    const up = [PROGRAM, "lab", "up", "-c", lab.file];
    const user = await runTool("setpriv", ["--reuid=65534", "--clear-groups", process.execPath, ...up]);
    expect([user.code, user.stderr]).toEqual([
      1,
      "privlink: a lab needs root, who alone makes network namespaces: run it with sudo\n",
    ]);
    const bare = await runTool("env", ["PATH=/nowhere", process.execPath, ...up]);
    expect([bare.code, bare.stderr]).toEqual([1, "privlink: a lab needs the command ip: install iproute2\n"]);
    writeFileSync(lab.file, "networks: { hub: { prefixes: 10.0.0.1/16 } }\n");
    expect((await lab.up()).stderr).toContain("cannot be used");
    expect(await lab.remains()).toEqual([]);
  });
});

function ONE(address: string): string {
  return `zones: { corp.example: { links: hub, records: "www A ${address}" } }
networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16 }
`;
}

describe("docs/commands.md", () => {
  const shown = blocksOf(readFileSync(join(ROOT, "docs", "commands.md"), "utf8"))
    .filter(({ excuse }) => excuse?.includes("the tests of the lab") === true)
    .flatMap(commandsOf);

  test(
    "shows what a lab prints",
    async () => {
      expect(shown.length).toBeGreaterThan(5);
      const project = copyLab(join(ROOT, "zones"), "privlink.yaml");
      try {
        for (const { command, output } of shown) {
          const line = command
            .replaceAll("npx privlink", `'${process.execPath}' '${PROGRAM}'`)
            .replaceAll("zones/privlink.yaml", "privlink.yaml");
          const { stdout } = await runTool("sh", ["-c", `{ ${line}\n} 2>&1`], project.folder);
          expect(masked(stdout.split("\n")), command).toEqual(masked(output));
        }
      } finally {
        await project.close();
      }
    },
    LAB_MS,
  );
});

/** Labs are called after the place of their topology, which is another one here. */
function masked(lines: readonly string[]): string[] {
  const text = lines.map((line) => line.trimEnd()).join("\n");
  return text
    .trim()
    .replaceAll(/privlink-[0-9a-f]{8}-/g, "privlink-LAB-")
    .replaceAll("zones/privlink.yaml", "privlink.yaml")
    .split("\n");
}
