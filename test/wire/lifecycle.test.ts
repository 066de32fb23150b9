import { createSocket } from "node:dgram";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { formatAddressPort } from "../../src/net/address.ts";
import { answerOne, closeAfterEach, connectTo, datagramServer, here, idOf, queryOctets, until } from "../loopback.ts";
import { answerOf } from "../support/answers.ts";
import { projectFolder } from "../support/project-folder.ts";
import { listenerOf } from "../support/reloading.ts";
import { runProgram, type ServerOptions, type ServerProcess, startServer } from "../support/server.ts";

const later = closeAfterEach();

async function serve(options: ServerOptions = {}): Promise<ServerProcess> {
  const server = await startServer(options);
  later(async () => void (await server.stop()));
  return server;
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = projectFolder(files);
  later(() => folder.close());
  return folder.path;
}

/** A server whose public answers come from a real server that keeps each question until it is told to answer. */
async function serveBeforeSlowUpstream(): Promise<{
  server: ServerProcess;
  asked: () => number;
  answerAll: () => void;
}> {
  const socket = createSocket("udp4");
  const waiting: (() => void)[] = [];
  socket.on("message", (query, { address, port }) => {
    const copy = Uint8Array.from(query);
    waiting.push(() => {
      const reply = answerOne(copy, { ...here(), transport: "udp", local: here() });
      if (reply instanceof Uint8Array) socket.send(reply, port, address);
    });
  });
  await new Promise<void>((resolve) => {
    socket.bind(0, "127.0.0.1", resolve);
  });
  later(() => void socket.close());
  const cwd = folderWith({ "privlink.yaml": `public:\n  upstream: 127.0.0.1:${socket.address().port}\n` });
  const server = await serve({ cwd });
  return {
    server,
    asked: () => waiting.length,
    answerAll: () => {
      for (const answer of waiting.splice(0)) answer();
    },
  };
}

describe("told to stop", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("by %s it answers what is under way, and ends with 0", async (signal) => {
    const { server, asked, answerAll } = await serveBeforeSlowUpstream();
    const client = await connectTo(listenerOf(server));
    later(() => void client.socket.destroy());
    client.ask(queryOctets(7));
    await until(() => asked() > 0, "the upstream was asked");
    server.signal(signal);
    await server.sees(new RegExp(`${signal}: answering what is under way`));
    expect(client.replies).toEqual([]);
    answerAll();
    await until(() => client.replies.length === 1, "the slow question was answered");
    expect(client.replies.map((reply) => [idOf(reply), reply.at(-1)])).toEqual([[7, 1]]);
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  test("it takes no new questions", async () => {
    const { server, asked } = await serveBeforeSlowUpstream();
    const client = await connectTo(listenerOf(server));
    later(() => void client.socket.destroy());
    client.ask(queryOctets(7));
    await until(() => asked() > 0, "the upstream was asked");
    server.signal("SIGTERM");
    await server.sees(/answering what is under way/);
    expect(await answerOf(listenerOf(server), "a.example", { transport: "tcp" })).toMatch(/refused|closed/);
  });

  test("twice it ends at once, whatever is under way", async () => {
    const { server, asked } = await serveBeforeSlowUpstream();
    const client = await connectTo(listenerOf(server));
    later(() => void client.socket.destroy());
    client.ask(queryOctets(7));
    await until(() => asked() > 0, "the upstream was asked");
    server.signal("SIGTERM");
    await server.sees(/answering what is under way/);
    const start = performance.now();
    server.signal("SIGTERM");
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - start).toBeLessThan(2500); // Draining would take 5 s.
  });

  test("with connections that nobody uses it ends soon", async () => {
    const server = await serve();
    const idle = await Promise.all([1, 2, 3].map(() => connectTo(listenerOf(server))));
    for (const { socket } of idle) later(() => void socket.destroy());
    const start = performance.now();
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe("the ready file", () => {
  test("has the addresses once everything answers, and goes with the server", async () => {
    const server = await serve({ listen: ["127.0.0.1:0", "127.0.0.2:0=hub"] });
    expect(readFileSync(server.readyFile, "utf8")).toBe(server.at.map((at) => `${formatAddressPort(at)}\n`).join(""));
    expect(server.at.map(({ address }) => address.text)).toEqual(["127.0.0.1", "127.0.0.2"]);
    const inside = "NOERROR 10.0.0.7";
    const answers = server.at.map((at) => answerOf(at, "myregistry.azurecr.io"));
    expect(await Promise.all(answers)).toEqual(["NOERROR 20.45.122.144", inside]);
    server.signal("SIGTERM");
    await server.exited;
    expect(existsSync(server.readyFile)).toBe(false);
  });
});

test("two listeners at any port of one address are each who they were said to be", async () => {
  const server = await serve({ listen: ["127.0.0.1:0", "127.0.0.1:0=hub"] });
  const answers = server.at.map((at) => answerOf(at, "myregistry.azurecr.io"));
  expect(await Promise.all(answers)).toEqual(["NOERROR 20.45.122.144", "NOERROR 10.0.0.7"]);
});

describe("a server that cannot start ends with 1 and says all that is wrong", () => {
  test("a port that is taken", async () => {
    const taken = await datagramServer(() => []);
    later(() => taken.close());
    const at = formatAddressPort(taken.at);
    const { code, stdout, stderr } = await runProgram(["serve", "--listen", at], folderWith({}));
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(new RegExp(`^privlink: [^\\n]*${at}[^\\n]*(in use|taken)[^\\n]*\\n$`));
  });

  test("errors in the topology and in its zones, none hidden behind the first", async () => {
    const cwd = folderWith({
      "privlink.yaml": `networks:
  hub: { kind: azure, prefixes: 10.0.0.0/33 }
  hub2: { kindd: azure }
zones:
  corp.example: { file: corp.example.zone, links: nobody }
`,
      "corp.example.zone": "www A 10.0.0.256\nwww 5 BOGUS x\n",
    });
    const { code, stdout, stderr } = await runProgram(["serve", "--listen", "127.0.0.1:0"], cwd);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    const places = stderr.match(/^\S+:\d+:\d+: (error|warning): .*\[[a-z]+\/[a-z-]+\]$/gm) ?? [];
    expect(places.map((line) => line.replace(/: (error|warning): .*\[/, " $1 ").replace("]", ""))).toEqual([
      "corp.example.zone:1:7 error zonefile/bad-rdata",
      "corp.example.zone:2:7 error zonefile/unknown-type",
      "privlink.yaml:2:33 error topology/bad-prefix",
      "privlink.yaml:3:11 error topology/unknown-key",
      "privlink.yaml:5:51 error network/unknown",
    ]);
    expect(stderr.trimEnd().split("\n").at(-1)).toBe("privlink: not started: 5 errors");
  });

  test("a topology that does not exist", async () => {
    const { code, stderr } = await runProgram(["serve", "-c", "missing.yaml"], folderWith({}));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^privlink: .*missing\.yaml does not exist\n$/);
  });

  test("a listener for nobody", async () => {
    const { code, stderr } = await runProgram(["serve", "--listen", "127.0.0.1:0=nobody"], folderWith({}));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^privlink: --listen: nobody is neither a network nor a resolver: there are hub, spoke, /);
  });
});

test("warnings are shown and keep nobody from starting", async () => {
  const cwd = folderWith({
    "privlink.yaml": "zones:\n  corp.example: { file: corp.example.zone }\n",
    "corp.example.zone": "www A 10.0.0.1\n",
  });
  const server = await serve({ cwd });
  expect(server.stderr()).toMatch(/^privlink\.yaml:2:\d+: warning: .*\[link\/none\]$/m);
});

describe("a command beside the server", () => {
  const nodeCommand = (code: string): string[] => ["--", process.execPath, "-e", code];

  test.each([0, 7])("ends it, and its exit code, %i, is the server's", async (code) => {
    const server = await serve({
      args: nodeCommand(`console.log("beside"); setTimeout(() => process.exit(${code}), 300)`),
    });
    expect(await answerOf(listenerOf(server), "localhost")).toBe("NOERROR 127.0.0.1");
    expect(await server.exited).toEqual({ code, signal: null });
    expect(server.stdout()).toBe("beside\n");
    expect(existsSync(server.readyFile)).toBe(false);
  });

  test("that does not exist ends it with 1 and a sentence", async () => {
    const args = ["serve", "--listen", "127.0.0.1:0", "--", join("no", "such", "program")];
    const { code, stderr } = await runProgram(args, folderWith({}));
    expect(code).toBe(1);
    expect(stderr).toContain("no/such/program could not be run");
  });

  test("ends with it", async () => {
    const waits = `process.on("SIGTERM", () => { console.log("told"); process.exit(3); }); console.log("up"); setInterval(() => {}, 1000)`;
    const server = await serve({ args: nodeCommand(waits) });
    await until(() => server.stdout() === "up\n", "the command was up");
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    expect(server.stdout()).toBe("up\ntold\n");
  });
});
