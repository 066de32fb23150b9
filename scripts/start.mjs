// `npm start`: makes the clone ready, then serves. Arguments after `--` go to `privlink serve`.
import { setUp } from "./setup.mjs";

setUp();
process.argv = [process.argv[0] ?? "node", "privlink", "serve", ...process.argv.slice(2)];
await import("../dist/program/main.js");
