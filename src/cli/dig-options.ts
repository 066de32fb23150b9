import { readClientSubnet } from "../message/client-subnet.ts";
import { type Edns, type EdnsOption, OptionCodes } from "../message/edns.ts";
import { type ExtendedError, ExtendedErrors, readExtendedErrors } from "../message/extended-errors.ts";
import { CLIENT_COOKIE_OCTETS } from "../message/server-cookie.ts";
import { WireError } from "../octets/wire-error.ts";

/** One option of a reply as dig writes it. `cookieSent` is the cookie of the query. */
export function optionLine(option: EdnsOption, cookieSent: Uint8Array | undefined): string {
  const { code, octets } = option;
  switch (code) {
    case OptionCodes.NSID:
      return `; NSID: ${spacedHex(octets)} ("${printable(octets)}")`;
    case OptionCodes.CLIENT_SUBNET:
      return readOr(`; CLIENT-SUBNET: malformed`, () => {
        const { prefix, sourceLength, scopeLength } = readClientSubnet(option);
        return `; CLIENT-SUBNET: ${prefix?.address.text ?? "0"}/${sourceLength}/${scopeLength}`;
      });
    case OptionCodes.COOKIE:
      return `; COOKIE: ${Buffer.from(octets).toString("hex")}${cookieVerdict(octets, cookieSent)}`;
    case OptionCodes.TCP_KEEPALIVE: {
      const [high, low] = octets;
      if (high === undefined || low === undefined || octets.length > 2) break;
      return `; TCP KEEPALIVE: ${(((high << 8) | low) / 10).toFixed(1)} secs`;
    }
    case OptionCodes.EXTENDED_ERROR: {
      const [error] = readOr<readonly ExtendedError[]>([], () => readExtendedErrors({ options: [option] }));
      if (error === undefined) break;
      const name = extendedErrorName(error.code);
      return `; EDE: ${error.code} (${name})${error.text === "" ? "" : `: (${error.text})`}`;
    }
  }
  return octets.length === 0 ? `; OPT=${code}` : `; OPT=${code}: ${spacedHex(octets)} ("${printable(octets)}")`;
}

/** Whether a cookie is the answer to ours (RFC 7873 §5.3); nothing of one that nobody asked for. */
function cookieVerdict(cookie: Uint8Array, sent: Uint8Array | undefined): string {
  if (sent === undefined) return "";
  const isOurs = cookie.length >= CLIENT_COOKIE_OCTETS && Buffer.compare(clientPart(cookie), clientPart(sent)) === 0;
  if (!isOurs) return " (bad)";
  return cookie.length === CLIENT_COOKIE_OCTETS ? " (echoed)" : " (good)";
}

function clientPart(cookie: Uint8Array): Uint8Array {
  return cookie.subarray(0, CLIENT_COOKIE_OCTETS);
}

/** What a reply says of why it is what it is; nothing where that cannot be read. */
export function extendedErrorsOf(edns: Edns): readonly ExtendedError[] {
  return readOr<readonly ExtendedError[]>([], () => readExtendedErrors(edns));
}

/** What is read, or something else where the octets are none. */
function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return otherwise;
  }
}

const EXTENDED_ERROR_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(ExtendedErrors).map(([name, code]) => [code, titleCase(name)]),
);

/** `NOT_AUTHORITATIVE` as dig has it: `Not Authoritative`. */
function titleCase(name: string): string {
  return name
    .toLowerCase()
    .replace(/(^|_)([a-z])/g, (_all, gap: string, letter: string) => `${gap === "" ? "" : " "}${letter.toUpperCase()}`);
}

/** The name of an extended error as dig has it. */
export function extendedErrorName(code: number): string {
  return EXTENDED_ERROR_NAMES.get(code) ?? "Unknown Code";
}

function spacedHex(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join(" ");
}

/** Octets as ASCII, a dot for each that is none. */
function printable(octets: Uint8Array): string {
  return Array.from(octets, (octet) => (octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : ".")).join("");
}
