// A million records in half a million names: time to build, memory, what a layer costs, questions answered in a second.
// Run it from the built files: `npm run build && node --expose-gc bench/zone.mjs`.
import { performance } from "node:perf_hooks";
import { Worker } from "node:worker_threads";
import { Diagnostics } from "../dist/diagnostics/diagnostic.js";
import { knownName, parseName } from "../dist/name/name-text.js";
import { makeSoa } from "../dist/record/rdata-wire.js";
import { sourceFile } from "../dist/source/source-file.js";
import { lookup } from "../dist/zone/lookup.js";
import { ZoneBuilder } from "../dist/zone/zone-builder.js";
import { layerZone, nodeCount, recordCount } from "../dist/zone/zone-tree.js";

const OWNERS = 500_000;
/** As many different names as the load tests of servers ask for, from all over the zone. */
const ASKED = 10_000;
const QUESTIONS = 2_000_000;
const A = 1;
const AAAA = 28;
const origin = knownName("corp.example");
const file = sourceFile("bench.zone", "\n".repeat(OWNERS * 2), "octets");

const names = Array.from({ length: OWNERS }, (_, i) => hostName(i));
// Names of their own, as a decoded message has them: not the objects that the zone was built from.
const asked = Array.from({ length: ASKED }, (_, i) => hostName((i * 7919 * 31) % OWNERS));
const missing = Array.from({ length: ASKED }, (_, i) => nameOf(`none${i}.rack${i % 1000}`));

const before = memory();
let start = performance.now();
const startCpu = process.cpuUsage();
const builder = new ZoneBuilder(origin);
for (let i = 0; i < OWNERS; i++) {
  const span = { file, start: i * 2, end: i * 2 + 1 };
  const [high, low] = [(i >> 8) & 255, i & 255];
  builder.add({ owner: names[i], type: A, ttl: 300, rdata: Uint8Array.of(10, i >> 16, high, low), span });
  const aaaa = Uint8Array.of(0x20, 1, 13, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, i >> 16, high, low);
  builder.add({ owner: names[i], type: AAAA, ttl: 300, rdata: aaaa, span });
}
const added = performance.now() - start;
start = performance.now();
const tree = builder.finish(new Diagnostics());
const packed = performance.now() - start;
const cpu = process.cpuUsage(startCpu);
show(
  "build",
  `${Math.round((cpu.user + cpu.system) / 1000)} ms of processor time; by the clock ${Math.round(added + packed)} ms (add ${Math.round(added)}, pack and check ${Math.round(packed)})`,
);
show("size", `${recordCount(tree)} records, ${nodeCount(tree)} names`);
show(
  "arrays",
  `${megabytes(sharedOctets(tree.base))} MB shared; process ${megabytes(memory() - before)} MB more than before`,
);

start = performance.now();
const layers = 1000;
let layered = tree;
for (let i = 0; i < layers; i++) {
  const rrset = { owner: names[i * 7], type: A, ttl: 10, rdatas: [Uint8Array.of(10, 9, 9, 9)] };
  layered = layerZone(tree, [{ kind: "replace", rrset }]);
}
show("layer", `${microseconds(start, layers)} µs for one change over it`);

start = performance.now();
await crossed(tree);
show("thread", `${(performance.now() - start).toFixed(1)} ms to a new thread and back, its start included`);

const times = { mname: origin, rname: origin, serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 1 };
const soa = { owner: origin, type: 6, ttl: 10, rdatas: [makeSoa(times)] };
for (const [title, questions, zoneTree] of [
  ["found", asked, tree],
  ["found, layered", asked, layered],
  ["NXDOMAIN", missing, tree],
]) {
  const zone = { origin, tree: zoneTree, soa };
  ask(zone, questions, QUESTIONS / 10); // Warm.
  // Processor time: steadier than the clock where other programs run.
  const { user, system } = process.cpuUsage();
  ask(zone, questions, QUESTIONS);
  const spent = process.cpuUsage({ user, system });
  const each = (spent.user + spent.system) / QUESTIONS;
  show(title, `${Math.round(1e6 / each).toLocaleString("en")} lookups/s, ${each.toFixed(2)} µs of processor time each`);
}

function ask(zone, questions, count) {
  for (let i = 0; i < count; i++) lookup(zone, questions[i % questions.length], A);
}

function hostName(i) {
  return nameOf(`host${i}.rack${i % 1000}`);
}

function nameOf(text) {
  const parsed = parseName(text, origin);
  if (parsed.kind === "problem") throw new RangeError(text);
  return parsed.name;
}

function crossed(workerData) {
  const worker = new Worker('process.exit(require("node:worker_threads").workerData ? 0 : 1)', {
    eval: true,
    workerData,
  });
  return new Promise((resolve) => worker.once("exit", resolve));
}

function sharedOctets(base) {
  const arrays = [
    ...Object.values(base).filter((value) => ArrayBuffer.isView(value)),
    ...base.files.map((one) => one.lineStarts),
  ];
  return arrays.reduce((sum, array) => sum + array.byteLength, 0);
}

function memory() {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

function megabytes(octets) {
  return Math.round(octets / 1024 / 1024);
}

function microseconds(from, count) {
  return (((performance.now() - from) * 1000) / count).toFixed(1);
}

function show(title, text) {
  process.stdout.write(`${title.padEnd(16)}${text}\n`);
}
