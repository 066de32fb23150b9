import { readName, writeName } from "../octets/name.ts";
import { OctetReader } from "../octets/octet-reader.ts";
import { OctetWriter } from "../octets/octet-writer.ts";
import { WireError } from "../octets/wire-error.ts";
import { RecordClasses, RecordTypes } from "../record/record-type.ts";
import type { ResourceRecord } from "../record/rrset.ts";
import type { RecordFrame } from "./_record-frame.ts";
import { Rcodes } from "./rcodes.ts";

/** Octets of the time, in seconds, at which a message was signed. */
const TIME_OCTETS = 6;

/**
 * The TSIG record that tells who signed a query that the key is not known here: the same key, algorithm and time, no MAC
 * (RFC 8945 §5.2.1, §5.3.2).
 * @throws WireError when the query's TSIG is not one.
 */
export function unknownKey(frame: RecordFrame): ResourceRecord {
  // RFC 8945 §4.2: class ANY, TTL 0.
  if (frame.class !== RecordClasses.ANY || frame.ttl !== 0) throw new WireError("rdata-malformed", frame.start);
  const { rdata } = frame;
  const owner = readName(new OctetReader(rdata.octets, frame.start));
  const algorithm = readName(rdata);
  const time = rdata.take(TIME_OCTETS);
  const fudge = rdata.u16();
  rdata.take(rdata.u16());
  const id = rdata.u16();
  rdata.u16();
  rdata.take(rdata.u16());
  if (rdata.remaining > 0) throw new WireError("rdata-length", rdata.offset);

  const writer = new OctetWriter();
  writeName(writer, algorithm);
  writer.bytes(time);
  writer.u16(fudge);
  writer.u16(0); // No MAC.
  writer.u16(id);
  writer.u16(Rcodes.BADKEY);
  writer.u16(0); // No other data.
  return { owner, type: RecordTypes.TSIG, class: RecordClasses.ANY, ttl: 0, rdata: writer.finish() };
}
