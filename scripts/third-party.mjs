// `node scripts/third-party.mjs [--check]`: writes THIRD-PARTY.md, the packages that the program needs at run time, as the lockfile has
// them, each with its licence and the text that must go with it. `test/package.test.ts` says when it is out of date.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** What is inside a package beside its own code, under another licence. */
const INSIDE = new Map([
  [
    "@hpcc-js/wasm-graphviz",
    "holds Graphviz, compiled to WebAssembly: Eclipse Public License, its sources are at graphviz.org",
  ],
]);

/** The packages of the lockfile that are installed with the program, by name: not those of its development. */
export function runtimePackages() {
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== "" && dev !== true)
    .map(([path, { version, license }]) => ({ path, name: path.replace(/^.*node_modules\//, ""), version, license }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The document, from the packages that are installed. */
export function thirdParty() {
  const packages = runtimePackages();
  const rows = packages.map(({ name, version, license }) => {
    const inside = INSIDE.get(name);
    return `| ${name} | ${version} | ${license} |${inside === undefined ? "" : ` ${inside}`} |`;
  });
  const byText = new Map();
  for (const { path, name } of packages) {
    const text = licenceText(path);
    byText.set(text, [...(byText.get(text) ?? []), name]);
  }
  const texts = [...byText].map(([text, names]) => `## ${names.join(", ")}\n\n\`\`\`text\n${text}\n\`\`\`\n`);
  return `# What others wrote

privlink runs with these packages, which npm installs beside it; nothing of theirs is copied into its own files. Written by
\`node scripts/third-party.mjs\` from the lockfile and from what is installed.

| Package | Version | Licence | |
|---|---|---|---|
${rows.join("\n")}

${texts.join("\n")}`;
}

function licenceText(path) {
  const file = readdirSync(join(ROOT, path)).find((name) => /^licen[cs]e(?:\.(?:md|txt))?$/i.test(name));
  if (file === undefined) throw new Error(`${path} has no licence file: look where its text is, and say so here`);
  return readFileSync(join(ROOT, path, file), "utf8")
    .replaceAll("\r\n", "\n")
    .replaceAll("```", "'''")
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .trim();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = join(ROOT, "THIRD-PARTY.md");
  const text = thirdParty();
  if (!process.argv.includes("--check")) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) {
    process.stderr.write("THIRD-PARTY.md is out of date: node scripts/third-party.mjs writes it\n");
    process.exitCode = 1;
  }
}
