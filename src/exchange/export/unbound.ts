import { ancestorOf, compareNames, type DomainName } from "../../name/domain-name.ts";
import { displayName, formatName } from "../../name/name-text.ts";
import { longestSuffix } from "../../name/suffix-map.ts";
import { knownCidr } from "../../net/cidr.ts";
import { formatRdata } from "../../record/rdata-text.ts";
import { RecordTypes } from "../../record/record-type.ts";
import type { RRset } from "../../record/rrset.ts";
import { typeName } from "../../record/type-names.ts";
import { INTERNET } from "../../snapshot/compile.ts";
import { answersFor, flattenedLoss, type NameAnswer } from "./answers.ts";
import { type Asker, hasAddresses } from "./askers.ts";
import type { ExportedModel, ExportInput } from "./export-model.ts";
import type { ProvenView } from "./flatten.ts";
import { addressLosses, answerLosses, type Loss, lossLines } from "./losses.ts";
import type { ForwardServer, PlannedForward, PlannedView } from "./plan.ts";

/**
 * Unbound: one view for each asker, with local zones and local data. Local data follows no alias, and zones that do are not
 * of a view: the last answers are written.
 */
export function exportUnbound({ snapshot, name, names, views, losses: common }: ExportInput): ExportedModel {
  const all = views.map(({ view }) => view);
  const seen = all.filter(({ asker }) => hasAddresses(asker));
  const losses: Loss[] = [...common, ...addressLosses(all.map(({ asker }) => asker))];
  const blocks = views
    .filter(({ view }) => seen.includes(view))
    .map((proven) => {
      const { view } = proven;
      const { answers, losses: own } = answersFor(snapshot, view.asker, names);
      const flattened = answers.filter(({ alias }) => alias !== undefined);
      losses.push(...own, ...flattened.map((answer) => flattenedLoss(answer, view.asker)));
      losses.push(...denialLosses(proven), ...hollowLosses(view, answers));
      return viewText(view, answers);
    });
  const forwards = sharedForwards(seen, losses);
  const text = [
    `# What the networks of ${name} are answered, for Unbound: one view for each of them.`,
    "#",
    ...lossLines(losses).map((line) => `# ${line}`),
    "",
    "server:",
    "\t# Private answers below signed parents do not validate.",
    '\tmodule-config: "iterator"',
    "\trrset-roundrobin: no",
    "\tminimal-responses: yes",
    ...all.flatMap(({ asker }) => accessLines(asker)),
    "",
    ...blocks,
    ...forwards.map(forwardText),
  ].join("\n");
  return { files: [{ path: "unbound.conf", text: text.endsWith("\n") ? text : `${text}\n` }], losses };
}

/** Denials that come from another zone than in the model. */
function denialLosses(view: ProvenView): readonly Loss[] {
  const differing = view.differing.filter(({ ours }) => /^n(?:odata|xdomain)/.test(ours));
  return answerLosses({ ...view, flattened: [], differing });
}

/** Names that are there and have nothing: where nothing is written below them either, Unbound denies them. */
function hollowLosses({ asker: { key: asker }, zones }: PlannedView, answers: readonly NameAnswer[]): readonly Loss[] {
  const origins = new Map(zones.map(({ zone: { origin } }) => [origin.key, origin]));
  const written = new Set(origins.keys());
  for (const { owner, sets } of answers) {
    // A local zone knows nothing of what others have below it.
    const depth = longestSuffix(origins, owner)?.labels.length ?? 0;
    if (sets.length === 0) continue;
    for (let i = 0; i <= owner.labels.length - depth; i++) written.add(ancestorOf(owner, i).key);
  }
  return answers
    .filter(({ owner, exists, isElsewhere }) => exists && !isElsewhere && !written.has(owner.key))
    .map(({ owner: name }) => ({ kind: "name-denied", asker, name, message: displayName(name) }));
}

/** The longest prefix decides by itself. */
function accessLines({ key, addresses }: Asker): string[] {
  const view = quoted(key);
  if (key === INTERNET) {
    const everybody = ["0.0.0.0/0", "::/0"].map(knownCidr);
    return [
      ...everybody.flatMap(({ text }) => [`\taccess-control: ${text} allow`, `\taccess-control-view: ${text} ${view}`]),
      ...addresses.map(({ cidr }) => `\taccess-control: ${cidr.text} refuse`),
    ];
  }
  return addresses
    .filter(({ isTheirs }) => isTheirs)
    .flatMap(({ cidr: { text } }) => [`\taccess-control: ${text} allow`, `\taccess-control-view: ${text} ${view}`]);
}

function viewText({ asker, zones, forwards }: PlannedView, answers: readonly NameAnswer[]): string {
  const sets = answers.filter(({ isElsewhere }) => !isElsewhere).flatMap((answer) => answer.sets);
  const bare = sets.filter(({ type }) => type !== RecordTypes.SOA);
  return [
    "view:",
    `\tname: ${quoted(asker.key)}`,
    "\tview-first: no",
    ...zones.flatMap(({ zone, title }) => [
      `\t# ${title}`,
      `\tlocal-zone: ${quoted(formatName(zone.origin))} static`,
      ...dataLines(zone.soa),
    ]),
    ...forwards
      .filter(({ domain }) => domain.labels.length > 0)
      .map(({ domain }) => `\tlocal-zone: ${quoted(formatName(domain))} transparent`),
    ...bare.toSorted((a, b) => compareNames(a.owner, b.owner) || a.type - b.type).flatMap(dataLines),
    "",
  ].join("\n");
}

function dataLines({ owner, type, ttl, rdatas }: RRset): string[] {
  return rdatas
    .map((rdata) => formatRdata(type, rdata))
    .toSorted()
    .map((text) => `\tlocal-data: ${quoted(`${formatName(owner)} ${ttl} IN ${typeName(type)} ${text}`)}`);
}

/** Forwarders are the server's, not a view's: of two for one domain the first counts. */
function sharedForwards(views: readonly PlannedView[], losses: Loss[]): readonly PlannedForward[] {
  const shared = new Map<string, { forward: PlannedForward; asker: string }>();
  for (const { asker, forwards } of views) {
    for (const forward of forwards) {
      const { domain } = forward;
      const other = shared.get(domain.key);
      if (other === undefined) shared.set(domain.key, { forward, asker: asker.key });
      else if (serverText(other.forward.servers) !== serverText(forward.servers))
        losses.push({
          kind: "forward-shared",
          asker: asker.key,
          message: `${formatName(domain)} goes to ${serverText(other.forward.servers)} for everybody, as for ${other.asker}, not to ${serverText(forward.servers)}`,
        });
    }
  }
  return [...shared.values()].map(({ forward }) => forward);
}

function forwardText({ domain, servers, isDead }: PlannedForward): string {
  const isTls = servers.some(({ tls }) => tls !== undefined);
  return [
    ...(isDead ? ["# Nobody answers there in the model."] : []),
    "forward-zone:",
    `\tname: ${quoted(zoneText(domain))}`,
    ...(isTls ? ["\tforward-tls-upstream: yes"] : []),
    ...servers.map((server) => `\tforward-addr: ${oneServer(server)}`),
    "",
  ].join("\n");
}

function zoneText(domain: DomainName): string {
  return formatName(domain);
}

function serverText(servers: readonly ForwardServer[]): string {
  return servers.map(oneServer).join(", ");
}

function oneServer({ at: { address, port }, tls }: ForwardServer): string {
  const usual = tls === undefined ? 53 : 853;
  return `${address.text}${port === usual ? "" : `@${port}`}${tls === undefined ? "" : `#${tls}`}`;
}

/** A string of unbound.conf: nothing is escaped in it, so an apostrophe is written as zone files write octets. */
function quoted(text: string): string {
  return text.includes('"') ? `'${text.replaceAll("'", "\\039")}'` : `"${text}"`;
}
