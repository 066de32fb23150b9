/** What is suspect in single records: it can be served, and is hardly what was meant. */
import type { DiagnosticCode } from "../diagnostics/catalogue.ts";
import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { DomainName } from "../name/domain-name.ts";
import { formatName, knownName } from "../name/name-text.ts";
import { namesIn } from "../record/rdata-wire.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import { typeName } from "../record/type-names.ts";
import { packedRdata, placeIn } from "./packed-tree.ts";
import { nodeName, type ZoneTree } from "./zone-tree.ts";

const { NS, CNAME, PTR, MX, SRV, SVCB, HTTPS } = RecordTypes;

/** Types with a name where people write an address, and how many octets stand before it. */
const NAME_AT: ReadonlyMap<RecordType, number> = new Map([
  [NS, 0],
  [CNAME, 0],
  [PTR, 0],
  [MX, 2],
  [SRV, 6],
  [SVCB, 2],
  [HTTPS, 2],
]);
/** Below this name, numbers are names. */
const REVERSE = knownName("in-addr.arpa");

/** A record of the packed tree. */
interface RecordAt {
  readonly node: number;
  readonly type: RecordType;
  readonly record: number;
}

/** Reports suspect records one by one. A record without suspicion costs a look at its octets where they lie. */
export function checkRdata(tree: ZoneTree, diagnostics: Diagnostics): void {
  const { nodeSets, setType, setRecords } = tree.base;
  for (let node = 0; node + 1 < nodeSets.length; node++) {
    const endOfSets = nodeSets[node + 1] ?? 0;
    for (let set = nodeSets[node] ?? 0; set < endOfSets; set++) {
      const type = setType[set] ?? 0;
      const nameAt = NAME_AT.get(type);
      if (nameAt === undefined) continue;
      const endOfRecords = setRecords[set + 1] ?? 0;
      for (let record = setRecords[set] ?? 0; record < endOfRecords; record++) {
        if (beginsWithNumber(tree, record, nameAt)) checkAddress(tree, { node, type, record }, diagnostics);
        if (type === SVCB || type === HTTPS) checkAliasMode(tree, { node, type, record }, diagnostics);
      }
    }
  }
}

/** Whether the name in rdata begins with a label of one to three octets, the first of them a digit. */
function beginsWithNumber({ base }: ZoneTree, record: number, nameAt: number): boolean {
  const at = (base.recordRdata[record] ?? 0) + nameAt;
  const [length = 0, first = 0] = [base.rdata[at], base.rdata[at + 1]];
  return length >= 1 && length <= 3 && first >= 0x30 && first <= 0x39;
}

function checkAddress(tree: ZoneTree, at: RecordAt, diagnostics: Diagnostics): void {
  const [target] = namesIn(at.type, packedRdata(tree.base, at.record));
  const address = target === undefined ? undefined : addressIn(target, tree.origin);
  if (target === undefined || address === undefined) return;
  const type = typeName(at.type);
  report(tree, at, diagnostics, "zone/address-as-name", {
    message: `${type} needs a name, and ${address} is read as the name ${formatName(target)}`,
    hint: at.type === CNAME ? `write A ${address}` : `write the name of a host, which has the record A ${address}`,
  });
}

/** The IPv4 address that a name spells: four numbers, and behind them the origin, which completed what was written, or nothing. */
function addressIn({ labels, key }: DomainName, origin: DomainName): string | undefined {
  const numbers = labels.slice(0, 4);
  if (numbers.length < 4 || !numbers.every((label) => /^[0-9]{1,3}$/.test(label) && Number.parseInt(label, 10) <= 255))
    return undefined;
  const address = numbers.join(".");
  if (labels.length === 4) return address;
  const isCompleted = labels.length === 4 + origin.labels.length && key.endsWith(origin.key);
  return isCompleted && origin.key !== REVERSE.key ? address : undefined;
}

/** RFC 9460 §2.4.2: on an alias, priority 0, parameters do nothing, and a person should hear of them. */
function checkAliasMode(tree: ZoneTree, at: RecordAt, diagnostics: Diagnostics): void {
  const { base } = tree;
  const start = base.recordRdata[at.record] ?? 0;
  if (base.rdata[start] !== 0 || base.rdata[start + 1] !== 0) return;
  const octets = packedRdata(base, at.record);
  const [target] = namesIn(at.type, octets);
  if (target === undefined || octets.length === 2 + target.key.length) return;
  report(tree, at, diagnostics, "zone/alias-with-parameters", {
    message: `${typeName(at.type)} of priority 0 is an alias of ${formatName(target)}, and its parameters do nothing`,
    hint: `write priority 1 to use them, or put them on the ${typeName(at.type)} record of ${formatName(target)}`,
  });
}

function report(
  tree: ZoneTree,
  { node, record }: RecordAt,
  diagnostics: Diagnostics,
  code: DiagnosticCode,
  { message, hint }: { readonly message: string; readonly hint: string },
): void {
  const span = placeIn(tree.base.files, tree.base.recordPlace, record);
  if (span !== undefined) diagnostics.report(code, `${formatName(nodeName(tree, node))}: ${message}`, span, { hint });
}
