import type { Question, Resolution } from "../resolve/resolution.ts";
import { resolveOffline } from "../resolve/resolve.ts";
import type { Client } from "../snapshot/clients.ts";
import { INTERNET } from "../snapshot/compile.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** Somebody who asks on both sides, with what the user calls them. What an address is may differ from side to side. */
export interface Asker {
  readonly text: string;
  readonly before: Client;
  readonly after: Client;
}

/** The askers of two models, and those that only one of them has: of these no answer can be said to change. */
export interface SharedAskers {
  readonly askers: readonly Asker[];
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
}

/** Networks, hosts with DNS servers of their own (on either side), and the internet. */
export function sharedAskers(before: Snapshot, after: Snapshot): SharedAskers {
  const old = clientsOf(before, after);
  const now = clientsOf(after, before);
  const askers = [...old].flatMap(([text, client]) => {
    const other = now.get(text);
    return other === undefined ? [] : [{ text, before: client, after: other }];
  });
  return {
    askers,
    onlyBefore: [...old.keys()].filter((text) => !now.has(text)),
    onlyAfter: [...now.keys()].filter((text) => !old.has(text)),
  };
}

/** By name; hosts that ask as their network does in both models are left out. */
function clientsOf({ topology }: Snapshot, other: Snapshot): Map<string, Client> {
  const clients = new Map<string, Client>();
  for (const { key, hosts } of topology.networks.values()) {
    clients.set(key, { kind: "network", network: key });
    for (const host of hosts.values()) {
      const isOwn =
        host.dns.length > 0 || (other.topology.networks.get(key)?.hosts.get(host.key)?.dns ?? []).length > 0;
      if (isOwn) clients.set(`${host.key}@${key}`, { kind: "network", network: key, host: host.key });
    }
  }
  return clients.set(INTERNET, { kind: "internet" });
}

/** What a client is answered by whatever it is configured to ask, with nothing sent. */
export function answerTo(snapshot: Snapshot, client: Client, question: Question): Resolution {
  switch (client.kind) {
    case "ambiguous": {
      const reason = { kind: "ambiguous-client", networks: client.networks } as const;
      return { question, aliases: [], outcome: { kind: "refused", reason }, trace: [] };
    }
    case "internet":
      return resolveOffline(snapshot, { kind: "servers-of" }, question);
    case "network": {
      const { network, host } = client;
      const asking = { kind: "servers-of", network, ...(host === undefined ? {} : { host }) } as const;
      return resolveOffline(snapshot, asking, question);
    }
  }
}
