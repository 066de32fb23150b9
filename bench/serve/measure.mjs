// One load of dnsperf on a server: how many answers, how long they took, and what processor time they cost the server.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const TICKS = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** Asks a server for `seconds`, at `rate` questions a second or as fast as it answers. */
export function load(server, questions, { core, seconds, rate, more = [] }) {
  const before = processorSeconds(server.pid);
  const args = ["-s", "127.0.0.1", "-p", String(server.port), "-d", questions, "-l", String(seconds), "-c", "10"];
  const pace = rate === undefined ? ["-q", "200"] : ["-Q", String(rate)];
  const { stdout } = spawnSync("taskset", ["-c", String(core), "dnsperf", ...args, ...pace, ...more], {
    encoding: "utf8",
  });
  const used = processorSeconds(server.pid) - before;
  const number = (pattern) => Number(pattern.exec(stdout)?.[1] ?? Number.NaN);
  const answers = number(/Queries completed:\s+(\d+)/);
  return {
    answers,
    lost: number(/Queries lost:\s+(\d+)/),
    perSecond: number(/Queries per second:\s+([\d.]+)/),
    latencyUs: number(/Average Latency \(s\):\s+([\d.]+)/) * 1e6,
    processorUs: (used / answers) * 1e6,
  };
}

/** User and system time that a process has used, in seconds. */
export function processorSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS; // utime and stime: proc(5).
}

export function residentMegabytes(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

export function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
