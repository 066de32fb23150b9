import type { SourceSpan } from "../source/source-file.ts";
import { NETWORK_KINDS } from "./_declarations.ts";
import { asMapping, choiceOf, ObjectReader } from "./_object-reader.ts";
import { readAws, readGcp, readIbm } from "./_provider-keys.ts";
import { type Declaration, networksOf, type Reading } from "./_reading.ts";
import { type RulePlace, readForward } from "./_rules.ts";
import { readAddress, readCidr, readFlag, readWord } from "./_scalars.ts";
import { type Asking, isAnswerable, readTarget } from "./_targets.ts";
import type { Entry, Written } from "./_value.ts";
import type { Host, Network, Target } from "./model.ts";

/** Reads a network. It is always one, whatever is wrong inside: others may refer to it. */
export function readNetwork(declaration: Declaration, reading: Reading): Network {
  const { key, span } = declaration;
  const { diagnostics } = reading;
  const reader = new ObjectReader("network", { ...declaration, what: `network ${key}` }, diagnostics);
  const kind = reader.one("kind", choiceOf(...NETWORK_KINDS)) ?? "generic";
  const location = reader.one("location", readWord);
  const id = reader.one("id", readWord);
  const asking = { what: `network ${key}`, network: key };
  const dns = reader.many("dns", (text) => readNetworkServer(text, { ...asking, as: "dns" }, reading));
  const routes = reader.many("routes", readCidr);
  const hosts = new Map<string, Host>();
  for (const entry of reader.entries("hosts")) {
    const host = readHost(entry, key, reading);
    if (host === undefined) continue;
    hosts.set(host.key, host);
    reader.spans.set(`hosts.${host.key}`, host.span);
    for (const [path, place] of host.spans) reader.spans.set(`hosts.${host.key}.${path}`, place);
  }
  return {
    key,
    span,
    kind,
    prefixes: reader.many("prefixes", readCidr),
    clients: reader.many("clients", readCidr),
    subnets: reader.record("subnets", readCidr),
    // Nobody runs a platform resolver on premises: what its clients use unless told is the internet's.
    dns: dns.length === 0 && kind === "on-premises" ? [internetAt(span)] : dns,
    forward: readForward(reader.entries("forward"), rulesAt(asking), reading),
    platform: reader.many("platform", readAddress),
    peers: readPeers(reader, key, reading),
    transit: reader.one("transit", readFlag) ?? false,
    egress: reader.one("egress", readFlag) ?? true,
    hosts,
    aws: readAws(reader, kind, declaration),
    ibm: readIbm(reader, kind, declaration),
    ...readGcp(reader, kind, declaration),
    spans: reader.spans,
    ...(routes.length === 0 ? {} : { routes }),
    ...(location === undefined ? {} : { location }),
    ...(id === undefined ? {} : { id }),
  };
}

/** Rules of a network's own platform resolver. */
function rulesAt(asking: Omit<Asking, "as">): RulePlace {
  return { asking: [{ ...asking, as: "rule" }], owners: [asking.network], refuses: () => false };
}

function internetAt(span: SourceSpan): Target {
  return { kind: "internet", text: "internet", span };
}

function readPeers(reader: ObjectReader<"network">, key: string, reading: Reading): string[] {
  const peers = reader.manyFlat("peers", (text) => networksOf(reading, text));
  return [...new Set(peers)].filter((peer) => peer !== key);
}

/** A server of a network's clients; `network` would be the network's own setting again. */
function readNetworkServer(text: Written, asking: Asking, reading: Reading): Target | undefined {
  const target = readTarget(text, reading);
  if (target === undefined || !isAnswerable(target, asking, reading)) return undefined;
  if (target.kind !== "network") return target;
  const hint = "name its servers, or leave dns out for the platform resolver";
  const message = `dns of ${asking.what} says network, which is its own dns again`;
  reading.diagnostics.report("network/dns-itself", message, text.span, { hint });
  return undefined;
}

function readHost(entry: Entry, network: string, reading: Reading): Host | undefined {
  const { key, span } = entry;
  const { diagnostics } = reading;
  const what = `host ${key} of network ${network}`;
  if (key.includes("@")) {
    diagnostics.report(
      "topology/reserved-key",
      `${key} cannot be the key of a host: @ stands between host and network`,
      span,
    );
    return undefined;
  }
  const mapping = asMapping(entry.value, what, diagnostics, "address");
  if (mapping === undefined) return undefined;
  const reader = new ObjectReader("host", { what, layers: [mapping], span }, diagnostics);
  const read = reader.many("dns", (text) => readTarget(text, reading));
  const location = reader.one("location", readWord);
  return {
    key,
    span,
    addresses: reader.many("address", readCidr),
    dns: read.filter((target) => isAnswerable(target, { what, network, as: "dns" }, reading)),
    clients: reader.many("clients", readCidr),
    ...(location === undefined ? {} : { location }),
    registered: reader.one("registered", readFlag) ?? true,
    spans: reader.spans,
  };
}
