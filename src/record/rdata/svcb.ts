import type { OctetReader } from "../../octets/octet-reader.ts";
import type { OctetWriter } from "../../octets/octet-writer.ts";
import { WireError } from "../../octets/wire-error.ts";
import type { Field, RdataLayout } from "../field/field.ts";
import { plainName } from "../field/name.ts";
import { u16 } from "../field/number.ts";
import type { RdataCursor } from "../rdata-token.ts";
import { showText, unescapeText } from "../text/string-text.ts";
import { anyOctets, svcParamForm } from "./svc-param-forms.ts";
import { paramKey, paramKeyName, SvcParamKeys } from "./svc-param-keys.ts";

interface SvcParam {
  readonly key: number;
  readonly value: Uint8Array;
  /** Of the token in text, the octet on the wire: what a problem points at. */
  readonly at: number;
}

/** The parameters, in any order in text and by ascending key on the wire (RFC 9460 §2.1, §2.2). */
const svcParams: Field = {
  noun: "parameters",
  mayBeAbsent: true,
  parse(cursor, writer) {
    const params: SvcParam[] = [];
    const keys = new Set<number>();
    while (!cursor.atEnd) {
      const param = parseParam(cursor);
      if (typeof param === "string") return param;
      if (keys.has(param.key)) {
        cursor.index = param.at;
        return `${paramKeyName(param.key)} is given twice`;
      }
      keys.add(param.key);
      params.push(param);
    }
    const wrong = consistencyFault(params);
    if (wrong !== undefined) {
      cursor.index = wrong.at;
      return wrong.problem;
    }
    for (const param of params.sort((a, b) => a.key - b.key)) writeParam(writer, param);
    return undefined;
  },
  read(reader, writer) {
    const params = readParams(reader);
    const wrong = consistencyFault(params);
    if (wrong !== undefined) throw new WireError("rdata-malformed", wrong.at);
    for (const param of params) writeParam(writer, param);
  },
  format(reader) {
    return readParams(reader)
      .map(({ key, value }) => {
        const text = svcParamForm(key).format(value);
        return text === "" ? paramKeyName(key) : `${paramKeyName(key)}=${text}`;
      })
      .join(" ");
  },
};

/** SVCB and HTTPS (RFC 9460 §2.2); the target is never compressed. */
export const svcb: RdataLayout = [u16("a priority"), plainName("a target"), svcParams];

/** Reads `KEY`, `KEY=VALUE` or `KEY="VALUE"`, whose value is a token of its own: a quote ends a word. */
function parseParam(cursor: RdataCursor): SvcParam | string {
  const at = cursor.index;
  const { text, quoted } = cursor.token;
  if (quoted) return cursor.needs("parameters like alpn=h2");
  const equals = text.indexOf("=");
  const name = equals === -1 ? text : text.slice(0, equals);
  const key = paramKey(name);
  if (typeof key === "string") return key;
  cursor.index += 1;
  const written = equals === -1 ? "" : writtenValue(cursor, text.slice(equals + 1));
  const octets = unescapeText(written, cursor.encoding);
  const value = octets.kind === "problem" ? octets.problem : parseValue(name, key, octets.octets, equals !== -1);
  if (typeof value !== "string") return { key, value, at };
  cursor.index = at;
  return octets.kind === "problem" ? `the value of ${name} ${value}` : value;
}

function writtenValue(cursor: RdataCursor, text: string): string {
  const { text: next, quoted } = cursor.token;
  if (text !== "" || !quoted) return text;
  cursor.index += 1;
  return next;
}

/** The octets of a value; a sentence when it is none of the key's. */
function parseValue(name: string, key: number, text: string, given: boolean): Uint8Array | string {
  const form = svcParamForm(key);
  if (name.startsWith("key")) {
    // The generic form holds the octets themselves, those of a known key too (RFC 9460 §2.1).
    const octets = anyOctets.parse(text);
    return octets !== undefined && form.isValid(octets)
      ? octets
      : `${name} is ${paramKeyName(key)}, which ${form.rule}`;
  }
  const value = form.parse(text);
  if (value !== undefined) return value;
  return `${name} ${form.rule}, found ${given ? showText(text) : "no value"}`;
}

interface Fault {
  readonly problem: string;
  readonly at: number;
}

/** What makes parameters contradict each other (RFC 9460 §2.4.3): no client would use such a record. */
function consistencyFault(params: readonly SvcParam[]): Fault | undefined {
  const keys = new Set(params.map((param) => param.key));
  for (const { key, value, at } of params) {
    if (key === SvcParamKeys.NoDefaultAlpn && !keys.has(SvcParamKeys.Alpn))
      return { problem: "no-default-alpn needs an alpn beside it", at }; // RFC 9460 §7.1.1.
    if (key !== SvcParamKeys.Mandatory) continue;
    for (let i = 0; i < value.length; i += 2) {
      const listed = ((value[i] ?? 0) << 8) | (value[i + 1] ?? 0);
      if (!keys.has(listed)) return { problem: `mandatory lists ${paramKeyName(listed)}, which is not given`, at }; // §8.
    }
  }
  return undefined;
}

/** Reads every parameter to the end, keys strictly ascending, each value of its key's form (RFC 9460 §2.2). */
function readParams(reader: OctetReader): SvcParam[] {
  const params: SvcParam[] = [];
  let last = -1;
  while (reader.remaining > 0) {
    const at = reader.offset;
    const key = reader.u16();
    const value = reader.take(reader.u16());
    if (key <= last || key === SvcParamKeys.Invalid || !svcParamForm(key).isValid(value))
      throw new WireError("rdata-malformed", at);
    params.push({ key, value, at });
    last = key;
  }
  return params;
}

function writeParam(writer: OctetWriter, { key, value }: SvcParam): void {
  writer.u16(key);
  writer.u16(value.length);
  writer.bytes(value);
}
