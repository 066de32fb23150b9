import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { closeAfterEach } from "../../test/loopback.ts";
import { type ProjectFolder, projectFolder } from "../../test/support/project-folder.ts";
import { renderText } from "../report/text.ts";
import type { SourceFile } from "../source/source-file.ts";
import { FileMemory } from "./file-memory.ts";
import { loadProject } from "./load-project.ts";
import { ProjectFiles, type ReadFile } from "./project-files.ts";
import { ZoneMemory } from "./zone-memory.ts";

const later = closeAfterEach();
/** Long after whatever the test wrote: its files have settled. */
const LATER = (): number => Date.now() + 3_600_000;

const TOPOLOGY = `networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16, subnets: { pe: 10.0.1.0/24 } }
zones:
  corp.example: { file: corp.zone, links: hub }
  privatelink.vaultcore.azure.net: { links: hub }
services: { v: { type: azure/key-vault } }
endpoints: { pe: { network: hub, service: v, connection: approved } }
`;
const CORP = "$TTL 60\nwww A 10.9.9.1\n$INCLUDE more.zone\n";

/** The files of a project, and which of them were opened. */
class WatchedFiles extends ProjectFiles {
  readonly opened: string[] = [];

  override open(path: string, encoding: SourceFile["encoding"]): ReadFile {
    this.opened.push(this.show(join(this.folder, path)));
    return super.open(path, encoding);
  }
}

/** A project that is loaded again and again with what earlier runs left. */
function project(files: Readonly<Record<string, string>> = {}, now = LATER) {
  const folder: ProjectFolder = projectFolder({
    "privlink.yaml": TOPOLOGY,
    "corp.zone": CORP,
    "more.zone": "more A 10.9.9.2\n",
    ...files,
  });
  later(() => folder.close());
  const fileMemory = new FileMemory(now);
  const memory = new ZoneMemory();
  return {
    folder,
    load: () => {
      const access = new WatchedFiles(folder.path, folder.path, fileMemory);
      const entry = access.open("privlink.yaml", "unicode");
      if (entry.kind === "problem") throw new Error(entry.message);
      const loaded = loadProject(entry.file, access, memory);
      const zones = access.opened.filter((path) => path.endsWith(".zone"));
      return { ...loaded, read: zones, arrays: arraysOf(loaded.input.zones.get("corp.example")?.tree.base) };
    },
  };
}

/** The shared memory of a tree. */
function arraysOf(base: object | undefined): SharedArrayBuffer[] {
  const views = Object.values(base ?? {}).filter((value) => ArrayBuffer.isView(value));
  return views.map(({ buffer }) => buffer).filter((buffer) => buffer instanceof SharedArrayBuffer);
}

/** Whether two runs gave the very same arrays. */
function areSame(a: readonly SharedArrayBuffer[], b: readonly SharedArrayBuffer[]): boolean {
  return a.length > 0 && a.length === b.length && a.every((buffer, i) => buffer === b[i]);
}

describe("a change of the topology", () => {
  test("reads no zone file, and the arrays of its zone are the same ones", () => {
    const { folder, load } = project();
    const first = load();
    expect(new Set(first.read)).toEqual(new Set(["corp.zone", "more.zone"]));
    folder.replace("privlink.yaml", TOPOLOGY.replace("approved", "rejected"));
    const second = load();
    expect(second.read).toEqual([]);
    expect(areSame(second.arrays, first.arrays)).toBe(true);
    expect(second.topology.endpoints.get("pe")?.connection).toBe("rejected");
    expect(second.diagnostics).toEqual(first.diagnostics);
  });

  test("tells the problems of zones again as it did when they were read, the line of the file too", () => {
    const { folder, load } = project({ "corp.zone": `${CORP}\n\tét\\233 300 A 10.0.0.300 ; é\nwww 60 A 10.9.9.1\n` });
    const before = load();
    const shown = (loaded: typeof before): string[] =>
      loaded.diagnostics.map((one) => renderText(one, { color: false }));
    expect(shown(before)).toHaveLength(2);
    expect(shown(before).join("")).toContain("10.0.0.300 ; é\n");
    folder.replace("privlink.yaml", TOPOLOGY.replace("approved", "rejected"));
    const after = load();
    expect(after.read).toEqual([]);
    expect(shown(after)).toEqual(shown(before));
  });

  test("that has a mistake costs no zone: put right, nothing is read again", () => {
    const { folder, load } = project();
    const first = load();
    folder.replace("privlink.yaml", "zones: [\n");
    expect(load().hasErrors).toBe(true);
    folder.replace("privlink.yaml", TOPOLOGY);
    const last = load();
    expect(last.read).toEqual([]);
    expect(areSame(last.arrays, first.arrays)).toBe(true);
  });

  test.each([
    { what: "the zone's TTL", from: "file: corp.zone", to: "file: corp.zone, ttl: 5" },
    { what: "the zone's name", from: "corp.example: { file", to: "corp.example: { name: corp.test, file" },
    { what: "lines beside the file", from: "file: corp.zone", to: "file: corp.zone, records: 'x A 10.9.9.3'" },
  ])("of $what makes the zone anew", ({ from, to }) => {
    const { folder, load } = project();
    const first = load();
    folder.replace("privlink.yaml", TOPOLOGY.replace(from, to));
    const second = load();
    expect(second.read).toContain("corp.zone");
    expect(areSame(second.arrays, first.arrays)).toBe(false);
  });
});

describe("a change of a zone file", () => {
  test.each([
    { what: "of the file", file: "corp.zone", text: CORP.replace("10.9.9.1", "10.9.9.7") },
    { what: "of what it includes", file: "more.zone", text: "more A 10.9.9.7\n" },
  ])("$what makes the zone anew", ({ file, text }) => {
    const { folder, load } = project();
    const first = load();
    folder.overwrite(file, text);
    const second = load();
    expect(new Set(second.read)).toEqual(new Set(["corp.zone", "more.zone"]));
    expect(areSame(second.arrays, first.arrays)).toBe(false);
    expect(Buffer.from(second.input.zones.get("corp.example")?.tree.base.rdata ?? []).includes(7)).toBe(true);
  });

  test("that was missing and comes is seen, and one that goes too", () => {
    const { folder, load } = project();
    folder.remove("more.zone");
    expect(load().diagnostics.map(({ code }) => code)).toEqual(["zonefile/bad-include"]);
    folder.overwrite("more.zone", "more A 10.9.9.2\n");
    expect(load().diagnostics).toEqual([]);
    folder.remove("more.zone");
    expect(load().diagnostics.map(({ code }) => code)).toEqual(["zonefile/bad-include"]);
  });

  test("to the same contents costs a look into it, and no more", () => {
    const { folder, load } = project();
    const first = load();
    folder.replace("more.zone", "more A 10.9.9.2\n");
    const second = load();
    expect(second.read).toEqual(["more.zone"]);
    expect(areSame(second.arrays, first.arrays)).toBe(true);
  });

  test("a moment after it was read is seen, whatever its stamp says", () => {
    // Every stamp is as fresh as the clock: none is believed.
    const { load, folder } = project({}, () => Date.now());
    const first = load();
    writeFileSync(join(folder.path, "corp.zone"), CORP.replace("10.9.9.1", "10.9.9.8"));
    const second = load();
    expect(areSame(second.arrays, first.arrays)).toBe(false);
    expect(load().read).toEqual(["corp.zone", "more.zone"]); // Looked into again, and not packed.
  });
});

test("what no run asks for any more is forgotten", () => {
  const { folder, load } = project();
  const first = load();
  folder.replace("privlink.yaml", TOPOLOGY.replace("file: corp.zone, ", ""));
  load();
  folder.replace("privlink.yaml", TOPOLOGY);
  expect(areSame(load().arrays, first.arrays)).toBe(false);
});
