// Writes docs/diagnostics.md, the same as data in src/diagnostics/data/code-pages.json, and the expected texts below test/check, from what the folders there print now.
// Look at the difference before you keep it: the test that is updated here is the one that guards these texts.
import { spawnSync } from "node:child_process";
import { setUp } from "./setup.mjs";

setUp({ build: false });
// Twice: the page is made of the expected texts of the first run.
for (let run = 0; run < 2; run++) {
  const args = ["node_modules/vitest/vitest.mjs", "run", "test/diagnostics.test.ts", "--update"];
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  process.exitCode = status ?? 1;
}
