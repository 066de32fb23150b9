import { displayName } from "../../name/name-text.ts";
import { formatAddressPort } from "../../net/address.ts";
import { INTERNET } from "../../snapshot/compile.ts";
import { type Asker, hasAddresses } from "./askers.ts";
import { nameServerLosses } from "./bind.ts";
import type { ExportedModel, ExportInput } from "./export-model.ts";
import type { ProvenView } from "./flatten.ts";
import { addressLosses, answerLosses, lossLines } from "./losses.ts";
import type { ForwardServer, PlannedForward } from "./plan.ts";
import { type ZoneFiles, zoneFilesOf } from "./zone-paths.ts";

/**
 * CoreDNS: server blocks that the addresses of an asker choose (plugin `view`). An alias that leaves a zone is looked up by the
 * server itself, as the same client.
 */
export function exportCoreDns({ name, views: all, losses: common }: ExportInput): ExportedModel {
  const views = all.filter(({ view }) => hasAddresses(view.asker));
  const zones = zoneFilesOf(views);
  const losses = [
    ...common,
    ...addressLosses(all.map(({ view }) => view.asker)),
    ...views.flatMap(answerLosses),
    ...nameServerLosses(views),
  ];
  const text = [
    `# What the networks of ${name} are answered, for CoreDNS 1.10 or later: blocks with one \`view\` for each of them.`,
    "# Files are named from the folder that coredns is started in.",
    "#",
    ...lossLines(losses).map((line) => `# ${line}`),
    "",
    ...views.flatMap((view) => blocksOf(view, zones)),
  ].join("\n");
  return { files: [{ path: "Corefile", text }, ...zones.files], losses };
}

/** All zones of an asker in one block, of which the longest answers; forwarders, which stand behind `file`, in their own. */
function blocksOf({ view: { asker, zones, forwards } }: ProvenView, files: ZoneFiles): string[] {
  const view = viewLines(asker);
  const root = forwards.filter(({ domain }) => domain.labels.length === 0);
  const own = zones.map((one) => `file ${word(files.pathOf(one))} ${displayName(one.zone.origin)}`);
  return [
    `# ${asker.key}`,
    "",
    block(".", [...view, ...own, ...root.flatMap(forwardLines)]),
    ...forwards
      .filter((one) => !root.includes(one))
      .map((one) => block(displayName(one.domain), [...view, ...forwardLines(one)])),
  ];
}

function forwardLines({ servers, isDead }: PlannedForward): string[] {
  const name = servers.find(({ tls }) => tls !== undefined)?.tls;
  const target = `forward . ${servers.map(serverText).join(" ")}`;
  const lines = name === undefined ? [target] : [`${target} {`, `\ttls_servername ${name}`, "}"];
  return [...(isDead ? ["# Nobody answers there in the model."] : []), ...lines];
}

function block(zone: string, lines: readonly string[]): string {
  return [`${zone} {`, ...lines.map((line) => `\t${line}`), "}", ""].join("\n");
}

/** The internet is whoever is left: the last blocks of a zone have no view, or one that leaves out those who get no answer. */
function viewLines({ key, addresses }: Asker): string[] {
  let expression = key === INTERNET ? "true" : "false";
  // From the last, which is the shortest prefix: what stands before it decides first.
  for (const { isTheirs, texts } of runsOf(addresses).toReversed()) {
    const inside = texts.map((text) => `incidr(client_ip(), '${text}')`).join(" || ");
    if (isTheirs) expression = expression === "false" ? inside : `${inside} || ${expression}`;
    else expression = expression === "true" ? `!(${inside})` : `!(${inside}) && (${expression})`;
  }
  if (expression === "true") return [];
  return [`view ${word(key)} {`, `\texpr ${expression}`, "}"];
}

/** Neighbours that are both the asker's, or both not. */
function runsOf(addresses: Asker["addresses"]): { isTheirs: boolean; texts: string[] }[] {
  const runs: { isTheirs: boolean; texts: string[] }[] = [];
  for (const { cidr, isTheirs } of addresses) {
    const last = runs.at(-1);
    if (last?.isTheirs === isTheirs) last.texts.push(cidr.text);
    else runs.push({ isTheirs, texts: [cidr.text] });
  }
  return runs;
}

function serverText({ at, tls }: ForwardServer): string {
  const text = at.port === 53 || (tls !== undefined && at.port === 853) ? at.address.text : formatAddressPort(at);
  return tls === undefined ? text : `tls://${text}`;
}

/** A word of a Corefile; one with spaces or signs of the format stands in quotes. */
function word(text: string): string {
  return /^[\w./@%-]+$/.test(text) ? text : `"${text.replaceAll(/[\\"]/g, "\\$&")}"`;
}
