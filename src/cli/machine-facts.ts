import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { DomainServers, MachineFacts, PortHolder } from "../doctor/facts.ts";
import { type BoundSocket, readLsof, readNetstat, socketsAt53 } from "../doctor/port-holders.ts";
import { readHostSources, readResolvConf } from "../doctor/resolv-conf.ts";

/** How long a program of the system may take. */
const PATIENCE_MS = 5000;

/** Looks at the machine, and changes nothing. `root` is where its files lie: `/`. What cannot be read is as if it were not there. */
export function machineFacts(
  platform: string,
  env: Readonly<Record<string, string | undefined>>,
  root = "/",
): Omit<MachineFacts, "probes"> {
  const resolvConf = textOf(root, "etc/resolv.conf");
  const common = {
    inside: insideOf(env, root),
    ...(resolvConf === undefined
      ? {}
      : { resolvConf: readResolvConf(resolvConf, realPathOf(root, "etc/resolv.conf")) }),
    hostSources: readHostSources(textOf(root, "etc/nsswitch.conf") ?? ""),
    domainServers: platform === "darwin" ? domainServers(root) : [],
  };
  switch (platform) {
    case "linux":
      return { ...common, platform: "linux", holders: holdersOnLinux(root) };
    case "darwin":
      return { ...common, platform: "macos", holders: printed("lsof", ["-nP", "-F", "pcPn", "-i", ":53"], readLsof) };
    case "win32":
      return { ...common, platform: "windows", holders: printed("netstat", ["-ano"], readNetstat) };
    default:
      return { ...common, platform: "other", holders: undefined };
  }
}

function insideOf(env: Readonly<Record<string, string | undefined>>, root: string): MachineFacts["inside"][number][] {
  const inside: MachineFacts["inside"][number][] = [];
  const isContainer =
    existsSync(join(root, ".dockerenv")) ||
    existsSync(join(root, "run/.containerenv")) ||
    env["container"] !== undefined;
  if (isContainer) inside.push("container");
  if (env["KUBERNETES_SERVICE_HOST"] !== undefined) inside.push("kubernetes");
  if (/microsoft/i.test(textOf(root, "proc/version") ?? "")) inside.push("wsl");
  return inside;
}

function holdersOnLinux(root: string): PortHolder[] | undefined {
  const tables = (["udp", "udp6", "tcp", "tcp6"] as const).map((name) => ({
    name,
    text: textOf(root, `proc/net/${name}`),
  }));
  if (tables.every(({ text }) => text === undefined)) return undefined;
  const sockets = tables.flatMap(({ name, text = "" }) => socketsAt53(text, name.startsWith("udp") ? "udp" : "tcp"));
  const owners = sockets.length === 0 ? new Map<string, Owner>() : ownersOf(sockets, root);
  return sockets.map(({ protocol, address, inode }) => {
    const owner = owners.get(inode);
    return { protocol, address, ...(owner === undefined ? {} : { owner }) };
  });
}

type Owner = NonNullable<PortHolder["owner"]>;

/** The processes whose descriptors lead to sockets, by inode; those of other users show theirs to root alone. */
function ownersOf(sockets: readonly BoundSocket[], root: string): ReadonlyMap<string, Owner> {
  const wanted = new Map(sockets.map(({ inode }) => [`socket:[${inode}]`, inode]));
  const owners = new Map<string, Owner>();
  for (const id of namesIn(join(root, "proc")).filter((name) => /^\d+$/.test(name))) {
    const folder = join(root, "proc", id, "fd");
    for (const descriptor of namesIn(folder)) {
      const inode = wanted.get(linkOf(join(folder, descriptor)));
      if (inode === undefined || owners.has(inode)) continue;
      owners.set(inode, { id: Number(id), name: (textOf(root, `proc/${id}/comm`) ?? "").trim() || `process ${id}` });
    }
  }
  return owners;
}

function domainServers(root: string): DomainServers[] {
  return namesIn(join(root, "etc/resolver")).map((domain) => ({
    domain,
    nameservers: readResolvConf(textOf(root, `etc/resolver/${domain}`) ?? "", "").nameservers,
  }));
}

/** What a program prints, read; `undefined` where it is not there. It ends with 1 where it has found nothing. */
function printed<T>(program: string, words: readonly string[], read: (text: string) => T): T | undefined {
  try {
    return read(
      execFileSync(program, words, { encoding: "utf8", timeout: PATIENCE_MS, stdio: ["ignore", "pipe", "ignore"] }),
    );
  } catch (error) {
    const isEmpty = error instanceof Error && "status" in error && error.status === 1;
    return isEmpty ? read("") : undefined;
  }
}

function textOf(root: string, path: string): string | undefined {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function realPathOf(root: string, path: string): string {
  try {
    return realpathSync(join(root, path));
  } catch {
    return `/${path}`;
  }
}
