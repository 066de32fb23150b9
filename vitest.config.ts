import { availableParallelism } from "node:os";
import { delimiter } from "node:path";
import { defineConfig } from "vitest/config";

/** Where Debian keeps name servers, which a user's own path often lacks. */
const SERVERS = ["/usr/sbin", "/usr/local/sbin"];

export default defineConfig({
  test: {
    // Proofs take minutes, or tools that few machines have: PROOFS=1 runs them, and nothing else.
    include: process.env["PROOFS"] === undefined ? ["src/**/*.test.ts", "test/**/*.test.ts"] : ["test/**/*.proof.ts"],
    testTimeout: 20_000,
    // The runner leaves a core to itself; tests that wait for servers leave one idle as well.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    env: { PATH: [process.env["PATH"], ...SERVERS].join(delimiter) },
  },
});
