// From the start of the command to `Ready.`, as a user waits for it: the built-in example, no other work.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { table } from "./results.mjs";
import { median, processorSeconds, residentMegabytes } from "./serve/measure.mjs";

const MAIN = fileURLToPath(new URL("../dist/program/main.js", import.meta.url));
const EXAMPLE = fileURLToPath(new URL("../zones/privlink.yaml", import.meta.url));
const ARGUMENTS = [MAIN, "serve", "-c", EXAMPLE, "--listen", "127.0.0.1:0"];

export async function measureStart(quick) {
  const starts = [];
  const bare = [];
  for (let i = 0; i < (quick ? 2 : 11); i++) {
    starts.push(await startOnce(ARGUMENTS));
    bare.push(await startOnce(["-e", 'process.stderr.write("Ready.\\n");setInterval(() => {}, 1000)']));
  }
  const row = (name, runs) => [
    name,
    median(runs.map(({ seconds }) => seconds)).toFixed(2),
    median(runs.map(({ processor }) => processor)).toFixed(2),
    Math.round(median(runs.map(({ resident }) => resident))),
  ];
  return [
    `Medians of ${starts.length} starts, in turn.`,
    "",
    ...table(
      ["program", "s to `Ready.`", "s of processor time", "MB resident"],
      [row("privlink serve, the example", starts), row("node that does nothing", bare)],
    ),
  ];
}

function startOnce(args) {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (text) => {
      said += text;
      if (!/^Ready\.$/m.test(said)) return;
      child.stderr.removeAllListeners("data");
      const seconds = (performance.now() - startedAt) / 1000;
      const figures = { seconds, processor: processorSeconds(child.pid), resident: residentMegabytes(child.pid) };
      child.once("exit", () => resolve(figures));
      child.kill("SIGTERM");
    });
    child.once("error", reject);
  });
}
