// What an answer costs in the process, octets to octets, without the sockets around it: the part that is ours to change, and
// steady on a machine that has other work.
import { join } from "node:path";
import { Diagnostics } from "../dist/diagnostics/diagnostic.js";
import { publicReason } from "../dist/explain/public-reason.js";
import { knownAddress } from "../dist/net/address.js";
import { createMetrics } from "../dist/observe/metrics.js";
import { runLoad } from "../dist/project/load-order.js";
import { createAnswer } from "../dist/serve/answer.js";
import { ReadyStore } from "../dist/serve/ready-store.js";
import { compile } from "../dist/snapshot/compile.js";
import { holdSnapshot } from "../dist/snapshot/holder.js";
import { table } from "./results.mjs";
import { questionOctets } from "./serve/servers.mjs";
import { writeWorkload } from "./serve/workload.mjs";

/** Names that are asked often: they fit into the table of ready replies, also where those keep what led to them. */
const OFTEN = 10_000;
/** An OPT with a client's cookie, as dig sends it; the header counts it. */
const COOKIE_OPT = Buffer.from("000029040000000000000c000a00080001020304050607", "hex");

/** Times each kind of answer: the least of several rounds of thousands. */
export function measureAnswer(folder, quick) {
  const registries = quick ? 20_000 : 200_000;
  const names = writeWorkload(join(folder, "answer"), registries);
  const config = join(folder, "answer", "privlink.yaml");
  const request = { config, paths: [], networks: [] };
  const { input } = runLoad({ request, folder, exampleFolder: folder, listen: [] });
  const snapshots = holdSnapshot(compile(input, new Diagnostics()));
  const [listener] = input.topology.listeners;
  const answerWith = (more) =>
    createAnswer({
      snapshots,
      listener: () => listener,
      identity: { version: "bench", id: "bench" },
      warningOf: (...found) => publicReason(...found)?.sentence,
      onFault: (error) => {
        throw error;
      },
      ...more,
    });
  const questions = names.map((name, i) => Uint8Array.from(questionOctets(name, i & 0xffff)));
  const often = questions.slice(0, OFTEN);
  const withCookies = often.map((question) => {
    const octets = Buffer.concat([question, COOKIE_OPT]);
    octets[11] = 1;
    return Uint8Array.from(octets);
  });
  const from = { transport: "udp", address: knownAddress("127.0.0.1"), port: 4000, local: listener.at };
  const rounds = quick ? 10 : 40;
  const least = (answer, list) => Math.min(...Array.from({ length: rounds }, () => microseconds(answer, list, from)));
  const cookies = () => ({ current: new Uint8Array(16) });
  const ready = answerWith({ ready: new ReadyStore(), cookies });
  const metrics = metricsAlone();
  const counted = answerWith({
    ready: new ReadyStore({ keepsResolutions: true }),
    onEvent: (event) => metrics.record(event),
  });
  return [
    `${registries.toLocaleString("en")} registries as above; us of processor time from octets to octets, the least of rounds of ${OFTEN.toLocaleString("en")}.`,
    "",
    ...table(
      ["answer", "us"],
      [
        ["ready", least(ready, often).toFixed(2)],
        ["ready, its question with a cookie", least(ready, withCookies).toFixed(2)],
        ["ready, and counted for metrics", least(counted, often).toFixed(2)],
        ["made anew, each name once", onceEach(answerWith({ ready: new ReadyStore() }), questions, from).toFixed(2)],
      ],
    ),
  ];
}

/** The least of parts of the questions, each asked once. */
function onceEach(answer, questions, from) {
  const costs = [];
  for (let at = 0; at + OFTEN <= questions.length; at += OFTEN)
    costs.push(microseconds(answer, questions.slice(at, at + OFTEN), from));
  return Math.min(...costs);
}

function microseconds(answer, list, from) {
  const before = process.cpuUsage();
  for (const octets of list) {
    // A door makes a peer for each datagram.
    if ((answer(octets, { ...from })?.[3] & 0xf) % 3 !== 0) throw new Error("no answer at once");
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / list.length;
}

function metricsAlone() {
  const cache = { octets: 0, maxOctets: 0, size: 0 };
  const state = { outstanding: () => 0, isReady: () => true, trailing: () => 0 };
  return createMetrics({ version: "bench", runtime: "bench", cache, ...state });
}
