import { silenceSentence } from "../explain/sentences.ts";
import { findTarget, serversOf } from "../resolve/targets.ts";
import { INTERNET, platformKey } from "../snapshot/compile.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { SourceSpan } from "../source/source-file.ts";
import type { Target } from "../topology/model.ts";
import { internetNode } from "./_nodes.ts";
import type { Easel } from "./picture.ts";

/** Draws whom the clients of a network, or a host in it, ask. */
export function drawAsking(easel: Easel, snapshot: Snapshot, from: string, network: string, host?: string): void {
  const targets = serversOf(snapshot, network, host);
  if (targets.length > 0) return drawTargets(easel, snapshot, from, targets, network, []);
  const platform = platformKey(network);
  const to = snapshot.resolvers.has(platform) ? easel.idFor("resolver", platform) : internetNode(easel);
  easel.edge("asks", from, to, ["asks"]);
}

/**
 * Draws whom somebody in `network` asks: as a client, or, with `domains`, by a rule for them. A server that does not answer
 * there is an arrow that leads nowhere.
 */
export function drawTargets(
  easel: Easel,
  snapshot: Snapshot,
  from: string,
  targets: readonly Target[],
  network: string | undefined,
  domains: readonly string[],
  span?: SourceSpan,
): void {
  const kind = domains.length > 0 ? "rule" : "asks";
  for (const [i, target] of targets.entries()) {
    const lines = domains.length > 0 ? domains : [i === 0 ? "asks" : `asks ${i + 1}.`];
    const found = findTarget(snapshot, target, network);
    switch (found.kind) {
      case "resolver": {
        const { key } = found.resolver;
        const to = key === INTERNET ? outsideNode(easel, target) : easel.idFor("resolver", key);
        easel.edge(kind, from, to, lines, span ?? target.span);
        break;
      }
      case "internet":
        easel.edge(kind, from, internetNode(easel), lines, span ?? target.span);
        break;
      case "servers":
        if (network !== undefined) drawTargets(easel, snapshot, from, found.targets, network, domains, span);
        break;
      case "nobody":
        easel.edge(
          "broken",
          from,
          easel.node("outside", `${network} ${target.text}`, [target.text]),
          [...domains, silenceSentence(found.silence)],
          span ?? target.span,
        );
        break;
    }
  }
}

/** A server on the internet, by its address. */
function outsideNode(easel: Easel, target: Target): string {
  return easel.node("public", `server ${target.text}`, [target.text, "public data"]);
}
