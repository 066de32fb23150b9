import { type DomainName, ROOT } from "../../name/domain-name.ts";
import { displayName } from "../../name/name-text.ts";
import { typeName } from "../../record/type-names.ts";
import { type RecordType, RecordTypes } from "../../record/record-type.ts";
import { resolveOffline } from "../../resolve/resolve.ts";
import { serversOf } from "../../resolve/targets.ts";
import type { Snapshot } from "../../snapshot/snapshot.ts";
import { type Asker, hasAddresses } from "./askers.ts";
import type { ProvenView } from "./flatten.ts";

/** Something of the model that the exported configuration does not say, or not so. */
export interface Loss {
  readonly kind: LossKind;
  /** The asker whom it concerns; absent: everybody. */
  readonly asker?: string;
  /** The name that is answered otherwise, and the type; without a type: whatever is asked of it. */
  readonly name?: DomainName;
  readonly type?: RecordType;
  readonly message: string;
}

/** What each kind of loss is, in words that follow a number: `3 chains flattened`. */
export const LOSS_TITLES = {
  "answer-differs": "answers that differ",
  "chain-flattened": "chains written as their last answer",
  "redirect-frozen": "zones that no longer ask the internet for what they lack",
  "resolvers-merged": "chains of resolvers written as one view",
  "failover-dropped": "lists of DNS servers cut to the one that answers",
  "no-addresses": "askers that no source address tells",
  "tls-dropped": "servers asked without TLS",
  "ns-added": "zones given a name server",
  "ttl-dropped": "TTLs that the target does not keep",
  "type-dropped": "record sets of types that the target does not have",
  "wildcard-dropped": "wildcards that the target does not have",
  "denial-without-soa": "denials without a SOA",
} as const;

export type LossKind = keyof typeof LOSS_TITLES;

/** What is lost whatever the target: the network's resolvers become one server that holds what they would say. */
export function modelLosses(snapshot: Snapshot, asker: Asker): Loss[] {
  const { key, addressee } = asker;
  const of = (kind: LossKind, message: string): Loss => ({ kind, asker: key, message });
  const losses: Loss[] = [];
  const servers = serversOf(snapshot, addressee.network, addressee.host);
  if (servers.length > 1) {
    const texts = servers.map(({ text }) => text).join(", ");
    losses.push(
      of("failover-dropped", `${key} has the DNS servers ${texts}: only what the first that replies says is written`),
    );
  }
  const { trace, resolver } = resolveOffline(snapshot, addressee, { name: ROOT, type: RecordTypes.NS });
  const met = new Set(trace.flatMap((step) => (step.kind === "resolver" ? [step.resolver] : [])));
  const leading = [...met].flatMap(({ key: owner, view }) =>
    view.rules
      .filter(({ leadsInside, isLocal }) => leadsInside && !isLocal)
      .map(({ domain }) => `${owner} ${displayName(domain)}`),
  );
  if (leading.length > 0) {
    const rules = leading.map((text) => text.replace(" ", " for ")).join(", ");
    losses.push(
      of(
        "resolvers-merged",
        `${key} is answered through rules that lead to other resolvers of the model (${rules}): their answers are written, the rules are not`,
      ),
    );
  }
  for (const one of [...met, ...(resolver === undefined ? [] : [resolver])].filter(
    (found, i, all) => all.indexOf(found) === i,
  )) {
    for (const { key: zone, onMiss } of one.view.zones.values()) {
      if (onMiss === "internet")
        losses.push(
          of(
            "redirect-frozen",
            `${zone}: names that it lacks are asked of the internet for ${key}; those that the model knows are written into the zone, all others are NXDOMAIN`,
          ),
        );
    }
  }
  return losses;
}

/** What became of answers in one view. */
export function answerLosses({ view, flattened, differing }: ProvenView): Loss[] {
  const { key: asker } = view.asker;
  return [
    ...flattened.map(({ name, through }): Loss => {
      const way = through.length === 0 ? "" : `, without ${through.map(displayName).join(", ")}`;
      return {
        kind: "chain-flattened",
        asker,
        name,
        message: `${displayName(name)}: what ${asker} gets at last stands at the name itself${way}`,
      };
    }),
    ...differing.map(
      ({ name, type, ours, theirs }): Loss => ({
        kind: "answer-differs",
        asker,
        name,
        type,
        message: `${displayName(name)} ${typeName(type)} for ${asker}: ${ours} in the model, ${theirs} there`,
      }),
    ),
  ];
}

/** An asker that no view can be chosen for. */
export function addressLosses(askers: readonly Asker[]): Loss[] {
  return askers
    .filter((asker) => !hasAddresses(asker))
    .map(({ key }) => ({
      kind: "no-addresses",
      asker: key,
      message: `${key} has no prefixes of its own: no source address tells that it asks, and there is no view for it`,
    }));
}

/** `2 answers that differ, 1 zone …`: how many of each kind, in the order of the titles. */
export function countLosses(losses: readonly Loss[]): ReadonlyMap<LossKind, number> {
  const counts = new Map<LossKind, number>();
  for (const kind of LOSS_KINDS) {
    const count = losses.filter((loss) => loss.kind === kind).length;
    if (count > 0) counts.set(kind, count);
  }
  return counts;
}

export const LOSS_KINDS: readonly LossKind[] = [
  "answer-differs",
  "chain-flattened",
  "redirect-frozen",
  "resolvers-merged",
  "failover-dropped",
  "no-addresses",
  "tls-dropped",
  "ttl-dropped",
  "type-dropped",
  "wildcard-dropped",
  "denial-without-soa",
  "ns-added",
];

/** The losses as lines of a comment, counted, in the order of the kinds. */
export function lossLines(losses: readonly Loss[]): readonly string[] {
  if (losses.length === 0) return ["Everything that the model says is in it."];
  return [...countLosses(losses)].flatMap(([kind, count]) => [
    `${count} ${LOSS_TITLES[kind]}:`,
    ...losses.filter((loss) => loss.kind === kind).map(({ message }) => `  ${message}`),
  ]);
}
