import { mkdtempSync, rmSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { openControl } from "./control-server.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

test("a reader that does not keep up loses lines, is told how many, and keeps nobody waiting", async () => {
  const folder = mkdtempSync(join(tmpdir(), "privlink-lines-"));
  closers.push(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "socket");
  let push: (line: object) => void = () => undefined;
  let stopped = 0;
  const control = await openControl(
    { kind: "socket", path },
    [
      {
        method: "GET",
        path: "/lines",
        describe: "Lines",
        parameters: [],
        reply: { name: "Lines", schema: {}, streams: true },
        answer: () => ({
          first: { schema: "lines" },
          follow: (given) => {
            push = given;
            return () => (stopped += 1);
          },
        }),
      },
    ],
    (error) => expect.fail(String(error)),
  );
  if (control.kind === "problem") throw new Error(control.text);
  closers.push(() => control.close());
  let got = "";
  const asked = request({ socketPath: path, path: "/lines", agent: false });
  const response = await new Promise<IncomingMessage>((resolve) => {
    asked.on("response", resolve).end();
  });
  const count = 20_000;
  const filler = "x".repeat(1000);
  for (let i = 0; i < count; i++) push({ i, filler }); // In one turn: nobody can read in between.
  response.on("data", (chunk: Buffer) => (got += chunk.toString()));
  await vi.waitFor(() => expect(got).toMatch(/\{"lost":\d+\}\n$/), 5000);
  const lines: unknown[] = got
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines[0]).toEqual({ schema: "lines" });
  const whole = lines.length - 2;
  expect(whole).toBeGreaterThan(500);
  expect(whole).toBeLessThan(3000); // About a megabyte waits.
  expect(lines.at(-1)).toEqual({ lost: count - whole });
  push({ after: true });
  await vi.waitFor(() => expect(got).toMatch(/\{"after":true\}\n$/), 5000);
  asked.destroy();
  await vi.waitFor(() => expect(stopped).toBe(1), 5000);
});
