import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type FakeUpstream, openFakeUpstream } from "../../../test/fake-upstream.ts";
import { EXAMPLE_FOLDER, makeFolder, memoryIo, type Ran, run } from "../../../test/support/memory-io.ts";
import { type ServerProcess, startServer } from "../../../test/support/server.ts";
import { formatAddressPort } from "../../net/address.ts";
import { runCli } from "../run-cli.ts";

const MODEL = `networks:
  hub: { prefixes: 10.0.0.0/16 }
  spoke: { prefixes: 10.1.0.0/16 }
  far: { kind: on-premises }
zones:
  corp.example:
    links: hub
    records: |
      www 60 A 10.0.0.7
      mail 60 A 10.0.0.9
public: { upstream: 127.0.0.1:1, onMiss: upstream, records: "www.corp.example. 60 A 198.51.100.7\\n" }
expect:
  - { from: hub, name: www.corp.example, resolves: 10.0.0.7, tags: smoke }
  - { from: spoke, name: www.corp.example, is: public, because: outsiders see the front }
  - { from: [hub, spoke], name: www.out.net, is: public, tags: [slow] }
`;

const folders: { remove(): void }[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

function project(files: Readonly<Record<string, string>> = {}): string {
  const folder = makeFolder({ "privlink.yaml": MODEL, ...files });
  folders.push(folder);
  return folder.path;
}

function broken(): string {
  return MODEL.replace("resolves: 10.0.0.7", "resolves: 10.0.0.8");
}

describe("exit codes", () => {
  test("0 where all is met: nothing on standard output, the counts on standard error", async () => {
    expect(await run("test", project())).toEqual({
      code: 0,
      stdout: "",
      stderr: "privlink.yaml: 2 met, 2 unknown (--live asks the real servers, --strict lets unknown fail)\n",
    });
    expect(await run("test -q", project())).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("2 where one failed", async () => {
    const { code, stdout, stderr } = await run("test", project({ "privlink.yaml": broken() }));
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "privlink.yaml: 1 met, 1 failed, 2 unknown (--live asks the real servers, --strict lets unknown fail)\n",
    });
    expect(stdout).toContain("privlink.yaml:13: hub asks www.corp.example A: failed\n  expected  10.0.0.8\n");
  });

  test("2 where what is unknown is to fail", async () => {
    const { code, stdout } = await run("test --strict", project());
    expect(code).toBe(2);
    expect(stdout).toContain("got       unknown: 127.0.0.1:1 would be asked\n");
  });

  test.each([
    {
      line: "test",
      files: { "privlink.yaml": "networks: { hub: }\n" },
      says: "nothing to test: privlink.yaml expects nothing",
    },
    { line: "test --only none", files: {}, says: "nothing to test: --only and --except leave none of 3 expectations" },
    { line: "test nope.yaml", files: {}, says: "nope.yaml does not exist" },
    { line: "test -c nope.yaml", files: {}, says: "nope.yaml does not exist" },
    {
      line: "test",
      files: { "privlink.yaml": `${MODEL}  - { from: hubb }\n` },
      says: "privlink.yaml cannot be used: 3 errors",
    },
    {
      line: "test more.yaml",
      files: { "more.yaml": "networks: { hub: }\n" },
      says: "networks is a key of a topology, expected a list of expectations",
    },
    {
      line: "test --report junit=no/such/folder.xml",
      files: {},
      says: "no/such/folder.xml is in a folder that does not exist",
    },
    {
      line: "test --report xml=a.xml",
      files: {},
      says: "--report xml=a.xml: xml is none of text, json, junit, tap, github",
    },
    { line: "test --report junit", files: {}, says: "--report junit is no FORM=FILE: junit=report.xml" },
    { line: "test --server nowhere", files: {}, says: "--server: nowhere is no address, expected ADDR or ADDR:PORT" },
    { line: "test --as hub", files: {}, says: "--as goes with --server" },
    { line: "test --out a.yaml", files: {}, says: "--out goes with --init" },
    { line: "test --init --update", files: {}, says: "--init stands beside --update: run one of the two" },
    { line: "test --init more.yaml", files: {}, says: "more.yaml stands beside --init" },
    { line: "test --server 127.0.0.1 --tries 0", files: {}, says: "--tries: 0 is not 1 to 10" },
    { line: "test --server 127.0.0.1 --source here", files: {}, says: "--source: here is no address" },
    {
      line: "test --server 127.0.0.1:1 --as nobody",
      files: {},
      says: "--as: no expectation is about nobody: they are about hub, spoke",
    },
  ])("1 for $line: $says", async ({ line, files, says }) => {
    const { code, stdout, stderr } = await run(line, project(files));
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(says);
  });
});

describe("which expectations are run", () => {
  test.each([
    { line: "test -q -v --only SMOKE", lines: ["13: hub asks www.corp.example A: met"] },
    { line: "test -q -v --only front", lines: ["14: spoke asks www.corp.example A: met"] },
    {
      line: "test -q -v --only smoke --only privlink.yaml:14",
      lines: ["13: hub asks www.corp.example A: met", "14: spoke asks www.corp.example A: met"],
    },
    { line: "test -q -v --except slow --except smoke", lines: ["14: spoke asks www.corp.example A: met"] },
  ])("$line", async ({ line, lines }) => {
    const { stdout } = await run(line, project());
    expect(
      stdout
        .split("\n")
        .slice(0, -1)
        .map((one) => one.replace("privlink.yaml:", "").replace(/met: .*/, "met")),
    ).toEqual(lines);
  });

  test("files that are named stand for those of the topology", async () => {
    const folder = project({ "tests/more.yaml": "- { from: hub, name: mail.corp.example, resolves: 10.0.0.1 }\n" });
    const { code, stdout, stderr } = await run("test tests/more.yaml", folder);
    expect({ code, stderr }).toEqual({ code: 2, stderr: "tests/more.yaml: 0 met, 1 failed\n" });
    expect(stdout).toContain("tests/more.yaml:1: hub asks mail.corp.example A: failed");
  });

  test("without files it is the built-in example, which is met", async () => {
    const folder = makeFolder({});
    folders.push(folder);
    const { code, stderr } = await run("test", folder.path);
    expect(code).toBe(0);
    expect(stderr).toMatch(/the built-in example[^]*: 11 met\n$/);
  });
});

test("reports are written beside what is printed, several in one run", async () => {
  const folder = project({ "privlink.yaml": broken() });
  const { code, stdout } = await run("test --format tap --report junit=out.xml --report json=out.json", folder);
  expect(code).toBe(2);
  expect(stdout).toMatch(/^TAP version 14\n1\.\.4\nnot ok 1 - hub: www\.corp\.example A\n/);
  expect(readFileSync(join(folder, "out.xml"), "utf8")).toContain('tests="4" failures="1" errors="0" skipped="2"');
  expect(JSON.parse(readFileSync(join(folder, "out.json"), "utf8"))).toMatchObject({ summary: { failed: 1 } });
});

test("--coverage tells what nothing touched", async () => {
  const { code, stdout } = await run("test -q --coverage", project());
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: `no expectation touched:
  record    mail.corp.example A  privlink.yaml:10
touched: 1 of 1 zone, 1 of 2 records, 1 of 1 link
`,
  });
  const { stdout: json } = await run("test -q --coverage --format json", project());
  expect(JSON.parse(json)).toMatchObject({
    coverage: { all: { record: 2 }, untouched: [{ kind: "record", line: 10 }] },
  });
});

describe("--init", () => {
  test("writes a file that is met at once, and never over another", async () => {
    const folder = project();
    expect(await run("test --init --out today.yaml", folder)).toEqual({
      code: 0,
      stdout: "",
      stderr: "today.yaml: 3 expectations of 5 answers, and nothing of 3 that only a real server knows\n",
    });
    expect((await run("test today.yaml", folder)).stderr).toBe("today.yaml: 5 met\n");
    const again = await run("test --init --out today.yaml", folder);
    expect(again).toEqual({
      code: 1,
      stdout: "",
      stderr: "privlink: today.yaml is there already: move it, or write elsewhere with --out\n",
    });
  });

  test("writes to standard output otherwise", async () => {
    const { code, stdout } = await run("test --init -q", project());
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^# Written by privlink test --init from the answers of privlink\.yaml: .*\n- \{ from: hub, /,
    );
  });
});

describe("--update", () => {
  test("changes what failed in the file, and shows the difference", async () => {
    const folder = project({ "privlink.yaml": broken() });
    const { code, stdout, stderr } = await run("test --update", folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "privlink.yaml: 1 changed\n" });
    expect(stdout).toContain("\n-  - { from: hub, name: www.corp.example, resolves: 10.0.0.8, tags: smoke }\n+  - ");
    expect(readFileSync(join(folder, "privlink.yaml"), "utf8")).toBe(MODEL);
    expect(await run("test --update", folder)).toEqual({
      code: 0,
      stdout: "",
      stderr: "privlink.yaml: nothing to change\n",
    });
  });

  test("leaves what a person must decide, and says so with exit code 2", async () => {
    const text = `${MODEL}  - { from: hub, name: www.corp.example, not: { is: private } }\n`;
    const folder = project({ "privlink.yaml": text });
    expect(await run("test --update", folder)).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "privlink.yaml:16: left as it is: it forbids what is answered: change it by hand\nprivlink.yaml: nothing to change, 1 left as they are\n",
    });
    expect(readFileSync(join(folder, "privlink.yaml"), "utf8")).toBe(text);
  });
});

test("--watch runs again when a file changes, and ends with the last exit code", async () => {
  const folder = project();
  const memory = memoryIo(folder);
  const running = runCli(["test", "--watch"], memory.io);
  const waits = (times: number): Promise<void> =>
    expect.poll(() => memory.stderr().split("waiting for a change").length - 1, { timeout: 10_000 }).toBe(times);
  await waits(1);
  writeFileSync(join(folder, "privlink.yaml"), "networks: [\n");
  await waits(2);
  writeFileSync(join(folder, "privlink.yaml"), broken());
  await waits(3);
  memory.send("SIGINT");
  expect(await running).toBe(2);
  expect(memory.stderr()).toContain("privlink.yaml cannot be used");
  expect(memory.stdout()).toContain("expected  10.0.0.8");
});

describe("--live", () => {
  test("asks the real servers of the model", async () => {
    const upstream = await fakeAnswering("198.51.100.99");
    try {
      const folder = project({ "privlink.yaml": MODEL.replace("127.0.0.1:1", formatAddressPort(upstream.at)) });
      const ran = await run("test --live -v -q --only slow", folder);
      expect(ran).toEqual({
        code: 0,
        stdout: `privlink.yaml:15: hub asks www.out.net A: met: 198.51.100.99 (public)
privlink.yaml:15: spoke asks www.out.net A: met: 198.51.100.99 (public)
`,
        stderr: "",
      });
    } finally {
      await upstream.close();
    }
  });
});

/** A server that knows one address for every name. */
function fakeAnswering(address: string): Promise<FakeUpstream> {
  return openFakeUpstream({
    udp: ({ octets }, send) => {
      const question = octets.subarray(12, questionEnd(octets));
      const header = Uint8Array.of(octets[0] ?? 0, octets[1] ?? 0, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0);
      const record = Uint8Array.of(
        0xc0,
        12,
        0,
        1,
        0,
        1,
        0,
        0,
        0,
        60,
        0,
        4,
        ...address.split(".").map((part) => Number.parseInt(part, 10)),
      );
      send(Buffer.concat([header, question, record]));
    },
  });
}

/** Where the question of a query ends. */
function questionEnd(octets: Uint8Array): number {
  let at = 12;
  while ((octets[at] ?? 0) !== 0) at += (octets[at] ?? 0) + 1;
  return at + 5;
}

describe("--server", () => {
  let server: ServerProcess;
  let at: string;
  beforeAll(async () => {
    server = await startServer({ args: ["-c", join(EXAMPLE_FOLDER, "privlink.yaml")] });
    const [first] = server.at;
    at = first === undefined ? "" : formatAddressPort(first);
  }, 30_000);
  afterAll(async () => {
    await server.stop();
  });

  function example(line: string, change: (text: string) => string = (text) => text): Promise<Ran> {
    const text = readFileSync(join(EXAMPLE_FOLDER, "privlink.yaml"), "utf8");
    const folder = makeFolder({});
    cpSync(EXAMPLE_FOLDER, folder.path, { recursive: true });
    writeFileSync(join(folder.path, "privlink.yaml"), change(text));
    folders.push(folder);
    return run(line, folder.path);
  }

  test("our own server is told who asks, and gives what the files give", async () => {
    expect(await example(`test --server ${at}`)).toEqual({ code: 0, stdout: "", stderr: "privlink.yaml: 11 met\n" });
  });

  test("where it differs from the files, what the model says is shown", async () => {
    const { code, stdout, stderr } = await example(`test --server ${at} --only hub`, (text) =>
      text.replaceAll("10.0.0.5", "10.0.0.15"),
    );
    expect({ code, stderr }).toEqual({ code: 2, stderr: "privlink.yaml: 6 met, 3 failed\n" });
    expect(stdout).toContain(
      "  expected  10.0.0.15\n  got       10.0.0.5 (private)\n\n  what the model says:\n\n    1  ",
    );
  });

  test("as whom we stand: no client subnet, and only what is about us", async () => {
    const { code, stderr } = await example(`test --server ${at} --as internet`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "privlink.yaml: 1 met, 10 skipped\n" });
  });

  test("a local address to ask from", async () => {
    const { code, stderr } = await example(`test --server ${at} --source 127.0.0.1`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "privlink.yaml: 11 met\n" });
    const none = await example(`test --server ${at} --source 192.0.2.1`);
    expect(none).toMatchObject({ code: 1, stdout: "" });
    expect(none.stderr).toContain("cannot be asked from 192.0.2.1: this machine does not have it: nothing was tested");
  });

  test("a server that takes no client subnet cannot tell who asks", async () => {
    const foreign = await fakeAnswering("10.0.0.7");
    try {
      const where = formatAddressPort(foreign.at);
      const ran = await example(`test --server ${where}`);
      expect(ran).toMatchObject({ code: 1, stdout: "" });
      expect(ran.stderr).toContain(`${where} takes no client subnet from here: say where we stand with --as NETWORK`);
      const asHub = await example(`test --server ${where} --as hub -v --only myregistry.azurecr.io`);
      expect(asHub.stderr).toBe("privlink.yaml: 1 met, 4 skipped\n");
      expect(asHub.stdout).toContain("hub asks myregistry.azurecr.io A: met: 10.0.0.7 (private)");
    } finally {
      await foreign.close();
    }
  });

  test.each([
    { does: "is silent", udp: () => undefined, says: "gave no reply in 1000 ms: nothing was tested" },
    {
      does: "answers rubbish",
      udp: ({ octets }: { octets: Uint8Array }, send: (octets: Uint8Array) => void) =>
        send(
          Buffer.concat([
            octets.subarray(0, 2),
            Uint8Array.of(0x81, 0x80, 0, 1, 0, 9, 0, 0, 0, 0),
            octets.subarray(12, questionEnd(octets)),
            Uint8Array.of(0xff, 0xfe, 1),
          ]),
        ),
      says: "nothing was tested",
    },
  ])("a server that $does could not be tested", async ({ udp, says }) => {
    const foreign = await openFakeUpstream({ udp });
    try {
      const line = `test --server ${formatAddressPort(foreign.at)} --as hub --timeout 1 --tries 1`;
      const ran = await example(line);
      expect(ran).toMatchObject({ code: 1, stdout: "" });
      expect(ran.stderr).toContain(says);
    } finally {
      await foreign.close();
    }
  });

  test("nobody there", async () => {
    const { code, stderr } = await example("test --server 127.0.0.1:1");
    expect(code).toBe(1);
    expect(stderr).toBe("privlink: 127.0.0.1:1 refused the connection: nothing listens there: nothing was tested\n");
  });
});

test("nothing is written into the folder unless it was asked for", async () => {
  const folder = project();
  await run("test --coverage -v", folder);
  expect(existsSync(join(folder, "out.xml"))).toBe(false);
  expect(readFileSync(join(folder, "privlink.yaml"), "utf8")).toBe(MODEL);
});
