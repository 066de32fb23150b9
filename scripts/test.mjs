// `npm test`: makes the clone ready, then runs the whole suite. Arguments after `--` go to vitest.
import { spawnSync } from "node:child_process";
import { setUp } from "./setup.mjs";

setUp();
const { status } = spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", "run", ...process.argv.slice(2)], {
  stdio: "inherit",
});
process.exitCode = status ?? 1;
