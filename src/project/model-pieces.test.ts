import { deserialize, serialize } from "node:v8";
import { expect, test } from "vitest";
import { memoryFiles } from "../../test/support/memory-files.ts";
import { sourceFile } from "../source/source-file.ts";
import type { LoadedModel } from "./load-order.ts";
import { loadProject } from "./load-project.ts";
import { type ModelPiece, PieceReceiver, PieceSender } from "./model-pieces.ts";
import { ZoneMemory } from "./zone-memory.ts";

const TOPOLOGY = `networks: { n: }
zones:
  a.example: { file: a.zone, links: n }
  b.example: { file: b.zone, links: n }
  none.example: { links: n }
public: { zones: p.example.zone }
`;
const MANY = Array.from({ length: 400 }, (_, i) => `h${i} 60 A 10.0.${i >> 8}.${i & 255}\n`).join("");
const FILES = { "a.zone": "www 60 A 10.0.0.1\n", "b.zone": MANY, "p.example.zone": "x 60 A 192.0.2.1\n" };

function modelOf(memory: ZoneMemory, files: Readonly<Record<string, string>>): LoadedModel {
  const { input, hasErrors } = loadProject(sourceFile("privlink.yaml", TOPOLOGY), memoryFiles(files), memory);
  const found = {
    diagnostics: [],
    untold: 0,
    hasErrors,
    name: "privlink.yaml",
    isExample: false,
    touched: [],
    files: [],
  };
  return { kind: "loaded", digest: "", input, ...found };
}

/** Two ends and the process boundary between them. */
function crossing() {
  const [sender, receiver] = [new PieceSender(1000), new PieceReceiver()];
  return (model: LoadedModel): { pieces: ModelPiece[]; landed: (LoadedModel | undefined)[] } => {
    const pieces = [...sender.piecesOf(model)].map((piece): ModelPiece => deserialize(serialize(piece)));
    return { pieces, landed: pieces.map((piece) => receiver.take(piece)) };
  };
}

test("a model is the same in another process, whole with its last piece, and no piece is large", () => {
  const model = modelOf(new ZoneMemory(), FILES);
  const { pieces, landed } = crossing()(model);
  expect(landed.at(-1)).toEqual(model);
  expect(landed.slice(0, -1).filter((one) => one !== undefined)).toEqual([]);
  const sizes = pieces.map((piece) => (piece.kind === "octets" ? piece.octets.length : 0));
  expect(Math.max(...sizes)).toBe(1000);
});

test("a zone that did not change does not cross again", () => {
  const memory = new ZoneMemory();
  const cross = crossing();
  cross(modelOf(memory, FILES));
  const next = modelOf(memory, { ...FILES, "a.zone": "www 60 A 10.0.0.2\n" });
  const { pieces, landed } = cross(next);
  expect(landed.at(-1)).toEqual(next);
  const sent = pieces.reduce((sum, piece) => sum + (piece.kind === "octets" ? piece.octets.length : 0), 0);
  expect(sent).toBeLessThan(2000);
});
