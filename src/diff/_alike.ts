import { serversOf } from "../resolve/targets.ts";
import type { Client } from "../snapshot/clients.ts";
import { platformKey } from "../snapshot/compile.ts";
import { type Snapshot, targetsOf } from "../snapshot/snapshot.ts";
import { SideBySide } from "./_pairs.ts";
import type { Asker } from "./asker.ts";

/** Askers that are answered alike on each of the two sides: one of them can ask for all. */
export type AlikeAskers = readonly [Asker, ...Asker[]];

/** Puts askers into classes, in the order of their first members. */
export function alikeAskers(before: Snapshot, after: Snapshot, askers: readonly Asker[]): readonly AlikeAskers[] {
  const old = new SideBySide(before, before);
  const now = new SideBySide(after, after);
  const classes: [Asker, ...Asker[]][] = [];
  const byKey = new Map<string, [Asker, ...Asker[]][]>();
  for (const asker of askers) {
    const key = `${roughKey(before, asker.before)}\n\n${roughKey(after, asker.after)}`;
    const similar = byKey.get(key) ?? [];
    const own = similar.find(
      ([first]) => old.areAlike(first.before, asker.before) && now.areAlike(first.after, asker.after),
    );
    if (own !== undefined) {
      own.push(asker);
      continue;
    }
    const alone: [Asker, ...Asker[]] = [asker];
    classes.push(alone);
    byKey.set(key, [...similar, alone]);
  }
  return classes;
}

/** What two clients of a model have in common when they are answered alike: cheap, and not enough to know that they are. */
function roughKey(snapshot: Snapshot, client: Client): string {
  if (client.kind !== "network") return client.kind;
  const { network, host } = client;
  const servers = serversOf(snapshot, network, host);
  if (servers.length > 0) return `servers ${servers.length}`;
  const view = snapshot.resolvers.get(platformKey(network))?.view;
  if (view === undefined) return "nobody";
  const zones = Array.from(view.zones.values(), ({ key, onMiss }) => `${key} ${onMiss}`);
  const rules = view.rules.map((rule) => `${rule.domain.key} ${targetsOf(rule).length}`);
  return [...zones, "", ...rules].join("\n");
}
