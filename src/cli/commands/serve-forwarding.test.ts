import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { type FakeUpstream, openFakeUpstream } from "../../../test/fake-upstream.ts";
import { constantReply } from "../../../test/loopback.ts";
import { EXAMPLE_FOLDER, makeFolder, memoryIo, run } from "../../../test/support/memory-io.ts";
import { formatAddressPort } from "../../net/address.ts";
import { runCli } from "../run-cli.ts";

const folder = makeFolder({ "nothing.txt": "" });
afterAll(() => folder.remove());

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function upstream(): Promise<FakeUpstream> {
  const fake = await openFakeUpstream({ udp: (got, send) => send(constantReply(got.octets)) });
  closers.push(() => fake.close());
  return fake;
}

async function start(
  line: string,
): Promise<{ readonly at: string; readonly stderr: () => string; stop(): Promise<number> }> {
  const memory = memoryIo(folder.path);
  const ended = runCli(`serve ${line}`.split(" "), memory.io);
  await vi.waitFor(() => expect(memory.stderr()).toMatch(/\nReady\.\n/), 10_000);
  const at = /127\.0\.0\.1:\d+/.exec(memory.stderr())?.[0] ?? "";
  const stop = async (): Promise<number> => {
    memory.send("SIGTERM");
    return ended;
  };
  closers.push(stop);
  return { at, stderr: () => memory.stderr(), stop };
}

async function ask(at: string, name: string): Promise<string> {
  const { stdout, stderr } = await run(`query ${name} @${at} -o dig +noall +comments +answer`, EXAMPLE_FOLDER);
  return stdout + stderr;
}

describe("serve with flags alone", () => {
  test("is a forwarder and nothing else: no example, no files", async () => {
    const [corp, rest] = [await upstream(), await upstream()];
    const flags = `--forward corp.example=${formatAddressPort(corp.at)} --forward .=${formatAddressPort(rest.at)}`;
    const server = await start(`${flags} --listen 127.0.0.1:0`);
    expect(server.stderr()).toMatch(/^privlink \S+ {2}command line\n/);
    for (const name of ["www.corp.example", "myregistry.azurecr.io"])
      expect(await ask(server.at, name)).toContain("192.0.2.1");
    expect([corp.got.length, rest.got.length]).toEqual([1, 1]);
    expect(await ask(server.at, "www.corp.example")).toContain("192.0.2.1");
    expect(corp.got.length).toBe(1); // It is known.
    expect(await server.stop()).toBe(0);
  }, 20_000);

  test("two for one domain are asked in order", async () => {
    const good = await upstream();
    const server = await start(
      `--forward .=127.0.0.1:9 --forward .=${formatAddressPort(good.at)} --listen 127.0.0.1:0`,
    );
    expect(await ask(server.at, "www.example")).toContain("192.0.2.1");
  }, 20_000);
});

describe("a topology that would ask itself", () => {
  test("is not started, where only the command line says where it listens", async () => {
    const { stderr, code } = await run("serve --forward .=127.0.0.1:5979 --listen 127.0.0.1:5979", folder.path);
    expect(stderr).toContain("127.0.0.1:5979 is privlink itself, which listens there");
    expect(code).toBe(1);
  });
});

describe("what is wrong with --forward is said in a sentence", () => {
  test.each([
    { line: ".=dns.google", says: "--forward: dns.google is no ADDR[:PORT] of a server" },
    { line: ".=tls://@9.9.9.9", says: "--forward: tls://@9.9.9.9 is no server, expected tls://NAME@ADDR[:PORT]" },
    { line: ".=tls://dns.quad9.net@nowhere", says: "is no server, expected tls://NAME@ADDR[:PORT]" },
    { line: ".=tls://dns.quad9.net", says: "--forward: tls://dns.quad9.net is no ADDR[:PORT] of a server" },
  ])("$line", async ({ line, says }) => {
    const { stderr, code } = await run(`serve --forward ${line}`, folder.path);
    expect(stderr).toContain(says);
    expect(code).toBe(1);
  });
});
