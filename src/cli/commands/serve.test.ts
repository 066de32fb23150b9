import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { EXAMPLE_FOLDER, makeFolder, memoryIo, run } from "../../../test/support/memory-io.ts";
import { runCli } from "../run-cli.ts";

const folder = makeFolder({ "corp.zone": "$ORIGIN corp.example.\n@ 60 SOA ns me 1 2 3 4 5\nwww 60 A 10.0.0.1\n" });
afterAll(() => folder.remove());

describe("serve", () => {
  test("answers where it was told to until a signal comes, and removes its ready file", async () => {
    const readyFile = join(folder.path, "ready");
    const memory = memoryIo(folder.path);
    const line = `serve corp.zone --network hub=127.0.0.0/8 --listen 127.0.0.1:0 --max-ttl 5 --log-level silent --ready-file ${readyFile}`;
    const ended = runCli(line.split(" "), memory.io);
    await vi.waitFor(() => expect(memory.stderr()).toMatch(/\nReady\.\n$/), 10_000);
    const at = readFileSync(readyFile, "utf8").trim();
    const asked = await run(`query www.corp.example @${at} +noall +answer`, EXAMPLE_FOLDER);
    expect(asked).toEqual({ code: 0, stdout: "www.corp.example.\t5\tIN\tA\t10.0.0.1\n", stderr: "" });
    memory.send("SIGTERM");
    expect(await ended).toBe(0);
    expect(memory.stdout()).toBe("");
    expect(() => readFileSync(readyFile)).toThrow("ENOENT");
  });

  test("runs a command beside it, and ends as that ends", async () => {
    const memory = memoryIo(EXAMPLE_FOLDER);
    const line = [
      "serve",
      "--listen",
      "127.0.0.1:0",
      "--log-level",
      "silent",
      "--",
      process.execPath,
      "-e",
      "process.exit(7)",
    ];
    expect(await runCli(line, memory.io)).toBe(7);
    expect(memory.stderr()).toMatch(/\nReady\.\n$/);
  });

  test("that finds its port taken cannot run", async () => {
    const memory = memoryIo(EXAMPLE_FOLDER);
    const first = runCli("serve --listen 127.0.0.1:0 --log-level silent".split(" "), memory.io);
    await vi.waitFor(() => expect(memory.stderr()).toMatch(/\nReady\.\n$/), 10_000);
    const port = /127\.0\.0\.1:(\d+)/.exec(memory.stderr())?.[1];
    const second = await run(`serve --listen 127.0.0.1:${port} --log-level silent`, EXAMPLE_FOLDER);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`127.0.0.1:${port}`);
    expect(second.stderr).not.toContain("Ready.");
    memory.send("SIGINT");
    expect(await first).toBe(0);
  });

  test("calls itself what it was told to", async () => {
    const readyFile = join(folder.path, "ready-id");
    const memory = memoryIo(folder.path);
    const line = `serve corp.zone --listen 127.0.0.1:0 --id site-7 --log-level silent --ready-file ${readyFile}`;
    const ended = runCli(line.split(" "), memory.io);
    await vi.waitFor(() => expect(memory.stderr()).toMatch(/\nReady\.\n$/), 10_000);
    const at = readFileSync(readyFile, "utf8").trim();
    const asked = await run(`query id.server CH TXT @${at} +nsid +short`, EXAMPLE_FOLDER);
    expect(asked.stdout).toBe('"site-7"\n');
    expect((await run(`query id.server CH TXT @${at} +nsid`, EXAMPLE_FOLDER)).stdout).toContain('("site-7")');
    memory.send("SIGTERM");
    expect(await ended).toBe(0);
  });

  test("cannot be called by more octets than CHAOS answers", async () => {
    const id = "é".repeat(128);
    const { code, stderr } = await run(`serve --id=${id}`, EXAMPLE_FOLDER);
    expect(code).toBe(1);
    expect(stderr).toContain(`--id: ${id} is over 255 octets\n`);
  });

  test("takes the paths that were typed before the topology of the environment", async () => {
    const memory = memoryIo(folder.path, {
      env: { PRIVLINK_CONFIG: "gone.yaml", PRIVLINK_LISTEN: "127.0.0.1:0,127.0.0.1:0=internet" },
    });
    const ended = runCli("serve corp.zone --log-level silent".split(" "), memory.io);
    await vi.waitFor(() => expect(memory.stderr()).toMatch(/\nReady\.\n$/), 10_000);
    expect(memory.stderr().match(/ dns +udp\+tcp/g)).toHaveLength(2);
    memory.send("SIGTERM");
    expect(await ended).toBe(0);
  });
});
