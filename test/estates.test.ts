import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadProject } from "../src/project/load-project.ts";
import { ProjectFiles } from "../src/project/project-files.ts";
import { renderCompact } from "../src/report/compact.ts";
import { type SourceFile, sourceFile } from "../src/source/source-file.ts";
import { unmet } from "./support/expectations.ts";

const ESTATES = join(import.meta.dirname, "estates");
const EXAMPLE = join(import.meta.dirname, "..", "zones");

function load(folder: string, entry: SourceFile) {
  return loadProject(entry, new ProjectFiles(folder, folder));
}

function entryOf(folder: string, name: string, before = ""): SourceFile {
  return sourceFile(name, before + readFileSync(join(folder, name), "utf8"));
}

const estates = [
  ...readdirSync(ESTATES)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => ({ folder: ESTATES, name })),
  { folder: EXAMPLE, name: "privlink.yaml" },
];

describe("estates that people have", () => {
  test("there are some", () => expect(estates.length).toBeGreaterThan(6));

  test.each(estates)("$name loads without errors, and everything it expects holds", ({ folder, name }) => {
    const { snapshot, diagnostics } = load(folder, entryOf(folder, name));
    expect(diagnostics.filter(({ severity }) => severity === "error").map(renderCompact)).toEqual([]);
    expect(snapshot.topology.expectations.length).toBeGreaterThan(1);
    expect(unmet(snapshot)).toEqual([]);
  });

  test.each(estates)("ten lines on top of $name move every position by ten", ({ folder, name }) => {
    const positions = (before: string): string[] =>
      load(folder, entryOf(folder, name, before))
        .diagnostics.map((one) => renderCompact(one))
        .concat(
          // An estate without findings still has positions: those of its expectations.
          load(folder, entryOf(folder, name, before)).snapshot.topology.expectations.map(
            ({ span }) => `${name}:${lineOf(span.file, span.start)}:`,
          ),
        );
    const moved = positions("# \n".repeat(10));
    expect(moved).toEqual(
      positions("").map((text) =>
        text.replaceAll(
          new RegExp(`${name}:(\\d+):`, "g"),
          (_, line: string) => `${name}:${Number.parseInt(line, 10) + 10}:`,
        ),
      ),
    );
  });

  test("an expectation that does not hold is told", () => {
    const entry = sourceFile(
      "privlink.yaml",
      readFileSync(join(EXAMPLE, "privlink.yaml"), "utf8").replace("resolves: 10.0.0.7", "resolves: 10.0.0.8"),
    );
    expect(unmet(load(EXAMPLE, entry).snapshot)).toEqual([
      "hub asks myregistry.azurecr.io: expected 10.0.0.8, got 10.0.0.7",
      "spoke asks myregistry.azurecr.io: expected 10.0.0.8, got 10.0.0.7",
      "onprem asks myregistry.azurecr.io: expected 10.0.0.8, got 10.0.0.7",
    ]);
  });
});

function lineOf(file: SourceFile, offset: number): number {
  return (file.text ?? "").slice(0, offset).split("\n").length;
}
