// The figures, in `bench/RESULTS.md`: a section for each bench, written anew by it, with the machine and the day.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

const FILE = fileURLToPath(new URL("RESULTS.md", import.meta.url));
const HEAD = `# Results

What the benches print, each section by its own command. Processor time and ratios within one run are to be trusted; figures
of different sections, days or machines are not to be compared.
`;

/** Puts a section in the place of the one with its title, or at the end. */
export function writeSection(title, lines) {
  const text = existsSync(FILE) ? readFileSync(FILE, "utf8") : HEAD;
  const sections = text.split(/^(?=## )/m);
  const section = `## ${title}\n\n${machine()}\n\n${lines.join("\n")}\n`;
  const at = sections.findIndex((one) => one.startsWith(`## ${title}\n`));
  if (at < 0) sections.push(section);
  else sections[at] = section;
  writeFileSync(FILE, `${sections.map((one) => one.trimEnd()).join("\n\n")}\n`);
}

/** A Markdown table. */
export function table(head, rows) {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}

/** The version that a program tells, its first line that has a number. */
export function versionOf(command, ...args) {
  try {
    const { PATH } = process.env;
    const text = execFileSync("sh", ["-c", `${command} ${args.join(" ")} 2>&1`], {
      encoding: "utf8",
      env: { ...process.env, PATH: `${PATH}:/usr/sbin` },
    });
    return /\d+\.\d+(\.\d+)?/.exec(text)?.[0] ?? "?";
  } catch {
    return undefined;
  }
}

function machine() {
  const day = new Date().toISOString().slice(0, 10);
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${day}, ${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? "?"}), ${memory} GiB, Node ${process.versions.node}.`;
}
