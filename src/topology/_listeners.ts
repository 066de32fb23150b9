import { type AddressPort, formatAddressPort, parseAddressPort } from "../net/address.ts";
import { LOOPBACK_PREFIXES } from "../net/cidr.ts";
import type { SourceFile } from "../source/source-file.ts";
import { itemsOf, type TopologyDocument } from "./_documents.ts";
import { asMapping, choiceOf, ObjectReader } from "./_object-reader.ts";
import { foldKey, type Reading, referenceOf, referenceTo } from "./_reading.ts";
import { readAddressPort, readCidr, readTtl, readWithin } from "./_scalars.ts";
import type { Value, Written } from "./_value.ts";
import type { Listener } from "./model.ts";

/** Where privlink answers when a topology does not say. */
const DEFAULT_LISTENER = "127.0.0.1:5300";
/** Octets of UDP messages: what every client takes (RFC 1035 §4.2.1), and more than any path is known to bear (RFC 6891 §6.2.5). */
const readUdpSize = readWithin(512, 4096, "octets of a UDP message");
const readEde = choiceOf("full", "code", "off");

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
  reportMissingPlatform(reader, network, resolver, reading);
  const maxTtl = reader.one("maxTtl", readTtl);
  const maxUdpSize = reader.one("maxUdpSize", readUdpSize);
  const ede = reader.one("ede", readEde);
  const trust = reader.has("trust") ? reader.many("trust", readCidr) : LOOPBACK_PREFIXES;
  if (at === undefined) return undefined;
  return {
    at,
    trust,
    span: reader.placeOf("address"),
    ...(network === undefined ? {} : { network }),
    ...(resolver === undefined ? {} : { resolver }),
    ...(maxTtl === undefined ? {} : { maxTtl }),
    ...(maxUdpSize === undefined ? {} : { maxUdpSize }),
    ...(ede === undefined ? {} : { ede }),
  };
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
