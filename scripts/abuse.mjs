// Attacks the built program as strangers would, one attack after the other, and tells what that does to a local client.
//   npm run abuse -- [--seconds N] [--only WORDS] [--overload]
// With `--overload`: three times as many questions as it can answer. Needs Linux and root: it makes a network namespace of its own, and sends nothing outside it. Exit code 1 where an attack
// gets more than it should.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { judge } from "./abuse/judge.mjs";
import { PUBLIC, STRANGERS } from "./abuse/model.mjs";
import { measureOverload } from "./abuse/overload.mjs";
import { measureAttacks } from "./abuse/run.mjs";

/** Says that the namespace is there. */
const INSIDE = "PRIVLINK_ABUSE_NAMESPACE";

const { values } = parseArgs({
  options: { seconds: { type: "string" }, only: { type: "string" }, overload: { type: "boolean" } },
});
const seconds = Number(values.seconds ?? 3);
if (!(seconds >= 1 && seconds <= 60)) fail("--seconds is 1 to 60");
process.exitCode = process.env[INSIDE] === undefined ? enter() : await run();

/** Runs this program again where nothing else is reached. */
function enter() {
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    fail("a network namespace is needed: run it as root on Linux");
  const { status, error } = spawnSync("unshare", ["-n", process.execPath, ...process.argv.slice(1)], {
    stdio: "inherit",
    env: { ...process.env, [INSIDE]: "1" },
  });
  if (error !== undefined) fail(`unshare: ${error.message}`);
  return status ?? 1;
}

async function run() {
  if (Object.keys(networkInterfaces()).length > 0) fail(`${INSIDE} is set, and this is no empty network namespace`);
  ip("link", "set", "lo", "up");
  ip("address", "add", `${PUBLIC}/32`, "dev", "lo");
  for (const prefix of STRANGERS) ip("route", "add", "local", prefix, "dev", "lo");
  const folder = mkdtempSync(join(tmpdir(), "privlink-abuse-"));
  try {
    const measure = values.overload === true ? measureOverload : measureAttacks;
    const rows = await measure(folder, { seconds, only: values.only });
    return judge(rows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ip(...words) {
  const { status, stderr } = spawnSync("ip", words, {
    encoding: "utf8",
    env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
  });
  if (status !== 0) fail(`ip ${words.join(" ")}: ${stderr}`);
}

function fail(sentence) {
  process.stderr.write(`abuse: ${sentence}\n`);
  process.exit(1);
}
