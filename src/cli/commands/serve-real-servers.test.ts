import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { EXAMPLE_FOLDER, makeFolder, memoryIo, run } from "../../../test/support/memory-io.ts";
import { runCli } from "../run-cli.ts";

/** A cluster's DNS stands in for a real server: another privlink, asked over the wire. */
const folder = makeFolder({
  "cluster.zone": "$ORIGIN cluster.local.\n@ 60 SOA ns me 1 2 3 4 5\nkubernetes.default.svc 30 A 10.96.0.1\n",
  "shop.zone": "$ORIGIN shop.example.\n@ 60 SOA ns me 1 2 3 4 5\nwww 60 A 192.0.2.1\n",
  "privlink.yaml": `
networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16, forward: { cluster.local: cluster-dns, nobody.example: silent, shop.example: shop-dns } }
zones:
  corp.example: { links: hub, records: "www 60 A 10.0.5.5" }
  shop.example: { records: "www 60 A 198.51.100.1" }
resolvers:
  cluster-dns: { network: hub, address: 10.96.0.10, external: true }
  silent: { network: hub, address: "127.0.0.1:9", external: true }
  shop-dns: { network: hub, address: 10.97.0.10, external: true, zones: shop.example }
  inside: { network: hub, address: 10.0.0.4 }
listen: { address: "127.0.0.1:0", network: hub }
`,
});
afterAll(() => folder.remove());

interface Running {
  readonly at: string;
  stop(): Promise<number>;
}

async function start(line: string): Promise<Running> {
  const memory = memoryIo(folder.path);
  const ended = runCli(`serve ${line} --log-level silent`.split(" "), memory.io);
  await vi.waitFor(() => expect(memory.stderr()).toMatch(/\nReady\.\n$/), 10_000);
  const at = /127\.0\.0\.1:\d+/.exec(memory.stderr())?.[0] ?? "";
  return {
    at,
    stop() {
      memory.send("SIGTERM");
      return ended;
    },
  };
}

async function ask(server: Running, name: string, more = "+noall +answer"): Promise<string> {
  const { stdout, stderr } = await run(`query ${name} @${server.at} ${more}`, EXAMPLE_FOLDER);
  return stdout + stderr;
}

describe("a real server of the model", () => {
  let cluster: Running;
  beforeAll(async () => {
    cluster = await start("cluster.zone --listen 127.0.0.1:0");
  }, 20_000);
  afterAll(async () => {
    await cluster.stop();
  });

  test("is asked over the wire, where the command line says it is", async () => {
    const server = await start(`-c privlink.yaml --resolver Cluster-DNS=${cluster.at}`);
    expect(await ask(server, "kubernetes.default.svc.cluster.local")).toMatch(/\s30\s+IN\s+A\s+10\.96\.0\.1\n$/);
    expect(await ask(server, "us.icr.io.default.svc.cluster.local", "-o dig")).toContain("status: NXDOMAIN");
    expect(await ask(server, "www.corp.example")).toContain("10.0.5.5");
    expect(await server.stop()).toBe(0);
  }, 20_000);

  test("is asked for names of its zones too: what the files say of those is for where nothing is sent", async () => {
    const real = await start("shop.zone --listen 127.0.0.1:0");
    const server = await start(`-c privlink.yaml --resolver shop-dns=${real.at}`);
    expect(await ask(server, "www.shop.example")).toContain("192.0.2.1");
    expect((await run("query www.shop.example --from hub -o short", folder.path)).stdout).toBe("198.51.100.1\n");
    await server.stop();
    await real.stop();
  }, 20_000);

  test("that does not answer fails the question, and only that", async () => {
    const server = await start(`-c privlink.yaml --resolver cluster-dns=${cluster.at}`);
    const failed = await ask(server, "www.nobody.example", "+time=10");
    expect(failed).toContain("status: SERVFAIL");
    expect(failed).toContain("silent");
    expect(await ask(server, "www.corp.example")).toContain("10.0.5.5");
    await server.stop();
  }, 20_000);

  test("gets the names of a domain that --forward sends to it, and public data answers for the rest", async () => {
    const server = await start(`shop.zone --listen 127.0.0.1:0 --forward cluster.local=${cluster.at}`);
    expect(await ask(server, "kubernetes.default.svc.cluster.local")).toContain("10.96.0.1");
    expect(await ask(server, "www.shop.example")).toContain("192.0.2.1");
    expect(await ask(server, "www.nowhere.example", "-o dig")).toContain("status: NXDOMAIN");
    await server.stop();
  }, 20_000);
});

describe("what is wrong on the command line is said in a sentence", () => {
  test.each([
    { line: "--resolver cluster-dns", says: "--resolver: cluster-dns is no NAME=ADDR[:PORT]" },
    { line: "--resolver cluster-dns=", says: "--resolver: nothing is no ADDR[:PORT] of a server" },
    { line: "--resolver cluster-dns=here", says: "--resolver: here is no ADDR[:PORT] of a server" },
    {
      line: "--resolver cluster-dns=10.0.0.1:0",
      says: "--resolver: 10.0.0.1:0 is no ADDR[:PORT] of a server",
      code: 2,
    },
    {
      line: "--resolver nobody=10.0.0.1",
      says: "--resolver: no resolver is called nobody: of external ones there are cluster-dns, silent, shop-dns",
    },
    {
      line: "--resolver inside=10.0.0.1",
      says: "--resolver: inside is no real server: write external: true, there are cluster-dns, silent, shop-dns",
    },
    { line: "--forward corp.example", says: "--forward: corp.example is no DOMAIN=ADDR[:PORT]" },
    { line: "--forward a..b=10.0.0.1", says: "--forward: a..b " },
  ])("$line → $says", async ({ line, says }) => {
    const result = await run(`serve -c privlink.yaml ${line}`, folder.path);
    expect(result.stderr).toContain(says);
    expect(result.code).toBe(1);
  });
});
