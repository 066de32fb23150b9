import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { layOutBase } from "./debian-base.ts";

const ROOT = join(import.meta.dirname, "../..");
const BASE = "localhost/privlink-proof-base";
const IMAGE = "localhost/privlink-proof";
/** What a container may not do, as a careful user runs it; limits of a machine that has small ones. */
const CONFINED = "--read-only --cap-drop=ALL --security-opt no-new-privileges --ulimit nofile=1024 --ulimit nproc=1024";

/** What a program came to. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A file of the image, as the archive of its layer lists it. */
export interface ListedFile {
  readonly mode: string;
  readonly path: string;
}

/**
 * The image, built with `deploy/image/build.sh` on a Debian laid out here, in a storage of its own; two network namespaces,
 * one for its containers (10.66.0.2), one for those who ask them (10.66.0.1). `close` leaves nothing behind.
 */
export class BuiltImage {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "privlink-image-")));
  private readonly server = `privlink-image-server-${process.pid}`;
  private readonly client = `privlink-image-client-${process.pid}`;
  private readonly env: NodeJS.ProcessEnv;
  private readonly containers: string[] = [];

  constructor() {
    this.env = {
      ...process.env,
      BUILDAH_ISOLATION: "chroot",
      CONTAINERS_STORAGE_CONF: this.write(
        "storage.conf",
        `[storage]\ndriver = "vfs"\ngraphroot = "${this.folder}/storage"\nrunroot = "${this.folder}/run"\n`,
      ),
      CONTAINERS_CONF: this.write(
        "containers.conf",
        '[engine]\ncgroup_manager = "cgroupfs"\nruntime = "runc"\nevents_logger = "file"\n',
      ),
    };
  }

  /** Makes base, image and networks. */
  build(): void {
    const base = join(this.folder, "base");
    layOutBase(base);
    this.must("sh", ["-c", `tar -C "$0/root" -c . | podman import -q - ${BASE}`, base]);
    rmSync(base, { recursive: true });
    this.buildAs(IMAGE);
    this.connect();
  }

  /** Builds an image of that name, of the sources as they are. */
  buildAs(image: string): void {
    const ca = this.must("npm", ["config", "get", "cafile"]).stdout.trim();
    const registry = this.must("npm", ["config", "get", "registry"]).stdout.trim();
    const hasCa = ca !== "null" && ca !== "";
    const npmrc = this.write("npmrc", `registry=${registry}\n${hasCa ? "cafile=/run/secrets/ca\n" : ""}`);
    const terms = { BUILDER: "buildah", BASE, IMAGE: image, NPMRC: npmrc, ...(hasCa ? { CA: ca } : {}) };
    const ran = this.run(join(ROOT, "deploy/image/build.sh"), ["--network", "host"], terms);
    if (ran.code !== 0) throw new Error(`the image was not built:\n${ran.stdout}${ran.stderr}`);
  }

  /** Its only layer, as a registry has it, and its digest. */
  layer(image = IMAGE): { readonly path: string; readonly digest: string } {
    const folder = join(this.folder, `pushed-${image.replaceAll("/", "-")}`);
    if (!existsSync(folder))
      this.must("buildah", ["push", "-q", "--compression-format", "zstd", image, `oci:${folder}`]);
    const blob = (digest: string): string => join(folder, "blobs", digest.replace(":", "/"));
    const read = (path: string): string => readFileSync(path, "utf8");
    const digestIn = (text: string, pattern: RegExp): string => pattern.exec(text)?.[1] ?? "none";
    const manifest = read(blob(digestIn(read(join(folder, "index.json")), /"digest":"(sha256:\w+)"/)));
    const layers = [...manifest.matchAll(/image\.layer[^}]*?"digest":"(sha256:\w+)"/g)].map(
      ([, digest = ""]) => digest,
    );
    if (layers.length !== 1) throw new Error(`one layer was expected: ${manifest}`);
    return { path: blob(layers[0] ?? ""), digest: layers[0] ?? "" };
  }

  /** Octets of the layer as a compressor makes them. */
  compressed(by: string): number {
    return Number(this.must("sh", ["-c", `zstd -dc "$0" | ${by} | wc -c`, this.layer().path]).stdout);
  }

  /** What is in a layer, in the order of the archive. */
  files(layer: string): ListedFile[] {
    const lines = this.must("tar", ["-tvf", layer]).stdout.trimEnd().split("\n");
    return lines.map((line) => ({ mode: line.slice(0, 10), path: `/${line.split(/\s+/).slice(5).join(" ")}` }));
  }

  /** The text of a file in a layer. */
  text(layer: string, path: string): string {
    return this.must("tar", ["-xOf", layer, path.slice(1)]).stdout;
  }

  /** Runs a container to its end, its folder of configuration mounted. */
  runOnce(config: string, words: readonly string[] = [], flags: readonly string[] = []): Ran {
    return this.run("podman", ["run", "--rm", ...this.flagsOf(config), ...flags, IMAGE, ...words]);
  }

  /** Starts a container and waits for what it prints; gives its name. */
  async start(config: string, words: readonly string[], flags: readonly string[], until: RegExp): Promise<string> {
    const name = `privlink-proof-${process.pid}-${this.containers.length}`;
    this.containers.push(name);
    this.must("podman", ["run", "-d", "--name", name, ...this.flagsOf(config), ...flags, IMAGE, ...words]);
    for (let waited = 0; !until.test(this.printedBy(name)); waited += 100) {
      if (waited > 20_000) throw new Error(`${name} did not print ${until}:\n${this.printedBy(name)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return name;
  }

  printedBy(name: string): string {
    const { stdout, stderr } = this.run("podman", ["logs", name]);
    return stdout + stderr;
  }

  podman(...args: readonly string[]): Ran {
    return this.run("podman", args);
  }

  /** As somebody outside the container. */
  outside(command: string): Ran {
    return this.run("ip", ["netns", "exec", this.client, ...command.split(" ")]);
  }

  /** Somebody outside who takes datagrams and never replies; gives how to end it. */
  async silentServer(): Promise<() => void> {
    const program = 'require("node:dgram").createSocket("udp4").bind(53, "10.66.0.1", () => console.log("bound"))';
    const child = spawn("ip", ["netns", "exec", this.client, process.execPath, "-e", program], { stdio: "pipe" });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    return () => void child.kill();
  }

  /** A folder of configuration. */
  config(name: string, files: Readonly<Record<string, string>>): string {
    mkdirSync(join(this.folder, name));
    for (const [file, text] of Object.entries(files)) this.write(join(name, file), text);
    return join(this.folder, name);
  }

  close(): void {
    for (const name of this.containers) this.run("podman", ["rm", "-f", "-t", "0", name]);
    for (const name of [this.server, this.client]) this.run("ip", ["netns", "delete", name]);
    this.run("podman", ["rmi", "-f", "-a"]); // Of the storage that is this object's alone.
    rmSync(this.folder, { recursive: true, force: true });
  }

  private connect(): void {
    for (const name of [this.server, this.client]) this.must("ip", ["netns", "add", name]);
    const ip = (line: string): Ran => this.must("ip", line.split(" "));
    ip(`link add eth0 netns ${this.server} type veth peer name eth0 netns ${this.client}`);
    for (const [name, address] of [
      [this.server, "10.66.0.2/24"],
      [this.client, "10.66.0.1/24"],
    ] as const) {
      ip(`-n ${name} address add ${address} dev eth0`);
      for (const device of ["lo", "eth0"]) ip(`-n ${name} link set ${device} up`);
    }
  }

  private flagsOf(config: string): string[] {
    const volume = `${config}:/config:ro`;
    return [...CONFINED.split(" "), "--network", `ns:/run/netns/${this.server}`, "--volume", volume];
  }

  private write(name: string, text: string): string {
    writeFileSync(join(this.folder, name), text);
    return join(this.folder, name);
  }

  private run(command: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): Ran {
    const options = { encoding: "utf8", env: { ...this.env, ...more }, cwd: ROOT, maxBuffer: 2 ** 28 } as const;
    const { status, stdout, stderr, error }: SpawnSyncReturns<string> = spawnSync(command, args, options);
    if (error !== undefined) throw new Error(`${command} could not be run: ${error.message}`);
    return { code: status, stdout, stderr };
  }

  private must(command: string, args: readonly string[]): Ran {
    const ran = this.run(command, args);
    if (ran.code !== 0) throw new Error(`${command} ${args.join(" ")}: ${ran.stderr}`);
    return ran;
  }
}
