import { compareNames, type DomainName, isAtOrBelow } from "../name/domain-name.ts";
import { formatName } from "../name/name-text.ts";
import { formatRdata } from "../record/rdata-text.ts";
import { RecordTypes } from "../record/record-type.ts";
import { typeName } from "../record/type-names.ts";
import type { DraftRecords } from "./draft.ts";
import { oneLine, originText } from "./origin-text.ts";

/**
 * A zone as the text of a master file, in one order whatever the order of `records`: the apex first, names in canonical
 * order (RFC 4034 §6.1), of each name the SOA, then types by number, then records by their text. Each line has its owner
 * and TTL, so that a line that changes is one line of a difference. `head` is written above, as comments.
 */
export function formatZoneText(
  apex: DomainName,
  records: readonly DraftRecords[],
  head: readonly string[] = [],
): string {
  const comments = head.map((line) => `; ${oneLine(line)}\n`).join("");
  const sets = [...records].sort(
    (a, b) => compareNames(a.set.owner, b.set.owner) || rank(a.set.type) - rank(b.set.type),
  );
  const lines = sets.flatMap(({ set, origin, notes = [] }) => {
    const above = [...(origin === undefined ? [] : [originText(origin)]), ...notes];
    const head = [relativeName(set.owner, apex), String(set.ttl), typeName(set.type)].join("\t");
    const rows = [...new Set(set.rdatas.map((rdata) => formatRdata(set.type, rdata)))].sort(byCodeUnits);
    return [...above.map((line) => `; ${oneLine(line)}\n`), ...rows.map((rdata) => `${head}\t${rdata}\n`)];
  });
  return `${comments}$ORIGIN ${formatName(apex)}\n${lines.join("")}`;
}

/** Where a type stands among those of its owner: what a zone begins with comes first. */
function rank(type: number): number {
  return type === RecordTypes.SOA ? -1 : type;
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** `@`, a name without the apex, or an absolute name where it lies outside. */
function relativeName(owner: DomainName, apex: DomainName): string {
  if (owner.key === apex.key) return "@";
  if (!isAtOrBelow(owner, apex)) return formatName(owner);
  const labels = owner.labels.slice(0, owner.labels.length - apex.labels.length);
  return formatName({ labels, key: "" }).slice(0, -1);
}
