import { type DomainName, isAtOrBelow } from "../../src/name/domain-name.ts";
import { formatName } from "../../src/name/name-text.ts";
import { RecordTypes } from "../../src/record/record-type.ts";
import type { RRset } from "../../src/record/rrset.ts";
import { typeName } from "../../src/record/type-names.ts";
import type { Snapshot } from "../../src/snapshot/snapshot.ts";
import type { Zone } from "../../src/zone/zone.ts";
import { zoneRecords } from "../../src/zone/zone-records.ts";
import { linesOfSet } from "./read-zone.ts";
import { type Make, namedOptions, type ServedZone } from "./servers.ts";

/** A view of named, with the clients that see it: the first view that fits a client counts. */
export interface NamedView {
  readonly name: string;
  readonly clients: string;
  readonly zones: readonly ServedZone[];
}

/**
 * What a network sees, or nobody's network, as zones of a server that knows nothing of networks: the linked zones, and
 * public data below a root of its own.
 */
export function zonesOfView(snapshot: Snapshot, network?: string): ServedZone[] {
  const { internet, resolvers } = snapshot;
  const linked = [...(resolvers.get(`${network ?? ""}/platform`)?.view.zones.values() ?? [])].map(({ zone }) => zone);
  const open = [...internet.zones.values()].map(({ zone }) => zone);
  const exact = [...zoneRecords(internet.exact.tree)];
  const hidden = new Set(linked.map(({ origin }) => origin.key));
  const shown = open.filter(({ origin }) => !hidden.has(origin.key));
  return [
    rootZone(
      snapshot,
      exact.filter(({ owner }) => !open.some(({ origin }) => isAtOrBelow(owner, origin))),
    ),
    ...shown.map((zone) =>
      servedZone(
        zone,
        exact.filter(({ owner }) => ownerZone(open, owner) === zone),
      ),
    ),
    ...linked.map((zone) => servedZone(zone, [])),
  ];
}

/** The longest zone that an owner lies in. */
function ownerZone(zones: readonly Zone[], owner: DomainName): Zone | undefined {
  return zones
    .filter(({ origin }) => isAtOrBelow(owner, origin))
    .toSorted((a, b) => b.origin.labels.length - a.origin.labels.length)[0];
}

/** A private zone may lack NS, and its SOA may be in no file: named takes none without. */
function servedZone({ origin, tree, soa }: Zone, more: readonly RRset[]): ServedZone {
  const sets = [...zoneRecords(tree)].filter(({ type }) => type !== RecordTypes.SOA);
  const name = formatName(origin);
  const hasNs = sets.some(({ owner, type }) => owner.key === origin.key && type === RecordTypes.NS);
  const added = hasNs ? [] : [`${name} 3600 NS ns.invalid.`];
  return { origin: name, text: textOf([...[soa, ...sets, ...more].flatMap(linesOfSet), ...added]) };
}

/** The simulated root, with every public zone delegated so that the names above them exist, and its own server. */
function rootZone({ internet: { rootSoa, rootNs, zones } }: Snapshot, more: readonly RRset[]): ServedZone {
  const cuts = [...zones.values()].map(
    ({ zone }) => `${formatName(zone.origin)} 3600 ${typeName(RecordTypes.NS)} ns.invalid.`,
  );
  const server = ["localhost. 10 A 127.0.0.1", "localhost. 10 AAAA ::1"];
  return { origin: ".", text: textOf([...[rootSoa, rootNs, ...more].flatMap(linesOfSet), ...cuts, ...server]) };
}

function textOf(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}

/** named with views; its zones are those of the views one after the other. */
export function namedWith(views: readonly NamedView[]): { make: Make; zones: readonly ServedZone[] } {
  const zones = views.flatMap((view) => view.zones);
  const make: Make = {
    name: "named",
    configure: (_, place) => {
      let file = 0;
      const blocks = views.map(({ name, clients, zones: own }) => {
        const lines = own.map(
          ({ origin }) => `zone "${origin}" { type primary; file "${place.files[file++] ?? ""}"; };`,
        );
        return `view "${name}" { match-clients { ${clients}; };\n${lines.join("\n")}\n};`;
      });
      const options = `${namedOptions(place)} recursion yes; check-integrity no; check-names primary ignore;
        minimal-responses yes; zero-no-soa-ttl no;`;
      return [`options { ${options} }; controls { };`, ...blocks].join("\n");
    },
    arguments: (configuration) => ["-g", "-n", "1", "-c", configuration],
    visible: views.at(-1)?.zones.map(({ origin }) => origin) ?? [],
  };
  return { make, zones };
}

/** Every name of some zones, what is above it, and below it names that nobody wrote; never what is built in. */
export function namesIn(zones: readonly ServedZone[]): string[] {
  const names = new Set<string>(["nowhere.example.", "nobody.invalid-tld.", "."]);
  for (const { text } of zones) {
    for (const line of text.split("\n")) {
      const [owner = ""] = line.split(" ");
      const labels = owner.split(".").filter((label) => label !== "");
      for (let i = 0; i < labels.length; i++) {
        const name = `${labels.slice(i).join(".")}.`;
        if (name !== "localhost.") for (const asked of [name, `nobody.${name}`, `x.nobody.${name}`]) names.add(asked);
      }
    }
  }
  return [...names].sort();
}
