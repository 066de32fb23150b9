import { isUtf8 } from "node:buffer";
import { OctetReader } from "../../octets/octet-reader.ts";
import { OctetWriter } from "../../octets/octet-writer.ts";
import { readGroups } from "../field/address.ts";
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from "../text/address-text.ts";
import { parseNumber } from "../text/number-text.ts";
import { formatBase64, parseBase64 } from "../text/octets-text.ts";
import { octetText, quoteOctets } from "../text/string-text.ts";
import { paramKey, paramKeyName, SvcParamKeys } from "./svc-param-keys.ts";

/** How one key's value looks. */
export interface SvcParamForm {
  /** What is true of every value, in words that fit after the key: `needs a number from 0 to 65535`. */
  readonly rule: string;
  /** The octets of a value whose escapes are resolved, one char per octet; `undefined` when it is of another form. */
  parse(text: string): Uint8Array | undefined;
  isValid(value: Uint8Array): boolean;
  /** The text of a valid value, with quotes where it needs them; empty for an empty one. */
  format(value: Uint8Array): string;
}

/** The form of a key; of one that is not known, any octets. */
export function svcParamForm(key: number): SvcParamForm {
  return FORMS.get(key) ?? anyOctets;
}

/** The form of keys that are not known, and of every key written as `keyNNNNN`. */
export const anyOctets: SvcParamForm = {
  rule: "has at most 65535 octets",
  parse: (text) => (text.length > 0xffff ? undefined : octetsOf(text)),
  isValid: () => true,
  format: (value) => (value.length === 0 ? "" : quoteOctets(octetText(value))),
};

/** Keys that a client must understand: each once, none of them `mandatory` (RFC 9460 §8). Ascending on the wire. */
const mandatory: SvcParamForm = {
  rule: "needs keys, each once and none of them mandatory",
  parse(text) {
    const keys = new Set<number>();
    for (const name of text.split(",")) {
      const key = paramKey(name);
      if (typeof key === "string" || key === SvcParamKeys.Mandatory || keys.has(key)) return undefined;
      keys.add(key);
    }
    return written((writer) => {
      for (const key of [...keys].sort((a, b) => a - b)) writer.u16(key);
    });
  },
  isValid(value) {
    let last: number = SvcParamKeys.Mandatory;
    if (value.length === 0 || value.length % 2 !== 0) return false;
    for (const key of keysOf(value)) {
      if (key <= last || key === SvcParamKeys.Invalid) return false;
      last = key;
    }
    return true;
  },
  format: (value) => keysOf(value).map(paramKeyName).join(","),
};

function keysOf(value: Uint8Array): number[] {
  const reader = new OctetReader(value);
  return Array.from({ length: value.length / 2 }, () => reader.u16());
}

/** Protocol ids of 1 to 255 octets, at least one (RFC 9460 §7.1.1). */
const alpn: SvcParamForm = {
  rule: "needs protocol ids of 1 to 255 octets, like h2,h3",
  parse(text) {
    const ids = splitList(text);
    if (ids === undefined || ids.some((id) => id.length === 0 || id.length > 255)) return undefined;
    return written((writer) => {
      for (const id of ids) {
        writer.u8(id.length);
        writer.text(id);
      }
    });
  },
  isValid(value) {
    let at = 0;
    while (at < value.length) {
      const length = value[at] ?? 0;
      if (length === 0) return false;
      at += 1 + length;
    }
    return at === value.length && at > 0;
  },
  format(value) {
    const reader = new OctetReader(value);
    const ids: string[] = [];
    while (reader.remaining > 0) ids.push(reader.text(reader.u8()).replace(/[\\,]/g, "\\$&"));
    return quoteOctets(ids.join(","));
  },
};

/**
 * Splits a list whose items escape `,` and `\` with a `\` of their own, inside the escapes of the string
 * (RFC 9460 appendix A.1); `undefined` when a `\` stands before anything else.
 */
function splitList(text: string): string[] | undefined {
  const items: string[] = [];
  let item = "";
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === ",") {
      items.push(item);
      item = "";
      continue;
    }
    if (char === "\\") {
      i += 1;
      if (!"\\,".includes(text.charAt(i)) || i === text.length) return undefined;
    }
    item += text.charAt(i);
  }
  return [...items, item];
}

/** Says that it is there, and nothing else (RFC 9460 §7.1.1). */
const noValue: SvcParamForm = {
  rule: "takes no value",
  parse: (text) => (text === "" ? new Uint8Array() : undefined),
  isValid: (value) => value.length === 0,
  format: () => "",
};

const port: SvcParamForm = {
  rule: "needs a number from 0 to 65535",
  parse(text) {
    const value = parseNumber(text, 0xffff);
    return value === undefined ? undefined : written((writer) => writer.u16(value));
  },
  isValid: (value) => value.length === 2,
  format: (value) => String(new OctetReader(value).u16()),
};

/** Addresses, at least one (RFC 9460 §7.3). */
function addresses<Address>(
  rule: string,
  octets: number,
  parseAddress: (text: string) => Address | undefined,
  writeAddress: (writer: OctetWriter, address: Address) => void,
  formatAddress: (reader: OctetReader) => string,
): SvcParamForm {
  return {
    rule,
    parse(text) {
      const writer = new OctetWriter();
      for (const item of text.split(",")) {
        const address = parseAddress(item);
        if (address === undefined) return undefined;
        writeAddress(writer, address);
      }
      return writer.finish();
    },
    isValid: (value) => value.length > 0 && value.length % octets === 0,
    format(value) {
      const reader = new OctetReader(value);
      return Array.from({ length: value.length / octets }, () => formatAddress(reader)).join(",");
    },
  };
}

const ipv4Hint = addresses(
  "needs IPv4 addresses with commas between them",
  4,
  parseIpv4,
  (writer, address) => writer.u32(address),
  (reader) => formatIpv4(reader.u32()),
);

const ipv6Hint = addresses(
  "needs IPv6 addresses with commas between them",
  16,
  parseIpv6,
  (writer, groups) => groups.forEach((group) => writer.u16(group)),
  (reader) => formatIpv6(readGroups(reader)),
);

/** An ECHConfigList, opaque here (RFC 9460 §14.3.2 reserves the key). */
const ech: SvcParamForm = {
  rule: "needs base64",
  parse(text) {
    const octets = parseBase64(text);
    return octets === undefined || octets.length === 0 ? undefined : octets;
  },
  isValid: (value) => value.length > 0,
  format: formatBase64,
};

/** A URI template in UTF-8, relative and with the variable `dns` (RFC 9461 §5). */
const dohpath: SvcParamForm = {
  rule: "needs a path with the variable dns, like /dns-query{?dns}",
  parse(text) {
    const octets = octetsOf(text);
    return dohpath.isValid(octets) ? octets : undefined;
  },
  isValid(value) {
    const text = octetText(value);
    return isUtf8(value) && text.startsWith("/") && templateVariables(text).includes("dns");
  },
  format: (value) => quoteOctets(octetText(value)),
};

/** The variables that the expressions of a URI template name (RFC 6570 §2.2, §2.3). */
function templateVariables(template: string): string[] {
  const expressions = template.matchAll(/\{([^{}]*)\}/g);
  return [...expressions].flatMap(([, expression = ""]) =>
    expression
      .replace(/^[+#./;?&]/, "")
      .split(",")
      .map((variable) => variable.replace(/(?:\*|:[0-9]+)$/, "")),
  );
}

const FORMS: ReadonlyMap<number, SvcParamForm> = new Map([
  [SvcParamKeys.Mandatory, mandatory],
  [SvcParamKeys.Alpn, alpn],
  [SvcParamKeys.NoDefaultAlpn, noValue],
  [SvcParamKeys.Port, port],
  [SvcParamKeys.Ipv4Hint, ipv4Hint],
  [SvcParamKeys.Ech, ech],
  [SvcParamKeys.Ipv6Hint, ipv6Hint],
  [SvcParamKeys.Dohpath, dohpath],
]);

function written(write: (writer: OctetWriter) => void): Uint8Array {
  const writer = new OctetWriter();
  write(writer);
  return writer.finish();
}

function octetsOf(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
