// Forwarding: remembered answers beside those of the model, fetched ones beside dnsmasq and Unbound, and what a dead server
// does to local answers. All on one core, the authoritative server and the load on the other.
import { createSocket } from "node:dgram";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { table } from "./results.mjs";
import { load, median, residentMegabytes } from "./serve/measure.mjs";
import { askOnce, questionOctets, SERVERS, start } from "./serve/servers.mjs";

const SERVER_CORE = 0;
const CLIENT_CORE = 1;
const NAMES = 10_000;
/** Each name is asked once a run: none is remembered. */
const FRESH_NAMES = 400_000;
const AUTHORITY = { name: "nsd", port: 5395, command: (folder) => ["nsd", "-d", "-c", join(folder, "nsd.conf")] };
const FORWARDERS = [
  { name: "privlink", port: 5396 },
  { name: "dnsmasq", port: 5397, command: (folder) => ["dnsmasq", "-k", "-C", join(folder, "dnsmasq.conf")] },
  { name: "unbound", port: 5398, command: (folder) => ["unbound", "-d", "-c", join(folder, "unbound.conf")] },
];
/** Listeners of the one privlink: a forwarder, the model's own zone, a forwarder to a port that swallows everything. */
const LOCAL_PORT = 5399;
const DEAD_PORT = 5400;
const SWALLOWING_PORT = 5401;
const WAITING = 10_000;
/** Local questions a second, meanwhile. */
const RATE = 1000;

export async function measureForwarding(scratch, { rounds, seconds }) {
  const folder = join(scratch, "forward");
  writeFiles(folder);
  const questions = (name) => join(folder, `${name}.txt`);
  const runs = { local: [], kept: [], fetched: new Map(FORWARDERS.map(({ name }) => [name, []])), dead: [] };
  const authority = await start(AUTHORITY, folder, CLIENT_CORE, "h0.up.example");
  try {
    for (let round = 0; round < rounds; round++) {
      for (const forwarder of FORWARDERS) {
        const isOurs = forwarder.name === "privlink";
        const server = await start(
          isOurs ? { ...forwarder, command: SERVERS.privlink.command } : forwarder,
          folder,
          SERVER_CORE,
          "h0.up.example",
        );
        const flat = (port, file) => load({ ...server, port }, questions(file), { core: CLIENT_CORE, seconds });
        for (let warm = 0; warm < 3; warm++) flat(server.port, "fresh"); // Compiled; no name is kept.
        runs.fetched.get(forwarder.name).push(flat(server.port, `fresh${round % 2}`));
        if (isOurs) {
          for (let warm = 0; warm < 3; warm++) flat(server.port, "kept"); // Fetched, asked again, compiled.
          runs.kept.push({ ...flat(server.port, "kept"), resident: residentMegabytes(server.pid) });
          for (let warm = 0; warm < 3; warm++) flat(LOCAL_PORT, "local");
          runs.local.push(flat(LOCAL_PORT, "local"));
          runs.dead.push(await besideDead(server, seconds));
        }
        await server.stop();
      }
    }
  } finally {
    await authority.stop();
  }
  return report(runs, rounds);
}

/** Local answers alone, and while 10,000 questions wait for a server that never replies: what the slowest hundredth takes. */
async function besideDead(server, seconds) {
  const swallowing = createSocket("udp4");
  await new Promise((resolve) => {
    swallowing.bind(SWALLOWING_PORT, "127.0.0.1", resolve);
  });
  const alone = slowestHundredth(await latencies(seconds));
  const flood = createSocket("udp4");
  for (let i = 0; i < WAITING; i++) {
    flood.send(questionOctets(`d${i}.dead.example`, i), DEAD_PORT, "127.0.0.1");
    if (i % 100 === 0) await sleep(2);
  }
  await sleep(1500); // They have come in.
  const waiting = slowestHundredth(await latencies(2));
  const failing = slowestHundredth(await latencies(2));
  const resident = residentMegabytes(server.pid);
  flood.close();
  swallowing.close();
  return { alone, waiting, failing, resident };
}

/** Asks for local names at an even pace; milliseconds of each. */
async function latencies(seconds) {
  const taken = [];
  for (let i = 0; i < seconds * RATE; i++) {
    const sentAt = performance.now();
    void askOnce(LOCAL_PORT, `h${i % NAMES}.local.example`, 1000).then((reply) => {
      taken.push(reply === undefined ? 1000 : performance.now() - sentAt);
    });
    if (i % (RATE / 500) === 0) await sleep(2);
  }
  while (taken.length < seconds * RATE) await sleep(10);
  return taken;
}

function slowestHundredth(numbers) {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length * 0.99)] * 1000;
}

function report({ local, kept, fetched, dead }, rounds) {
  const of = (list, figure) => median(list.map(figure));
  const k = (list) => Math.round(of(list, ({ perSecond }) => perSecond) / 1000);
  const us = (list) => of(list, ({ processorUs }) => processorUs).toFixed(1);
  const oursFetched = fetched.get("privlink");
  const share = (list, other) => median(list.map((run, i) => other[i].processorUs / run.processorUs)).toFixed(2);
  const rows = [
    ["privlink, of the model", us(local), k(local), ""],
    ["privlink, remembered", us(kept), k(kept), `ours, beside those: ${share(kept, local)}`],
    ...[...fetched].map(([name, list]) => [
      `${name}, fetched`,
      us(list),
      k(list),
      name === "privlink" ? "" : `ours: ${share(oursFetched, list)}`,
    ]),
  ];
  const slowest = (which) => Math.round(of(dead, (run) => run[which]));
  return [
    `${NAMES.toLocaleString("en")} names of an authoritative server (NSD) and as many of the model, in random order; fetched ones`,
    `have TTL 0 and each is another one. dnsperf as fast as it goes, medians of ${rounds} rounds; "ours" is how much privlink`,
    `answers in the processor time that the other one takes, within a round.`,
    "",
    ...table(["answers", "us of processor time each", "k/s", ""], rows),
    "",
    `Beside ${WAITING.toLocaleString("en")} questions that wait for a dead server, the slowest hundredth of ${RATE} local answers a second takes`,
    `${slowest("waiting")} us, ${slowest("failing")} us while they fail in the end, alone ${slowest("alone")} us; the process has ${Math.round(of(dead, ({ resident }) => resident))} MB then.`,
  ];
}

function writeFiles(folder) {
  mkdirSync(folder, { recursive: true });
  const write = (file, text) => writeFileSync(join(folder, file), text);
  const numbers = Array.from({ length: NAMES }, (_, i) => i);
  const head = (zone) => `${zone}. 300 IN SOA ns h 1 3600 300 2419200 10\n${zone}. 300 IN NS ns.${zone}.\n`;
  const hosts = (zone) =>
    numbers.map((i) => `h${i}.${zone}. 300 IN A 10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}\n`);
  write("up.zone", `${head("up.example")}ns.up.example. 300 IN A 127.0.0.1\n${hosts("up.example").join("")}`);
  write(
    "fresh.zone",
    `${head("fresh.example")}ns.fresh.example. 300 IN A 127.0.0.1\n*.fresh.example. 0 IN A 192.0.2.1\n`,
  );
  write("local.zone", `${head("local.example")}${hosts("local.example").join("")}`);
  const shuffled = numbers.map((i) => (i * 7919) % NAMES);
  write("kept.txt", shuffled.map((i) => `h${i}.up.example A\n`).join(""));
  write("local.txt", shuffled.map((i) => `h${i}.local.example A\n`).join(""));
  const fresh = (start) => Array.from({ length: FRESH_NAMES }, (_, i) => `n${start + i}.fresh.example A\n`).join("");
  write("fresh.txt", fresh(0));
  write("fresh0.txt", fresh(FRESH_NAMES));
  write("fresh1.txt", fresh(2 * FRESH_NAMES));
  write(
    "nsd.conf",
    `server:\n ip-address: 127.0.0.1@${AUTHORITY.port}\n server-count: 1\n username: ""\n zonesdir: "${folder}"\n pidfile: ""
 database: ""\n xfrdfile: "${folder}/xfrd"\n zonelistfile: "${folder}/list"\n xfrdir: "${folder}"\n rrl-ratelimit: 0
remote-control:\n control-enable: no
zone:\n name: up.example\n zonefile: up.zone
zone:\n name: fresh.example\n zonefile: fresh.zone\n`,
  );
  write(
    "privlink.yaml",
    `networks: { net: { prefixes: 127.0.0.0/8 } }
zones: { local.example: { file: local.zone, links: net } }
resolvers:
  up: { network: net, address: "127.0.0.1:${AUTHORITY.port}", external: true }
  fwd: { network: net, forward: { ".": up } }
  nowhere: { network: net, forward: { ".": swallowing } }
  swallowing: { network: net, address: "127.0.0.1:${SWALLOWING_PORT}", external: true }
listen:
  - { address: "127.0.0.1:${FORWARDERS[0].port}", resolver: fwd }
  - { address: "127.0.0.1:${LOCAL_PORT}", network: net }
  - { address: "127.0.0.1:${DEAD_PORT}", resolver: nowhere }
`,
  );
  write(
    "dnsmasq.conf",
    `port=${FORWARDERS[1].port}\nlisten-address=127.0.0.1\nbind-interfaces\nno-resolv\nno-hosts\nserver=127.0.0.1#${AUTHORITY.port}
cache-size=10000\ndns-forward-max=10000\nuser=\npid-file=\n`,
  );
  write(
    "unbound.conf",
    `server:\n interface: 127.0.0.1@${FORWARDERS[2].port}\n do-daemonize: no\n use-syslog: no\n verbosity: 0\n username: ""\n chroot: ""
 directory: "${folder}"\n pidfile: ""\n num-threads: 1\n so-rcvbuf: 4m\n module-config: "iterator"\n access-control: 127.0.0.0/8 allow
 do-not-query-localhost: no\n outgoing-range: 8000\n num-queries-per-thread: 4096
remote-control:\n control-enable: no
forward-zone:\n name: "."\n forward-addr: 127.0.0.1@${AUTHORITY.port}\n`,
  );
}
