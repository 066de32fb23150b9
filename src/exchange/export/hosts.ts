import { isHostLabel } from "../../name/host-label.ts";
import { displayName } from "../../name/name-text.ts";
import { formatRdata } from "../../record/rdata-text.ts";
import { RecordTypes } from "../../record/record-type.ts";
import type { RRset } from "../../record/rrset.ts";
import { typeName } from "../../record/type-names.ts";
import { answersFor, type NameAnswer } from "./answers.ts";
import type { ExportedModel, ExportInput } from "./export-model.ts";
import { type Loss, lossLines } from "./losses.ts";
import { type ExportFile, safePart } from "./zone-paths.ts";

/** `/etc/hosts` of each asker's machines: the addresses that they get in the end, for every name that the model knows. */
export function exportHosts({ snapshot, name, names, views, losses: common }: ExportInput): ExportedModel {
  const losses: Loss[] = [...common, TTL_LOSS];
  const files = views.map(({ view: { asker } }): ExportFile => {
    const { answers, losses: lost } = answersFor(snapshot, asker, names);
    const own = [...lost];
    const lines = answers.flatMap((answer) => linesOf(answer, asker.key, own));
    losses.push(...own);
    const told = [...common.filter((loss) => loss.asker === asker.key), TTL_LOSS, ...own];
    const text = [
      `# The addresses that ${asker.key} of ${name} gets, as a hosts file. Names that are not here are asked of DNS.`,
      "#",
      ...lossLines(told).map((line) => `# ${line}`),
      "",
      ...aligned(lines),
      "",
    ].join("\n");
    return { path: `${safePart(asker.key)}.hosts`, text };
  });
  return { files, losses };
}

const TTL_LOSS: Loss = { kind: "ttl-dropped", message: "a hosts file has no TTLs, and denies nothing" };

function linesOf({ owner, sets, isElsewhere }: NameAnswer, asker: string, losses: Loss[]): string[][] {
  if (isElsewhere) return [];
  const name = displayName(owner);
  for (const { type } of sets.filter((rrset) => !isAddressSet(rrset) && !isZoneData(rrset)))
    losses.push({ kind: "type-dropped", asker, name: owner, type, message: `${name} ${typeName(type)}` });
  const addresses = sets.filter(isAddressSet);
  if (addresses.length > 0 && !owner.labels.every(isHostLabel)) {
    losses.push({ kind: "name-dropped", asker, name: owner, message: `${name} is no name of a host` });
    return [];
  }
  return addresses.flatMap(({ type, rdatas }) =>
    rdatas.map((rdata) => [formatRdata(type, rdata), name]).toSorted(byAddress),
  );
}

function byAddress([a = ""]: readonly string[], [b = ""]: readonly string[]): number {
  return a < b ? -1 : 1;
}

function isAddressSet({ type }: RRset): boolean {
  return type === RecordTypes.A || type === RecordTypes.AAAA;
}

/** What zones have, and no program looks up. */
function isZoneData({ type }: RRset): boolean {
  return type === RecordTypes.SOA || type === RecordTypes.NS;
}

function aligned(lines: readonly (readonly string[])[]): string[] {
  const width = Math.max(0, ...lines.map(([address = ""]) => address.length));
  return lines.map(([address = "", name = ""]) => `${address.padEnd(width)} ${name}`);
}
