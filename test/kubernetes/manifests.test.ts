import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { valueOf } from "../../src/cli/command.ts";
import { serveCommand } from "../../src/cli/commands/serve.ts";
import { parseArguments } from "../../src/cli/parse-arguments.ts";
import { parseSeconds } from "../../src/record/text/number-text.ts";
import { run } from "../support/memory-io.ts";
import { isInstalled, needs } from "../support/tools.ts";
import { refusals, spoil } from "./api-types.ts";
import {
  at,
  FOLDER,
  fields,
  list,
  type Manifest,
  podOf,
  privlinksOf,
  readManifests,
  render,
  texts,
} from "./manifests.ts";

/** Folders that `kubectl apply -k` takes. The sidecar alone is a component: it is rendered with its example. */
const RENDERED = ["service", "daemonset", "examples/sidecar", "examples/service", "examples/daemonset"];
/** Manifests that are applied as they are. */
const FILES = ["recipes/aks/coredns-custom.yaml", "../../examples/kubernetes-sidecar/pod.yaml"];

const rendered = new Map<string, readonly Manifest[]>();
beforeAll(async () => {
  if (isInstalled("kubectl"))
    await Promise.all(RENDERED.map(async (folder) => rendered.set(folder, await render(join(FOLDER, folder)))));
  for (const file of FILES) rendered.set(file, readManifests(readFileSync(join(FOLDER, file), "utf8")));
});
beforeEach(needs("kubectl"));

/** Everything that is applied, wherever it comes from; each manifest once. */
function manifests(): readonly Manifest[] {
  const all = [...rendered.values()].flat();
  return [...new Map(all.map((manifest) => [JSON.stringify(manifest.value), manifest])).values()];
}

function workloads(): readonly Manifest[] {
  return manifests().filter((manifest) => privlinksOf(manifest).length > 0);
}

describe("the Kubernetes API", () => {
  test("takes every manifest: no key that it does not know, no value of another type", async () => {
    const all = manifests();
    expect(new Set(all.map(({ kind }) => kind))).toContain("DaemonSet");
    const refused = await refusals(all);
    expect([...refused].map(([i, problem]) => `${all[i]?.kind} ${all[i]?.name}: ${problem}`)).toEqual([]);
  });

  test("takes none with a key misspelt or a value of another type: whatever the fault, this test would be red", async () => {
    const spoilt = new Map(manifests().flatMap((manifest) => spoil(manifest).map((one) => [one.fault, one])));
    const faults = [...spoilt.values()];
    expect(faults.length).toBeGreaterThan(500);
    const refused = await refusals(faults);
    expect(faults.filter((_, i) => !refused.has(i)).map(({ fault }) => fault)).toEqual([]);
  });
});

describe("every privlink in a manifest", () => {
  test("has arguments that serve takes, and a topology of its own", () => {
    expect(workloads().length).toBeGreaterThan(5);
    for (const workload of workloads())
      for (const privlink of privlinksOf(workload)) {
        const [command, ...typed] = texts(at(privlink, "args"));
        expect(command).toBe("serve");
        const parsed = parseArguments(serveCommand, typed, {});
        expect(parsed.kind, `${workload.kind} ${workload.name}`).toBe("arguments");
        const [mount] = list(at(privlink, "volumeMounts"));
        expect(typed).toContain(`--config=${String(at(mount, "mountPath"))}/privlink.yaml`);
        const volumes = list(at(podOf(workload), "spec", "volumes"));
        expect(volumes).toContainEqual({ name: at(mount, "name"), configMap: { name: "privlink" } });
      }
  });

  test("is probed at a port that it opens, by the name that the port has, for the page that is there", () => {
    for (const workload of workloads())
      for (const privlink of privlinksOf(workload)) {
        const typed = texts(at(privlink, "args")).slice(1);
        const parsed = parseArguments(serveCommand, typed, {});
        if (parsed.kind !== "arguments") throw new Error("unreadable");
        const ports = list(at(privlink, "ports"));
        const probes = [
          { probe: "startupProbe", flag: "ready" },
          { probe: "readinessProbe", flag: "ready" },
          { probe: "livenessProbe", flag: "health" },
        ];
        for (const { probe, flag } of probes) {
          expect(at(privlink, probe, "httpGet", "path")).toBe(`/${flag}`);
          const port = ports.find((one) => at(one, "name") === at(privlink, probe, "httpGet", "port"));
          expect(valueOf(parsed.args, flag)).toBe(`0.0.0.0:${String(at(port, "containerPort"))}`);
        }
      }
  });

  test("runs under the restricted Pod Security Standard: not as root, with nothing but its files to read", () => {
    for (const workload of workloads())
      for (const privlink of privlinksOf(workload)) {
        const own = at(privlink, "securityContext");
        const both = { ...fields(at(podOf(workload), "spec", "securityContext")), ...fields(own) };
        const { sysctls: _, ...merged } = both;
        expect(merged, `${workload.kind} ${workload.name}`).toEqual({
          runAsNonRoot: true,
          runAsUser: 65_532,
          runAsGroup: 65_532,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
          seccompProfile: { type: "RuntimeDefault" },
        });
        expect(at(privlink, "resources", "limits", "memory")).toBeDefined();
        expect(list(at(privlink, "volumeMounts")).every((mount) => at(mount, "readOnly") === true)).toBe(true);
        expect(at(podOf(workload), "spec", "hostNetwork")).toBeUndefined();
      }
  });

  test("has more time to end than it goes on answering", () => {
    for (const workload of workloads())
      for (const privlink of privlinksOf(workload)) {
        const lameduck = texts(at(privlink, "args")).find((one) => one.startsWith("--lameduck="));
        const seconds = lameduck === undefined ? 0 : (parseSeconds(lameduck.slice("--lameduck=".length)) ?? Number.NaN);
        const patience = at(podOf(workload), "spec", "terminationGracePeriodSeconds") ?? 30;
        expect(Number(patience)).toBeGreaterThan(seconds + 5);
      }
  });

  test("is a native sidecar where it stands beside an application: first, restarted always, alone in resolv.conf", () => {
    const beside = workloads().filter((one) => at(podOf(one), "spec", "dnsPolicy") === "None");
    expect(beside.map(({ kind }) => kind).toSorted()).toEqual(["Deployment", "Job", "Pod"]);
    for (const workload of beside) {
      const spec = at(podOf(workload), "spec");
      expect(at(spec, "initContainers", 0, "name")).toBe("privlink");
      expect(at(spec, "initContainers", 0, "restartPolicy")).toBe("Always");
      expect(at(spec, "dnsConfig", "nameservers")).toEqual(["127.0.0.1"]);
      expect(list(at(spec, "dnsConfig", "searches")).length).toBe(3);
      expect(at(spec, "dnsConfig", "options")).toEqual([{ name: "ndots", value: "5" }]);
      expect(at(spec, "securityContext", "sysctls")).toEqual([
        { name: "net.ipv4.ip_unprivileged_port_start", value: "53" },
      ]);
    }
  });
});

describe("the service", () => {
  test.each(["service", "daemonset"])(
    "of %s sends port 53 to ports that its pods listen on, over UDP and TCP",
    (folder) => {
      const all = rendered.get(folder) ?? [];
      const service = all.find(({ kind }) => kind === "Service")?.value;
      const workload = all.find((one) => privlinksOf(one).length > 0);
      if (workload === undefined) throw new Error("no workload");
      const pod = podOf(workload);
      expect(at(pod, "metadata", "labels")).toEqual(at(service, "spec", "selector"));
      const open = list(at(privlinksOf(workload)[0], "ports"));
      const reached = list(at(service, "spec", "ports")).map((port) => {
        const target = open.find((one) => at(one, "name") === at(port, "targetPort"));
        expect(at(target, "protocol")).toBe(at(port, "protocol"));
        return `${String(at(port, "port"))}/${String(at(port, "protocol"))} → ${String(at(target, "containerPort"))}`;
      });
      expect(reached).toEqual(["53/UDP → 5300", "53/TCP → 5300"]);
    },
  );
});

describe("topologies", () => {
  test("in every config map are without a finding, and what they expect holds", async () => {
    const maps = manifests().filter(({ kind, name }) => kind === "ConfigMap" && name === "privlink");
    expect(maps.length).toBeGreaterThan(3);
    const folder = mkdtempSync(join(tmpdir(), "privlink-config-map-"));
    try {
      for (const { value } of maps) {
        for (const [file, text] of Object.entries(fields(at(value, "data"))))
          writeFileSync(join(folder, file), String(text));
        expect(await run("check", folder)).toMatchObject({ code: 0, stderr: "privlink.yaml: no errors\n" });
        const { code, stderr } = await run("test", folder);
        expect(code, stderr).toBe(0);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("recipes", () => {
  const domains = ["corp.example", "privatelink.vaultcore.azure.net", "vault.azure.net"];
  const aks = (): string => {
    const [manifest] = rendered.get("recipes/aks/coredns-custom.yaml") ?? [];
    return String(at(manifest?.value, "data", "privlink.server"));
  };

  test.each([
    {
      recipe: "CoreDNS",
      corefile: () => readFileSync(join(FOLDER, "recipes/coredns/Corefile"), "utf8"),
      to: "10.96.0.53",
    },
    { recipe: "AKS", corefile: aks, to: "10.0.0.53" },
  ])(
    "of $recipe sends privlink's domains to the address of the service, and nothing else",
    async ({ corefile, to }) => {
      const folder = mkdtempSync(join(tmpdir(), "privlink-corefile-"));
      try {
        writeFileSync(join(folder, "Corefile"), corefile());
        const { code, stderr } = await run("import coredns Corefile --out estate", folder);
        expect(code, stderr).toBe(0);
        const [estate] = parseAllDocuments(readFileSync(join(folder, "estate", "privlink.yaml"), "utf8"));
        const model: unknown = estate?.toJS();
        const rules = Object.values(fields(at(model, "rulesets"))).map((ruleset) => at(ruleset, "forward"));
        const server = `dns-${to}`;
        expect(rules).toEqual([Object.fromEntries(domains.map((domain) => [domain, server]))]);
        expect(at(model, "resolvers", server, "address")).toBe(to);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  test("name the address that the examples give the service", () => {
    for (const folder of ["examples/service", "examples/daemonset"]) {
      const service = rendered.get(folder)?.find(({ kind }) => kind === "Service");
      expect(at(service?.value, "spec", "clusterIP")).toBe("10.96.0.53");
    }
  });
});
