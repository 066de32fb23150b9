import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, type TestContext, test } from "vitest";
import { LIBRARIES, type Library } from "../clients/libraries.ts";
import { whyNoNamespace } from "../clients/namespace.ts";
import type { Verb } from "../clients/rows.ts";
import { needs, skipFor } from "../support/tools.ts";
import { at, FOLDER, type Manifest, render } from "./manifests.ts";
import { openPod, type Pod } from "./pod.ts";

const POD = "10.244.0.9";
/** Libraries ask again after five seconds, or one where people say so: what is over before was not waited for. */
const STALL_MS = 1000;

interface Question {
  readonly verb: Verb;
  readonly name: string;
  /** What a program is told: addresses and names in any order, or none. */
  readonly gets: string;
  readonly because: string;
}

const QUESTIONS: readonly Question[] = [
  {
    verb: "addresses",
    name: "myregistry.azurecr.io",
    gets: "10.0.0.7",
    because: "the endpoint, as network hub sees it",
  },
  { verb: "addresses", name: "db", gets: "10.96.7.7", because: "a service of the namespace" },
  { verb: "addresses", name: "kubernetes.default", gets: "10.96.0.1", because: "a service of another namespace" },
  { verb: "addresses", name: "www.example.org", gets: "192.0.2.80", because: "the internet, behind four expansions" },
  { verb: "addresses", name: "nowhere.example.org", gets: "", because: "no such name, five times over" },
  { verb: "aaaa", name: "myregistry.westeurope.data.azurecr.io", gets: "", because: "NODATA: it has an IPv4 address" },
  { verb: "names", name: "10.96.0.1", gets: "kubernetes.default.svc.cluster.local", because: "the cluster knows it" },
  { verb: "names", name: "10.0.0.7", gets: "", because: "nobody names the endpoint: no such name, not a failure" },
  { verb: "names", name: "172.16.0.1", gets: "", because: "nor a private address of nobody's" },
];

/** Calls that know nothing of `search`: a short name is no name to them, in every pod. */
const WITHOUT_SEARCH = new Set(["musl res_search", "Node dns.Resolver"]);

interface Line {
  readonly name: string;
  readonly type: string;
  readonly rcode: string;
  readonly network: string;
}

/** The query log, as `kubectl logs` shows it. */
function queriesOf(log: string): readonly Line[] {
  return log
    .split("\n")
    .filter((line) => line.startsWith("{") && line.includes('"rcode"'))
    .map((line) => {
      const fields: unknown = JSON.parse(line);
      const text = (key: string): string => String(at(fields, key));
      return { name: text("name"), type: text("type"), rcode: text("rcode"), network: text("network") };
    });
}

/** The manifest that privlink is in, and the topology of its config map. */
async function rendered(folder: string, kind: string): Promise<{ workload: Manifest; topology: string }> {
  const all = await render(join(FOLDER, folder));
  const workload = all.find((one) => one.kind === kind);
  const map = all.find((one) => one.kind === "ConfigMap");
  if (workload === undefined || map === undefined) throw new Error(`${folder} has no ${kind}, or no config map`);
  return { workload, topology: String(at(map.value, "data", "privlink.yaml")) };
}

const whyNot = await whyNoNamespace();
beforeEach(needs("kubectl", "named", "setpriv"));
beforeEach((context: TestContext) => {
  if (whyNot !== undefined) skipFor(`this machine ${whyNot}`, context);
});

describe("a pod with the sidecar", () => {
  const built = mkdtempSync(join(tmpdir(), "privlink-pod-built-"));
  const opened: { pod?: Pod; topology?: string; readyMs?: number } = {};
  beforeAll(async () => {
    if (whyNot !== undefined) return;
    const { workload, topology } = await rendered("examples/sidecar", "Deployment");
    opened.topology = topology;
    opened.pod = await openPod(workload, topology, [POD]);
    opened.readyMs = await opened.pod.untilReady();
    await Promise.all(LIBRARIES.map(async (library) => library.build?.(built)));
  }, 60_000);
  afterAll(async () => {
    await opened.pod?.close();
    rmSync(built, { recursive: true });
  });
  const pod = (): Pod => {
    if (opened.pod === undefined) throw new Error("no pod");
    return opened.pod;
  };

  test("is ready, not as root and at port 53, with all that a service called privlink sets", () => {
    expect(opened.readyMs).toBeLessThan(10_000);
  });

  /** What a door of a library made of each question, and how long it took. */
  async function ask(
    door: Library["doors"][number],
  ): Promise<readonly (Question & { readonly result: string; readonly ms: number })[]> {
    const asked = QUESTIONS.filter(({ verb }) => door.cannot?.includes(verb) !== true);
    const words = asked.flatMap(({ verb, name }) => [verb, name]);
    const { code, stdout, stderr } = await pod().run([...door.command(built), ...words]);
    const lines = stdout.split("\n").filter((line) => line !== "");
    if (code !== 0 || lines.length !== asked.length) throw new Error(`${door.name} ended with ${code}: ${stderr}`);
    return asked.map((question, i) => {
      const [ms = "", result = ""] = (lines[i] ?? "").split("\t");
      return { ...question, result, ms: Number.parseInt(ms, 10) };
    });
  }

  describe.each(LIBRARIES)("in $name", (library) => {
    test.each(library.doors)("$name gets every answer, at once", async (door) => {
      for (const { verb, name, gets, because, result, ms } of await ask(door)) {
        const what = `${verb} ${name}: ${because}; it got ${result} after ${ms} ms`;
        const isShort = name === "db" || name === "kubernetes.default";
        const expected = gets === "" || (isShort && WITHOUT_SEARCH.has(`${library.name} ${door.name}`)) ? [] : [gets];
        const words = result.split(/[\s,]+/).map((word) => word.replace(/\.$/, ""));
        const told = words.filter((word) => /^\d+\.\d+\.\d+\.\d+$|\.cluster\.local$/.test(word));
        expect([...new Set(told)], what).toEqual(expected);
        expect(ms, what).toBeLessThan(STALL_MS);
      }
    });
  });

  test("stands in network hub, is told of no failure, and never asks for a name twice in one place", async () => {
    await pod().run(["getent", "ahostsv4", "quay.example.org"]);
    await new Promise((resolve) => setTimeout(resolve, 300)); // Lines are written in batches.
    const queries = queriesOf(pod().log());
    expect(queries.length).toBeGreaterThan(100);
    expect(new Set(queries.map(({ network }) => network))).toEqual(new Set(["hub"]));
    expect(queries.filter(({ rcode }) => rcode !== "NOERROR" && rcode !== "NXDOMAIN")).toEqual([]);
    const walk = queries.filter(({ name, type }) => name.startsWith("quay.") && type === "A");
    expect(walk.map(({ name, rcode }) => `${name} ${rcode}`)).toEqual(
      [".shop.svc.cluster.local", ".svc.cluster.local", ".cluster.local", ""].map(
        (end) => `quay.example.org${end} NXDOMAIN`,
      ),
    );
  });

  test("shows what it asked and why it got what it got: counters, the control API", async () => {
    const { text: metrics } = await pod().probe("/metrics", 9153);
    expect(metrics).toMatch(/^privlink_dns_requests_total\{.*network="hub"/m);
    const url = "http://127.0.0.1:9154/v1/explain?name=myregistry.azurecr.io&from=hub";
    const { stdout } = await pod().run([
      process.execPath,
      "-e",
      `fetch("${url}").then(async (r) => console.log(await r.text()))`,
    ]);
    expect(stdout).toContain("10.0.0.7");
    expect(await pod().probe("/v1/snapshot", 9154)).toEqual({ status: 0, text: "" });
  });

  test("answers nobody outside the pod", async () => {
    const dig = ["dig", `@${POD}`, "+tcp", "+tries=1", "+time=1", "myregistry.azurecr.io"];
    expect((await pod().run(dig)).stdout).toContain("connection refused");
    const udp = dig.map((word) => (word === "+tcp" ? "+notcp" : word));
    expect((await pod().run(udp)).stdout).toContain("connection refused");
  });

  test("answers from a changed config map without a restart", async () => {
    pod().config.swap({ "privlink.yaml": (opened.topology ?? "").replace("registry: 10.0.0.7", "registry: 10.0.0.8") });
    let answer = "";
    for (let tries = 0; tries < 100 && answer !== "10.0.0.8"; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      answer = (await pod().run(["getent", "ahostsv4", "myregistry.azurecr.io"])).stdout.split(/\s/)[0] ?? "";
    }
    expect(answer).toBe("10.0.0.8");
  });

  test("ends at once and well when the containers have ended: a Job is complete then", async () => {
    const start = performance.now();
    expect(await pod().end()).toEqual({ code: 0, signal: null });
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe("a pod of the DaemonSet", () => {
  const opened: { pod?: Pod } = {};
  beforeAll(async () => {
    if (whyNot !== undefined) return;
    const { workload, topology } = await rendered("examples/daemonset", "DaemonSet");
    opened.pod = await openPod(workload, topology, [POD, "10.244.1.7", "10.244.130.7"]);
    await opened.pod.untilReady();
  }, 60_000);
  afterAll(async () => opened.pod?.close());

  test.each([
    { from: "10.244.1.7", gets: "10.0.0.40", because: "it is a pod of the hub's nodes" },
    { from: "10.244.130.7", gets: "10.1.0.40", because: "it is a pod of the spoke's" },
  ])("tells $from $gets: $because", async ({ from, gets }) => {
    for (const transport of ["+notcp", "+tcp"]) {
      const dig = ["dig", `@${POD}`, "-p", "5300", "-b", from, transport, "+short", "+tries=1", "db.stage.example"];
      expect((await opened.pod?.run(dig))?.stdout).toBe(`${gets}\n`);
    }
  });
});

describe("a pod of the service, behind a server that sends it the domains of the recipe", () => {
  const PORT = 5399;
  const opened: { pod?: Pod } = {};
  beforeAll(async () => {
    if (whyNot !== undefined) return;
    const { workload, topology } = await rendered("examples/service", "Deployment");
    opened.pod = await openPod(workload, topology, [POD]);
    await opened.pod.untilReady();
  }, 60_000);
  afterAll(async () => opened.pod?.close());
  beforeEach(needs("dnsmasq"));

  test.each([
    { name: "contoso.vault.azure.net", gets: /^contoso\.privatelink\.vaultcore\.azure\.net\.\n10\.0\.0\.4\n$/ },
    { name: "www.apps.corp.example", gets: /^10\.0\.0\.30\n$/ },
    { name: "www.example.org", gets: /^192\.0\.2\.80\n$/ }, // By the cluster's own DNS.
  ])("gives a client of that server $gets for $name", async ({ name, gets }) => {
    const corefile = readFileSync(join(FOLDER, "recipes/coredns/Corefile"), "utf8");
    const block = /^((?:\S+:53 )+)\{\n(?:.+\n)*? +forward \. 10\./m.exec(corefile)?.[1] ?? "";
    const domains = block
      .trim()
      .split(/:53 ?/)
      .filter((domain) => domain !== "");
    expect(domains.length).toBe(3);
    // As CoreDNS does it, dnsmasq passes an answer on whole. The service leads port 53 to 5300.
    const stubs = domains.map((domain) => `--server=/${domain}/${POD}#5300`).join(" ");
    const own = `--keep-in-foreground --no-resolv --no-hosts --port=${PORT} --listen-address=127.0.0.1 --bind-interfaces`;
    const script = `
      dnsmasq --conf-file=/dev/null --pid-file= --user=root ${own} --server=10.96.0.10 ${stubs} &
      trap 'kill $!' EXIT
      dig @127.0.0.1 -p ${PORT} +short +retry=5 +time=1 ${name}`;
    expect((await opened.pod?.run(["sh", "-c", script]))?.stdout).toMatch(gets);
  });
});
