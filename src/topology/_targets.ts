import { kindOfPlatformAddress } from "../catalogue/platform-addresses.ts";
import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { ROOT } from "../name/domain-name.ts";
import { parseName } from "../name/name-text.ts";
import { nearest } from "../name/nearest.ts";
import type { Address } from "../net/address.ts";
import { containsAddress, parseCidr } from "../net/cidr.ts";
import { readsAsAddress } from "./_declarations.ts";
import { foldKey, lookUp, type Reading, referenceOf, referenceTo } from "./_reading.ts";
import { looksLikeTwo, readAddressPort, reportTwo } from "./_scalars.ts";
import { nearestValue, oneOrMore, type Written } from "./_value.ts";
import type { Target } from "./model.ts";

/** DNS over TLS (RFC 7858 §3.1). */
const TLS_PORT = 853;
const DNS_PORT = 53;

/** Reads one target. */
export function readTarget(text: Written, reading: Reading): Target | undefined {
  const written = { text: text.text, span: text.span };
  if (looksLikeTwo(text.text)) return reportTwo(text, reading.diagnostics);
  switch (foldKey(text.text)) {
    case "platform":
    case "network":
    case "internet":
      return { ...written, kind: wordOf(text.text) };
  }
  if (text.text.includes("://")) return readUrl(text, reading.diagnostics);
  if (readsAsAddress(text.text)) {
    const at = readAddressPort(text, reading.diagnostics, DNS_PORT);
    if (at?.port === 0) return reportPort(text, reading.diagnostics);
    return at === undefined ? undefined : { ...written, kind: "address", at };
  }
  if (foldKey(text.text).endsWith("/platform")) {
    const network = referenceOf(reading, "networks", text.text.slice(0, -"/platform".length), text.span);
    return network === undefined ? undefined : { ...written, kind: "platform", network };
  }
  if (isHostName(text.text, reading)) return reportHostName(text, reading.diagnostics);
  const key = referenceTo(reading, "resolvers", text);
  return key === undefined ? undefined : { ...written, kind: "resolver", key };
}

/** Whether a text is the name of a server somewhere, rather than a resolver's key, well or badly spelt. */
function isHostName(text: string, { declarations: { resolvers }, complete }: Reading): boolean {
  if (!complete || !text.includes(".") || looksLikeTwo(text) || lookUp(resolvers, text).length > 0) return false;
  const keys = [...resolvers.values()].map(({ key }) => key);
  return nearest(text, keys) === undefined && parseName(text, ROOT, "unicode").kind === "name";
}

function reportHostName({ text, span }: Written, diagnostics: Diagnostics): undefined {
  diagnostics.report("rule/name-not-address", `${text} is a name, a server is asked at an address`, span, {
    hint: "write its address, or declare it under resolvers with address: and external: true",
  });
}

function wordOf(text: string): "platform" | "network" | "internet" {
  const word = foldKey(text);
  return word === "platform" || word === "network" ? word : "internet";
}

/** `tls://NAME@IP`: the name is the one that the certificate must have. */
function readUrl(text: Written, diagnostics: Diagnostics): Target | undefined {
  const [, scheme = "", rest = ""] = /^([A-Za-z0-9+.-]*):\/\/(.*)$/s.exec(text.text) ?? [];
  const at = rest.indexOf("@");
  if (scheme.toLowerCase() !== "tls" || at < 1 || parseName(rest.slice(0, at), ROOT, "unicode").kind === "problem") {
    diagnostics.report("topology/bad-address", `${text.text} is no server, expected tls://NAME@ADDRESS`, text.span);
    return undefined;
  }
  const address = readAddressPort({ ...text, text: rest.slice(at + 1) }, diagnostics, TLS_PORT);
  if (address?.port === 0) return reportPort(text, diagnostics);
  if (address === undefined) return undefined;
  return { text: text.text, span: text.span, kind: "address", at: address, tls: rest.slice(0, at) };
}

function reportPort(text: Written, diagnostics: Diagnostics): undefined {
  diagnostics.report("topology/bad-address", `${text.text} has port 0, nobody answers there`, text.span);
}

/** A target that is a real server, for what is asked over the wire. */
export function readRealServer(text: Written, reading: Reading): Target | undefined {
  if (looksLikeTwo(text.text)) return reportTwo(text, reading.diagnostics);
  if (text.text.includes("://") || readsAsAddress(text.text)) return readTarget(text, reading);
  reading.diagnostics.report("topology/bad-address", `${text.text} is no address, expected a real server`, text.span, {
    hint: "write IP, IP:PORT or tls://NAME@IP",
  });
  return undefined;
}

/** Where targets are asked from: what can be said about them before anything is asked. */
export interface Asking {
  /** For sentences: `network onprem`. */
  readonly what: string;
  readonly network: string;
  /** `dns`: servers of clients; `rule`: targets of a rule. */
  readonly as: "dns" | "rule";
}

/**
 * Reports targets that can never answer from where they are asked: the platform resolver of a network that has none, or
 * its address. Returns whether the target is worth keeping.
 */
export function isAnswerable(target: Target, asking: Asking, reading: Reading): boolean {
  const { diagnostics } = reading;
  const report = (message: string, hint: string): false => {
    diagnostics.report("network/no-platform-resolver", message, target.span, { hint });
    return false;
  };
  switch (target.kind) {
    case "platform": {
      const network = target.network ?? asking.network;
      if (reading.kinds.get(network) !== "on-premises") {
        const isOwn =
          target.network === undefined || target.network === asking.network || !reading.kinds.has(asking.network);
        if (isOwn) return true;
        const message = `${target.text} answers machines in network ${network} only, ${asking.network} is another`;
        const hint = `name a resolver that stands in ${network}`;
        if (asking.as === "dns") return report(message, hint);
        return reportOutside(message, hint, target, reading);
      }
      return report(
        `network ${network} is on-premises and has no platform resolver`,
        "name a resolver that stands in it, or internet",
      );
    }
    case "address":
      return isOwnPlatformAddress(target, asking, reading, report);
    case "network":
    case "internet":
    case "resolver":
      break;
  }
  return true;
}

/** A fixed platform address is asked from inside a network of its kind, or over a route that somebody declared. */
function isOwnPlatformAddress(
  { text, at, span }: Extract<Target, { kind: "address" }>,
  asking: Asking,
  reading: Reading,
  report: (message: string, hint: string) => false,
): boolean {
  const own = kindOfPlatformAddress(at.address.text);
  // Where it is asked from is not known for defaults, nor for a resolver whose network could not be read.
  const kind = reading.kinds.get(asking.network);
  if (own === undefined || kind === undefined || kind === own) return true;
  if (isRouted(at.address, asking.network, reading)) return true;
  const message = `${text} answers in ${own} networks only, ${asking.network} is ${kind}`;
  const hint =
    kind === "on-premises"
      ? `name a resolver that stands in ${article(own)} network`
      : `write platform, or kind: ${own}`;
  if (asking.as === "dns") return report(message, hint);
  return reportOutside(message, hint, { span }, reading);
}

/** A rule that leads nowhere is refused, unless the topology says that it wants to see what becomes of it. */
function reportOutside(message: string, hint: string, { span }: Pick<Target, "span">, reading: Reading): boolean {
  if (reading.assume.reachability === "ignore") return true;
  reading.diagnostics.report("rule/platform-address-outside", message, span, { hint });
  return false;
}

function article(kind: string): string {
  return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}

/** Whether a network says itself that it has the address, or a route to it. */
function isRouted(address: Address, network: string, { declarations }: Reading): boolean {
  const layers = declarations.networks.get(foldKey(network))?.layers ?? [];
  const written = (["platform", "routes"] as const).flatMap((key) => {
    const value = nearestValue(layers, key);
    return value === undefined ? [] : oneOrMore(value);
  });
  return written.some((value) => {
    const parsed = value.kind === "text" ? parseCidr(value.text) : undefined;
    return parsed?.kind === "cidr" && containsAddress(parsed.cidr, address);
  });
}
