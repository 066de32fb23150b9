// Preloaded into a server (`node --expose-gc --import`): SIGUSR2 collects garbage, so that what its heap holds can be told.
import { isMainThread } from "node:worker_threads";

if (isMainThread) process.on("SIGUSR2", () => globalThis.gc());
