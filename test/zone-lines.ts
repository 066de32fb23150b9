import { Diagnostics } from "../src/diagnostics/diagnostic.ts";
import { type DomainName } from "../src/name/domain-name.ts";
import { formatName, knownName, parseName } from "../src/name/name-text.ts";
import { formatRdata, parseRdata } from "../src/record/rdata-text.ts";
import { makeSoa } from "../src/record/rdata-wire.ts";
import { RecordTypes } from "../src/record/record-type.ts";
import type { LocatedRecord, RRset } from "../src/record/rrset.ts";
import { typeName, typeNumber } from "../src/record/type-names.ts";
import { sourceFile } from "../src/source/source-file.ts";
import type { Zone, ZoneAnswer } from "../src/zone/zone.ts";
import { ZoneBuilder } from "../src/zone/zone-builder.ts";

/** The SOA of zones that have none in their lines: what a profile would make. */
export function madeSoa(owner: DomainName): RRset {
  const timers = { serial: 1, refresh: 3600, retry: 300, expire: 2419200, minimum: 10 };
  const rdata = makeSoa({ mname: knownName("made.invalid"), rname: knownName("nobody.invalid"), ...timers });
  return { owner, type: RecordTypes.SOA, ttl: 3600, rdatas: [rdata] };
}

/** Records of lines `OWNER [TTL] TYPE RDATA`, one each, at their places in the text; the TTL is 300 where left out. */
export function recordsOfLines(lines: string, originText: string): LocatedRecord[] {
  const origin = knownName(originText);
  const file = sourceFile("test.zone", lines, "octets");
  return file.lineStarts.reduce<LocatedRecord[]>((records, start, i) => {
    const line = lines.slice(start, file.lineStarts[i + 1] ?? lines.length).replace(/\n$/, "");
    const words = [...line.matchAll(/"([^"]*)"|\S+/g)];
    const [ownerWord, second, third] = words.map((match) => match[0]);
    if (ownerWord === undefined || second === undefined) return records;
    const hasTtl = /^[0-9]+$/.test(second);
    const type = typeNumber((hasTtl ? third : second) ?? "");
    if (type === undefined) throw new RangeError(`no type in: ${line}`);
    const tokens = words
      .slice(hasTtl ? 3 : 2)
      .map((match) => ({ text: match[1] ?? match[0], quoted: match[1] !== undefined }));
    const rdata = parseRdata(type, tokens, origin);
    const owner = ownerWord === "@" ? origin : parsedName(ownerWord, origin);
    if (rdata.kind === "problem") throw new RangeError(`${rdata.message}: ${line}`);
    const span = { file, start: start + (words[0]?.index ?? 0), end: start + line.trimEnd().length };
    records.push({ owner, type, ttl: hasTtl ? Number.parseInt(second, 10) : 300, rdata: rdata.octets, span });
    return records;
  }, []);
}

/** A zone of such lines, with what was found wrong with it. */
export function zoneOfLines(lines: string, originText: string): { zone: Zone; diagnostics: Diagnostics } {
  const origin = knownName(originText);
  const builder = new ZoneBuilder(origin);
  for (const record of recordsOfLines(lines, originText)) builder.add(record);
  const diagnostics = new Diagnostics();
  return { zone: { origin, tree: builder.finish(diagnostics), soa: madeSoa(origin) }, diagnostics };
}

/** An RRset in one line: `host1.example. 300 A 10.0.0.1 | 10.0.0.2`. */
export function showSet({ owner, ttl, type, rdatas }: RRset): string {
  return `${formatName(owner)} ${ttl} ${typeName(type)} ${rdatas.map((rdata) => formatRdata(type, rdata)).join(" | ")}`;
}

/** An answer as a word and lines, for tables. */
export function showAnswer(answer: ZoneAnswer): string {
  return linesOf(answer).join("\n");
}

function linesOf(answer: ZoneAnswer): string[] {
  switch (answer.kind) {
    case "data":
      return [`data${by(answer)}`, ...answer.rrsets.map(showSet)];
    case "alias":
      return [`alias${by(answer)} to ${formatName(answer.target)}`, showSet(answer.cname)];
    case "dname":
      return answer.cname === undefined || answer.target === undefined
        ? ["dname, name too long", showSet(answer.dname)]
        : [`dname to ${formatName(answer.target)}`, showSet(answer.dname), showSet(answer.cname)];
    case "delegation":
      return ["delegation", showSet(answer.ns), ...answer.glue.map(showSet)];
    case "nodata":
      return [`nodata${by(answer)}`];
    case "nxdomain":
      return [`nxdomain below ${formatName(answer.closestEncloser)}`];
  }
}

function by({ wildcard }: { readonly wildcard?: DomainName }): string {
  return wildcard === undefined ? "" : ` by ${formatName(wildcard)}`;
}

function parsedName(text: string, origin: DomainName): DomainName {
  const parsed = parseName(text, origin);
  if (parsed.kind === "problem") throw new RangeError(`${text} ${parsed.problem}`);
  return parsed.name;
}
