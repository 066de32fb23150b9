import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import * as fc from "fast-check";
import { askedNames } from "../../src/exchange/export/asked-names.ts";
import { type Asker, askersOf, hasAddresses } from "../../src/exchange/export/askers.ts";
import type { ExportedModel } from "../../src/exchange/export/export-model.ts";
import type { Loss, LossKind } from "../../src/exchange/export/losses.ts";
import type { Message } from "../../src/message/message.ts";
import { Rcodes } from "../../src/message/rcodes.ts";
import { type DomainName, nameFromLabels } from "../../src/name/domain-name.ts";
import { formatName } from "../../src/name/name-text.ts";
import { addressOf, knownAddress } from "../../src/net/address.ts";
import type { Cidr } from "../../src/net/cidr.ts";
import { loadProject } from "../../src/project/load-project.ts";
import { ProjectFiles } from "../../src/project/project-files.ts";
import { formatRdata } from "../../src/record/rdata-text.ts";
import { RecordTypes } from "../../src/record/record-type.ts";
import { typeName } from "../../src/record/type-names.ts";
import { renderCompact } from "../../src/report/compact.ts";
import type { Resolution } from "../../src/resolve/resolution.ts";
import { resolveOffline } from "../../src/resolve/resolve.ts";
import { clientAt } from "../../src/snapshot/clients.ts";
import type { Snapshot } from "../../src/snapshot/snapshot.ts";
import { madeTopology } from "./made-topologies.ts";

/** A model that is exported, and what it is called. */
export interface ProofModel {
  readonly title: string;
  readonly snapshot: Snapshot;
}

const ROOT_FOLDER = join(import.meta.dirname, "..", "..");

/** The built-in example, every topology below `examples/`, and made ones: the same in every run. */
export function proofModels(made: number): readonly ProofModel[] {
  const examples = readdirSync(join(ROOT_FOLDER, "examples"), { recursive: true, encoding: "utf8" });
  const files = examples.filter((path) => path.endsWith(".yaml") && !/cluster|pod/.test(path)).toSorted();
  const texts = fc.sample(madeTopology, { numRuns: made, seed: 2026 });
  return [
    { title: "zones", snapshot: loadFile(join(ROOT_FOLDER, "zones", "privlink.yaml")) },
    ...files.map((path) => ({ title: path, snapshot: loadFile(join(ROOT_FOLDER, "examples", path)) })),
    ...texts.map((text, i) => ({ title: `made ${i}`, snapshot: loadText(text) })),
  ];
}

export function loadText(text: string): Snapshot {
  const folder = mkdtempSync(join(tmpdir(), "privlink-made-"));
  try {
    writeFileSync(join(folder, "privlink.yaml"), text);
    return loadFile(join(folder, "privlink.yaml"));
  } catch (error) {
    throw new Error(text, { cause: error });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function loadFile(path: string): Snapshot {
  const files = new ProjectFiles(dirname(path), dirname(path));
  const entry = files.open(basename(path), "unicode");
  if (entry.kind === "problem") throw new Error(entry.message);
  const { snapshot, diagnostics, hasErrors } = loadProject(entry.file, files);
  if (hasErrors) throw new Error(diagnostics.map(renderCompact).join("\n"));
  return snapshot;
}

export interface ProofQuestion {
  readonly name: DomainName;
  readonly type: number;
}

/** Every name that the model knows with its types; and for each wildcard a name that only it covers. */
function proofQuestions(snapshot: Snapshot): readonly ProofQuestion[] {
  return askedNames(snapshot).flatMap(({ owner, types }) => {
    const covered = owner.labels[0] === "*" ? [nameFromLabels(["covered", ...owner.labels.slice(1)])] : [];
    return [owner, ...covered].flatMap((name) => types.map((type) => ({ name, type })));
  });
}

/** Somebody who asks, from where, and what: all to which the model itself has an answer. */
export interface ProofAsker {
  readonly asker: Asker;
  readonly from: string;
  readonly questions: readonly ProofQuestion[];
}

/** Askers with an address of theirs to ask from. */
export function proofAskers(snapshot: Snapshot): readonly ProofAsker[] {
  const all = proofQuestions(snapshot);
  return askersOf(snapshot)
    .filter(hasAddresses)
    .flatMap((asker) => {
      const from = addressFor(snapshot, asker);
      const questions = all.filter((question) => {
        const { kind } = resolveOffline(snapshot, asker.addressee, question).outcome;
        return kind === "answer" || kind === "nodata" || kind === "nxdomain";
      });
      return from === undefined || questions.length === 0 ? [] : [{ asker, from, questions }];
    });
}

/** An address that the model takes for this asker's; IPv4, and nobody's for the internet. */
function addressFor({ clients, topology }: Snapshot, { key, addressee, addresses }: Asker): string | undefined {
  if (addressee.network === undefined) return "203.0.113.77";
  const inside = addresses.filter(({ isTheirs }) => isTheirs).flatMap(({ cidr }) => [lastOf(cidr), cidr.address]);
  const found = inside.find((address) => {
    const client = clientAt(clients, address);
    if (address.family !== 4 || client.kind !== "network") return false;
    const dns = topology.networks.get(client.network)?.hosts.get(client.host ?? "")?.dns ?? [];
    return (dns.length > 0 ? `${client.host}@${client.network}` : client.network) === key;
  });
  return found?.text;
}

/** The last address of a prefix but one, as the last one may be a broadcast. */
function lastOf({ address, length }: Cidr) {
  if (length === address.octets.length * 8 || address.family === 6) return address;
  const octets = address.octets.map((octet, i) => octet | (0xff >> Math.min(8, Math.max(0, length - i * 8))));
  octets[3] = (octets[3] ?? 0) & 0xfe;
  return addressOf(octets);
}

/** How a target's replies are looked at, where it cannot say all. */
export interface Leniency {
  /** Losses of these kinds excuse the answer at their name altogether. */
  readonly excused: readonly LossKind[];
  /** TTLs do not count: never, or where a loss of these kinds says so. */
  readonly hasNoTtl?: "always" | readonly LossKind[];
  readonly hasNoSoa?: true;
  /** The last answer counts alone, however it is reached. */
  readonly isFlat?: true;
  /** That a name does not exist, and that it has nothing of a type, look the same. */
  readonly blursDenials?: true;
}

/** What was compared, and where the two differ without a loss that says so. */
export interface Proof {
  readonly compared: number;
  /** Told as lost. */
  readonly excused: number;
  readonly differing: readonly string[];
}

export function proofOf(
  snapshot: Snapshot,
  asker: Asker,
  { losses }: Pick<ExportedModel, "losses">,
  questions: readonly ProofQuestion[],
  replies: readonly (Message | undefined)[],
  leniency: Leniency,
): Proof {
  const counts = { compared: 0, excused: 0 };
  const told = new Map<string, Loss[]>();
  for (const loss of losses) {
    if (loss.name === undefined || (loss.asker !== undefined && loss.asker !== asker.key)) continue;
    told.set(loss.name.key, [...(told.get(loss.name.key) ?? []), loss]);
  }
  const differing = questions.flatMap(({ name, type }, i) => {
    const own = resolveOffline(snapshot, asker.addressee, { name, type });
    const covering = nameFromLabels(["*", ...name.labels.slice(1)]);
    const about = [...(told.get(name.key) ?? []), ...(told.get(covering.key) ?? [])].filter(
      (loss) => loss.type === undefined || loss.type === type,
    );
    const isAliasGone = type === RecordTypes.CNAME && about.some(({ kind }) => kind === "chain-flattened");
    if (isAliasGone || about.some(({ kind }) => leniency.excused.includes(kind))) {
      counts.excused += 1;
      return [];
    }
    counts.compared += 1;
    const isFlat = leniency.isFlat === true || about.some(({ kind }) => kind === "chain-flattened");
    const { hasNoTtl = [] } = leniency;
    const look: Look = {
      isFlat,
      hasTtl: hasNoTtl !== "always" && !about.some(({ kind }) => hasNoTtl.includes(kind)),
      hasSoa: leniency.hasNoSoa !== true && !isFlat,
      blursDenials: leniency.blursDenials === true,
    };
    const [ours, theirs] = [ownText(own, look), theirText(replies[i], look)];
    return ours === theirs
      ? []
      : [`${asker.key} asks ${formatName(name)} ${typeName(type)}: ${ours} in the model, ${theirs} there`];
  });
  return { ...counts, differing };
}

/** What of an answer counts. */
interface Look {
  readonly isFlat: boolean;
  readonly hasTtl: boolean;
  readonly hasSoa: boolean;
  readonly blursDenials: boolean;
}

interface Line {
  readonly owner: DomainName;
  readonly type: number;
  readonly ttl: number;
  readonly rdata: Uint8Array;
}

function ownText({ aliases, outcome }: Resolution, look: Look): string {
  const last = outcome.kind === "answer" ? outcome.rrsets : [];
  const lines = [...(look.isFlat ? [] : aliases), ...last].flatMap(({ owner, type, ttl, rdatas }) =>
    rdatas.map((rdata) => ({ owner, type, ttl, rdata })),
  );
  const soa = outcome.kind === "nodata" || outcome.kind === "nxdomain" ? outcome.soa?.owner : undefined;
  return textOf(outcome.kind === "nxdomain" ? Rcodes.NXDOMAIN : Rcodes.NOERROR, lines, soa, look);
}

function theirText(message: Message | undefined, look: Look): string {
  if (message === undefined) return "no reply";
  const { type } = message.questions[0] ?? { type: 0 };
  const lines = look.isFlat ? message.answers.filter((one) => one.type === type) : message.answers;
  const isDenial = !message.answers.some((one) => one.type === type);
  const soa = message.authorities.find((one) => one.type === RecordTypes.SOA)?.owner;
  return textOf(message.rcode, lines, isDenial ? soa : undefined, look);
}

function textOf(rcode: number, lines: readonly Line[], soa: DomainName | undefined, look: Look): string {
  const texts = lines.map(({ owner, type, ttl, rdata }) =>
    [
      ...(look.isFlat ? [] : [formatName(owner).toLowerCase()]),
      ...(look.hasTtl ? [String(ttl)] : []),
      typeName(type),
      formatRdata(type, rdata).toLowerCase(),
    ].join(" "),
  );
  const denial = soa === undefined || !look.hasSoa ? [] : [`denied by ${formatName(soa).toLowerCase()}`];
  const seen = look.blursDenials && rcode === Rcodes.NXDOMAIN ? Rcodes.NOERROR : rcode;
  return [`rcode ${seen}`, ...texts.toSorted(), ...denial].join("; ");
}

/** An address of the namespace for a server of its own. */
export function serverAddress(index: number): string {
  return knownAddress(`127.0.${1 + (index >> 8)}.${index & 0xff}`).text;
}
