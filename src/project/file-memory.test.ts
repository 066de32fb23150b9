import { expect, test } from "vitest";
import { FileMemory } from "./file-memory.ts";

const READ_AT = 1_000_000;

test.each([
  { changed: READ_AT - 60_000, is: "believed", because: "the file rested for a minute before it was read" },
  { changed: READ_AT - 2000, is: "believed", because: "the coarsest clock has ticked since" },
  { changed: READ_AT - 1999, is: "not believed", because: "another write within that tick would have the same stamp" },
  { changed: READ_AT, is: "not believed", because: "it changed a moment ago" },
  {
    changed: READ_AT + 60_000,
    is: "not believed",
    because: "the time is of another machine's clock, or was wrong once",
  },
])("a stamp of $changed, read at one million, is $is: $because", ({ changed, is }) => {
  const memory = new FileMemory();
  const stamp = { text: "stamp", changedMs: changed };
  memory.remember("/a.zone", stamp, "digest", READ_AT);
  expect(memory.digestOf("/a.zone", stamp)).toBe(is === "believed" ? "digest" : undefined);
});

test("a stamp is believed for its own file alone, until the file has another, or everything is forgotten", () => {
  const memory = new FileMemory();
  const stamp = { text: "stamp", changedMs: 0 };
  memory.remember("/a.zone", stamp, "digest", READ_AT);
  expect(memory.digestOf("/b.zone", stamp)).toBeUndefined();
  expect(memory.digestOf("/a.zone", { text: "other", changedMs: 0 })).toBeUndefined();
  memory.keepOnly(new Set(["/a.zone"]));
  expect(memory.digestOf("/a.zone", stamp)).toBe("digest");
  memory.forget();
  expect(memory.digestOf("/a.zone", stamp)).toBeUndefined();
});

test("a file that changed again is not taken for what it was before", () => {
  const memory = new FileMemory();
  const settled = { text: "settled", changedMs: 0 };
  memory.remember("/a.zone", settled, "old", READ_AT);
  memory.remember("/a.zone", { text: "fresh", changedMs: READ_AT }, "new", READ_AT);
  expect(memory.digestOf("/a.zone", settled)).toBeUndefined();
});

test("what a run did not open is dropped", () => {
  const memory = new FileMemory();
  const stamp = { text: "stamp", changedMs: 0 };
  for (const path of ["/a.zone", "/b.zone"]) memory.remember(path, stamp, path, READ_AT);
  memory.keepOnly(new Set(["/b.zone"]));
  expect(["/a.zone", "/b.zone"].map((path) => memory.digestOf(path, stamp))).toEqual([undefined, "/b.zone"]);
});
