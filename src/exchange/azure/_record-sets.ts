import type { DomainName } from "../../name/domain-name.ts";
import { parseName } from "../../name/name-text.ts";
import { parseRdata, type RdataToken } from "../../record/rdata-text.ts";
import { typeName, typeNumber } from "../../record/type-names.ts";
import type { DraftRecords } from "../draft.ts";
import type { AzureResource } from "./azure-resource.ts";
import { fieldOf, itemsOf, ownField, textOf, unknownIn, type Value } from "./value.ts";

/** A record set as records of a zone; or the sentence why it cannot be. `wrong` are records of it that were passed over. */
export type ReadRecordSet =
  | { readonly kind: "records"; readonly records: DraftRecords; readonly wrong: readonly string[] }
  | { readonly kind: "problem"; readonly reason: string };

/** What Azure gives a set that does not say. */
const DEFAULT_TTL = 3600;
const MAX_TTL = 2 ** 31 - 1;
/** A string of a TXT record holds so many octets (RFC 1035 §3.3); Azure's own chunks may be longer. */
const MAX_STRING = 255;

/** Where each type keeps its records, and the texts of one. */
const SHAPES: ReadonlyMap<
  string,
  { readonly list: string; readonly words: (record: Value) => readonly (string | undefined)[] }
> = new Map([
  ["A", { list: "aRecords", words: (one) => [scalarOf(one, "ipv4Address")] }],
  ["AAAA", { list: "aaaaRecords", words: (one) => [scalarOf(one, "ipv6Address")] }],
  ["CNAME", { list: "cnameRecord", words: (one) => [host(one, "cname")] }],
  ["MX", { list: "mxRecords", words: (one) => [scalarOf(one, "preference"), host(one, "exchange")] }],
  ["NS", { list: "nsRecords", words: (one) => [host(one, "nsdname")] }],
  ["PTR", { list: "ptrRecords", words: (one) => [host(one, "ptrdname")] }],
  [
    "CAA",
    { list: "caaRecords", words: (one) => [scalarOf(one, "flags"), scalarOf(one, "tag"), scalarOf(one, "value")] },
  ],
  [
    "SRV",
    {
      list: "srvRecords",
      words: (one) => [scalarOf(one, "priority"), scalarOf(one, "weight"), scalarOf(one, "port"), host(one, "target")],
    },
  ],
  [
    "SOA",
    {
      list: "soaRecord",
      words: (one) => [
        host(one, "host"),
        host(one, "email")?.replace("@", "."),
        scalarOf(one, "serialNumber") ?? "1",
        scalarOf(one, "refreshTime") ?? "3600",
        scalarOf(one, "retryTime") ?? "300",
        scalarOf(one, "expireTime") ?? "2419200",
        scalarOf(one, "minimumTtl") ?? scalarOf(one, "minimumTTL") ?? "10",
      ],
    },
  ],
]);

/** Reads a record set of a private or a public zone: its type is the last part of the resource's. */
export function readRecordSet(resource: AzureResource, apex: DomainName): ReadRecordSet {
  const type = resource.type.slice(resource.type.lastIndexOf("/") + 1).toUpperCase();
  const number = typeNumber(type);
  const owner = ownerOf(resource.names.at(-1) ?? "@", apex);
  if (number === undefined || (type !== "TXT" && !SHAPES.has(type)))
    return { kind: "problem", reason: `records of type ${type} are not read` };
  if (owner === undefined) return { kind: "problem", reason: `${resource.names.at(-1)} is no name below its zone` };
  const written = fieldOf(resource.body, SHAPES.get(type)?.list ?? "txtRecords");
  const rdatas: Uint8Array[] = [];
  const wrong: string[] = [];
  for (const record of itemsOf(written)) {
    const tokens = tokensOf(type, record);
    const parsed =
      tokens === undefined
        ? { kind: "problem" as const, message: whyNot(record) }
        : parseRdata(number, tokens, apex, "unicode");
    if (parsed.kind === "rdata") rdatas.push(parsed.octets);
    else wrong.push(`a record ${typeName(number)} of ${resource.names.at(-1)} is left out: ${parsed.message}`);
  }
  if (rdatas.length === 0) {
    const unknown = unknownIn(written);
    const alias = textOf(fieldOf(resource.body, "targetResource", "id"));
    const reason =
      unknown !== undefined
        ? `its records are not known: ${unknown.reason}`
        : alias !== undefined
          ? `its records are the addresses of ${alias}, which only Azure knows`
          : (wrong[0] ?? "it has no records");
    return { kind: "problem", reason };
  }
  const set = { owner, type: number, ttl: ttlOf(resource.body), rdatas };
  return { kind: "records", records: { set, origin: resource.origin }, wrong };
}

/** The name of a record set in its zone: `@` is the zone itself. */
function ownerOf(name: string, apex: DomainName): DomainName | undefined {
  if (name === "@" || name === "") return apex;
  const parsed = parseName(name.replace(/\.$/, ""), apex, "unicode");
  return parsed.kind === "name" ? parsed.name : undefined;
}

function ttlOf(body: Value): number {
  const text = scalarOf(body, "ttl");
  const ttl = text !== undefined && /^[0-9]{1,10}$/.test(text) ? Number.parseInt(text, 10) : DEFAULT_TTL;
  return Math.min(ttl, MAX_TTL);
}

/** `undefined` when a part of it is missing, or not known. */
function tokensOf(type: string, record: Value): RdataToken[] | undefined {
  if (unknownIn(record) !== undefined) return undefined;
  if (type === "TXT") {
    const strings = itemsOf(fieldOf(record, "value")).map(textOrEmpty);
    return strings.length === 0
      ? undefined
      : strings.flatMap(chunks).map((text) => ({ text: escaped(text), quoted: true }));
  }
  const words = SHAPES.get(type)?.words(record) ?? [];
  const tokens = words.map((word) =>
    word === undefined ? undefined : { text: type === "CAA" ? escaped(word) : word, quoted: false },
  );
  return tokens.every((token) => token !== undefined) ? tokens : undefined;
}

function whyNot(record: Value): string {
  const unknown = unknownIn(record);
  return unknown === undefined ? "something of it is missing" : `it is not known: ${unknown.reason}`;
}

function textOrEmpty(value: Value): string {
  return value.kind === "text" ? value.text : "";
}

/** Whole characters, so many that no chunk is over the limit in UTF-8. */
function chunks(text: string): string[] {
  const found: string[] = [];
  let chunk = "";
  let octets = 0;
  for (const char of text) {
    const size = new TextEncoder().encode(char).length;
    if (octets + size > MAX_STRING) {
      found.push(chunk);
      chunk = "";
      octets = 0;
    }
    chunk += char;
    octets += size;
  }
  return [...found, chunk];
}

/** As a quoted string of a zone file has it (RFC 1035 §5.1). */
function escaped(text: string): string {
  return text.replace(/["\\]/g, "\\$&");
}

/** A number or a text, as text. */
function scalarOf(value: Value | undefined, key: string): string | undefined {
  const found = fieldOf(value, key) ?? ownField(value, key);
  if (found?.kind === "number") return String(found.number);
  return found?.kind === "text" ? found.text : undefined;
}

/** A name that is absolute whether it ends in a dot or not. */
function host(value: Value | undefined, key: string): string | undefined {
  const text = scalarOf(value, key);
  return text === undefined || text === "" ? undefined : text.endsWith(".") ? text : `${text}.`;
}

/** The types of record sets that a zone's resource has below it. */
export const RECORD_TYPES: readonly string[] = [...SHAPES.keys(), "TXT"];
