import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { here, queryOctets } from "../../test/loopback.ts";
import { loadText } from "../../test/support/memory-files.ts";
import { openLineSink } from "../observe/line-sink.ts";
import { createLog } from "../observe/log.ts";
import { createAnswer } from "../serve/answer.ts";
import { holdSnapshot } from "../snapshot/holder.ts";
import { countFaults } from "./faults.ts";

const { snapshot } = loadText(`networks: { hub: { prefixes: 10.0.0.0/16, clients: 127.0.0.0/8 } }`);

/** The log of what happens, line by line. */
function logged() {
  const lines: string[] = [];
  const sink = openLineSink(String, (octets) => {
    lines.push(Buffer.from(octets).toString());
    return octets.length;
  });
  return { lines, faults: countFaults(createLog("json", "info", sink)) };
}

test.each([
  { how: "throws", resolve: () => unlucky() },
  { how: "rejects", resolve: async () => unlucky() },
])("an engine that $how is logged with the question, which gets SERVFAIL", async ({ resolve }) => {
  const { lines, faults } = logged();
  const answer = createAnswer({
    snapshots: holdSnapshot(snapshot),
    listener: () => ({ trust: [] }),
    identity: { version: "v", id: "i" },
    onFault: faults.inAnswer,
    resolve,
  });
  const local = here();
  const reply = await answer(queryOctets(7, "www.corp.example"), { ...here(), transport: "udp", local });
  expect((reply?.[3] ?? 0) & 0xf).toBe(2);
  expect(faults.count).toBe(1);
  expect(JSON.parse(lines.join(""))).toMatchObject({
    level: "error",
    name: "www.corp.example",
    type: "A",
    client: "127.0.0.1",
    err: { message: "out of luck" },
  });
});

function unlucky(): never {
  throw new Error("out of luck");
}

/** A process where a port to real servers forgets a promise, with a handler that is not there yet when it is rejected. */
const FORGETFUL = `
  import { rememberingWhy } from "./app/asked-now.js";
  import { countFaults } from "./app/faults.js";
  import { knownName } from "./name/name-text.js";
  import { createLog } from "./observe/log.js";
  import { knownAddress } from "./net/address.js";
  const faults = countFaults(createLog("json", "info"));
  process.on("unhandledRejection", faults.unhandled);
  const later = async () => { await new Promise((go) => setTimeout(go, 5)); throw new Error("forgotten"); };
  const ask = rememberingWhy(() => { void later(); return new Promise(() => undefined); });
  for (const label of ["one", "two"])
    void ask({ question: { name: knownName(label + ".example"), type: 1 }, terms: { client: { address: knownAddress("10.0.0.9") } } });
  void Promise.reject("nobody's");
  setTimeout(() => console.log("alive after", faults.count), 50);
`;

test("a rejection that nobody handled is logged with the question it belongs to, and ends nothing", () => {
  const cwd = join(import.meta.dirname, "..", "..", "dist");
  const script = ["--input-type=module", "--eval", FORGETFUL];
  const out = execFileSync("sh", ["-c", 'exec "$0" "$@" 2>&1', process.execPath, ...script], { cwd, encoding: "utf8" });
  const lines = out.trimEnd().split("\n");
  expect(lines.at(-1)).toBe("alive after 3");
  const said = lines.slice(0, -1).map((line): unknown => JSON.parse(line));
  expect(said).toMatchObject([
    { level: "error", err: { message: "nobody's" } },
    { name: "one.example", type: "A", client: "10.0.0.9", err: { message: "forgotten" } },
    { name: "two.example", type: "A", client: "10.0.0.9", err: { message: "forgotten" } },
  ]);
});
