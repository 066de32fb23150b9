import { type DomainName, ROOT } from "../../name/domain-name.ts";
import { displayName } from "../../name/name-text.ts";
import { type RecordType, RecordTypes } from "../../record/record-type.ts";
import { typeName } from "../../record/type-names.ts";
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
  "name-dropped": "names that the target cannot write",
  "name-denied": "names that are said not to exist, for types that they do not have",
  "forward-shared": "forwarders that the target has for everybody",
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
    losses.push(of("failover-dropped", `of ${texts} only what the first that replies says is written`));
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
        `rules lead to other resolvers of the model: ${rules}; their answers are written, the rules are not`,
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
            `names that ${zone} lacks are asked of the internet; those that the model knows are written into the zone, all others are NXDOMAIN`,
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
        message: `${displayName(name)} ${typeName(type)}: ${ours} in the model, ${theirs} there`,
      }),
    ),
  ];
}

/** What is said of a name whose chain is not written. */
export function flattenedText(name: DomainName, through: readonly DomainName[]): string {
  return through.length === 0 ? displayName(name) : `${displayName(name)}, past ${through.map(displayName).join(", ")}`;
}

/** An asker that no view can be chosen for. */
export function addressLosses(askers: readonly Asker[]): Loss[] {
  return askers
    .filter((asker) => !hasAddresses(asker))
    .map(({ key }) => ({
      kind: "no-addresses",
      asker: key,
      message: "no prefixes of its own: there is no view for it",
    }));
}

/** The losses of each kind, one line for what several askers lose alike. */
export function groupLosses(
  losses: readonly Loss[],
): readonly { readonly kind: LossKind; readonly lines: readonly string[] }[] {
  return LOSS_KINDS.flatMap((kind) => {
    const askers = new Map<string, string[]>();
    for (const loss of losses.filter((one) => one.kind === kind)) {
      const others = askers.get(loss.message) ?? [];
      askers.set(loss.message, loss.asker === undefined ? others : [...others, loss.asker]);
    }
    const lines = [...askers].map(
      ([message, own]) => `${own.length === 0 ? "" : `${[...new Set(own)].join(", ")}: `}${message}`,
    );
    return lines.length === 0 ? [] : [{ kind, lines }];
  });
}

/** The losses as lines of a comment, counted. */
export function lossLines(losses: readonly Loss[]): readonly string[] {
  if (losses.length === 0) return ["Everything that the model says is in it."];
  const groups = groupLosses(losses).map(({ kind, lines }) => [
    `${LOSS_TITLES[kind]}: ${lines.length}`,
    ...lines.map((line) => `  ${line}`),
  ]);
  return ["What the model says and this does not:", ...groups.flat()];
}

/** In the order in which they are told. */
const LOSS_KINDS: readonly LossKind[] = [
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
  "name-dropped",
  "name-denied",
  "forward-shared",
  "denial-without-soa",
  "ns-added",
];
