import { isCookie } from "../message/server-cookie.ts";
import type { Cidr } from "../net/cidr.ts";
import { parseNumber } from "../record/text/number-text.ts";
import { didYouMean } from "./did-you-mean.ts";
import { readSubnet } from "./subnet-text.ts";

/** What `+words` say of a question and of how its reply is shown. */
export interface DigSwitches {
  readonly short: boolean;
  readonly tcp: boolean;
  readonly rd: boolean;
  readonly cd: boolean;
  readonly ad: boolean;
  readonly edns: boolean;
  readonly dnssecOk: boolean;
  readonly udpSize?: number;
  readonly subnet?: Cidr;
  readonly nsid: boolean;
  readonly keepalive: boolean;
  /** A cookie as it was written, or one that is made up when the question is sent. */
  readonly cookie?: Uint8Array | "any";
  /** For each try. */
  readonly timeoutMs: number;
  readonly tries: number;
  readonly shows: DigSections;
}

/** Parts of what dig writes. */
export interface DigSections {
  /** The line of what was asked. */
  readonly cmd: boolean;
  /** Header, OPT, and the titles of sections. */
  readonly comments: boolean;
  readonly question: boolean;
  readonly answer: boolean;
  readonly authority: boolean;
  readonly additional: boolean;
  /** The lines at the end. */
  readonly stats: boolean;
}

const EVERYTHING: DigSections = {
  cmd: true,
  comments: true,
  question: true,
  answer: true,
  authority: true,
  additional: true,
  stats: true,
};
const NOTHING: DigSections = {
  cmd: false,
  comments: false,
  question: false,
  answer: false,
  authority: false,
  additional: false,
  stats: false,
};

/** What dig does when nobody says otherwise, but for the cookie and AD, which would only clutter what is shown. */
export const NO_SWITCHES: DigSwitches = {
  short: false,
  tcp: false,
  rd: true,
  cd: false,
  ad: false,
  edns: true,
  dnssecOk: false,
  nsid: false,
  keepalive: false,
  timeoutMs: 5000,
  tries: 3,
  shows: EVERYTHING,
};

export type SwitchResult =
  | { readonly kind: "switches"; readonly switches: DigSwitches }
  | { readonly kind: "problem"; readonly message: string };

/** Switches that are on or off, `+no…` being off. */
const TOGGLES: ReadonlyMap<string, (switches: DigSwitches, on: boolean) => DigSwitches> = new Map([
  ["short", (all, short) => ({ ...all, short })],
  ["tcp", (all, tcp) => ({ ...all, tcp })],
  ["vc", (all, tcp) => ({ ...all, tcp })],
  ["recurse", (all, rd) => ({ ...all, rd })],
  ["rec", (all, rd) => ({ ...all, rd })],
  ["rdflag", (all, rd) => ({ ...all, rd })],
  ["cdflag", (all, cd) => ({ ...all, cd })],
  ["cd", (all, cd) => ({ ...all, cd })],
  ["adflag", (all, ad) => ({ ...all, ad })],
  ["ad", (all, ad) => ({ ...all, ad })],
  ["edns", (all, edns) => ({ ...all, edns })],
  ["dnssec", (all, dnssecOk) => ({ ...all, dnssecOk })],
  ["do", (all, dnssecOk) => ({ ...all, dnssecOk })],
  ["all", (all, on) => ({ ...all, shows: on ? EVERYTHING : NOTHING })],
  ["subnet", withoutSubnet],
  ["nsid", (all, nsid) => ({ ...all, nsid })],
  ["keepalive", (all, keepalive) => ({ ...all, keepalive })],
  ["cookie", (all, on) => (on ? { ...all, cookie: "any" } : withoutCookie(all))],
  ...(["cmd", "comments", "question", "answer", "authority", "additional", "stats"] as const).map(
    (section) =>
      [section, (all: DigSwitches, on: boolean) => ({ ...all, shows: { ...all.shows, [section]: on } })] as const,
  ),
]);

/** Switches with a value; `undefined` for a value that is none. */
const SETTINGS: ReadonlyMap<string, (switches: DigSwitches, text: string) => DigSwitches | undefined> = new Map([
  ["subnet", (all, text) => set(readSubnet(text), (subnet) => ({ ...all, subnet }))],
  ["cookie", (all, text) => set(readCookie(text), (cookie) => ({ ...all, cookie }))],
  ["bufsize", (all, text) => set(parseNumber(text, 65535), (udpSize) => ({ ...all, udpSize }))],
  ["time", (all, text) => set(seconds(text), (timeoutMs) => ({ ...all, timeoutMs }))],
  ["timeout", (all, text) => set(seconds(text), (timeoutMs) => ({ ...all, timeoutMs }))],
  ["tries", (all, text) => set(atLeastOne(text), (tries) => ({ ...all, tries }))],
  ["retry", (all, text) => set(parseNumber(text, 99), (retries) => ({ ...all, tries: retries + 1 }))],
]);

/** What the values of settings are, for whoever wrote another. */
const WANTED: ReadonlyMap<string, string> = new Map([
  ["subnet", "ADDR/LENGTH"],
  ["cookie", "8 or 16 to 40 octets in hexadecimal digits"],
  ["bufsize", "0 to 65535"],
  ["time", "seconds, 1 or more"],
  ["timeout", "seconds, 1 or more"],
  ["tries", "1 to 99"],
  ["retry", "0 to 99"],
]);

/** Takes one `+word`. */
export function readSwitch(switches: DigSwitches, word: string): SwitchResult {
  const [, key = "", value] = /^\+([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  if (value !== undefined) return readSetting(switches, key, value);
  const toggle = TOGGLES.get(key);
  const isOff = key.startsWith("no") && toggle === undefined;
  const wanted = toggle ?? (isOff ? TOGGLES.get(key.slice(2)) : undefined);
  if (wanted === undefined || (key === "subnet" && !isOff)) {
    if (SETTINGS.has(key)) return problem(`+${key} needs a value: +${key}=${WANTED.get(key)}`);
    const near = didYouMean(key, [...TOGGLES.keys(), ...SETTINGS.keys()]).replace("mean ", "mean +");
    return problem(`unknown switch ${word}${near}`);
  }
  return { kind: "switches", switches: wanted(switches, !isOff) };
}

function readSetting(switches: DigSwitches, key: string, value: string): SwitchResult {
  const setting = SETTINGS.get(key);
  if (setting === undefined) {
    return TOGGLES.has(key)
      ? problem(`+${key} takes no value`)
      : problem(`unknown switch +${key}${didYouMean(key, SETTINGS.keys()).replace("mean ", "mean +")}`);
  }
  const next = setting(switches, value);
  return next === undefined
    ? problem(`+${key}: ${value === "" ? "nothing" : value} is not ${WANTED.get(key)}`)
    : { kind: "switches", switches: next };
}

function problem(message: string): SwitchResult {
  return { kind: "problem", message };
}

function set<T>(value: T | undefined, put: (value: T) => DigSwitches): DigSwitches | undefined {
  return value === undefined ? undefined : put(value);
}

function withoutSubnet({ subnet: _subnet, ...rest }: DigSwitches): DigSwitches {
  return rest;
}

function withoutCookie({ cookie: _cookie, ...rest }: DigSwitches): DigSwitches {
  return rest;
}

function readCookie(text: string): Uint8Array | undefined {
  if (!/^(?:[0-9a-f]{2})*$/i.test(text)) return undefined;
  const octets = Uint8Array.from(Buffer.from(text, "hex"));
  return isCookie(octets) ? octets : undefined;
}

function seconds(text: string): number | undefined {
  const value = parseNumber(text, 3600);
  return value === undefined || value === 0 ? undefined : value * 1000;
}

function atLeastOne(text: string): number | undefined {
  const value = parseNumber(text, 99);
  return value === 0 ? undefined : value;
}
