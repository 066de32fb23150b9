import { type AddressPort, formatAddressPort, parseAddressPort } from "../net/address.ts";
import { LOOPBACK_PREFIXES } from "../net/cidr.ts";
import type { SourceFile } from "../source/source-file.ts";
import { itemsOf, type TopologyDocument } from "./_documents.ts";
import { asMapping, choiceOf, ObjectReader } from "./_object-reader.ts";
import { readRateLimit } from "./_rate-limit.ts";
import { foldKey, type Reading, referenceOf, referenceTo } from "./_reading.ts";
import { readAddressPort, readCidr, readFlag, readTtl, readWithin } from "./_scalars.ts";
import type { Value, Written } from "./_value.ts";
import { zonesOf } from "./_zones.ts";
import type { Listener } from "./model.ts";
import { namedZones, PUBLIC_ZONES, type ServedZones, zonesOfNetwork } from "./served-zones.ts";

/** Where privlink answers when a topology does not say. */
const DEFAULT_LISTENER = "127.0.0.1:5300";
/** Octets of UDP messages: what every client takes (RFC 1035 §4.2.1), and more than any path is known to bear (RFC 6891 §6.2.5). */
const readUdpSize = readWithin(512, 4096, "octets of a UDP message");
const readEde = choiceOf("full", "code", "off");
const readProxy = choiceOf("none", "required");

/** Reads `listen`, of every file; the default listener when no file has one. */
export function readListeners(entry: SourceFile, documents: readonly TopologyDocument[], reading: Reading): Listener[] {
  const at = parseAddressPort(DEFAULT_LISTENER, 53);
  const isSaid = documents.some(({ root }) => root.has("listen"));
  if (!isSaid && at !== undefined) return [{ at, trust: LOOPBACK_PREFIXES, span: { file: entry, start: 0, end: 0 } }];
  const listeners: Listener[] = [];
  for (const value of itemsOf(documents, "listen")) {
    const listener = readListener(value, reading);
    if (listener === undefined) continue;
    const first = listeners.find((other) => isSame(other.at, listener.at));
    if (first === undefined) listeners.push(listener);
    else {
      const related = [{ message: "the first one is here", span: first.span }];
      const message = `there is a listener at ${formatAddressPort(listener.at)} already`;
      reading.diagnostics.report("listener/repeated", message, listener.span, { related });
    }
  }
  return listeners;
}

/** Port 0 is another port each time. */
function isSame(a: AddressPort, b: AddressPort): boolean {
  return a.port !== 0 && formatAddressPort(a) === formatAddressPort(b);
}

function readListener(value: Value, reading: Reading): Listener | undefined {
  const mapping = asMapping(value, "a listener", reading.diagnostics, "address");
  if (mapping === undefined) return undefined;
  const reader = new ObjectReader(
    "listen",
    { what: "a listener", layers: [mapping], span: value.span },
    reading.diagnostics,
  );
  const at = reader.one("address", readAddressPort);
  const network = reader.one("network", (text) => readNetworkOfListener(text, reading));
  const resolver = reader.one("resolver", (text) => readResolverOfListener(text, reading));
  const isAuthoritative = reader.one("authoritative", readFlag) ?? false;
  const zones = [...new Set(reader.manyFlat("zones", (text) => zonesOf(text, reading)))];
  reportConflicts(reader, isAuthoritative);
  if (!isAuthoritative) reportMissingPlatform(reader, network, resolver, reading);
  const isProxied = reader.one("proxy", readProxy) === "required";
  if (isProxied && !reader.has("trust")) reportNobodyTrusted(reader);
  const maxTtl = reader.one("maxTtl", readTtl);
  const maxUdpSize = reader.one("maxUdpSize", readUdpSize);
  const unreachable = reader.one("unreachable", choiceOf("servfail", "drop"));
  const ede = reader.one("ede", readEde);
  const rateLimit = readRateLimit(reader.value("rateLimit"), reading.diagnostics);
  const trust = reader.has("trust") ? reader.many("trust", readCidr) : LOOPBACK_PREFIXES;
  if (at === undefined) return undefined;
  return {
    at,
    trust,
    span: reader.placeOf("address"),
    ...(isAuthoritative
      ? { serves: served(reader.has("zones"), zones, network) }
      : {
          ...(network === undefined ? {} : { network }),
          ...(resolver === undefined ? {} : { resolver }),
        }),
    ...(isProxied ? { proxy: "required" } : {}),
    ...(maxTtl === undefined ? {} : { maxTtl }),
    ...(maxUdpSize === undefined ? {} : { maxUdpSize }),
    ...(unreachable === undefined ? {} : { unreachable }),
    ...(ede === undefined ? {} : { ede }),
    ...(rateLimit === undefined ? {} : { rateLimit }),
  };
}

function served(isSaid: boolean, zones: readonly string[], network: string | undefined): ServedZones {
  if (isSaid) return namedZones(zones);
  return network === undefined ? PUBLIC_ZONES : zonesOfNetwork(network);
}

/** What a resolver needs, an authoritative server has no use for, and the other way round. */
function reportConflicts(reader: ObjectReader<"listen">, isAuthoritative: boolean): void {
  if (!isAuthoritative) {
    if (!reader.has("zones")) return;
    const hint = "write authoritative: true, or name them in zones of a resolver";
    const message = "zones are what an authoritative listener serves, and this one is a resolver's";
    reader.diagnostics.report("listener/needs-authoritative", message, reader.placeOf("zones"), { hint });
    return;
  }
  const related = [{ message: "authoritative is here", span: reader.placeOf("authoritative") }];
  if (reader.has("resolver")) {
    const hint = "give the resolver a listener of its own";
    const message = "a listener is a resolver or authoritative, not both";
    reader.diagnostics.report("topology/conflicting-keys", message, reader.placeOf("resolver"), { related, hint });
  }
  if (reader.has("trust") && !reader.has("proxy")) {
    const hint = "remove trust";
    const message = "an authoritative listener answers everybody alike and believes no client subnet";
    reader.diagnostics.report("listener/trust-unused", message, reader.placeOf("trust"), { related, hint });
  }
  if (!reader.has("zones") || !reader.has("network")) return;
  const other = [{ message: "network is here", span: reader.placeOf("network") }];
  const message = "zones are named here, and network stands for other ones";
  const hint = "keep one of the two";
  reader.diagnostics.report("topology/conflicting-keys", message, reader.placeOf("zones"), { related: other, hint });
}

/** Whoever may send the header says who asks: nobody is believed by default. */
function reportNobodyTrusted(reader: ObjectReader<"listen">): void {
  const message = "proxy is required, and trust does not say whose header is believed";
  reader.diagnostics.report("topology/missing-key", message, reader.placeOf("proxy"), {
    hint: "write trust: and the addresses of the proxies",
  });
}

function readNetworkOfListener(text: Written, reading: Reading): string | undefined {
  const word = foldKey(text.text);
  return word === "internet" ? word : referenceTo(reading, "networks", text);
}

/** A resolver, `platform`, or `NETWORK/platform`. */
function readResolverOfListener(text: Written, reading: Reading): string | undefined {
  const word = foldKey(text.text);
  if (word === "platform") return word;
  if (!word.endsWith("/platform")) return referenceTo(reading, "resolvers", text);
  const network = referenceOf(reading, "networks", text.text.slice(0, -"/platform".length), text.span);
  if (network === undefined || reading.kinds.get(network) !== "on-premises") return network && `${network}/platform`;
  const hint = "name a resolver that stands in it";
  reading.diagnostics.report("network/no-platform-resolver", `network ${network} has no platform resolver`, text.span, {
    hint,
  });
  return undefined;
}

function reportMissingPlatform(
  reader: ObjectReader<"listen">,
  network: string | undefined,
  resolver: string | undefined,
  { kinds, diagnostics }: Reading,
): void {
  if (resolver !== "platform" || network === undefined) return;
  if (network !== "internet" && kinds.get(network) !== "on-premises") return;
  const message = `${network === "internet" ? "the internet" : `network ${network}`} has no platform resolver`;
  const hint = "leave resolver out, or name one";
  diagnostics.report("network/no-platform-resolver", message, reader.placeOf("resolver"), { hint });
}
