import type { DomainName } from "../name/domain-name.ts";
import { formatName } from "../name/name-text.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import { typeName } from "../record/type-names.ts";
import { INTERNET } from "../snapshot/compile.ts";
import { knownNames, namePlaces } from "../snapshot/known-names.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { type Asker, ENDINGS } from "../topology/model.ts";
import { askModelOffline } from "./ask-model.ts";
import { askerText } from "./askers.ts";
import { type Seen, seenIn } from "./seen.ts";
import { type YamlValue, yamlItem } from "./yaml-text.ts";

/** Expectations that today's answers meet, as YAML. */
export interface Today {
  readonly text: string;
  /** How many expectations, and how many answers they are about. */
  readonly expectations: number;
  readonly answers: number;
  /** Questions of which nothing can be said: a real server would have to be asked, or there is no word for how they end. */
  readonly unknown: number;
}

/**
 * Writes down what everybody gets today: every network, every host with servers of its own and the internet, times every
 * name of the model that matters. What is equal is said once.
 */
export function writeToday(snapshot: Snapshot): Today {
  const askers = askersOf(snapshot);
  const groups = new Map<string, Group>();
  let answers = 0;
  let unknown = 0;
  for (const { name, type, seen } of answersWorthSaying(snapshot, askers)) {
    const byAnswer = new Map<string, { resolves: readonly string[]; from: string[] }>();
    for (const [i, one] of seen.entries()) {
      const asker = askers[i];
      if (asker === undefined || !isSayable(one)) {
        unknown += 1;
        continue;
      }
      answers += 1;
      const resolves = resolvesOf(one);
      const same = byAnswer.get(resolves.join("\n"));
      if (same === undefined) byAnswer.set(resolves.join("\n"), { resolves, from: [askerText(asker)] });
      else same.from.push(askerText(asker));
    }
    for (const { resolves, from } of byAnswer.values())
      addTo(groups, { resolves, from, type, names: [nameText(name)] });
  }
  const items = [...groups.values()].map((group) => yamlItem(entriesOf(group, snapshot)));
  return { text: items.join(""), expectations: items.length, answers, unknown };
}

/** Names that get one answer, all of the same askers. */
interface Group {
  readonly from: readonly string[];
  readonly names: string[];
  readonly type: RecordType;
  readonly resolves: readonly string[];
}

function addTo(groups: Map<string, Group>, group: Group): void {
  const key = `${group.from.join("\n")}\n\n${group.type}\n\n${group.resolves.join("\n")}`;
  const same = groups.get(key);
  if (same === undefined) groups.set(key, group);
  else same.names.push(...group.names);
}

function entriesOf({ from, names, type, resolves }: Group, { topology }: Snapshot): (readonly [string, YamlValue])[] {
  return [
    ["from", withAll(from, [...topology.networks.keys()])],
    ["name", names],
    ...(type === RecordTypes.A ? [] : [["type", typeName(type)] as const]),
    ["resolves", resolves],
  ];
}

/** `all` for every network, where that is shorter and no network is called so. */
function withAll(from: readonly string[], networks: readonly string[]): readonly string[] {
  const isAll = networks.length > 1 && networks.every((network) => from.includes(network));
  if (!isAll || networks.some((network) => network.toLowerCase() === "all")) return from;
  return ["all", ...from.filter((asker) => !networks.includes(asker))];
}

function askersOf({ topology }: Snapshot): Asker[] {
  const networks = [...topology.networks.values()];
  return [
    ...networks.map(({ key }): Asker => ({ kind: "network", network: key })),
    ...networks.flatMap(({ key, hosts }) =>
      [...hosts].filter(([, { dns }]) => dns.length > 0).map(([host]): Asker => ({ kind: "host", network: key, host })),
    ),
    { kind: "network", network: INTERNET },
  ];
}

/** Whether `resolves` has words for what came back. */
export function isSayable({ ending }: Seen): boolean {
  return ending === "answer" || (ENDINGS.includes(ending) && ending !== "unknown");
}

/** What came back, as `resolves` says it: in the order of their text, which does not change with the files. */
export function resolvesOf({ ending, values }: Seen): readonly string[] {
  return ending === "answer" ? values.map(({ text }) => text).sort() : [ending];
}

/** A star in a name that is asked is a label; an expectation would take it for a pattern. */
export function nameText(name: DomainName): string {
  const text = formatName(name).replaceAll(/[*?]/g, "\\$&");
  return text === "." ? text : text.slice(0, -1);
}

/** Types that say how zones are made, not what is in them. */
const INFRASTRUCTURE: ReadonlySet<string> = new Set(
  "SOA NS DS RRSIG NSEC NSEC3 NSEC3PARAM DNSKEY CDS CDNSKEY".split(" "),
);

interface Asked {
  readonly name: DomainName;
  readonly type: RecordType;
}

interface Answers extends Asked {
  /** For each asker. */
  readonly seen: readonly Seen[];
}

/**
 * Names that another name leads to are said by that one. Those that are public data for everybody are the internet's
 * affair, unless an endpoint is there for them, or the model has nothing else.
 */
function answersWorthSaying(snapshot: Snapshot, askers: readonly Asker[]): Answers[] {
  const all = knownQuestions(snapshot).map(({ name, type }): Answers => {
    const seen = askers.map((asker) => seenIn(askModelOffline(snapshot, { expectation: {}, asker, name, type })));
    return { name, type, seen };
  });
  const ledTo = new Set(
    all.flatMap(({ type, seen }) => seen.flatMap(({ chain }) => chain.map(({ key }) => `${key} ${type}`))),
  );
  const left = all.filter(({ name, type }) => !ledTo.has(`${name.key} ${type}`));
  const own = left.filter(({ name, seen }) => snapshot.endpointNames.has(name.key) || seen.some(isNotPublic));
  return own.length === 0 ? left : own;
}

function isNotPublic({ ending, origin }: Seen): boolean {
  return ending === "unknown" || (origin === "private" && ending === "answer");
}

/** Every name with the types it has, an alias as what it leads to; names of endpoints among them, without records too. */
function knownQuestions(snapshot: Snapshot): Asked[] {
  const found = new Map<string, Asked>();
  const add = (name: DomainName, type: RecordType): void => {
    const key = `${name.key} ${type}`;
    if (!found.has(key)) found.set(key, { name, type });
  };
  for (const { zone } of namePlaces(snapshot)) {
    for (const { owner, types } of knownNames(zone)) {
      for (const type of types) {
        if (type === RecordTypes.CNAME) add(owner, RecordTypes.A);
        else if (!INFRASTRUCTURE.has(typeName(type))) add(owner, type);
      }
    }
  }
  for (const names of snapshot.endpointNames.values())
    for (const { publicName } of names) add(publicName, RecordTypes.A);
  return [...found.values()];
}
