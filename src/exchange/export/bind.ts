import { compareNames } from "../../name/domain-name.ts";
import { displayName } from "../../name/name-text.ts";
import { RecordTypes } from "../../record/record-type.ts";
import { INTERNET } from "../../snapshot/compile.ts";
import { type Asker, hasAddresses } from "./askers.ts";
import type { ExportedModel, ExportInput } from "./export-model.ts";
import type { ProvenView } from "./flatten.ts";
import { addressLosses, answerLosses, type Loss, lossLines } from "./losses.ts";
import type { ForwardServer, PlannedForward } from "./plan.ts";
import { lacksNs } from "./zone-file.ts";
import { type ZoneFiles, zoneFilesOf } from "./zone-paths.ts";

/** named: one view for each asker, told by the source address; aliases go back to the zones of the view. */
export function exportBind({ name, views: all, losses: common }: ExportInput): ExportedModel {
  const views = all.filter(({ view }) => hasAddresses(view.asker));
  const zones = zoneFilesOf(views);
  const losses = [
    ...common,
    ...addressLosses(all.map(({ view }) => view.asker)),
    ...views.flatMap(answerLosses),
    ...tlsLosses(views, "BIND 9.18 forwards without TLS"),
    ...nameServerLosses(views),
  ];
  const text = [
    `// What the networks of ${name} are answered, for named: one view for each of them.`,
    "// Files are named from the folder that named is started in: run `named -c named.conf` here, or set `directory`.",
    "//",
    ...lossLines(losses).map((line) => `// ${line}`),
    "",
    OPTIONS,
    ...views.map((view) => viewText(view, zones)),
  ].join("\n");
  return { files: [{ path: "named.conf", text: `${text}\n` }, ...zones.files], losses };
}

/**
 * Private answers below signed parents do not validate; what denies and what has no SOA of its own keeps its TTL; zones are
 * taken as they are.
 */
const OPTIONS = `options {
	recursion yes;
	allow-query { any; };
	allow-query-cache { any; };
	allow-recursion { any; };
	minimal-responses yes;
	dnssec-validation no;
	zero-no-soa-ttl no;
	check-names primary ignore;
	check-integrity no;
	notify no;
};
`;

function viewText({ view: { asker, zones, forwards } }: ProvenView, files: ZoneFiles): string {
  const root = forwards.find(({ domain }) => domain.labels.length === 0);
  return [
    `view ${quoted(asker.key)} {`,
    `\tmatch-clients { ${matches(asker)} };`,
    ...(root === undefined ? [] : [`\tforward only;`, `\tforwarders { ${servers(root.servers)} };${deadNote(root)}`]),
    ...zones.map(
      (zone) =>
        `\tzone ${quoted(zoneName(zone.zone.origin))} { type primary; file ${quoted(files.pathOf(zone))}; };${kindNote(zone.kind)}`,
    ),
    ...forwards
      .filter((one) => one !== root)
      .map(
        (one) =>
          `\tzone ${quoted(zoneName(one.domain))} { type forward; forward only; forwarders { ${servers(one.servers)} }; };${deadNote(one)}`,
      ),
    "};",
    "",
  ].join("\n");
}

function zoneName(origin: PlannedForward["domain"]): string {
  return displayName(origin);
}

function kindNote(kind: "private" | "public"): string {
  return kind === "private" ? " // private" : "";
}

function deadNote({ isDead }: PlannedForward): string {
  return isDead ? " // nobody answers there in the model" : "";
}

/** The first that holds an address decides, also for `!`. */
function matches({ key, addresses }: Asker): string {
  const items = addresses.map(({ cidr, isTheirs }) => `${isTheirs ? "" : "!"}${cidr.text};`);
  return [...items, ...(key === INTERNET ? ["any;"] : [])].join(" ");
}

function servers(all: readonly ForwardServer[]): string {
  return all.map(({ at: { address, port } }) => `${address.text}${port === 53 ? "" : ` port ${port}`};`).join(" ");
}

/** A string of named.conf. */
function quoted(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, "\\$&")}"`;
}

/** Forwarders that the target asks without TLS. */
function tlsLosses(views: readonly ProvenView[], because: string): Loss[] {
  const names = views.flatMap(({ view }) =>
    view.forwards.flatMap(({ servers: all }) => all.flatMap(({ tls }) => tls ?? [])),
  );
  return [...new Set(names)].map((tls) => ({ kind: "tls-dropped", message: `${tls}: ${because}` }));
}

/** Zones that are answered with a name server that the model does not have. */
export function nameServerLosses(views: readonly ProvenView[]): Loss[] {
  const zones = views.flatMap(({ view }) => view.zones.map(({ zone }) => zone)).filter(lacksNs);
  const names = new Map(zones.map(({ origin }) => [origin.key, origin]));
  return [...names.values()].toSorted(compareNames).map((name) => ({
    kind: "ns-added",
    name,
    type: RecordTypes.NS,
    message: `${displayName(name)} has no NS records, and no server loads a zone without: NS localhost. is added`,
  }));
}
