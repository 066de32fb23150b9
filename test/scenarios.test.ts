import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { endingOf } from "../src/explain/explain.ts";
import { originOf } from "../src/explain/verdict.ts";
import { formatName, knownName } from "../src/name/name-text.ts";
import { formatRdata } from "../src/record/rdata-text.ts";
import { RecordTypes } from "../src/record/record-type.ts";
import type { RRset } from "../src/record/rrset.ts";
import { typeName, typeNumber } from "../src/record/type-names.ts";
import { renderCompact } from "../src/report/compact.ts";
import type { Resolution } from "../src/resolve/resolution.ts";
import { resolveOffline } from "../src/resolve/resolve.ts";
import { addresseeNamed } from "./support/asked-line.ts";
import { loadText } from "./support/memory-files.ts";

/**
 * A scenario is a text file: blocks of indented lines under a heading. `topology` and `file NAME` set the stage; each line
 * under `ask` is a question and, behind the arrow, everything that comes back.
 */
const FOLDER = join(import.meta.dirname, "scenarios");

interface Scenario {
  readonly title: string;
  readonly topology: string;
  readonly files: Readonly<Record<string, string>>;
  readonly lines: readonly string[];
}

function readScenarios(text: string): Scenario[] {
  const scenarios: Scenario[] = [];
  for (const part of text.split(/^== /m).slice(1)) {
    const [title = "", ...rest] = part.split("\n");
    const blocks = new Map<string, string[]>();
    let block: string[] = [];
    for (const line of rest) {
      if (/^\S.*:$/.test(line)) blocks.set(line.slice(0, -1), (block = []));
      else if (line.startsWith("  ")) block.push(line.slice(2));
      else if (line === "") block.push("");
    }
    const files = [...blocks]
      .filter(([head]) => head.startsWith("file "))
      .map(([head, lines]) => [head.slice(5), `${lines.join("\n")}\n`]);
    scenarios.push({
      title,
      topology: (blocks.get("topology") ?? []).join("\n"),
      files: Object.fromEntries(files),
      lines: (blocks.get("ask") ?? []).filter((line) => line !== "" && !line.startsWith("#")),
    });
  }
  return scenarios;
}

function recordsOf(sets: readonly RRset[]): string[] {
  return sets.map(
    ({ type, rdatas }) => `${typeName(type)} ${rdatas.map((rdata) => formatRdata(type, rdata)).join(", ")}`,
  );
}

/** Everything of a resolution that a client could tell, on one line. */
function lineOf(resolution: Resolution): string {
  const { aliases, outcome } = resolution;
  const origin = originOf(resolution);
  const chain = recordsOf(aliases);
  switch (outcome.kind) {
    case "answer":
      return `NOERROR ${origin}: ${[...chain, ...recordsOf(outcome.rrsets)].join(" / ")}`;
    case "nodata":
    case "nxdomain":
      return `${outcome.kind.toUpperCase()} ${origin}: ${[...chain, `by ${outcome.soa === undefined ? "nobody" : formatName(outcome.soa.owner)}`].join(" / ")}`;
    case "referral":
      return `REFERRAL ${origin}: ${[...chain, ...recordsOf([outcome.ns, ...(outcome.ds === undefined ? [] : [outcome.ds]), ...outcome.glue])].join(" / ")}`;
    case "unfollowed":
      return `NOERROR ${origin}: ${[...chain, `not ${formatName(outcome.target)}: ${outcome.why}`].join(" / ")}`;
    case "yxdomain":
      return `YXDOMAIN ${origin}: ${chain.join(" / ")}`;
    case "failed":
    case "refused":
    case "not-implemented":
    case "no-reply":
    case "upstream":
      return endingOf(outcome);
  }
}

describe.each(readdirSync(FOLDER).filter((name) => name.endsWith(".txt")))("%s", (name) => {
  describe.each(readScenarios(readFileSync(join(FOLDER, name), "utf8")))("$title", ({ topology, files, lines }) => {
    const { snapshot, diagnostics } = loadText(topology, files);

    test("loads without errors", () => {
      expect(diagnostics.filter(({ severity }) => severity === "error").map((one) => renderCompact(one))).toEqual([]);
      expect(lines.length).toBeGreaterThan(0);
    });

    test.each(lines)("%s", (line) => {
      const [question = "", answer = ""] = line.split(" → ").map((part) => part.trim());
      const [, who = "", qname = "", type = "A"] = /^(.+?) asks (\S+)(?: (\S+))?$/.exec(question) ?? [];
      const asked = { name: knownName(qname), type: typeNumber(type) ?? RecordTypes.A };
      expect(lineOf(resolveOffline(snapshot, addresseeNamed(who), asked))).toBe(
        line.slice(line.indexOf(" → ") + 3).trim(),
      );
      expect(answer).not.toBe("");
    });
  });
});
