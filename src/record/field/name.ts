import { type DomainName, MAX_LABEL_OCTETS, MAX_NAME_OCTETS } from "../../name/domain-name.ts";
import { formatName, parseName } from "../../name/name-text.ts";
import { readName, readUncompressedName, writeName } from "../../octets/name.ts";
import type { OctetReader } from "../../octets/octet-reader.ts";
import type { OctetWriter } from "../../octets/octet-writer.ts";
import type { RdataCursor } from "../rdata-token.ts";
import { firstWideChar, showText } from "../text/string-text.ts";
import type { Field } from "./field.ts";

/** A name of a type of RFC 1035: compressed in messages, by us too (RFC 3597 §4). */
export function compressedName(noun: string): Field {
  return nameField(noun, "compressed", readName);
}

/** A name that old senders compressed and nobody does now: understood, never sent so (RFC 3597 §4). */
export function decompressedName(noun: string): Field {
  return nameField(noun, "plain", readName);
}

/** A name that is never compressed: a pointer in it is an error. */
export function plainName(noun: string): Field {
  return nameField(noun, "plain", readUncompressedName);
}

function nameField(
  noun: string,
  name: "compressed" | "plain",
  readReceived: (reader: OctetReader) => DomainName,
): Field {
  return {
    noun,
    name,
    parse(cursor, writer) {
      const { text, quoted } = cursor.token;
      if (quoted) return cursor.needs(`${noun} without quotes`);
      if (text === "@") {
        writeName(writer, cursor.origin);
      } else if (!writeOrdinaryName(cursor, text, writer)) {
        const parsed = parseName(text, cursor.origin, cursor.encoding);
        if (parsed.kind === "problem") return `the name ${showText(text)} ${parsed.problem}`;
        writeName(writer, parsed.name);
      }
      cursor.index += 1;
      return undefined;
    },
    read: (reader, writer) => writeName(writer, readReceived(reader)),
    format: (reader) => formatName(readUncompressedName(reader)),
  };
}

/**
 * Writes a name of letters, digits and the like straight from its text, or nothing when there is an escape, a wide char
 * or anything to complain of in it. A zone of a million aliases is read here; `parseName` knows all the rest.
 */
function writeOrdinaryName({ origin, encoding }: RdataCursor, text: string, writer: OctetWriter): boolean {
  const firstWide = firstWideChar(encoding);
  const labels: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5c || code >= firstWide) return false;
    if (code !== 0x2e) continue;
    if (i === start || i - start > MAX_LABEL_OCTETS) return false;
    labels.push(text.slice(start, i));
    start = i + 1;
  }
  const absolute = start === text.length;
  if (!absolute) labels.push(text.slice(start));
  const octets = absolute ? text.length + 1 : text.length + 1 + origin.key.length;
  if (labels.length === 0 || text.length - start > MAX_LABEL_OCTETS || octets > MAX_NAME_OCTETS) return false;
  for (const label of labels) {
    writer.u8(label.length);
    writer.text(label);
  }
  if (absolute) writer.u8(0);
  else writeName(writer, origin);
  return true;
}
