import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BuiltImage, type ListedFile } from "./built-image.ts";

const ROOT = join(import.meta.dirname, "../..");
const EXAMPLE = join(ROOT, "zones");
/** Of 10^6 octets, as registries count. */
const MAX_OCTETS = 45_000_000;

const manifest: { readonly version: string } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const image = new BuiltImage();
let layer = "";
let files: ListedFile[] = [];

beforeAll(() => {
  image.build();
  layer = image.layer().path;
  files = image.files(layer);
}, 420_000);
afterAll(() => image.close(), 120_000);

describe("what is in the image", () => {
  test.each([
    { with: "zstd", by: "zstd -3" },
    { with: "gzip", by: "gzip -6" },
  ])(
    "is under 45 MB compressed with $with",
    ({ by }) => {
      const octets = image.compressed(by);
      process.stdout.write(`the image, ${by}: ${(octets / 1e6).toFixed(1)} MB\n`);
      expect(octets).toBeLessThan(MAX_OCTETS);
    },
    180_000,
  );

  test("is Node, its libraries, the program, licences and what scanners read: nothing else", () => {
    const meant = [
      /^\/config\/$/,
      /^\/etc\/(?:group|os-release|passwd)$/,
      /^\/(?:usr\/)?lib(?:64)?\/(?:[\w-]+\/)?(?:ld-linux|lib(?:c|dl|gcc_s|m|pthread|stdc\+\+))[\w.-]*\.so[.\d]*$/,
      /^\/usr\/bin\/(?:node|privlink)$/,
      /^\/usr\/lib\/privlink\/(?:package\.json|dist\/program\/(?:[\w-]+\.js|datagrams-[\w-]+\.node)|zones\/.*)$/,
      /^\/usr\/lib\/privlink\/node_modules\/.*\.(?:[cm]?js|json|wasm)$/,
      /^\/usr\/share\/licenses\/.*\/(?:LICENSE(?:\.md|\.txt)?|copyright)$/,
      /^\/usr\/share\/privlink\/sbom\.cdx\.json$/,
      /^\/var\/lib\/dpkg\/status\.d\/[\w.+-]+$/,
    ];
    const plain = files.filter(({ mode }) => !mode.startsWith("d")).map(({ path }) => path);
    expect(plain.length).toBeGreaterThan(100);
    expect(plain.filter((path) => !meant.some((pattern) => pattern.test(path)))).toEqual([]);
    expect(plain).toContain("/usr/bin/node");
    expect(plain.filter((path) => path.endsWith(".node"))).toHaveLength(1);
  });

  test("can be run in two places: Node and privlink", () => {
    const programs = files.filter(({ mode, path }) => /^-..x/.test(mode) && path.startsWith("/usr/bin/"));
    expect(programs.map(({ path }) => path)).toEqual(["/usr/bin/node", "/usr/bin/privlink"]);
    expect(files.filter(({ mode }) => /^...s|^......s|^l/.test(mode))).toEqual([]);
    expect(files.filter(({ mode }) => mode.at(8) === "w")).toEqual([]);
  });

  test("stands in its bill, each part with a licence that is there", () => {
    const bill: { readonly components: readonly { readonly name: string; readonly purl: string }[] } = JSON.parse(
      image.text(layer, "/usr/share/privlink/sbom.cdx.json"),
    );
    const listed = bill.components.map(({ name, purl }) => `${/^pkg:(\w+)/.exec(purl)?.[1]}/${name}`).toSorted();
    const there = files.flatMap(({ path }) => {
      const [, name] = /^\/usr\/lib\/privlink\/node_modules\/((?:@[^/]+\/)?[^/@]+)\/$/.exec(path) ?? [];
      const [, debian] = /^\/var\/lib\/dpkg\/status\.d\/(.+)$/.exec(path) ?? [];
      if (name !== undefined) return [`npm/${name}`];
      return debian === undefined ? [] : [`deb/${debian}`];
    });
    expect(there.length).toBeGreaterThan(20);
    expect(listed).toEqual([...there, "generic/node"].toSorted());
    const folders = { npm: "", deb: "debian/", generic: "" };
    for (const [kind, folder] of Object.entries(folders)) {
      for (const part of listed.filter((one) => one.startsWith(`${kind}/`))) {
        const place = `/usr/share/licenses/${folder}${part.slice(kind.length + 1)}/`;
        expect(
          files.some(({ path }) => path.startsWith(place) && path !== place),
          place,
        ).toBe(true);
      }
    }
  });

  const testOfAll = process.env["PROOFS"] === "all" ? test : undefined; // As long as all others together.
  testOfAll?.(
    "is the same when it is built again",
    () => {
      image.buildAs("localhost/privlink-proof-again");
      expect(image.layer().digest).toMatch(/^sha256:/);
      expect(image.layer("localhost/privlink-proof-again").digest).toBe(image.layer().digest);
    },
    180_000,
  );

  test("says what it is", () => {
    const { stdout } = image.podman("inspect", "localhost/privlink-proof", "--format", "{{json .Config}}");
    const config: { readonly Labels: Readonly<Record<string, string>>; readonly User: string } = JSON.parse(stdout);
    expect(config).toMatchObject({ User: "65532:65532", Entrypoint: ["/usr/bin/privlink"], Cmd: ["serve"] });
    const label = (name: string): string => config.Labels[`org.opencontainers.image.${name}`] ?? "";
    expect(label("version")).toBe(manifest.version);
    expect(label("licenses")).toBe("Apache-2.0");
    expect(label("revision")).toMatch(/^[0-9a-f]{40}(?:-dirty)?$/);
    expect(label("created")).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });
});

describe("a container", () => {
  test("answers the outside, is healthy, and ends when it is told to", async () => {
    const name = await image.start(EXAMPLE, [], [], /\nReady\.\n/);
    expect(image.outside("dig @10.66.0.2 -p 5301 myregistry.azurecr.io +short").stdout).toMatch(/\n10\.0\.0\.7\n$/);
    expect(image.outside("dig @10.66.0.2 -p 5301 +tcp myregistry.azurecr.io +short").stdout).toMatch(
      /\n10\.0\.0\.7\n$/,
    );
    expect(image.outside("dig @10.66.0.2 -p 5300 myregistry.azurecr.io +short").stdout).toMatch(
      /\n20\.45\.122\.144\n$/,
    );
    expect(image.podman("healthcheck", "run", name).code).toBe(0);
    const inside = image.podman(
      "exec",
      name,
      "privlink",
      "query",
      "myregistry.azurecr.io",
      "--from",
      "spoke",
      "-o",
      "short",
    );
    expect(inside.stdout).toMatch(/\n10\.0\.0\.7\n$/);
    const start = performance.now();
    expect(image.podman("kill", "--signal", "TERM", name).code).toBe(0);
    expect(image.podman("wait", name).stdout.trim()).toBe("0");
    expect(performance.now() - start).toBeLessThan(5000);
    expect(image.podman("healthcheck", "run", name).code).not.toBe(0);
  }, 120_000);

  test("takes its flags from the environment", async () => {
    const flags = [
      "-e",
      "PRIVLINK_LISTEN=0.0.0.0:53=spoke",
      "-e",
      "PRIVLINK_METRICS=0",
      "--sysctl",
      "net.ipv4.ip_unprivileged_port_start=53",
    ];
    const name = await image.start(EXAMPLE, [], flags, /\nReady\.\n/);
    expect(image.outside("dig @10.66.0.2 myregistry.azurecr.io +short").stdout).toMatch(/\n10\.0\.0\.7\n$/);
    expect(image.printedBy(name)).not.toContain(":9153");
    image.podman("stop", name);
  }, 120_000);

  test.each([
    { what: "nothing is mounted", files: {}, says: /^privlink: \/config has no privlink\.yaml: it is empty$/m },
    {
      what: "the file has another name",
      files: { "privlnk.yaml": "networks:\n" },
      says: /^privlink: \/config has no privlink\.yaml: it holds privlnk\.yaml$/m,
    },
    {
      what: "a key has a slip",
      files: { "privlink.yaml": "networks:\n  hub: { prefixs: 10.0.0.0/16 }\n" },
      says: /^privlink\.yaml:2:\d+: error: .*prefixs.*\[topology\/unknown-key\]$/m,
    },
  ])("does not start where $what", ({ what, files, says }) => {
    const { code, stdout, stderr } = image.runOnce(image.config(what.replaceAll(" ", "-"), files));
    expect(stderr).toMatch(says);
    expect(stdout + stderr).not.toContain("Ready.");
    expect(code).toBe(1);
  });

  test("runs every command, and ends one that waits on a signal", async () => {
    expect(image.runOnce(EXAMPLE, ["version"]).stdout).toContain(manifest.version);
    expect(image.runOnce(EXAMPLE, ["check"]).code).toBe(0);
    expect(image.runOnce(EXAMPLE, ["graph", "-o", "svg"]).stdout).toContain("</svg>");
    const end = await image.silentServer();
    const words = "query www.example @10.66.0.1 +time=20 +tries=1".split(" ");
    const name = await image.start(EXAMPLE, words, [], /^/);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const start = performance.now();
    image.podman("kill", "--signal", "TERM", name);
    expect(image.podman("wait", name).stdout.trim()).toBe("143");
    expect(performance.now() - start).toBeLessThan(5000);
    end();
  }, 120_000);

  test("has nothing to be taken over with: no shell, no npm, no file that it can write", () => {
    const shell = image.runOnce(EXAMPLE, ["-c", "true"], ["--entrypoint", "/bin/sh"]);
    expect(shell.code).toBe(127);
    const program = 'fs.writeFileSync("/config/x", "")';
    const write = image.runOnce(EXAMPLE, ["-e", program], ["--entrypoint", "/usr/bin/node"]);
    expect(write.stderr).toContain("EROFS");
    const id = image.runOnce(EXAMPLE, ["-p", "process.getuid()"], ["--entrypoint", "/usr/bin/node"]);
    expect(id.stdout).toBe("65532\n");
  });
});
