import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NAMED } from "../agreement/servers.ts";
import { pause } from "../loopback.ts";
import { type MountedFolder, mountedFolder } from "../support/project-folder.ts";
import { type Ended, type Exit, runTool } from "../support/server.ts";
import { serviceLinks } from "../support/service-links.ts";
import { at, fields, list, type Manifest, podOf, privlinksOf, texts } from "./manifests.ts";

const ROOT = join(import.meta.dirname, "..", "..");
/** Where the project stands in the pod: its own folder may be closed to everybody else. */
const MOUNT = "/mnt";
const START_MS = 15_000;
/** Who is not root is root of a user namespace of its own, where the kernel lets it; no other user is there. */
const IS_ROOT = process.getuid?.() === 0;
const NEW = ["unshare", ...(IS_ROOT ? [] : ["--user", "--map-root-user"]), "--net", "--mount", "--uts"];

/** The cluster around the pod. */
const CLUSTER_DNS = "10.96.0.10";
const LINKS = serviceLinks("privlink", "10.96.0.53", [
  { name: "dns", port: 53, protocol: "UDP" },
  { name: "dns-tcp", port: 53, protocol: "TCP" },
  { name: "metrics", port: 9153, protocol: "TCP" },
]);
/** What the image sets for whoever says nothing: a manifest that means otherwise has to say so. */
const IMAGE = {
  PRIVLINK_BEYOND_LOOPBACK: "1",
  PRIVLINK_HEALTH: "0.0.0.0:8080",
  PRIVLINK_READY: "0.0.0.0:8181",
  PRIVLINK_METRICS: "0.0.0.0:9153",
};
const SOA =
  "@ 30 IN SOA ns.dns.cluster.local. hostmaster.cluster.local. 1 7200 1800 86400 5\n@ 30 IN NS ns.dns.cluster.local.\n";
/** What it knows: services, their addresses, and the internet. */
const ZONES: Readonly<Record<string, string>> = {
  "cluster.local.": "kubernetes.default.svc 5 A 10.96.0.1\ndb.shop.svc 5 A 10.96.7.7\nns.dns 5 A 10.96.0.10\n",
  "10.in-addr.arpa.": "1.0.96 5 PTR kubernetes.default.svc.cluster.local.\n",
  ".": "www.example.org. 60 A 192.0.2.80\nns.dns.cluster.local. 5 A 10.96.0.10\n",
};

/** Linux namespaces as a pod has them, with a privlink of a manifest in it. */
export interface Pod {
  /** Everything that privlink wrote to standard error. */
  readonly log: () => string;
  readonly config: MountedFolder;
  /** Runs a program as a container of the application, to its end. */
  run(command: readonly string[]): Promise<Ended>;
  /** What the kubelet gets at a port of the pod's address, and how: 0 where nobody answers. */
  probe(path: string, port: number): Promise<{ readonly status: number; readonly text: string }>;
  /** Probes until it is ready, as the kubelet does before it starts the containers. Gives the milliseconds. */
  untilReady(): Promise<number>;
  /** Tells privlink to end, as the kubelet does once the containers have. */
  end(): Promise<Exit>;
  close(): Promise<void>;
}

/**
 * Makes a pod of a manifest: its `resolv.conf` from `dnsConfig`, its sysctls, its addresses; then starts its privlink with the
 * arguments, the user and the environment that it would have. A real named is the cluster's DNS.
 */
export async function openPod(workload: Manifest, topology: string, addresses: readonly string[]): Promise<Pod> {
  const folder = mkdtempSync(join(tmpdir(), "privlink-pod-"));
  const config = mountedFolder({ "privlink.yaml": topology });
  await runTool("chmod", ["a+rx", config.path]);
  const spec = at(podOf(workload), "spec");
  const files = {
    "resolv.conf": resolvConf(spec),
    hosts: "127.0.0.1 localhost\n",
    "nsswitch.conf": "hosts: files dns\n",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const script = setUp(spec, [...addresses, CLUSTER_DNS], folder);
  const [tool = "", ...flags] = NEW;
  const holder = start(tool, [...flags, "sh", "-ec", `${script}\necho there\nexec sleep 300`]);
  await holder.says(/there/);
  const user = IS_ROOT ? [] : ["--user", "--preserve-credentials"];
  const enter = ["--target", `${holder.pid}`, ...user, "--net", "--mount", "--uts"];
  const named = start("nsenter", [...enter, NAMED.name, ...NAMED.arguments(clusterDns(folder))]);
  await named.says(/running$/m);
  const [privlink] = privlinksOf(workload);
  const args = texts(at(privlink, "args")).map((word) => word.replace("=/config/", `=${config.path}/`));
  const started = performance.now();
  const program = start(
    "nsenter",
    [...enter, ...asUser(privlink), process.execPath, `${MOUNT}/dist/program/main.js`, ...args],
    {
      PATH: "/usr/bin:/bin",
      HOSTNAME: "pod",
      KUBERNETES_SERVICE_HOST: "10.96.0.1",
      KUBERNETES_SERVICE_PORT: "443",
      ...LINKS,
      ...IMAGE,
      ...Object.fromEntries(
        list(at(privlink, "env")).map((one) => [String(at(one, "name")), String(at(one, "value"))]),
      ),
    },
  );
  const run = (command: readonly string[]): Promise<Ended> => runTool("nsenter", [...enter, ...command]);
  const probe: Pod["probe"] = async (path, port) => {
    const url = `http://${addresses[0] ?? ""}:${port}${path}`;
    const { stdout } = await run([process.execPath, "-e", GET, url]);
    const [status = "0", ...lines] = stdout.split("\n");
    return { status: Number.parseInt(status, 10), text: lines.join("\n") };
  };
  return {
    log: program.log,
    config,
    run,
    probe,
    async untilReady() {
      const { path, port } = readinessOf(privlink);
      for (;;) {
        const { status } = await probe(path, port);
        if (status === 200) return performance.now() - started;
        if (performance.now() - started > START_MS) throw new Error(`not ready: ${status}\n${program.log()}`);
        await pause(50);
      }
    },
    end: () => program.end("SIGTERM"),
    async close() {
      await Promise.all([program, named, holder].map((one) => one.end("SIGKILL")));
      config.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A program of a few lines, so that no tool is needed in the namespace but Node. */
const GET = `require("node:http").get(process.argv[1], (r) => { let t = ""; r.on("data", (d) => { t += d; });
r.on("end", () => console.log(r.statusCode + "\\n" + t)); }).on("error", () => console.log(0));`;

/** Where the startup probe asks: a port by its name. */
function readinessOf(container: unknown): { readonly path: string; readonly port: number } {
  const wanted = at(container, "startupProbe", "httpGet", "port");
  const port = list(at(container, "ports")).find((one) => at(one, "name") === wanted);
  return {
    path: String(at(container, "startupProbe", "httpGet", "path")),
    port: Number.parseInt(String(at(port, "containerPort")), 10),
  };
}

/** As the kubelet writes it for `dnsPolicy: None`. A pod with another policy has no line of it here: nobody in it asks. */
function resolvConf(spec: unknown): string {
  const dns = at(spec, "dnsConfig");
  const options = list(at(dns, "options")).map((one) => `${String(at(one, "name"))}:${String(at(one, "value"))}`);
  const lines = { search: texts(at(dns, "searches")), options };
  return [
    ...texts(at(dns, "nameservers")).map((address) => `nameserver ${address}\n`),
    ...Object.entries(lines).flatMap(([word, words]) => (words.length === 0 ? [] : [`${word} ${words.join(" ")}\n`])),
  ].join("");
}

/** A script that makes the namespace: addresses on loopback, where everything is routed to, sysctls and files. */
function setUp(spec: unknown, addresses: readonly string[], folder: string): string {
  const sysctls = list(at(spec, "securityContext", "sysctls")).map((one) => {
    const path = String(at(one, "name")).replaceAll(".", "/");
    return `echo ${String(at(one, "value"))} >/proc/sys/${path}`;
  });
  return [
    "ip link set lo up",
    ...addresses.map((address) => `ip address add ${address}/32 dev lo`),
    "ip route add default dev lo",
    "hostname pod",
    ...sysctls,
    `mount --bind ${ROOT} ${MOUNT}`,
    ...["resolv.conf", "hosts", "nsswitch.conf"].map((name) => `mount --bind ${join(folder, name)} /etc/${name}`),
  ].join("\n");
}

/** The security context of a container, as words in front of its command. */
function asUser(container: unknown): readonly string[] {
  if (!IS_ROOT) return [];
  const { runAsUser = 65_532, runAsGroup = 65_532 } = fields(at(container, "securityContext"));
  const ids = ["--reuid", String(runAsUser), "--regid", String(runAsGroup), "--clear-groups"];
  return ["setpriv", ...ids, "--bounding-set", "-all", "--inh-caps", "-all", "--no-new-privs"];
}

/** The configuration of a named that has everything which the cluster's DNS is asked for here. */
function clusterDns(folder: string): string {
  const place = join(folder, "named");
  mkdirSync(place);
  const zones = Object.entries(ZONES).map(([origin, text], i) => {
    const file = join(place, `${i}.zone`);
    writeFileSync(file, `$ORIGIN ${origin}\n${SOA}${text}`);
    return { origin, text, file };
  });
  const files = zones.map(({ file }) => file);
  const path = join(place, "named.conf");
  writeFileSync(
    path,
    `${NAMED.configure(zones, { folder: place, port: 53, files }).replace("127.0.0.0/8", CLUSTER_DNS)}\n`,
  );
  return path;
}

interface Started {
  readonly pid: number;
  readonly log: () => string;
  says(pattern: RegExp): Promise<void>;
  end(signal: NodeJS.Signals): Promise<Exit>;
}

/** Children that live: none outlives the tests. */
const living = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of living) child.kill("SIGKILL");
});

function start(command: string, args: readonly string[], env?: Readonly<Record<string, string>>): Started {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...(env === undefined ? {} : { env }) });
  living.add(child);
  let log = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
  let hasEnded = false;
  const exited = new Promise<Exit>((resolve) => {
    child.on("error", (error) => {
      log += error.message;
    });
    child.on("close", (code, signal) => {
      hasEnded = true;
      living.delete(child);
      resolve({ code, signal });
    });
  });
  return {
    pid: child.pid ?? 0,
    log: () => log,
    async says(pattern) {
      for (const last = performance.now() + START_MS; !pattern.test(log); await pause(20))
        if (hasEnded || performance.now() > last) throw new Error(`${command} did not say ${String(pattern)}:\n${log}`);
    },
    end(signal) {
      child.kill(signal);
      return exited;
    },
  };
}
