import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { runCli } from "../src/cli/run-cli.ts";
import { EXAMPLE_FOLDER, type MemoryIo, makeFolder, memoryIo, run } from "./support/memory-io.ts";
import { startServer } from "./support/server.ts";
import { needs } from "./support/tools.ts";

const ZONE = "$ORIGIN corp.example.\n@ 60 SOA ns me 1 2 3 4 5\nwww 60 A 10.0.0.1\n";
const folder = makeFolder({ "corp.zone": ZONE });
afterAll(() => folder.remove());

interface Running {
  readonly memory: MemoryIo;
  readonly ended: Promise<number>;
  /** Where each kind of door is, as the banner tells. */
  readonly at: (kind: "dns" | "health" | "ready" | "metrics") => string;
}

async function start(line: string, cwd = folder.path): Promise<Running> {
  const memory = memoryIo(cwd);
  const ended = runCli(line.split(" "), memory.io);
  await vi.waitFor(() => expect(memory.stderr()).toMatch(/\nReady\.\n$/), 10_000);
  const at = (kind: string): string =>
    new RegExp(`^ ${kind}\\s+\\S+\\s+([^/\\s]+)`, "m").exec(memory.stderr())?.[1] ?? "";
  return { memory, ended, at };
}

async function stop({ memory, ended }: Running): Promise<void> {
  memory.send("SIGTERM");
  expect(await ended).toBe(0);
}

async function page(at: string, path: string): Promise<string> {
  const response = await fetch(`http://${at}${path}`);
  return `${response.status} ${await response.text()}`;
}

const ALL =
  "serve corp.zone --network hub=127.0.0.0/8 --listen 127.0.0.1:0 --log-level silent --health 127.0.0.1:0 --ready 127.0.0.1:0 --metrics 127.0.0.1:0";

describe("probes", () => {
  test("are answered while it runs; once told to stop it is alive and not ready", async () => {
    const server = await start(`${ALL} --lameduck 2`);
    expect(await page(server.at("health"), "/health")).toBe("200 OK\n");
    expect(await page(server.at("ready"), "/ready")).toBe("200 OK\n");
    expect(await page(server.at("ready"), "/")).toBe("404 there is no /: there is /ready\n");
    expect((await run(`healthcheck --ready ${server.at("ready")}`, folder.path)).code).toBe(0);
    server.memory.send("SIGTERM");
    await vi.waitFor(async () =>
      expect(await page(server.at("ready"), "/ready")).toBe("503 stopping: no new questions, please\n"),
    );
    expect(await page(server.at("health"), "/health")).toBe("200 OK\n");
    const check = await run(`healthcheck --ready ${server.at("ready")}`, folder.path);
    expect(check).toEqual({
      code: 1,
      stdout: "",
      stderr: `privlink: ${server.at("ready")} is not ready: stopping: no new questions, please\n`,
    });
    // It goes on answering, and the second signal ends it at once.
    const asked = await run(`query www.corp.example @${server.at("dns")} +short`, EXAMPLE_FOLDER);
    expect(asked.stdout).toBe("10.0.0.1\n");
    server.memory.send("SIGTERM");
    expect(await server.ended).toBe(0);
  });

  test("are off unless asked for", async () => {
    const server = await start("serve corp.zone --listen 127.0.0.1:0 --log-level silent");
    for (const kind of ["health", "ready", "metrics"] as const) expect(server.at(kind)).toBe("");
    await stop(server);
  });

  test("share a door where they have one address", async () => {
    const first = await start(`serve corp.zone --listen 127.0.0.1:0 --log-level silent --health 127.0.0.1:0`);
    const port = first.at("health").split(":")[1];
    await stop(first);
    const server = await start(
      `serve corp.zone --listen 127.0.0.1:0 --log-level silent --health 127.0.0.1:${port} --ready 127.0.0.1:${port}`,
    );
    expect(await page(`127.0.0.1:${port}`, "/health")).toBe("200 OK\n");
    expect(await page(`127.0.0.1:${port}`, "/ready")).toBe("200 OK\n");
    await stop(server);
  });

  test.each([
    { flag: "--metrics 127.0.0.1", says: "--metrics: 127.0.0.1 is no ADDR:PORT" },
    { flag: "--health :8080", says: "--health: :8080 is no ADDR:PORT: write 0.0.0.0:8080 or [::]:8080" },
    { flag: "--lameduck long", says: "--lameduck: long is no time up to an hour" },
  ])("$flag is refused with a sentence", async ({ flag, says }) => {
    const ran = await run(`serve corp.zone --listen 127.0.0.1:0 ${flag}`, folder.path);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(says);
  });

  test("a port that is taken keeps it from starting", async () => {
    const server = await start(ALL);
    const ran = await run(
      `serve corp.zone --listen 127.0.0.1:0 --log-level silent --metrics ${server.at("metrics")}`,
      folder.path,
    );
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(
      `privlink: not started: --metrics: ${server.at("metrics")} is taken: name another address or port`,
    );
    await stop(server);
  });

  test("a server that is not there is told by healthcheck", async () => {
    const ran = await run("healthcheck --ready 127.0.0.1:1", folder.path);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/^privlink: 127\.0\.0\.1:1 does not say whether it is ready: /);
  });
});

describe("metrics", () => {
  test("count questions by network, zone and outcome, and never by who asked or for what", async () => {
    const server = await start(`serve --listen 127.0.0.1:0 --log-level silent --metrics 127.0.0.1:0`, EXAMPLE_FOLDER);
    const ask = async (words: string): Promise<void> =>
      void (await run(`query ${words} @${server.at("dns")}`, EXAMPLE_FOLDER));
    await ask("myregistry.azurecr.io --from hub");
    await ask("myregistry.azurecr.io --from hub");
    await ask("myregistry.azurecr.io --from internet");
    await ask("missing.privatelink.azurecr.io --from spoke +tcp");
    await ask("whatever.example TYPE999 --from spoke");
    const text = await page(server.at("metrics"), "/metrics");
    const lines = text.split("\n");
    expect(lines).toContain('privlink_answers_total{network="hub",zone="privatelink.azurecr.io",outcome="private"} 2');
    expect(lines).toContain('privlink_answers_total{network="internet",zone="",outcome="public"} 1');
    expect(lines).toContain(
      'privlink_answers_total{network="spoke",zone="privatelink.azurecr.io",outcome="nxdomain"} 1',
    );
    expect(lines).toContain('privlink_dns_requests_total{network="spoke",proto="tcp",family="1",type="A"} 1');
    expect(lines).toContain('privlink_dns_requests_total{network="spoke",proto="udp",family="1",type="other"} 1');
    expect(lines).toContain("privlink_ready 1");
    expect(lines).toContain("privlink_dns_request_duration_seconds_count 5");
    expect(text).toMatch(/^privlink_build_info\{version="1\.2\.3",runtime="node v20 test"\} 1$/m);
    expect(text).toMatch(/^privlink_reload_version_info\{hash="[0-9a-f]{8,}"\} 1$/m);
    expect(text).not.toMatch(/127\.0\.0\.1|myregistry|whatever/);
    await stop(server);
  });

  test("count reloads", async () => {
    const own = makeFolder({ "corp.zone": ZONE });
    const server = await startServer({ cwd: own.path, args: ["corp.zone", "--metrics", "127.0.0.1:0"] });
    const at = / metrics\s+\S+\s+([^/\s]+)/.exec(server.stderr())?.[1] ?? "";
    const counts = async (result: string): Promise<void> =>
      vi.waitFor(
        async () => expect(await page(at, "/metrics")).toContain(`privlink_reloads_total{result="${result}"} 1`),
        10_000,
      );
    writeFileSync(join(own.path, "corp.zone"), ZONE.replace("10.0.0.1", "10.0.0.2"));
    await counts("loaded");
    writeFileSync(join(own.path, "corp.zone"), "nonsense here\n");
    await counts("failed");
    expect((await server.stop()).code).toBe(0);
    own.remove();
  });

  describe("as promtool sees them", () => {
    beforeEach(needs("promtool"));

    test("have no fault", async () => {
      const server = await start(ALL);
      await run(`query www.corp.example @${server.at("dns")}`, EXAMPLE_FOLDER);
      const response = await fetch(`http://${server.at("metrics")}/metrics`);
      expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
      const { stderr, status } = spawnSync("promtool", ["check", "metrics"], {
        input: await response.text(),
        encoding: "utf8",
      });
      // The counters that every Node program has are not ours to name.
      expect(stderr.split("\n").filter((line) => line !== "" && !/^(nodejs|process)_/.test(line))).toEqual([]);
      expect([0, 3]).toContain(status);
      await stop(server);
    });
  });
});
