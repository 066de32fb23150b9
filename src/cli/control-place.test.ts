import { expect, test } from "vitest";
import type { Arguments } from "./command.ts";
import { readControlPlace } from "./control-place.ts";

function typed(control: string): Arguments {
  return { words: [], values: new Map([["control", [control]]]), switches: new Set(), fromEnvironment: new Set() };
}

test.each([
  { platform: "linux", text: "/run/privlink/control", is: { kind: "socket", path: "/run/privlink/control" } },
  { platform: "linux", text: "control", is: { kind: "socket", path: "/home/me/control" } },
  { platform: "win32", text: "127.0.0.1:8053", is: { kind: "address" } },
  { platform: "win32", text: "\\\\.\\pipe\\privlink", is: { kind: "socket" } },
  { platform: "win32", text: "//./pipe/privlink", is: { kind: "socket" } },
])("--control $text on $platform is a place", ({ platform, text, is }) => {
  expect(readControlPlace(typed(text), "/home/me", platform)).toMatchObject(is);
});

test("Windows has no sockets in folders, and the sentence says what it has", () => {
  expect(readControlPlace(typed("C:\\control"), "C:\\", "win32")).toBe(
    "--control: Windows has named pipes and no sockets in folders: write \\\\.\\pipe\\privlink, or ADDR:PORT",
  );
});
