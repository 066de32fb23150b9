/** The octets of one record in a zone that named wrote in its raw format. */
export interface RawRecord {
  /** Octets of the wire form, one char each. */
  readonly owner: string;
  readonly type: number;
  readonly rdata: Buffer;
}

/**
 * Reads what `named-checkzone -F raw` writes: a header of three numbers, and three more from version 1 on; then for each
 * RRset its length, class, type, covered type, TTL and count, its owner, and the rdata of its records.
 */
export function readRawZone(octets: Buffer): RawRecord[] {
  const records: RawRecord[] = [];
  const headerLength = octets.readUInt32BE(4) === 0 ? 12 : 24;
  for (let start = headerLength; start < octets.length; start += octets.readUInt32BE(start)) {
    const type = octets.readUInt16BE(start + 6);
    const count = octets.readUInt32BE(start + 14);
    let at = start + 20 + octets.readUInt16BE(start + 18);
    const owner = octets.toString("latin1", start + 20, at);
    for (let i = 0; i < count; i++) {
      const length = octets.readUInt16BE(at);
      records.push({ owner, type, rdata: octets.subarray(at + 2, at + 2 + length) });
      at += 2 + length;
    }
  }
  return records;
}
