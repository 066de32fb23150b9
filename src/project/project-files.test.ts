import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findProject } from "./find-project.ts";
import { ProjectFiles } from "./project-files.ts";

let base = "";
let folder = "";
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "project-")));
  folder = join(base, "project");
  mkdirSync(join(folder, "zones", "deep"), { recursive: true });
  writeFileSync(join(folder, "zones", "b.zone"), "b");
  writeFileSync(join(folder, "zones", "a.zone"), "\xE9", "latin1");
  writeFileSync(join(folder, "zones", "deep", "c.zone"), "c");
  writeFileSync(join(folder, "zones", "notes.txt"), "n");
  writeFileSync(join(base, "secret.zone"), "s");
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe("the files of a project", () => {
  test("are listed by pattern, sorted, those below folders too", () => {
    const files = new ProjectFiles(folder, folder);
    const short = (pattern: string): string[] => files.list(pattern).map((path) => files.show(path));
    expect(short("zones/*.zone")).toEqual(["zones/a.zone", "zones/b.zone"]);
    expect(short("zones/**/*.zone")).toEqual(["zones/deep/c.zone", "zones/a.zone", "zones/b.zone"].toSorted());
    expect(short("nowhere/*.zone")).toEqual([]);
    expect(short("zones/b.zone")).toEqual(["zones/b.zone"]);
  });

  test("leave out what begins with a dot: the generations of a mounted volume", () => {
    mkdirSync(join(folder, "zones", "..2026_11_20"));
    writeFileSync(join(folder, "zones", "..2026_11_20", "m.zone"), "m");
    symlinkSync("..2026_11_20", join(folder, "zones", "..data"));
    symlinkSync(join("..data", "m.zone"), join(folder, "zones", "m.zone"));
    const files = new ProjectFiles(folder, folder);
    expect(files.list("zones/*.zone").map((path) => files.show(path))).toEqual([
      "zones/a.zone",
      "zones/b.zone",
      "zones/m.zone",
    ]);
    expect(files.open("zones/m.zone", "octets")).toMatchObject({
      kind: "file",
      file: { path: "zones/m.zone", text: "m" },
    });
  });

  test.each([
    { path: "../secret.zone", says: /^lies outside the project's folder/ },
    { path: "zones/link.zone", says: /^lies outside the project's folder/ },
    { path: "zones/none.zone", says: /^does not exist$/ },
    { path: "zones", says: /^is a folder, not a file$/ },
    { path: "zones/b.zone/x", says: /^leads through a file as if it were a folder$/ },
    { path: "zones/circle.zone", says: /^is a link that leads in a circle$/ },
  ])("$path cannot be read: it $says", ({ path, says }) => {
    symlinkSync(join(base, "secret.zone"), join(folder, "zones", "link.zone"));
    symlinkSync("circle.zone", join(folder, "zones", "circle.zone"));
    const read = new ProjectFiles(folder, folder).open(path, "octets");
    expect(read.kind === "problem" ? read.message : "it was read").toMatch(says);
  });

  test("are octets or text, as asked", () => {
    const files = new ProjectFiles(folder, folder);
    expect(files.open("zones/a.zone", "octets")).toMatchObject({ file: { text: "\xE9" } });
    expect(files.open("zones/a.zone", "unicode")).toMatchObject({ file: { text: "\uFFFD" } });
  });

  test("have a digest of what was read, not of when", () => {
    const digest = (): string => {
      const files = new ProjectFiles(folder, folder);
      files.open("zones/b.zone", "octets");
      return files.digest();
    };
    const before = digest();
    writeFileSync(join(folder, "zones", "b.zone"), "b");
    expect(digest()).toBe(before);
    writeFileSync(join(folder, "zones", "b.zone"), "B");
    expect(digest()).not.toBe(before);
  });
});

describe("files that change while they are read", () => {
  const path = "zones/b.zone";
  const moveHere = (): void => renameSync(join(folder, "next"), join(folder, path));

  test.each([
    { what: "that is written into", isHalf: true, change: () => appendFileSync(join(folder, path), "more") },
    { what: "that is emptied, to be written again", isHalf: true, change: () => truncateSync(join(folder, path)) },
    {
      what: "that another took the place of",
      isHalf: false,
      change: () => {
        writeFileSync(join(folder, "next"), "B");
        moveHere();
      },
    },
    {
      what: "that became a link to another",
      isHalf: false,
      change: () => {
        symlinkSync("a.zone", join(folder, "next"));
        moveHere();
      },
    },
    { what: "that is gone", isHalf: false, change: () => rmSync(join(folder, path)) },
    { what: "that nobody touched", isHalf: false, change: () => undefined },
  ])("may have been read by half: one $what: $isHalf", ({ change, isHalf }) => {
    const files = new ProjectFiles(folder, folder);
    files.open(path, "octets");
    change();
    expect(files.areBeingWritten()).toBe(isHalf);
  });

  test("are of two runs when one is read twice and holds something else the second time", () => {
    const files = new ProjectFiles(folder, folder);
    files.open(path, "octets");
    files.release(path);
    writeFileSync(join(folder, "next"), "B");
    moveHere();
    files.open(path, "octets");
    expect(files.areBeingWritten()).toBe(true);
  });
});

describe("finding a project", () => {
  const find = (request: { config?: string; paths?: string[]; networks?: string[] }) =>
    findProject({ paths: [], networks: [], ...request }, folder, join(base, "example"));
  const entryOf = (request: Parameters<typeof find>[0]): string => {
    const found = find(request);
    return found.kind === "problem" ? found.message : (found.entry.text ?? "");
  };

  test("the topology beside the user comes before the example", () => {
    mkdirSync(join(base, "example"));
    writeFileSync(join(base, "example", "privlink.yaml"), "example");
    expect(find({})).toMatchObject({ kind: "found", isExample: true, entry: { text: "example" } });
    writeFileSync(join(folder, "privlink.yml"), "mine");
    expect(find({})).toMatchObject({ kind: "found", isExample: false, entry: { path: "privlink.yml", text: "mine" } });
  });

  test("a path may be a topology, or a folder with one in it", () => {
    writeFileSync(join(folder, "zones", "privlink.yaml"), "inner");
    expect(entryOf({ paths: ["zones/privlink.yaml"] })).toBe("inner");
    expect(entryOf({ paths: ["zones"] })).toBe("inner");
    expect(entryOf({ config: "zones/privlink.yaml" })).toBe("inner");
    expect(entryOf({ config: "zones" })).toBe("inner");
  });

  test("zone files alone are public; with a network they are private zones that it sees", () => {
    expect(entryOf({ paths: ["zones/b.zone"] })).toBe(`public:\n  zones: ["${folder}/zones/b.zone"]\n`);
    expect(entryOf({ paths: ["zones", "zones/b.zone"], networks: ["inside=10.0.0.0/8"] })).toBe(
      [
        "networks:",
        '  "inside": { prefixes: "10.0.0.0/8" }',
        "zones:",
        `  "folder/zones": { folder: "${folder}/zones", links: all }`,
        `  "b": { file: "${folder}/zones/b.zone", links: all }`,
        "",
      ].join("\n"),
    );
  });

  test.each([
    { request: { config: "none.yaml" }, says: /none\.yaml does not exist$/ },
    { request: { config: "zones" }, says: /zones has no privlink\.yaml: it holds a\.zone, b\.zone, deep, notes\.txt$/ },
    { request: { config: "zones/deep/none" }, says: /deep\/none has no privlink\.yaml: it is empty$/ },
    { request: { paths: ["none.zone"] }, says: /none\.zone does not exist$/ },
    {
      request: { config: "a.yaml", paths: ["b.zone"] },
      says: /stands beside -c a\.yaml: name a topology or zone files, not both$/,
    },
    { request: { networks: ["n=10.0.0.0/8"] }, says: /^--network needs zone files or a folder of them/ },
    { request: { paths: ["zones"], networks: ["n"] }, says: /^--network n is no NAME=CIDR$/ },
    { request: { config: "zones/b.zone", networks: ["n=10.0.0.0/8"] }, says: /^--network goes with zone files/ },
  ])("$request is a problem: $says", ({ request, says }) => {
    mkdirSync(join(folder, "zones", "deep", "none"));
    expect(entryOf(request)).toMatch(says);
  });
});
