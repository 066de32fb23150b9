import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { askModelOffline } from "../src/expect/ask-model.ts";
import { questionsOf } from "../src/expect/questions.ts";
import { explain, explanationText } from "../src/explain/explain.ts";
import { loadProject } from "../src/project/load-project.ts";
import { type FileAccess, ProjectFiles } from "../src/project/project-files.ts";
import { renderCompact } from "../src/report/compact.ts";
import { renderText } from "../src/report/text.ts";
import { type SourceFile, sourceFile } from "../src/source/source-file.ts";
import { unmet } from "./support/expectations.ts";
import { run } from "./support/memory-io.ts";

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

  test.each(estates)("$name passes privlink test", async ({ folder, name }) => {
    const { code, stdout, stderr } = await run(`test --strict -c ${name}`, folder);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toMatch(/^\S+: \d+ met\n$/);
  });

  test.each(estates)(
    "ten lines on top of any file of $name move every printed line of it by ten",
    ({ folder, name }) => {
      const plain = printed(folder, name);
      const files = [...new Set(plain.flatMap((text) => [...text.matchAll(PLACE)].map((match) => match[1] ?? "")))];
      expect(files).toContain(name);
      for (const file of files) {
        const expected = plain.map((text) =>
          text.replaceAll(PLACE, (place, path: string, line: string) =>
            path === file ? `${path}:${Number.parseInt(line, 10) + 10}` : place,
          ),
        );
        expect(printed(folder, name, file)).toEqual(expected);
      }
    },
  );

  test("an expectation that does not hold is told", () => {
    const entry = sourceFile(
      "privlink.yaml",
      readFileSync(join(EXAMPLE, "privlink.yaml"), "utf8").replace("resolves: 10.0.0.7", "resolves: 10.0.0.8"),
    );
    expect(unmet(load(EXAMPLE, entry).snapshot)).toEqual([
      "hub asks myregistry.azurecr.io: expected 10.0.0.8, got 10.0.0.7 (private)",
      "spoke asks myregistry.azurecr.io: expected 10.0.0.8, got 10.0.0.7 (private)",
      "onprem asks myregistry.azurecr.io: expected 10.0.0.8, got 10.0.0.7 (private)",
    ]);
  });
});

/** `path:line`, as diagnostics and explanations print it. */
const PLACE = /([\w./-]+\.(?:yaml|zone)):(\d+)/g;

/** Everything that is printed of an estate: its findings, and the explanation of each thing it expects. */
function printed(folder: string, name: string, pushedDown?: string): string[] {
  const real = new ProjectFiles(folder, folder);
  const files: FileAccess = {
    identify: (path) => real.identify(path),
    release: (path) => real.release(path),
    show: (path) => real.show(path),
    isFolder: (path) => real.isFolder(path),
    list: (pattern) => real.list(pattern),
    open(path, encoding) {
      const read = real.open(path, encoding);
      if (read.kind === "problem" || read.file.path !== pushedDown) return read;
      return { kind: "file", file: sourceFile(read.file.path, TEN_LINES[encoding] + (read.file.text ?? ""), encoding) };
    },
  };
  const entry = entryOf(folder, name, name === pushedDown ? TEN_LINES.unicode : "");
  const { snapshot, diagnostics } = loadProject(entry, files);
  const explained = questionsOf(snapshot, snapshot.topology.expectations).flatMap((one) =>
    one.kind === "question" ? [explanationText(explain(snapshot, "somebody", askModelOffline(snapshot, one)))] : [],
  );
  return [
    ...diagnostics.map((one) => renderText(one, { color: false }).replaceAll(/^ *\d* \|.*$/gm, "")),
    ...explained,
  ];
}

const TEN_LINES = { unicode: "# \n".repeat(10), octets: "; \n".repeat(10) } as const;
