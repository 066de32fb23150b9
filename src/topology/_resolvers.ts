import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { readCache, readOrder } from "./_cache.ts";
import { choiceOf, ObjectReader } from "./_object-reader.ts";
import { type Declaration, foldKey, type Reading, referenceTo } from "./_reading.ts";
import { type RulePlace, readForward } from "./_rules.ts";
import { readAddressPort, readDomain, readFlag, readWord } from "./_scalars.ts";
import { readTold } from "./_told.ts";
import type { Written } from "./_value.ts";
import { zonesOf } from "./_zones.ts";
import type { DeclaredResolver, Target } from "./model.ts";

/** Where a resolver stands that stands in no network. */
const INTERNET = "internet";
const DNS_PORT = 53;
/** DNS over TLS (RFC 7858 §3.1). */
const TLS_PORT = 853;

const readFailover = choiceOf("no-reply", "servfail", "refused", "notimp");

/** Reads a resolver; `undefined` when it stands nowhere. */
export function readResolver(declaration: Declaration, reading: Reading): DeclaredResolver | undefined {
  const { key, span } = declaration;
  const { diagnostics } = reading;
  const reader = new ObjectReader("resolver", { ...declaration, what: `resolver ${key}` }, diagnostics);
  const standing = reader.one("network", (text) => {
    if (foldKey(text.text) !== "internet") return referenceTo(reading, "networks", text);
    const hint = "declare a network for it to stand in";
    diagnostics.report("network/unknown", "the internet is no network that a resolver stands in", text.span, { hint });
    return undefined;
  });
  const network = standing ?? withoutNetwork(reader, reading);
  const addresses = reader.many("address", (text) => {
    const at = readAddressPort(text, diagnostics, reader.has("tls") ? TLS_PORT : DNS_PORT);
    if (at?.port !== 0) return at;
    diagnostics.report("topology/bad-address", `${text.text} has port 0, nobody answers there`, text.span);
    return undefined;
  });
  const zones = new Set(reader.manyFlat("zones", (text) => zonesOf(text, reading)));
  const external = reader.one("external", readFlag) ?? false;
  const aliases = reader.one("aliases", choiceOf("trust", "chase")) ?? "trust";
  const failover = new Set(reader.many("failover", readFailover));
  const tls = reader.one("tls", readServerName);
  const order = reader.one("order", readOrder);
  const cache = readCache(reader.value("cache"), `resolver ${key}`, diagnostics);
  const told = readTold(reader, `resolver ${key}`, diagnostics);
  const id = reader.one("id", readWord);
  const entries = reader.entries("forward");
  const place: RulePlace = {
    asking: [{ what: reader.what, network: network ?? "", as: "rule" }],
    owners: [],
    refuses: (target, domain) => isItself(target, domain, { key, addresses }, reading),
  };
  const forward = readForward(entries, place, reading);
  reportExternal(reader, external);
  if (network === undefined) return undefined;
  return {
    key,
    span,
    network,
    addresses,
    forward,
    zones: [...zones],
    external,
    aliases,
    failover: failover.size === 0 ? ["no-reply"] : [...failover],
    ...(tls === undefined ? {} : { tls }),
    ...(order === undefined ? {} : { order }),
    ...(cache === undefined ? {} : { cache }),
    ...told,
    spans: reader.spans,
    ...(id === undefined ? {} : { id }),
  };
}

/** Where no network is declared, a resolver stands in none; else one is required. */
function withoutNetwork(reader: ObjectReader<"resolver">, { declarations }: Reading): string | undefined {
  if (reader.isPartial || reader.has("network")) return undefined;
  if (declarations.networks.size === 0) return INTERNET;
  const message = `${reader.what} has no network, expected one`;
  reader.diagnostics.report("topology/missing-key", message, reader.span, { hint: "write network: and what it is" });
  return undefined;
}

/** A rule that leads to the resolver that has it would ask for ever. */
function isItself(
  target: Target,
  domain: string,
  { key, addresses }: Pick<DeclaredResolver, "key" | "addresses">,
  { diagnostics }: Reading,
): boolean {
  const isOwn =
    (target.kind === "resolver" && target.key === key) ||
    (target.kind === "address" &&
      addresses.some(({ address, port }) => address.text === target.at.address.text && port === target.at.port));
  if (!isOwn) return false;
  const message = `the rule for ${domain} of resolver ${key} leads to ${target.text}, which is resolver ${key} itself`;
  diagnostics.report("rule/to-itself", message, target.span, { hint: "name another resolver, or internet" });
  return true;
}

/** The name of a server, as its certificate has it. */
function readServerName(text: Written, diagnostics: Diagnostics): string | undefined {
  return readDomain(text, diagnostics) === undefined ? undefined : text.text;
}

/** What only says how a real server is asked. */
function reportNotExternal(reader: ObjectReader<"resolver">): void {
  for (const key of ["tls", "order", "proxy", "clientSubnet"] as const) {
    if (!reader.has(key)) continue;
    const message = `${key} of ${reader.what} says how a real server is asked, and it is none`;
    reader.diagnostics.report("resolver/needs-external", message, reader.placeOf(key), {
      hint: `write external: true, or remove ${key}`,
    });
  }
}

/** A real server is asked as a whole, at an address. */
function reportExternal(reader: ObjectReader<"resolver">, external: boolean): void {
  if (reader.isPartial) return;
  if (!external) return reportNotExternal(reader);
  if (!reader.has("address")) {
    const message = `${reader.what} is external and has no address, expected where the real server is asked`;
    reader.diagnostics.report("topology/missing-key", message, reader.span, { hint: "write address: and what it is" });
  }
  if (!reader.has("forward")) return;
  const related = [{ message: "it is external here", span: reader.placeOf("external") }];
  const message = `${reader.what} has forward, and is external: where a real server asks is its own affair`;
  reader.diagnostics.report("topology/conflicting-keys", message, reader.placeOf("forward"), { related });
}
