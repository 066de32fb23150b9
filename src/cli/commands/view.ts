import { foldLabel } from "../../name/domain-name.ts";
import { visibleText } from "../../report/visible-text.ts";
import { INTERNET } from "../../snapshot/compile.ts";
import type { Snapshot } from "../../snapshot/snapshot.ts";
import { formatColumns } from "../columns.ts";
import { type Command, choiceOf } from "../command.ts";
import { didYouMean } from "../did-you-mean.ts";
import { ExitCodes } from "../exit-codes.ts";
import { couldNotRun, misuse } from "../misuse.ts";
import {
  type AskedServer,
  type NetworkView,
  type ResolverView,
  type SeenRule,
  viewOfNetwork,
  viewOfResolver,
} from "../network-view.ts";
import { openSnapshot, PROJECT_OPTIONS } from "../project.ts";

const FORMS = ["text", "json"] as const;
/** Built-in domains that are printed; the others are counted. */
const SHOWN_BUILT_INS = 4;

export const viewCommand: Command = {
  name: "view",
  usage: "privlink view NETWORK [--records] [-o FORM]",
  describe: "what one network sees, in the order it is asked",
  details: `Whom its clients ask, and what each resolver on the way looks at: zones, rules, built-in names, what comes last.
NETWORK may be internet, and a resolver's key.`,
  options: [
    { name: "records", describe: "the records of the private zones, too" },
    { name: "output", short: "o", value: "FORM", choices: FORMS, describe: "the form (default: text)" },
    ...PROJECT_OPTIONS,
  ],
  maxWords: 1,
  async run(args, io) {
    const [word] = args.words;
    if (word === undefined) return misuse(io, viewCommand, "a NETWORK is missing: privlink list networks tells them");
    const snapshot = openSnapshot(args, io);
    if (snapshot === undefined) return ExitCodes.COULD_NOT_RUN;
    const seen = look(snapshot, word, args.switches.has("records"));
    if (typeof seen === "string") return couldNotRun(io, seen);
    switch (choiceOf(args, "output", FORMS)) {
      case "text":
        io.stdout(
          [
            ...(seen.network === undefined ? [] : [networkText(seen.network)]),
            ...seen.resolvers.map(resolverText),
          ].join("\n"),
        );
        break;
      case "json":
        io.stdout(
          `${JSON.stringify({ schema: "privlink/view/v1", ...(seen.network ?? { resolvers: seen.resolvers }) }, null, 2)}\n`,
        );
        break;
    }
    return ExitCodes.CLEAN;
  },
};

interface Seen {
  readonly network?: NetworkView;
  readonly resolvers: readonly ResolverView[];
}

/** The network or the resolver of that name; the sentence for a name that nobody has. */
function look(snapshot: Snapshot, word: string, withRecords: boolean): Seen | string {
  const { networks } = snapshot.topology;
  const folded = foldLabel(word);
  const key = [...networks.keys()].find((one) => foldLabel(one) === folded);
  if (key !== undefined || folded === INTERNET) {
    const network = viewOfNetwork(snapshot, key, withRecords);
    return { network, resolvers: network.resolvers };
  }
  const resolver = [...snapshot.resolvers.values()].find((one) => foldLabel(one.key) === folded);
  if (resolver !== undefined) return { resolvers: viewOfResolver(snapshot, resolver, withRecords) };
  const names = [...networks.keys(), INTERNET, ...snapshot.topology.resolvers.keys()];
  return `no network is called ${word}${didYouMean(word, names) || `: there are ${names.join(", ")}`}`;
}

function networkText({ network, kind, prefixes, asks, hosts, unseen }: NetworkView): string {
  const what =
    network === INTERNET
      ? "the internet"
      : `network ${network} (${kind})${prefixes.length === 0 ? "" : ` ${prefixes.join(", ")}`}`;
  const lines = [what, ...asks.map((asked) => `  asks ${askedText(asked)}`)];
  for (const host of hosts) lines.push(...host.asks.map((asked) => `  ${host.host} asks ${askedText(asked)}`));
  if (unseen.length > 0) lines.push(`  does not see ${unseen.join(", ")}: linked, but its clients ask somebody else`);
  return `${lines.map(visibleText).join("\n")}\n`;
}

function askedText({ server, text }: AskedServer): string {
  return server === text ? text : `${server}: ${text}`;
}

function resolverText({ text, source, together, first, zones, rules, builtIns, last }: ResolverView): string {
  const rest = builtIns.length - SHOWN_BUILT_INS;
  const lines = [
    `${text}${place(source)}`,
    ...(first.length === 0 ? [] : ["0  rules before zones, the longest domain", ...ruleTable(first)]),
    `1  zones, the longest match alone${together ? ", or a rule that is as long" : ""}${zones.length === 0 ? ": none" : ""}`,
    ...indented(
      ["ZONE", "RECORDS", "LINK", "ON-MISS", "SOURCE"],
      zones.map(({ zone, records, link, madeBy, onMiss, source: at }) => [
        zone,
        String(records),
        madeBy === null ? (link ?? "its own") : `by ${madeBy}`,
        onMiss,
        at,
      ]),
    ),
    ...zones.flatMap(({ lines: records = [] }) => records.map((record) => `     ${record}`)),
    `2  rules, the longest domain${rules.length === 0 ? ": none" : ""}`,
    ...ruleTable(rules),
    `3  built-in names: ${builtIns.slice(0, SHOWN_BUILT_INS).join(", ")} and ${rest} more`,
    `4  last: ${last.source === null ? last.to : `rule . to ${last.to}`}${place(last.source)}`,
  ];
  return `${lines.map(visibleText).join("\n")}\n`;
}

function ruleTable(rules: readonly SeenRule[]): string[] {
  return indented(
    ["DOMAIN", "TO", "SOURCE"],
    rules.map(({ domain, to, source }) => [domain, to, source]),
  );
}

function place(source: string | null): string {
  return source === null ? "" : `   [${source}]`;
}

function indented(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  return formatColumns(titles, rows)
    .trimEnd()
    .split("\n")
    .map((line) => `     ${line}`);
}
