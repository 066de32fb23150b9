import type { OctetReader } from "../../octets/octet-reader.ts";
import type { OctetWriter } from "../../octets/octet-writer.ts";
import { WireError } from "../../octets/wire-error.ts";
import type { Field, RdataLayout } from "../field/field.ts";
import { plainName } from "../field/name.ts";
import { parseNumber } from "../text/number-text.ts";
import { formatBase64, formatHex, parseBase64, parseHex } from "../text/octets-text.ts";

const MAX_TAG_OCTETS = 255;

interface HostIdentity {
  readonly algorithm: number;
  readonly tag: Uint8Array;
  readonly key: Uint8Array;
}

/** Three words in text; on the wire both lengths stand before what they measure, and the algorithm between them. */
const identity: Field = {
  noun: "an algorithm with a host identity tag and a public key",
  parse(cursor, writer) {
    const algorithm = parseNumber(cursor.word, 0xff);
    if (algorithm === undefined) return cursor.needs("an algorithm from 0 to 255");
    cursor.index += 1;
    const tag = parseHex(cursor.word);
    if (tag === undefined || tag.length === 0 || tag.length > MAX_TAG_OCTETS)
      return cursor.needs(`a host identity tag of at most ${MAX_TAG_OCTETS} octets in hexadecimal digits`);
    cursor.index += 1;
    const key = parseBase64(cursor.word);
    if (key === undefined || key.length === 0) return cursor.needs("a public key in base64");
    cursor.index += 1;
    writeIdentity(writer, { algorithm, tag, key });
    return undefined;
  },
  read(reader, writer) {
    writeIdentity(writer, readIdentity(reader));
  },
  format(reader) {
    const { algorithm, tag, key } = readIdentity(reader);
    return `${algorithm} ${formatHex(tag)} ${formatBase64(key)}`;
  },
};

function readIdentity(reader: OctetReader): HostIdentity {
  const at = reader.offset;
  const tagLength = reader.u8();
  const algorithm = reader.u8();
  const keyLength = reader.u16();
  if (tagLength === 0 || keyLength === 0) throw new WireError("rdata-malformed", at);
  return { algorithm, tag: reader.take(tagLength), key: reader.take(keyLength) };
}

function writeIdentity(writer: OctetWriter, { algorithm, tag, key }: HostIdentity): void {
  writer.u8(tag.length);
  writer.u8(algorithm);
  writer.u16(key.length);
  writer.bytes(tag);
  writer.bytes(key);
}

const server = plainName("a rendezvous server");

/** Names to the end of the rdata, never compressed (RFC 8005 §5). */
const servers: Field = {
  noun: "rendezvous servers",
  mayBeAbsent: true,
  parse(cursor, writer) {
    while (!cursor.atEnd) {
      const wrong = server.parse(cursor, writer);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  },
  read(reader, writer) {
    while (reader.remaining > 0) server.read(reader, writer);
  },
  format(reader) {
    const names: string[] = [];
    while (reader.remaining > 0) names.push(server.format(reader));
    return names.join(" ");
  },
};

/** HIP (RFC 8005 §5, §6). */
export const hip: RdataLayout = [identity, servers];
