import { type DomainName, isAtOrBelow } from "../../name/domain-name.ts";
import { displayName } from "../../name/name-text.ts";
import { formatRdata } from "../../record/rdata-text.ts";
import { RecordTypes } from "../../record/record-type.ts";
import type { RRset } from "../../record/rrset.ts";
import { formatHex } from "../../record/text/octets-text.ts";
import { typeName } from "../../record/type-names.ts";
import { answersFor, flattenedLoss, type NameAnswer } from "./answers.ts";
import type { ExportedModel, ExportInput } from "./export-model.ts";
import { type Loss, lossLines } from "./losses.ts";
import type { ForwardServer, PlannedView } from "./plan.ts";
import { type ExportFile, safePart } from "./zone-paths.ts";

/** dnsmasq: it knows no clients, so one configuration for each asker; records by name, and aliases between those. */
export function exportDnsmasq({ snapshot, name, names, views, losses: common }: ExportInput): ExportedModel {
  const losses: Loss[] = [...common, SOA_LOSS];
  const files = views.map(({ view }): ExportFile => {
    const { answers, losses: lost } = answersFor(snapshot, view.asker, names);
    const own: Loss[] = [...lost];
    const lines = recordLines(view, answers, own);
    losses.push(...own);
    const told = [...common.filter(({ asker }) => asker === view.asker.key), SOA_LOSS, ...own];
    const text = [
      `# What ${view.asker.key} of ${name} is answered, for dnsmasq.`,
      "#",
      ...lossLines(told).map((line) => `# ${line}`),
      "",
      "no-resolv",
      "no-hosts",
      ...placeLines(view),
      "",
      ...lines,
      "",
    ].join("\n");
    return { path: `${safePart(view.asker.key)}.conf`, text };
  });
  return { files, losses };
}

const SOA_LOSS: Loss = { kind: "denial-without-soa", message: "nobody keeps a denial of dnsmasq" };

/** What is answered here alone, and who is asked for the rest. */
function placeLines({ zones, forwards }: PlannedView): string[] {
  const root = forwards.find(({ domain }) => domain.labels.length === 0);
  const own = zones
    .filter(({ zone }) => zone.origin.labels.length > 0)
    .map(({ zone }) => `local=/${displayName(zone.origin)}/`);
  const others = forwards.flatMap(({ domain, servers }) =>
    servers.map(
      (server) => `server=${domain.labels.length === 0 ? "" : `/${displayName(domain)}/`}${serverText(server)}`,
    ),
  );
  return [...own, ...others, ...(root === undefined ? ["# Nothing is asked of anybody else.", "address=/#/"] : [])];
}

function serverText({ at: { address, port } }: ForwardServer): string {
  return `${address.text}${port === 53 ? "" : `#${port}`}`;
}

function recordLines({ asker, forwards }: PlannedView, answers: readonly NameAnswer[], losses: Loss[]): string[] {
  const byName = new Map(answers.map((answer) => [answer.owner.key, answer]));
  const lines: string[] = [];
  for (const answer of answers) {
    const { owner, alias, sets, isElsewhere } = answer;
    if (isElsewhere || forwards.some(({ domain }) => domain.labels.length > 0 && isAtOrBelow(owner, domain))) continue;
    const wrong = [owner, ...(alias === undefined ? [] : [alias.target])].find((one) => !isWritable(one));
    if (wrong !== undefined) {
      const message = `${displayName(owner)}: dnsmasq reads names of letters, digits, hyphens and underscores alone`;
      losses.push({ kind: "name-dropped", asker: asker.key, name: owner, message });
      continue;
    }
    if (alias !== undefined && leadsThere(answer, byName.get(alias.target.key))) {
      lines.push(`cname=${displayName(owner)},${displayName(alias.target)},${alias.ttl}`);
      continue;
    }
    if (alias !== undefined) losses.push(flattenedLoss(answer, asker));
    if (answer.exists && !sets.some(isAddressSet))
      losses.push({ kind: "name-denied", asker: asker.key, name: owner, message: displayName(owner) });
    lines.push(...sets.flatMap((rrset) => setLines(rrset, asker.key, losses)));
  }
  return lines;
}

/** dnsmasq follows an alias only to a name that it has an address for, and finds there what it finds for that name. */
function leadsThere({ sets }: NameAnswer, target: NameAnswer | undefined): boolean {
  if (target === undefined || target.isElsewhere) return false;
  const wanted = sets.map(valueText).toSorted().join("\n");
  return wanted === target.sets.map(valueText).toSorted().join("\n") && target.sets.some(isAddressSet);
}

function isAddressSet({ type }: RRset): boolean {
  return type === RecordTypes.A || type === RecordTypes.AAAA;
}

function valueText({ type, ttl, rdatas }: RRset): string {
  return `${type} ${ttl} ${rdatas
    .map((rdata) => formatRdata(type, rdata))
    .toSorted()
    .join(" ")}`;
}

function setLines({ owner, type, ttl, rdatas }: RRset, asker: string, losses: Loss[]): string[] {
  const name = displayName(owner);
  if (type === RecordTypes.A || type === RecordTypes.AAAA)
    return rdatas.map((rdata) => `host-record=${name},${formatRdata(type, rdata)},${ttl}`).toSorted();
  if (owner.labels.length === 0 || type === RecordTypes.SOA || type === RecordTypes.NS) {
    losses.push({
      kind: "type-dropped",
      asker,
      name: owner,
      type,
      message: `${typeName(type)} at apexes: dnsmasq has no zones`,
    });
    return [];
  }
  losses.push({
    kind: "ttl-dropped",
    asker,
    name: owner,
    type,
    message: `${name} ${typeName(type)} has TTL 0, not ${ttl}`,
  });
  return rdatas
    .map((rdata) => `# ${typeName(type)} ${formatRdata(type, rdata)}\ndns-rr=${name},${type},${formatHex(rdata)}`)
    .toSorted();
}

function isWritable({ labels }: DomainName): boolean {
  return labels.every((label) => /^[A-Za-z0-9_-]+$/.test(label));
}
