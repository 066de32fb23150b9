import type { DomainName } from "../name/domain-name.ts";
import { readUncompressedName, writeCompressedName, writeName } from "../octets/name.ts";
import { OctetReader } from "../octets/octet-reader.ts";
import { OctetWriter } from "../octets/octet-writer.ts";
import { WireError } from "../octets/wire-error.ts";
import type { RdataLayout } from "./field/field.ts";
import { RDATA_LAYOUTS } from "./rdata/table.ts";
import { RecordClasses, type RecordType, RecordTypes } from "./record-type.ts";

/** The most that RDLENGTH can say (RFC 1035 §3.2.1). */
export const MAX_RDATA_OCTETS = 0xffff;

/** Types whose rdata looks the same in every class (RFC 1035 §3.3). */
const TYPES_OF_EVERY_CLASS: ReadonlySet<RecordType> = new Set([
  RecordTypes.NS,
  RecordTypes.CNAME,
  RecordTypes.SOA,
  RecordTypes.PTR,
  RecordTypes.MX,
  RecordTypes.TXT,
]);

/** The types with a name that we compress. */
const COMPRESSIBLE: ReadonlyMap<RecordType, RdataLayout> = new Map(
  [...RDATA_LAYOUTS].filter(([, layout]) => layout.some((field) => field.name === "compressed")),
);

/** One buffer for all reading, which ends before the next begins. */
const scratch = new OctetWriter();

/** Whether rdata has the form of its type, names in it included. In classes other than IN few types have one; any octets are kept. */
export function isOfKnownForm(type: RecordType, recordClass: number): boolean {
  return recordClass === RecordClasses.IN || TYPES_OF_EVERY_CLASS.has(type);
}

/**
 * Reads `length` octets of received rdata and returns a copy in the form that is kept: names uncompressed. Names may be
 * compressed where RFC 1035 and RFC 3597 §4 let senders do so; the rdata of types we do not know is copied as it is.
 * @throws WireError when the octets are not of the type, or fewer or more than `length`.
 */
export function readRdata(type: RecordType, reader: OctetReader, length: number): Uint8Array {
  const own = reader.slice(length);
  const layout = RDATA_LAYOUTS.get(type);
  if (layout === undefined) return own.take(length).slice();
  scratch.truncate(0);
  try {
    for (const field of layout) field.read(own, scratch);
  } catch (error) {
    // The message goes on, it is the rdata that ends too early.
    if (error instanceof WireError && error.problem === "message-too-short")
      throw new WireError("rdata-length", error.offset);
    throw error;
  }
  if (own.remaining > 0) throw new WireError("rdata-length", own.offset);
  return scratch.finish();
}

/**
 * Writes kept rdata into a message, without its length. Names of RFC 1035 types are compressed, no others
 * (RFC 3597 §4). The octets must come from `readRdata` or `parseRdata`.
 */
export function writeRdata(type: RecordType, octets: Uint8Array, writer: OctetWriter): void {
  const layout = COMPRESSIBLE.get(type);
  if (layout === undefined) {
    writer.bytes(octets);
    return;
  }
  const reader = new OctetReader(octets);
  for (const field of layout) {
    if (field.name === "compressed") writeCompressedName(writer, readUncompressedName(reader));
    else field.read(reader, writer);
  }
}

/** The names in kept rdata, in their order; none for types we do not know. */
export function namesIn(type: RecordType, octets: Uint8Array): DomainName[] {
  const names: DomainName[] = [];
  const reader = new OctetReader(octets);
  const passed = new OctetWriter();
  for (const field of RDATA_LAYOUTS.get(type) ?? []) {
    if (field.name !== undefined) names.push(readUncompressedName(reader.at(reader.offset)));
    field.read(reader, passed);
  }
  return names;
}

/** The name that kept rdata of CNAME, DNAME, NS or PTR is. */
export function aliasTarget(octets: Uint8Array): DomainName {
  return readUncompressedName(new OctetReader(octets));
}

/** The last field of kept SOA rdata: how long a denial may be cached at most, in seconds (RFC 2308 §4). */
export function soaMinimum(octets: Uint8Array): number {
  return new OctetReader(octets, octets.length - 4).u32();
}

/** The timers of kept SOA rdata, in seconds. */
export function soaTimers(octets: Uint8Array): Pick<Soa, "refresh" | "retry" | "expire" | "minimum"> {
  const reader = new OctetReader(octets, octets.length - 16);
  return { refresh: reader.u32(), retry: reader.u32(), expire: reader.u32(), minimum: reader.u32() };
}

/** The first field of kept RRSIG rdata: the type that the signature covers (RFC 4034 §3.1.1). */
export function coveredType(octets: Uint8Array): RecordType {
  return new OctetReader(octets).u16();
}

/** The fields of an SOA (RFC 1035 §3.3.13); the timers in seconds. */
export interface Soa {
  readonly mname: DomainName;
  /** The mailbox as a name: its first label is the part before `@`. */
  readonly rname: DomainName;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  readonly minimum: number;
}

/** The rdata of an SOA. */
export function makeSoa(soa: Soa): Uint8Array {
  const writer = new OctetWriter();
  writeName(writer, soa.mname);
  writeName(writer, soa.rname);
  for (const value of [soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum]) writer.u32(value);
  return writer.finish();
}
