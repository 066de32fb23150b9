import { MAX_LABEL_OCTETS, MAX_NAME_OCTETS } from "../name/domain-name.ts";
import type { OctetReader } from "../octets/octet-reader.ts";
import { WireError } from "../octets/wire-error.ts";
import type { RecordType } from "../record/record-type.ts";

/** A record of which only the frame was looked at. */
export interface RecordFrame {
  /** Where its owner starts. */
  readonly start: number;
  /** Whether the owner is the root, written as its one octet. */
  readonly isAtRoot: boolean;
  readonly type: RecordType;
  readonly class: number;
  /** As it stands, up to 2^32-1: OPT keeps other things there. */
  readonly ttl: number;
  /** The rdata alone. */
  readonly rdata: OctetReader;
}

/** Reads a record's frame and leaves `reader` behind the record. Follows no pointer, so its time is its length. */
export function readRecordFrame(reader: OctetReader): RecordFrame {
  const start = reader.offset;
  skipName(reader);
  const isAtRoot = reader.offset === start + 1;
  const type = reader.u16();
  const recordClass = reader.u16();
  const ttl = reader.u32();
  return { start, isAtRoot, type, class: recordClass, ttl, rdata: reader.slice(reader.u16()) };
}

/** Passes a name: its labels up to the root or to the first pointer (RFC 1035 §4.1.4), wherever that leads. */
export function skipName(reader: OctetReader): void {
  const start = reader.offset;
  for (;;) {
    const at = reader.offset;
    const length = reader.u8();
    if (length === 0) return;
    if (length >= 0b1100_0000) {
      reader.u8();
      return;
    }
    if (length > MAX_LABEL_OCTETS) throw new WireError("reserved-label-type", at);
    reader.take(length);
    if (reader.offset - start >= MAX_NAME_OCTETS) throw new WireError("name-too-long", at);
  }
}
