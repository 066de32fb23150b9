import { existsSync, linkSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { closeAfterEach } from "../../test/loopback.ts";
import { askControl } from "./ask-control.ts";
import { type Control, openControl } from "./control-server.ts";
import type { Route } from "./route.ts";

const closeLater = closeAfterEach();
let folder = "";
let socket = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "privlink-control-"));
  socket = join(folder, "socket");
});
afterEach(() => rmSync(folder, { recursive: true }));

const faults: unknown[] = [];
const PLAIN = {
  describe: "A thing",
  parameters: [{ name: "name", describe: "Its name" }],
  reply: { name: "Thing", schema: {} },
};
const ROUTES: readonly Route[] = [
  {
    ...PLAIN,
    method: "GET",
    path: "/v1/thing",
    answer: ({ query }) => ({ status: 200, body: { asked: query.get("name") } }),
  },
  { ...PLAIN, method: "DELETE", path: "/v1/thing", answer: async () => ({ status: 400, body: { error: "which?" } }) },
  {
    ...PLAIN,
    method: "GET",
    path: "/v1/bug",
    answer: () => {
      throw new Error("a bug");
    },
  },
];

async function open(): Promise<Control> {
  const control = await openControl({ kind: "socket", path: socket }, ROUTES, (error) => faults.push(error));
  if (control.kind === "problem") throw new Error(control.text);
  closeLater(() => control.close());
  return control;
}

describe("a control socket", () => {
  test.each([
    { method: "GET", path: "/v1/thing", gives: { kind: "reply", body: { asked: "a b&c" } } },
    { method: "DELETE", path: "/v1/thing", gives: { kind: "failed", text: "which?" } },
    { method: "POST", path: "/v1/thing", gives: { kind: "failed", text: "/v1/thing takes GET, DELETE" } },
    { method: "GET", path: "/v2", gives: { kind: "failed", text: "there is no /v2: there are /v1/thing, /v1/bug" } },
    { method: "GET", path: "/v1/bug", gives: { kind: "failed", text: "a bug in privlink; please report it" } },
  ] as const)("$method $path: $gives", async ({ method, path, gives }) => {
    await open();
    expect(await askControl(socket, { method, path, query: { name: "a b&c" } })).toEqual(gives);
    if (path === "/v1/bug") expect(faults).toEqual([new Error("a bug")]);
  });

  test.each([
    { sent: "GARBAGE", status: "400", says: "that is no request of HTTP/1.1" },
    { sent: `GET /${"x".repeat(20_000)} HTTP/1.1`, status: "431", says: "the path and the headers are too long" },
  ])("tells $status in the same form: $says", async ({ sent, status, says }) => {
    await open();
    const client = connect(socket).end(`${sent}\r\n\r\n`);
    const reply = await text(client);
    expect(reply).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(reply.slice(reply.indexOf("\r\n\r\n")))).toEqual({ error: says });
  });

  test("is its owner's alone, and gone afterwards", async () => {
    const control = await open();
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    await control.close();
    expect(existsSync(socket)).toBe(false);
  });

  test("that a server left behind is taken over", async () => {
    const left = createServer().listen(socket);
    await new Promise((resolve) => left.once("listening", resolve));
    left.unref();
    // Close without removing it: as a process does that was killed.
    const copy = join(folder, "copy");
    linkSync(socket, copy);
    await new Promise((resolve) => left.close(resolve));
    linkSync(copy, socket);
    await open();
    expect(await askControl(socket, { method: "GET", path: "/v1/thing" })).toMatchObject({ kind: "reply" });
  });

  test.each([
    {
      what: "another server answers at",
      prepare: async () => void (await open()),
      says: /is in use: another server answers there$/,
    },
    { what: "a file is at", prepare: async () => writeFileSync(socket, ""), says: /is no socket: name another path$/ },
    {
      what: "is in no folder",
      prepare: async () => void (socket = join(folder, "no", "socket")),
      says: /cannot be opened: /,
    },
  ])("that $what is a problem", async ({ prepare, says }) => {
    await prepare();
    const second = await openControl({ kind: "socket", path: socket }, ROUTES, () => {});
    expect(second).toEqual({ kind: "problem", text: expect.stringMatching(says) });
  });
});

test("a server that is not there is told in a sentence", async () => {
  expect(await askControl(socket, { method: "GET", path: "/" })).toEqual({
    kind: "failed",
    text: `${socket} does not exist: start the server with --control ${socket}`,
  });
});
