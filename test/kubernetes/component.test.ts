import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { blocksOf } from "../support/documents.ts";
import { needs } from "../support/tools.ts";
import { refusals } from "./api-types.ts";
import { at, FOLDER, list, podOf, privlinksOf, readManifests, render } from "./manifests.ts";

describe("the component, in a folder of the user's", () => {
  beforeEach(needs("kubectl"));
  const folder = mkdtempSync(join(tmpdir(), "privlink-kustomize-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  /** A pod template with everything that the component must leave alone. */
  const template = {
    metadata: { labels: { app: "x" } },
    spec: {
      securityContext: { fsGroup: 1000 },
      dnsConfig: { searches: ["a.svc.cluster.local", "svc.cluster.local", "cluster.local"] },
      initContainers: [{ name: "migrate", image: "migrate:1" }],
      containers: [{ name: "app", image: "app:1" }],
      volumes: [{ name: "scratch", emptyDir: {} }],
    },
  };
  const metadata = (name: string, labels: Readonly<Record<string, string>>): object => ({ name, labels });
  const own = { privlink: "sidecar" };
  const app = { serviceName: "x", selector: { matchLabels: { app: "x" } }, template };
  const WORKLOADS = [
    { apiVersion: "v1", kind: "Pod", metadata: metadata("pod", own), spec: template.spec },
    { apiVersion: "apps/v1", kind: "StatefulSet", metadata: metadata("set", own), spec: app },
    { apiVersion: "batch/v1", kind: "Job", metadata: metadata("job", own), spec: { template } },
    {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: metadata("cron-job", own),
      spec: { schedule: "0 3 * * *", jobTemplate: { spec: { template } } },
    },
    { apiVersion: "batch/v1", kind: "Job", metadata: metadata("other", {}), spec: { template } },
  ];

  /** A pod has lists that the component replaces; the user puts his own back behind it. */
  const OWN_LISTS = {
    target: { kind: "Pod" },
    patch: [
      '- { op: add, path: /spec/securityContext/sysctls/-, value: { name: net.core.somaxconn, value: "1024" } }',
      "- { op: add, path: /spec/dnsConfig/options/-, value: { name: use-vc } }",
    ].join("\n"),
  };

  test("makes any kind of workload resolve through privlink, and takes nothing from it", async () => {
    cpSync(FOLDER, join(folder, "kubernetes"), { recursive: true });
    mkdirSync(join(folder, "own"));
    WORKLOADS.forEach((one, i) => writeFileSync(join(folder, "own", `${i}.yaml`), stringify(one)));
    const kustomization = {
      resources: WORKLOADS.map((_, i) => `${i}.yaml`),
      components: ["../kubernetes/sidecar"],
      patches: [OWN_LISTS],
    };
    writeFileSync(join(folder, "own", "kustomization.yaml"), stringify(kustomization));
    const made = await render(join(folder, "own"));
    expect(await refusals(made)).toEqual(new Map());
    expect(made.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "StatefulSet set",
      "CronJob cron-job",
      "Job job",
      "Job other",
      "Pod pod",
    ]);
    const [pod] = made.slice(-1).map((one) => at(podOf(one), "spec"));
    expect(list(at(pod, "securityContext", "sysctls")).length).toBe(2);
    expect(at(pod, "dnsConfig", "options")).toEqual([{ name: "ndots", value: "5" }, { name: "use-vc" }]);
    const sidecars = made.flatMap(privlinksOf);
    expect(sidecars.length).toBe(4);
    for (const sidecar of sidecars) expect(sidecar, "the three patches say the same").toEqual(sidecars[0]);
    for (const manifest of made) {
      const spec = at(podOf(manifest), "spec");
      const isOurs = manifest.name !== "other";
      expect(list(at(spec, "initContainers")).map((one) => at(one, "name"))).toEqual([
        ...(isOurs ? ["privlink"] : []), // First: what comes behind it resolves too.
        "migrate",
      ]);
      expect(at(spec, "dnsPolicy")).toBe(isOurs ? "None" : undefined);
      expect(at(spec, "dnsConfig", "searches")).toEqual(template.spec.dnsConfig.searches);
      expect(at(spec, "securityContext", "fsGroup")).toBe(1000);
      expect(at(spec, "volumes")).toContainEqual({ name: "scratch", emptyDir: {} });
    }
  });
});

describe("the README", () => {
  const page = readFileSync(join(FOLDER, "README.md"), "utf8");

  test("shows of manifests and topologies what stands in them", () => {
    const files = ["kustomization.yaml", "shop.yaml", "privlink.yaml"].map((file) =>
      readFileSync(join(FOLDER, "examples/sidecar", file), "utf8"),
    );
    const shown = blocksOf(page).filter(({ language }) => language === "yaml");
    expect(shown.length).toBeGreaterThan(3);
    for (const { lines } of shown) expect(files.some((text) => text.includes(`${lines.join("\n")}\n`))).toBe(true);
  });

  test("leads to files that there are", () => {
    const links = Array.from(page.matchAll(/\]\(([^)#]+)\)/g), ([, path = ""]) => path);
    expect(links.length).toBeGreaterThan(8);
    expect(links.filter((path) => !existsSync(join(FOLDER, path)))).toEqual([]);
  });
});

describe("the eight lines", () => {
  test("of the example are all that an application has of privlink", async () => {
    const lines = (file: string): readonly string[] =>
      readFileSync(join(FOLDER, "examples/sidecar", file), "utf8")
        .split("\n")
        .filter((line) => /^[^#]/.test(line));
    const kustomization = lines("kustomization.yaml");
    const behind = kustomization.slice(kustomization.findIndex((line) => line.startsWith("resources:")) + 1);
    const marked = lines("shop.yaml").filter((line) => line.includes("# privlink"));
    expect(behind.length + marked.length).toBe(8);
    const without = lines("shop.yaml").filter((line) => !line.includes("# privlink"));
    const [plain] = readManifests(without.join("\n"));
    expect(JSON.stringify(plain?.value)).not.toMatch(/privlink|dns/i);
    expect(await refusals(plain === undefined ? [] : [plain])).toEqual(new Map());
  });
});
