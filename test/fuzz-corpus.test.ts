import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const FOLDER = new URL("fuzz-corpus/", import.meta.url);

function inputsIn(file: string): number {
  return readFileSync(new URL(file, FOLDER), "latin1")
    .split("\n")
    .filter((line) => line !== "").length;
}

test("whatever a fuzz once found, and what reaches the corners of the readers, is read without a fault", () => {
  const printed = execFileSync("node", ["scripts/fuzz.mjs", "--inputs", "0", "--seed", "1"], { encoding: "utf8" });
  const run = [...printed.matchAll(/^([a-z ]+): (\d+) inputs, [\d.]+ ms/gm)].map(([, subject, count]) => [
    subject,
    Number(count),
  ]);
  const kept = readdirSync(FOLDER).map((file) => [file.replace(/\.txt$/, "").replaceAll("-", " "), inputsIn(file)]);
  expect(Object.fromEntries(run)).toEqual(Object.fromEntries(kept));
  expect(printed).toMatch(/nothing found\n$/);
}, 60_000);
