import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FakeUpstream, openFakeUpstream } from "../../../test/fake-upstream.ts";
import { constantReply } from "../../../test/loopback.ts";
import { EXAMPLE_FOLDER, makeFolder, memoryIo, run } from "../../../test/support/memory-io.ts";
import { formatAddressPort } from "../../net/address.ts";
import { runCli } from "../run-cli.ts";

const folder = makeFolder({ "nothing.txt": "" });
afterAll(() => folder.remove());

describe("cache", () => {
  let upstream: FakeUpstream;
  let at = "";
  let stop: () => Promise<unknown>;
  beforeEach(async () => {
    upstream = await openFakeUpstream({ udp: (got, send) => send(constantReply(got.octets)) });
    const memory = memoryIo(folder.path);
    const flags = `--forward .=${formatAddressPort(upstream.at)} --listen 127.0.0.1:0 --control socket --log-level silent`;
    const ended = runCli(`serve ${flags}`.split(" "), memory.io);
    await vi.waitFor(() => expect(memory.stderr()).toMatch(/\nReady\.\n/), 10_000);
    at = /127\.0\.0\.1:\d+/.exec(memory.stderr())?.[0] ?? "";
    stop = async () => {
      memory.send("SIGTERM");
      await ended;
      await upstream.close();
    };
  });
  afterEach(() => stop());

  const ask = (name: string): Promise<unknown> => run(`query ${name} @${at} +short`, EXAMPLE_FOLDER);
  const cache = async (words: string): Promise<string> => {
    const { stdout, stderr } = await run(`cache ${words}`, folder.path);
    return stdout + stderr;
  };

  test("lists what is kept and forgets it, ready replies included", async () => {
    for (const name of ["www.corp.example", "www.corp.example", "db.example"]) await ask(name);
    const listed = await cache("list --control socket");
    expect(listed.split("\n")[0]).toMatch(/^NAME +TYPE +SECONDS +OUTCOME +RESOLVER +SERVERS +CLIENT$/);
    expect(listed).toMatch(/^www\.corp\.example +A +\d+ +answer +forwarder +127\.0\.0\.1:\d+ +-$/m);
    expect(await cache("list corp.example --control socket")).not.toContain("db.example");
    expect(await cache("list --control socket --limit 1")).toMatch(/\nand 1 more: name a domain, or raise --limit\n$/);
    expect(await cache("flush CORP.example --control socket")).toBe("1 answer forgotten\n");
    const before = upstream.got.length;
    await ask("www.corp.example");
    expect(upstream.got.length).toBe(before + 1);
    expect(JSON.parse(await cache("flush . --control socket -o json"))).toEqual({
      schema: "privlink/cache-flush/v1",
      name: ".",
      flushed: 2,
    });
  }, 20_000);

  test.each([
    { words: "", says: "list or flush?" },
    { words: "clear --control socket", says: "clear is neither list nor flush" },
    { words: "flush --control socket", says: "flush what? a NAME, with all names below it; . forgets everything" },
    { words: "list", says: "--control is missing: which server? the SOCKET of its own --control" },
    { words: "list --control socket --limit many", says: "--limit: many is no number" },
    { words: "flush a..b --control socket", says: "a..b has an empty label, expected a domain name" },
    { words: "list --control 127.0.0.1:5381", says: "127.0.0.1:5381 is an address: name a socket, or ask http://" },
    { words: "list --control other", says: `${join("", "other")} does not exist: start the server with --control` },
  ])("$words: $says", async ({ words, says }) => {
    const { stderr, code } = await run(`cache ${words}`.trim(), folder.path);
    expect(stderr).toContain(says);
    expect(code).toBe(1);
  });
});
