import type { OctetReader } from "../../octets/octet-reader.ts";
import type { OctetWriter } from "../../octets/octet-writer.ts";
import type { RdataCursor } from "../rdata-token.ts";

/**
 * One field of rdata, in all its forms: tokens and text, octets on the wire and octets as they are kept. A writer and a
 * reader of kept octets begin at the first octet of the rdata, so that a field can look at the ones before it.
 */
export interface Field {
  /** What sentences call it, with its article: `a preference`. */
  readonly noun: string;
  /** Whether nothing may stand for it at the end: parameters. */
  readonly mayBeAbsent?: boolean;
  /** Set for a domain name: whether it is compressed when it is sent. */
  readonly name?: "compressed" | "plain";
  /**
   * Reads tokens, from the one the cursor rests on, and writes the octets kept. When they are wrong, returns a sentence
   * without a full stop and leaves the cursor at the token at fault. Called at the end only if the field may be absent.
   */
  parse(cursor: RdataCursor, writer: OctetWriter): string | undefined;
  /** Reads received octets and writes the octets kept: checked, names decompressed. Reads kept octets as well. */
  read(reader: OctetReader, writer: OctetWriter): void;
  /** Reads kept octets and returns their text; empty when nothing is to be printed. */
  format(reader: OctetReader): string;
}

/** The fields of a type in their order, which is the same in text and on the wire. */
export type RdataLayout = readonly Field[];
