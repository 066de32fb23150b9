import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { loadProject } from "../project/load-project.ts";
import { ProjectFiles } from "../project/project-files.ts";
import { ZoneMemory } from "../project/zone-memory.ts";
import { renderCompact } from "../report/compact.ts";
import { sourceFile } from "../source/source-file.ts";
import { coverageOf } from "./coverage.ts";
import { testOffline } from "./run-offline.ts";
import { writeToday } from "./today.ts";

const ESTATES = join(import.meta.dirname, "..", "..", "test", "estates");

describe("today's answers, written down", () => {
  test("say once what is equal, of names that matter", () => {
    const { snapshot } = loadText(`
networks: { hub: , spoke: , far: { hosts: { pc: { address: 10.9.0.4, dns: internet } } } }
zones:
  corp.example:
    links: [hub, spoke]
    records: |
      @ MX 10 mail
      www CNAME web
      web A 10.0.0.7
      mail A 10.0.0.9
      db A 10.0.0.9
      *.apps A 10.0.0.8
public: { records: "elsewhere.net. 60 A 198.51.100.1\\n" }
`);
    expect(writeToday(snapshot)).toEqual({
      text: `- { from: [hub, spoke], name: corp.example, type: MX, resolves: "10 mail.corp.example." }
- { from: [far, pc@far, internet], name: corp.example, type: MX, resolves: nxdomain }
- { from: [hub, spoke], name: "\\\\*.apps.corp.example", resolves: 10.0.0.8 }
- from: [far, pc@far, internet]
  name: ["\\\\*.apps.corp.example", db.corp.example, mail.corp.example, www.corp.example]
  resolves: nxdomain
- { from: [hub, spoke], name: [db.corp.example, mail.corp.example], resolves: 10.0.0.9 }
- { from: [hub, spoke], name: www.corp.example, resolves: 10.0.0.7 }
`,
      expectations: 6,
      answers: 25,
      unknown: 0,
    });
  });

  test.each(readdirSync(ESTATES).filter((name) => name.endsWith(".yaml")))(
    "of %s are read back, hold, and touch every endpoint that answers",
    (name) => {
      const entry = sourceFile(name, readFileSync(join(ESTATES, name), "utf8"));
      const first = loadProject(entry, new ProjectFiles(ESTATES, ESTATES));
      const today = writeToday(first.snapshot);
      expect(today.expectations).toBeGreaterThan(0);
      const written = sourceFile("today.yaml", today.text);
      const { snapshot, diagnostics } = loadProject(entry, new ProjectFiles(ESTATES, ESTATES), new ZoneMemory(), [
        written,
      ]);
      expect(diagnostics.filter(({ severity }) => severity === "error").map(renderCompact)).toEqual([]);
      const results = testOffline(snapshot, snapshot.topology.expectations);
      expect(results.filter(({ verdict }) => verdict !== "met")).toEqual([]);
      expect(results).toHaveLength(today.answers);
      const { untouched } = coverageOf(snapshot, results);
      const endpoints = untouched.filter(({ kind }) => kind === "endpoint").map(({ text }) => text);
      expect(endpoints.filter((key) => snapshot.topology.endpoints.get(key)?.connection === "approved")).toEqual([]);
    },
  );
});

test("a model without names has nothing to write down", () => {
  expect(writeToday(loadText("networks: { hub: }\n").snapshot)).toMatchObject({ text: "", expectations: 0 });
});
