// Inputs worth keeping, a file for each subject, an input a line in base64: what was found once, and what reached a block of
// the program that no other did.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Every input of a folder: `{ subject, octets }`. */
export function readCorpus(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".txt"))
    .sort()
    .flatMap((file) => {
      const subject = file.slice(0, -".txt".length).replaceAll("-", " ");
      const lines = readFileSync(join(folder, file), "latin1")
        .split("\n")
        .filter((line) => line !== "");
      return lines.map((line) => ({ subject, octets: Buffer.from(line, "base64") }));
    });
}

/** Writes the inputs, each once, in a stable order. */
export function writeCorpus(folder, inputs) {
  mkdirSync(folder, { recursive: true });
  for (const subject of new Set(inputs.map((one) => one.subject))) {
    const own = inputs.filter((one) => one.subject === subject);
    const lines = new Set(own.map(({ octets }) => Buffer.from(octets).toString("base64")));
    writeFileSync(join(folder, `${subject.replaceAll(" ", "-")}.txt`), [...lines, ""].join("\n"));
  }
}
