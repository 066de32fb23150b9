import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { describe, expect, test } from "vitest";
import type { Draft } from "../../src/exchange/draft.ts";
import { type ExportedModel, exportModel } from "../../src/exchange/export/export-model.ts";
import { summaryOf } from "../../src/exchange/export/flatten.ts";
import { importCorefile } from "../../src/exchange/servers/import-corefile.ts";
import { importNamed } from "../../src/exchange/servers/import-named.ts";
import type { ReadServerFile } from "../../src/exchange/servers/server-files.ts";
import { writeDraft } from "../../src/exchange/write-draft.ts";
import { formatName } from "../../src/name/name-text.ts";
import { knownAddress } from "../../src/net/address.ts";
import { typeName } from "../../src/record/type-names.ts";
import { resolveOffline } from "../../src/resolve/resolve.ts";
import { clientAt } from "../../src/snapshot/clients.ts";
import type { Snapshot } from "../../src/snapshot/snapshot.ts";
import { sourceFile } from "../../src/source/source-file.ts";
import type { Zone } from "../../src/zone/zone.ts";
import { loadFile, type ProofModel, proofAskers, proofModels } from "../agreement/export-proof.ts";
import { linesOfSet, linesOfZone, readZone } from "../agreement/read-zone.ts";

/**
 * What is exported and imported again is the same model: whoever asked from an address gets the same answer to every name,
 * but for what the export said that it does not hold.
 */
const MODELS = proofModels(20);

describe.each([
  { kind: "bind" as const, main: "named.conf", read: importNamed },
  { kind: "coredns" as const, main: "Corefile", read: importCorefile },
])("export $kind, then import: the same model", ({ kind, main, read }) => {
  test.each(MODELS)("$title", (model) => {
    const exported = exportModel(model.snapshot, kind, model.title);
    const again = imported(exported, main, read);
    expect(differing(model, exported, again)).toEqual([]);
  });
});

describe("export zones, then read them: the same records", () => {
  test.each(MODELS)("$title", ({ snapshot, title }) => {
    const { files } = exportModel(snapshot, "zones", title);
    const found = [...snapshot.zones].map(([key, zone]) => {
      const file = files.find(({ text }) => text.startsWith(`; Private zone ${key}, `));
      const { tree, diagnostics } = readZone(Buffer.from(file?.text ?? "", "utf8"), zone.origin);
      expect(diagnostics.sorted().filter(({ severity }) => severity === "error")).toEqual([]);
      return { key, lines: linesOfZone(tree) };
    });
    expect(found).toEqual(
      Array.from(snapshot.zones, ([key, { tree, soa }]) => ({ key, lines: completeLines(tree, soa) })),
    );
  });
});

/** The records of a zone with its SOA, which its file may lack: the platform writes that. */
function completeLines(tree: Zone["tree"], soa: Zone["soa"]): string[] {
  return [...new Set([...linesOfZone(tree), ...linesOfSet(soa)])].toSorted();
}

type Importer = (file: ReturnType<typeof sourceFile>, read: ReadServerFile) => Draft;

function imported({ files }: ExportedModel, main: string, read: Importer): Snapshot {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const port: ReadServerFile = (path, from) => {
    const text = texts.get(posix.join(posix.dirname(from.path), path));
    return text === undefined
      ? { kind: "problem", message: "does not exist" }
      : { kind: "file", file: sourceFile(path, text, "octets") };
  };
  const draft = read(sourceFile(main, texts.get(main) ?? ""), port);
  const expected = draft.unmapped.filter(({ what }) => !EXPECTED.has(what));
  expect(expected.map(({ what, reason, origin }) => `${what} ${origin.text}: ${reason}`)).toEqual([]);
  const folder = mkdtempSync(join(tmpdir(), "privlink-import-"));
  try {
    for (const [path, text] of writeDraft(draft, []).files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return loadFile(join(folder, "privlink.yaml"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What `export bind` sets that no model has. */
const EXPECTED: ReadonlySet<string> = new Set(
  [
    "recursion",
    "allow-query",
    "allow-query-cache",
    "allow-recursion",
    "minimal-responses",
    "dnssec-validation",
    "zero-no-soa-ttl",
    "check-names",
    "check-integrity",
    "notify",
  ].map((option) => `option ${option}`),
);

function differing({ snapshot }: ProofModel, { losses }: ExportedModel, again: Snapshot): string[] {
  const told = new Set(losses.map(({ name, type, asker }) => `${name?.key} ${type ?? "any"} ${asker ?? "all"}`));
  return proofAskers(snapshot).flatMap(({ asker, from, questions }) => {
    const client = clientAt(again.clients, knownAddress(from));
    if (client.kind !== "network") return [`${asker.key}: nobody's at ${from}`];
    return questions.flatMap((question) => {
      const { name, type } = question;
      const isTold = [type, "any"].some((one) =>
        [asker.key, "all"].some((who) => told.has(`${name.key} ${one} ${who}`)),
      );
      if (isTold) return [];
      const ours = summaryOf(resolveOffline(snapshot, asker.addressee, question));
      const theirs = summaryOf(resolveOffline(again, { kind: "servers-of", network: client.network }, question));
      return ours === theirs ? [] : [`${asker.key} ${formatName(name)} ${typeName(type)}: ${ours}, then ${theirs}`];
    });
  });
}
