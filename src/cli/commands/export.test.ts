import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { makeFolder, run } from "../../../test/support/memory-io.ts";

const TOPOLOGY = `networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16 }
  spoke: { kind: azure, prefixes: 10.1.0.0/16, dns: [10.0.0.4, 8.8.8.8] }
resolvers:
  forwarder: { network: hub, address: 10.0.0.4, forward: { ".": platform } }
zones:
  privatelink.corp.example:
    links: { network: hub, onMiss: internet }
    records: |
      www 300 A 10.0.0.80
      *.apps 60 A 10.0.0.81
      _sip._tcp 60 SRV 1 2 5060 www
public:
  records: |
    shop.example. 60 CNAME www.privatelink.corp.example.
`;

const folders: { remove(): void }[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = makeFolder(files);
  folders.push(folder);
  return folder.path;
}

describe("export writes files, and tells what is not in them", () => {
  test.each([
    { kind: "zones", files: ["private", "public"] },
    { kind: "bind", files: ["named.conf", "zones"] },
    { kind: "coredns", files: ["Corefile", "zones"] },
    { kind: "unbound", files: ["unbound.conf"] },
    { kind: "dnsmasq", files: ["hub.conf", "internet.conf", "spoke.conf"] },
    { kind: "hosts", files: ["hub.hosts", "internet.hosts", "spoke.hosts"] },
  ])("$kind: the same files in every run, named on standard output", async ({ kind, files }) => {
    const cwd = folderWith({ "privlink.yaml": TOPOLOGY });
    const first = await run(`export ${kind} --out one`, cwd);
    expect(first.code).toBe(0);
    expect(readdirSync(join(cwd, "one")).toSorted()).toEqual(files);
    expect((await run(`export ${kind} --out two`, cwd)).code).toBe(0);
    for (const line of first.stdout.trim().split("\n"))
      expect(readFileSync(join(cwd, line), "utf8")).toBe(readFileSync(join(cwd, line.replace("one", "two")), "utf8"));
  });

  test("what a target cannot say is counted on standard error, in the head of the file, and as JSON", async () => {
    const cwd = folderWith({ "privlink.yaml": TOPOLOGY });
    const ran = await run("export dnsmasq --out out --format json", cwd);
    expect(ran.stderr).toContain(
      "wildcards that the target does not have: 1\n    hub, spoke: *.apps.privatelink.corp.example",
    );
    expect(ran.stderr).toContain("lists of DNS servers cut to the one that answers: 1");
    expect(readFileSync(join(cwd, "out/hub.conf"), "utf8")).toContain("#   hub: *.apps.privatelink.corp.example");
    const { counts, losses }: { counts: Record<string, number>; losses: { kind: string; asker: string }[] } =
      JSON.parse(ran.stdout);
    expect(counts["redirect-frozen"]).toBe(1);
    expect(losses.filter(({ kind }) => kind === "wildcard-dropped").map(({ asker }) => asker)).toContain("spoke");
  });

  test.each([
    { line: "export", says: "what to export to is missing: there are zones, bind" },
    { line: "export unbond --out x", says: "nothing is exported to unbond: did you mean unbound?" },
    { line: "export bind", says: "--out DIR is missing" },
    { line: "export bind --out full", says: "full holds files: name an empty folder, or add --force" },
    { line: "export bind --out privlink.yaml", says: "privlink.yaml is a file: name a folder" },
    {
      line: "export bind --out privlink.yaml/x --force",
      says: "privlink.yaml/x leads through a file as if it were a folder",
    },
    { line: "export bind --out x -c absent.yaml", says: "absent.yaml" },
  ])("$line: $says", async ({ line, says }) => {
    const cwd = folderWith({ "privlink.yaml": TOPOLOGY, "full/file": "" });
    const { code, stderr, stdout } = await run(line, cwd);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(says);
    expect(existsSync(join(cwd, "x"))).toBe(false);
  });

  test("--force writes beside files that are there, and removes none", async () => {
    const cwd = folderWith({ "privlink.yaml": TOPOLOGY, "full/file": "kept" });
    expect((await run("export hosts --out full --force", cwd)).code).toBe(0);
    expect(readFileSync(join(cwd, "full/file"), "utf8")).toBe("kept");
    expect(readFileSync(join(cwd, "full/hub.hosts"), "utf8")).toContain("10.0.0.80 www.privatelink.corp.example\n");
  });
});
