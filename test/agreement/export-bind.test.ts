import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { exportModel } from "../../src/exchange/export/export-model.ts";
import { needs, skipFor } from "../support/tools.ts";
import { type Proof, proofAskers, type ProofModel, proofModels, proofOf, proofQuestions } from "./export-proof.ts";
import { askInside, whyNotInside } from "./export-servers.ts";

/**
 * Every model as `export bind` writes it, in named, asked from the addresses of its networks: what `privlink` says for each
 * name, or a loss that says otherwise.
 */
const MODELS = proofModels(20);
const PROOF_MS = 60_000;

const here: { whyNot?: string | undefined } = {};
beforeAll(async () => {
  here.whyNot = await whyNotInside();
});
beforeEach(async (context) => {
  await needs("named", "unshare", "ip")(context);
  if (here.whyNot !== undefined) skipFor(`this machine ${here.whyNot}`, context);
});

describe("named with an exported configuration answers as the model", () => {
  test.each(MODELS)("$title", async (model) => expectProven(await proofsOf(model)), PROOF_MS);
});

async function proofsOf({ snapshot, title }: ProofModel): Promise<readonly Proof[]> {
  const exported = exportModel(snapshot, "bind", title);
  const questions = proofQuestions(snapshot);
  const askers = proofAskers(snapshot);
  const batches = askers.map(({ from }) => ({ from, questions }));
  const at = { address: "127.0.0.1", port: 53 };
  const files = exported.files.map(({ path, text }) => ({ path, text: path === "named.conf" ? forTests(text) : text }));
  const command = ["named", "-g", "-n", "1", "-c", "named.conf"];
  const [replies = []] = await askInside(files, [{ command, at, batches }]);
  return askers.map(({ asker }, i) =>
    proofOf(snapshot, asker, exported, questions, replies[i] ?? [], { excused: ["answer-differs", "ns-added"] }),
  );
}

/** What named needs to leave the rest of the machine alone. */
function forTests(text: string): string {
  const own =
    'listen-on { any; }; listen-on-v6 { none; }; pid-file none; session-keyfile none; managed-keys-directory ".";';
  return text.replace("options {\n", `controls { };\noptions {\n\t${own} max-cache-size 8m;\n`);
}

function expectProven(proofs: readonly Proof[]): void {
  expect(proofs.flatMap(({ differing }) => differing)).toEqual([]);
  const compared = proofs.reduce((sum, proof) => sum + proof.compared, 0);
  const excused = proofs.reduce((sum, proof) => sum + proof.excused, 0);
  expect(compared).toBeGreaterThan(excused);
}
