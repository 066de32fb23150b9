import type { Random } from "../client/ask.ts";
import { formatAddressPort } from "../net/address.ts";
import type { RealServers } from "../snapshot/snapshot.ts";
import type { Target } from "../topology/model.ts";
import type { NamedServer } from "./inquiry.ts";
import { RealServer } from "./real-server.ts";

/** The servers of one list. */
export interface ServerGroup {
  /** Alike exactly when the same servers are listed in the same order. */
  readonly text: string;
  readonly servers: readonly NamedServer[];
  /** Lengths of the client subnets that answers held for, each once. */
  readonly scopeLengths: number[];
}

/** What servers are made with. */
export interface ServerBookParts {
  readonly random: Random;
  readonly now: () => number;
  readonly authorities?: string;
}

/** Every real server that is asked, once, however many targets name it. */
export class ServerBook {
  private readonly parts: ServerBookParts;
  private readonly servers = new Map<string, RealServer>();
  private groups = new WeakMap<RealServers, ServerGroup>();
  /** By the text of the group: they outlive a reload, as the answers do. */
  private readonly scopeLengths = new Map<string, number[]>();

  constructor(parts: ServerBookParts) {
    this.parts = parts;
  }

  groupOf(asked: RealServers): ServerGroup {
    const known = this.groups.get(asked);
    if (known !== undefined) return known;
    const servers: NamedServer[] = [];
    for (const target of asked.targets) {
      if (target.kind === "address") servers.push({ server: this.serverOf(target), text: target.text });
    }
    const text = textOf(asked);
    const group = { text, servers, scopeLengths: this.scopeLengthsOf(text) };
    this.groups.set(asked, group);
    return group;
  }

  /** Closes the servers that no target names any more; gives the texts of the groups that are there. */
  retain(lists: Iterable<RealServers>): ReadonlySet<string> {
    const texts = new Set<string>();
    const named = new Set<string>();
    for (const list of lists) {
      texts.add(textOf(list));
      for (const target of list.targets) if (target.kind === "address") named.add(addressText(target));
    }
    for (const [text, server] of this.servers) {
      if (named.has(text)) continue;
      server.close(); // Questions that are under way to it fail, or open it once more.
      this.servers.delete(text);
    }
    for (const text of this.scopeLengths.keys()) if (!texts.has(text)) this.scopeLengths.delete(text);
    this.groups = new WeakMap();
    return texts;
  }

  close(): void {
    for (const server of this.servers.values()) server.close();
  }

  private scopeLengthsOf(text: string): number[] {
    const lengths = this.scopeLengths.get(text) ?? [];
    this.scopeLengths.set(text, lengths);
    return lengths;
  }

  private serverOf(target: Extract<Target, { kind: "address" }>): RealServer {
    const key = addressText(target);
    const known = this.servers.get(key);
    if (known !== undefined) return known;
    const { random, now, authorities } = this.parts;
    const address = { at: target.at, ...(target.tls === undefined ? {} : { tls: target.tls }) };
    const server = new RealServer(address, random, now, authorities);
    this.servers.set(key, server);
    return server;
  }
}

function textOf({ targets, told }: RealServers): string {
  const list = targets.map((target) => (target.kind === "address" ? addressText(target) : target.text)).join(", ");
  const { proxy, subnet } = told ?? {};
  const subnets = subnet === undefined ? "" : `+subnet/${subnet.ipv4}/${subnet.ipv6}`;
  return `${list}${proxy === undefined ? "" : "+proxy"}${subnets}`;
}

/** As a topology writes it. */
function addressText({ at, tls }: Extract<Target, { kind: "address" }>): string {
  return tls === undefined ? formatAddressPort(at) : `tls://${tls}@${formatAddressPort(at)}`;
}
