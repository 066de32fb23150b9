import { expect, test } from "vitest";
import { memoryFiles } from "../../test/support/memory-files.ts";
import { sourceFile } from "../source/source-file.ts";
import type { LoadedModel, LoadResult } from "./load-order.ts";
import { loadProject } from "./load-project.ts";
import { basesIn as basesOf, type Crossing, TreeReceiver, TreeSender } from "./tree-crossing.ts";
import { ZoneMemory } from "./zone-memory.ts";

const TOPOLOGY = `networks: { n: }
zones:
  a.example: { file: a.zone, links: n }
  b.example: { file: b.zone, links: n }
  none.example: { links: n }
public: { zones: p.example.zone }
`;
const FILES = {
  "a.zone": "www 60 A 10.0.0.1\n",
  "b.zone": "www 60 A 10.0.0.2\n",
  "p.example.zone": "x 60 A 192.0.2.1\n",
};

function modelOf(memory: ZoneMemory, files: Readonly<Record<string, string>>, topology = TOPOLOGY): LoadedModel {
  const loaded = loadProject(sourceFile("privlink.yaml", topology), memoryFiles(files), memory);
  const { input, diagnostics, hasErrors } = loaded;
  return {
    kind: "loaded",
    digest: "",
    input,
    diagnostics,
    untold: 0,
    hasErrors,
    name: "privlink.yaml",
    isExample: false,
    touched: [],
    files: [],
  };
}

/** Two ends and the thread boundary between them. */
function crossing() {
  const [sender, receiver] = [new TreeSender(), new TreeReceiver()];
  return (result: LoadResult): { sent: Crossing; landed: LoadResult } => {
    const sent = sender.send(result);
    return { sent, landed: receiver.receive(structuredClone(sent)) };
  };
}

function modelIn(result: LoadResult): LoadedModel {
  if (result.kind !== "loaded") throw new Error(`${result.kind} is no model`);
  return result;
}

function basesIn(sent: Crossing): number {
  return sent.kind === "loaded" ? sent.bases.size : 0;
}

test("a model is the same on the other side", () => {
  const model = modelOf(new ZoneMemory(), FILES);
  expect(crossing()(model).landed).toEqual(model);
});

test("zones that did not change are not sent again, and are the same objects as before", () => {
  const memory = new ZoneMemory();
  const cross = crossing();
  const first = modelIn(cross(modelOf(memory, FILES)).landed);
  const { sent, landed } = cross(modelOf(memory, { ...FILES, "b.zone": "www 60 A 10.0.0.3\n" }));
  const second = modelIn(landed);
  expect(basesIn(sent)).toBe(1);
  const base = (model: LoadedModel, key: string) => model.input.zones.get(key)?.tree.base;
  expect(base(second, "a.example")).toBe(base(first, "a.example"));
  expect(base(second, "none.example")).toBe(base(first, "none.example"));
  expect(second.input.publicZones[0]?.tree.base).toBe(first.input.publicZones[0]?.tree.base);
  expect(base(second, "b.example")).not.toBe(base(first, "b.example"));
  expect(second).toEqual(modelOf(new ZoneMemory(), { ...FILES, "b.zone": "www 60 A 10.0.0.3\n" }));
});

test("what a model between did without crosses again when it is wanted again", () => {
  const memory = new ZoneMemory();
  const cross = crossing();
  const whole = modelOf(memory, FILES);
  cross(whole);
  cross(modelOf(memory, FILES, "networks: { n: }\n"));
  cross({ kind: "unchanged" });
  expect(cross(whole).landed).toEqual(whole);
});

test("what both ends began with is not sent", () => {
  const memory = new ZoneMemory();
  const model = modelOf(memory, FILES);
  const bases = basesOf(model);
  const [theirs, known] = structuredClone([bases, memory.known] as const);
  const sender = new TreeSender(theirs);
  const sent = sender.send(modelOf(new ZoneMemory(known), FILES));
  expect(basesIn(sent)).toBe(1); // The empty tree, which each thread has of its own.
  expect(modelIn(new TreeReceiver(bases).receive(structuredClone(sent))).input.zones.get("a.example")?.tree.base).toBe(
    model.input.zones.get("a.example")?.tree.base,
  );
});

test("an end that began later than the other is told, not guessed for", () => {
  const sender = new TreeSender();
  const model = modelOf(new ZoneMemory(), FILES);
  sender.send(model);
  expect(() => new TreeReceiver().receive(sender.send(model))).toThrow(RangeError);
});
