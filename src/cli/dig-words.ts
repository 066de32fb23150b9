import { domainToASCII } from "node:url";
import { clientSubnetOption } from "../message/client-subnet.ts";
import { DEFAULT_UDP_SIZE, EDNS_VERSION, type Edns, type EdnsOption, OptionCodes } from "../message/edns.ts";
import { CLIENT_COOKIE_OCTETS } from "../message/server-cookie.ts";
import { type DomainName, ROOT } from "../name/domain-name.ts";
import { parseName } from "../name/name-text.ts";
import { type AddressPort, parseAddress, parseAddressPort } from "../net/address.ts";
import type { Cidr } from "../net/cidr.ts";
import { RecordClasses, type RecordType, RecordTypes } from "../record/record-type.ts";
import { parseNumber } from "../record/text/number-text.ts";
import { classNumber, typeNumber } from "../record/type-names.ts";
import { reverseName } from "../snapshot/builtin-zones.ts";
import { didYouMean } from "./did-you-mean.ts";
import { type DigSwitches, NO_SWITCHES, readSwitch } from "./dig-switches.ts";

/** A question, and how it is put. */
export interface DigQuestion {
  readonly name: DomainName;
  readonly type: RecordType;
  readonly class: number;
  readonly rd: boolean;
  readonly cd: boolean;
  readonly ad: boolean;
  /** Absent with `+noedns`. */
  readonly edns?: Edns;
  readonly tcp: boolean;
  readonly timeoutMs: number;
  readonly tries: number;
}

/** What the words of a query say. */
export interface DigWords {
  readonly question: DigQuestion;
  /** Absent: the files are asked. */
  readonly server?: AddressPort;
  readonly switches: DigSwitches;
}

export type DigResult =
  | ({ readonly kind: "words" } & DigWords)
  | { readonly kind: "problem"; readonly message: string };

/** What stands in flags of its own, where words could be mistaken. */
export interface DigFlags {
  /** `-q` */
  readonly name?: string;
  /** `-t` */
  readonly type?: string;
  /** `-x` */
  readonly reverse?: string;
  /** `-p` */
  readonly port?: string;
}

const DNS_PORT = 53;

/** What was found so far, in any order. */
interface Draft {
  name?: string;
  type?: RecordType;
  class?: number;
  server?: string;
  switches: DigSwitches;
}

/**
 * Reads words in any order, as dig takes them: `@SERVER` is a server, `+WORD` a switch, the mnemonic of a type or a class is
 * that, anything else the name. Dig asks several names at once; this asks one.
 */
export function readDigWords(words: readonly string[], flags: DigFlags): DigResult {
  const draft: Draft = { switches: NO_SWITCHES };
  for (const word of words) {
    const message = takeWord(draft, word);
    if (message !== undefined) return problem(message);
  }
  const message = takeFlags(draft, flags);
  if (message !== undefined) return problem(message);
  return finish(draft, flags);
}

function problem(message: string): { readonly kind: "problem"; readonly message: string } {
  return { kind: "problem", message };
}

/** Puts a word where it belongs; the sentence of what is wrong with it. */
function takeWord(draft: Draft, word: string): string | undefined {
  if (word.startsWith("@")) {
    if (draft.server !== undefined) return `two servers are named: @${draft.server} and ${word}`;
    draft.server = word.slice(1);
    return undefined;
  }
  if (word.startsWith("+")) {
    const read = readSwitch(draft.switches, word);
    if (read.kind === "problem") return read.message;
    draft.switches = read.switches;
    return undefined;
  }
  const type = typeNumber(word);
  if (type !== undefined && draft.type === undefined) {
    draft.type = type;
    return undefined;
  }
  const recordClass = classNumber(word);
  // ANY is a type and a class; who writes it means the type, as dig has it.
  if (recordClass !== undefined && draft.class === undefined && type === undefined) {
    draft.class = recordClass;
    return undefined;
  }
  if (draft.name !== undefined) return `${word} is one name too many: ${draft.name} is asked already${typeHint(word)}`;
  draft.name = word;
  return undefined;
}

/** A second name that looks like a type was probably meant for one. */
function typeHint(word: string): string {
  return word.includes(".") ? "" : didYouMean(word, Object.keys(RecordTypes));
}

function takeFlags(draft: Draft, { name, type, reverse }: DigFlags): string | undefined {
  if (type !== undefined) {
    const number = typeNumber(type);
    if (number === undefined) return `-t: ${type} is no record type${didYouMean(type, Object.keys(RecordTypes))}`;
    if (draft.type !== undefined) return `the type stands twice: -t ${type}, and among the words`;
    draft.type = number;
  }
  if (name !== undefined && draft.name !== undefined) return `${draft.name} stands beside -q ${name}: name one of them`;
  if (name !== undefined) draft.name = name;
  if (reverse !== undefined && draft.name !== undefined)
    return `${draft.name} stands beside -x ${reverse}: name one of them`;
  return undefined;
}

function finish(draft: Draft, { reverse, port }: DigFlags): DigResult {
  const { switches } = draft;
  const name = readName(draft, reverse);
  if (typeof name === "string") return problem(name);
  const server = draft.server === undefined ? undefined : readServer(draft.server, port);
  if (typeof server === "string") return problem(server);
  if (server === undefined && port !== undefined) return problem("-p goes with a server: @ADDR");
  const { rd, cd, ad, tcp, timeoutMs, tries, keepalive } = switches;
  if (keepalive && !tcp) return problem("+keepalive goes with +tcp: it says how long a connection may be idle");
  const edns = ednsOf(switches);
  return {
    kind: "words",
    switches,
    ...(server === undefined ? {} : { server }),
    question: {
      name,
      type: draft.type ?? (reverse === undefined ? RecordTypes.A : RecordTypes.PTR),
      class: draft.class ?? RecordClasses.IN,
      rd,
      cd,
      ad,
      tcp,
      timeoutMs,
      tries,
      ...(edns === undefined ? {} : { edns }),
    },
  };
}

function readName({ name, type }: Draft, reverse: string | undefined): DomainName | string {
  if (reverse !== undefined) {
    const address = parseAddress(reverse);
    return address === undefined ? `-x: ${reverse} is no address` : reverseName(address);
  }
  if (name === undefined) return type === undefined ? "a NAME is missing" : ROOT; // `dig NS` asks for the root's.
  return readDomainName(name);
}

/** A name as people type it: IDNs in their ASCII form, as every client sends them (RFC 5891 §4). */
export function readDomainName(text: string): DomainName | string {
  const isAscii = !/[^\0-\x7f]/.test(text);
  const ascii = isAscii ? text : domainToASCII(text);
  if (ascii === "" && text !== "") return `${text} is no domain name`;
  const parsed = parseName(ascii, ROOT, "unicode");
  return parsed.kind === "name" ? parsed.name : `${text === "" ? "the name" : text} ${parsed.problem}`;
}

/** `ADDR`, `ADDR:PORT`, `[ADDR]:PORT`, `ADDR#PORT`, and `localhost`: a server is an address, since asking for it is the task. */
function readServer(text: string, port: string | undefined): AddressPort | string {
  const fallback = port === undefined ? DNS_PORT : parseNumber(port, 65535);
  if (fallback === undefined || fallback === 0) return `-p: ${port} is no port`;
  const plain = text.replace(/^localhost(?=$|[:#])/i, "127.0.0.1");
  const withColon = plain.includes("#") ? bracketed(plain) : plain;
  const at = parseAddressPort(withColon, fallback);
  if (at === undefined) return `@${text} is no server: write @ADDR, @ADDR:PORT or @[ADDR]:PORT`;
  if (port !== undefined && at.port !== fallback) return `@${text} and -p ${port} name two ports`;
  return at.port === 0 ? `@${text}: 0 is no port to ask` : at;
}

function bracketed(text: string): string {
  const [host = "", port = ""] = text.split("#");
  return host.includes(":") && !host.startsWith("[") ? `[${host}]:${port}` : `${host}:${port}`;
}

function ednsOf({ edns, udpSize, dnssecOk, subnet, cookie, nsid, keepalive }: DigSwitches): Edns | undefined {
  if (!edns) return undefined;
  const options: EdnsOption[] = [];
  if (nsid) options.push({ code: OptionCodes.NSID, octets: NOTHING });
  if (subnet !== undefined) options.push(clientSubnetOption(subnet));
  if (cookie !== undefined && cookie !== "any") options.push({ code: OptionCodes.COOKIE, octets: cookie });
  if (keepalive) options.push({ code: OptionCodes.TCP_KEEPALIVE, octets: NOTHING });
  return { version: EDNS_VERSION, udpSize: udpSize ?? DEFAULT_UDP_SIZE, dnssecOk, options };
}

const NOTHING = new Uint8Array();

/** The question with a client subnet, in place of the one it had. */
export function withSubnet(question: DigQuestion, subnet: Cidr): DigQuestion {
  return withOption(question, clientSubnetOption(subnet));
}

/** The question with a cookie that nobody can foresee (RFC 7873 §4.1). */
export function withAnyCookie(question: DigQuestion, random: (below: number) => number): DigQuestion {
  const octets = Uint8Array.from({ length: CLIENT_COOKIE_OCTETS }, () => random(256));
  return withOption(question, { code: OptionCodes.COOKIE, octets });
}

/** The cookie of a question. */
export function cookieOf({ edns }: DigQuestion): Uint8Array | undefined {
  return edns?.options.find(({ code }) => code === OptionCodes.COOKIE)?.octets;
}

function withOption(question: DigQuestion, option: EdnsOption): DigQuestion {
  const { udpSize = DEFAULT_UDP_SIZE, dnssecOk = false, options = [] } = question.edns ?? {};
  const others = options.filter(({ code }) => code !== option.code);
  return { ...question, edns: { version: EDNS_VERSION, udpSize, dnssecOk, options: [...others, option] } };
}
