import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askControl } from "../src/control/ask-control.ts";
import { decodeMessage } from "../src/message/decode.ts";
import { type AddressPort, formatAddressPort } from "../src/net/address.ts";
import { type FakeUpstream, openFakeUpstream } from "./fake-upstream.ts";
import {
  closeAfterEach,
  connectTo,
  constantReply,
  datagramClient,
  idOf,
  pause,
  queryOctets,
  until,
} from "./loopback.ts";
import { projectFolder } from "./support/project-folder.ts";
import { runProgram, type ServerProcess, startServer } from "./support/server.ts";

const NAME = "www.corp.example";
/** How long the real server takes: long enough to be told to stop meanwhile. */
const SLOW_MS = 300;
const topology = (last: number): string => `networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16, clients: 127.0.0.0/8 }
zones:
  corp.example: { links: [hub], records: "www 60 A 10.0.0.${last}" }
public: { upstream: ${formatAddressPort(upstream.at)} }
listen: 127.0.0.1:0
`;

const later = closeAfterEach();
const folder = projectFolder({});
const control = join(folder.path, "control");
let upstream: FakeUpstream;
let server: ServerProcess;
let at: AddressPort;

beforeAll(async () => {
  upstream = await openFakeUpstream({
    udp: ({ octets }, send) => void setTimeout(() => send(constantReply(octets)), SLOW_MS),
  });
  folder.overwrite("privlink.yaml", topology(1));
  server = await startServer({
    listen: [],
    cwd: folder.path,
    args: ["--workers", "2", "--control", control, "--metrics", "127.0.0.1:0", "--query-log"],
  });
  at = listenerOf(server);
});
afterAll(async () => {
  await server.stop();
  await upstream.close();
  folder.close();
});

function listenerOf({ at: [first] }: ServerProcess): AddressPort {
  if (first === undefined) throw new Error("the server listens nowhere");
  return first;
}

/** The processes that a process started, by number. */
function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((one) => statusOf(one).includes(`\nPPid:\t${pid}\n`));
}

/** Of a process that is there; nothing of one that has gone. */
function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "";
  }
}

/** Asks once from a socket of its own, as another client does; the last octet of the address, or nothing within the time. */
async function askOnce(name = NAME, patienceMs = 2000): Promise<number | undefined> {
  const client = await datagramClient();
  try {
    const reply = new Promise<Uint8Array>((resolve) => client.socket.once("message", resolve));
    client.socket.send(queryOctets(1, name), at.port, at.address.text);
    return (await Promise.race([reply, pause(patienceMs)]))?.at(-1);
  } finally {
    client.socket.close();
  }
}

/** The COOKIE option of a reply to a query that brings such octets behind its own, of any process. */
async function cookieOf(known: Uint8Array): Promise<Uint8Array> {
  const octets = known.length === 0 ? Buffer.from("0102030405060708", "hex") : known;
  const option = Buffer.from([0, 10, 0, octets.length, ...octets]);
  const query = Buffer.from([...queryOctets(1, NAME), 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, option.length, ...option]);
  query[11] = 1;
  const client = await datagramClient();
  const reply = new Promise<Uint8Array>((resolve) => client.socket.once("message", resolve));
  client.send(query, at);
  const { edns } = decodeMessage(await reply);
  await client.close();
  return edns?.options.find(({ code }) => code === 10)?.octets ?? new Uint8Array(0);
}

/** What comes of a request that does not end by itself, until it has so many questions. */
function askUntil(path: string, count: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: control, path, agent: false, timeout: 5000 }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        if (text.split('"client"').length <= count) return;
        resolve(text);
        asked.destroy();
      });
    });
    asked.on("timeout", () => asked.destroy(new Error(`${path} hung`)));
    asked.on("error", reject);
    asked.end();
  });
}

async function metricsOf({ stderr }: ServerProcess): Promise<(name: string) => number> {
  const place = /^ metrics\s+http\s+(\S+)$/m.exec(stderr())?.[1] ?? "";
  const text = await (await fetch(`http://${place}`)).text();
  return (name) =>
    text
      .split("\n")
      .filter((line) => line.startsWith(name) && !line.startsWith("#"))
      .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

describe("two processes that answer", () => {
  test("are counted as one, each has its part, and each line of the query log is whole", async () => {
    const before = await metricsOf(server);
    expect(before("privlink_workers")).toBe(2);
    for (let i = 0; i < 5; i++) {
      const answers = await Promise.all(Array.from({ length: 40 }, () => askOnce()));
      expect(answers.filter((last) => last !== 1)).toEqual([]);
    }
    const after = await metricsOf(server);
    const counters = ["privlink_dns_requests_total", "privlink_answers_total", "privlink_dns_request_size_bytes_count"];
    for (const name of counters) expect([name, after(name) - before(name)]).toEqual([name, 200]);
    const shares = [1, 2].map((worker) => after(`privlink_worker_requests_total{worker="${worker}"}`));
    expect(shares.reduce((sum, share) => sum + share)).toBe(200);
    // How the system shares them out on a busy machine is for npm run bench:workers: here each has its part.
    for (const share of shares) expect(share, `shares ${shares.join(" and ")}`).toBeGreaterThan(0);
    expect(after("privlink_cache_limit_bytes")).toBe(2 * 32 * 2 ** 20);
    await until(() => server.stderr().split(`"name":"${NAME}"`).length === 201, "all questions are logged");
    const lines = server
      .stderr()
      .slice(server.stderr().indexOf("Ready.\n") + 7)
      .trimEnd()
      .split("\n");
    for (const line of lines) expect(() => JSON.parse(line) as unknown, line).not.toThrow();
  });

  test("are watched as one", async () => {
    const lines = new Promise<string>((resolve, reject) => {
      void askUntil("/v1/queries?name=watched.corp.example", 20).then(resolve, reject);
    });
    await pause(100);
    await Promise.all(Array.from({ length: 20 }, () => askOnce("watched.corp.example")));
    expect((await lines).split("\n")[0]).toBe('{"schema":"privlink/queries/v1"}');
  });

  test("keep answers of real servers each for itself, and forget them together", async () => {
    await Promise.all(Array.from({ length: 20 }, () => askOnce("a.slow.example")));
    const asked = upstream.got.length;
    expect(asked).toBeGreaterThanOrEqual(1);
    expect(asked).toBeLessThanOrEqual(2);
    const listed = await askControl(control, { method: "GET", path: "/v1/cache", query: { name: "slow.example" } });
    expect(listed).toMatchObject({
      body: { answers: Array.from({ length: asked }, () => ({ name: "a.slow.example" })) },
    });
    const flushed = await askControl(control, { method: "DELETE", path: "/v1/cache", query: { name: "." } });
    expect(flushed).toMatchObject({ body: { flushed: asked } });
    await askOnce("a.slow.example");
    expect(upstream.got.length).toBe(asked + 1);
  });

  test("have one another's server cookies", async () => {
    const jar = await cookieOf(new Uint8Array(0));
    const again = await Promise.all(Array.from({ length: 20 }, () => cookieOf(jar)));
    // A cookie that the server did not make would come back as another one.
    expect(new Set(again.map((one) => Buffer.from(one).toString("hex")))).toEqual(
      new Set([Buffer.from(jar).toString("hex")]),
    );
  });

  test("have all swapped once a reload is acknowledged", async () => {
    for (const last of [2, 3, 4]) {
      folder.replace("privlink.yaml", topology(last));
      const reply = await askControl(control, { method: "POST", path: "/v1/reload" });
      expect(reply).toMatchObject({ kind: "reply" });
      const answers = await Promise.all(Array.from({ length: 50 }, () => askOnce()));
      expect(new Set(answers)).toEqual(new Set([last]));
    }
  });

  test("one that is killed leaves the other answering, and is replaced with what is answered now, whatever the files say", async () => {
    folder.replace("privlink.yaml", "networks: 5\n");
    await server.sees(/reload failed/);
    const [victim = 0] = childrenOf(server.pid);
    const since = server.stderr().length;
    const before = await metricsOf(server);
    let lost = 0;
    const ask = async (): Promise<void> => {
      const last = await askOnce(NAME, 1000);
      if (last === undefined) lost += 1;
      else expect(last).toBe(4);
    };
    const asked: Promise<void>[] = [];
    for (let i = 0; i < 300; i++) {
      asked.push(ask());
      if (i === 50) process.kill(victim, "SIGKILL");
      await pause(2);
    }
    await Promise.all(asked);
    expect(lost).toBeLessThanOrEqual(2); // What it had read and not answered.
    await server.sees(/worker ended: SIGKILL; another one takes its place in 0\.1 s[^]*worker answers again/, since);
    const after = await metricsOf(server);
    expect(after("privlink_workers")).toBe(2);
    expect(after("privlink_worker_restarts_total") - before("privlink_worker_restarts_total")).toBe(1);
    expect(after("privlink_dns_requests_total")).toBeGreaterThanOrEqual(before("privlink_dns_requests_total"));
    const answers = await Promise.all(Array.from({ length: 40 }, () => askOnce()));
    expect(new Set(answers)).toEqual(new Set([4]));
  });

  test("that are told to stop answer what they were asked, over TCP and UDP", async () => {
    const streams = await Promise.all(Array.from({ length: 10 }, () => connectTo(at)));
    const client = await datagramClient();
    later(() => void client.socket.close());
    const replies: number[] = [];
    client.socket.on("message", (octets: Uint8Array) => replies.push(idOf(octets)));
    const before = upstream.got.length;
    for (const [i, stream] of streams.entries()) {
      stream.ask(queryOctets(i, `s${i}.slow.example`));
      client.socket.send(queryOctets(i, `d${i}.slow.example`), at.port, at.address.text);
    }
    await until(() => upstream.got.length === before + 20, "all are taken"); // And none is answered yet.
    server.signal("SIGTERM");
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(streams.map((one) => one.replies.length)).toEqual(streams.map(() => 1));
    expect(replies.toSorted((a, b) => a - b)).toEqual(streams.map((_, i) => i));
  });
});

describe("the first process", () => {
  test("takes the others with it, however it ends", async () => {
    const own = await startServer({ args: ["--workers", "2"] });
    const workers = childrenOf(own.pid);
    expect(workers).toHaveLength(2);
    own.signal("SIGKILL");
    await own.exited;
    for (const end = performance.now() + 3000; workers.some((pid) => statusOf(pid) !== "") && performance.now() < end; )
      await pause(10);
    expect(workers.filter((pid) => statusOf(pid) !== "")).toEqual([]);
  });

  test("tells once of an address that is taken, and starts nobody", async () => {
    const own = await startServer();
    later(async () => void (await own.stop()));
    const place = formatAddressPort(listenerOf(own));
    const ended = await runProgram(["serve", "--workers", "2", "--listen", place], tmpdir());
    expect(ended.code).toBe(1);
    expect(ended.stderr.match(/is taken by another program/g)).toHaveLength(1);
  });

  test("says what is no number of processes", async () => {
    const ended = await runProgram(["serve", "--workers", "none"], folder.path);
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--workers: none is no number from 1 to 64"),
    });
  });
});
