import { findGroup, findServiceType } from "../catalogue/service-types.ts";
import { nearest } from "../name/nearest.ts";
import type { Address } from "../net/address.ts";
import { asText, choiceOf, ObjectReader } from "./_object-reader.ts";
import { providerRun } from "./_provider-run.ts";
import { type Declaration, foldKey, lookUp, type Reading, referenceTo } from "./_reading.ts";
import { readAddress, readDomain, readFlag, readTtl, readWord } from "./_scalars.ts";
import { someOf } from "./_some-of.ts";
import { nearestValue, oneOrMore, type Text } from "./_value.ts";
import { zonesOf } from "./_zones.ts";
import { type Endpoint, type EndpointAddress, keyPath, type Network, type PrivateDns, type Service } from "./model.ts";

/**
 * Reads an endpoint; `undefined` when it stands nowhere or is nobody's. A service that a provider runs for everybody is
 * added to `services` where it is met first: nobody declares it.
 */
export function readEndpoint(
  declaration: Declaration,
  networks: ReadonlyMap<string, Network>,
  services: Map<string, Service>,
  reading: Reading,
): Endpoint | undefined {
  const { key, span } = declaration;
  const reader = new ObjectReader("endpoint", { ...declaration, what: `endpoint ${key}` }, reading.diagnostics);
  const network = reader.one("network", (text) => referenceTo(reading, "networks", text));
  const service = reader.one("service", (text) => serviceOf(text, services, reading));
  const group = readGroup(reader, services.get(service ?? ""), reading);
  const subnet = readSubnet(reader, networks.get(network ?? ""), reading);
  const ttl = reader.one("ttl", readTtl);
  const id = reader.one("id", readWord);
  const read: Omit<Endpoint, "network" | "service"> = {
    key,
    span,
    address: readEndpointAddress(reader, reading),
    static: reader.one("static", readFlag) ?? false,
    connection: reader.one("connection", choiceOf("approved", "pending", "rejected", "disconnected")) ?? "approved",
    privateDns: readPrivateDns(reader, reading),
    names: reader.many("names", readDomain),
    spans: reader.spans,
    ...(group === undefined ? {} : { group }),
    ...(subnet === undefined ? {} : { subnet }),
    ...(ttl === undefined ? {} : { ttl }),
    ...(id === undefined ? {} : { id }),
  };
  if (network === undefined || service === undefined || !services.has(service)) return undefined;
  return { ...read, network, service };
}

/** The service of a key or a name; or, as `TYPE@LOCATION`, one that a provider runs. */
function serviceOf(text: Text, services: Map<string, Service>, reading: Reading): string | undefined {
  const isRun = text.text.includes("@") && lookUp(reading.declarations.services, text.text).length === 0;
  if (!isRun) return referenceTo(reading, "services", text);
  const service = providerRun(text, reading);
  if (service !== undefined && !services.has(service.key)) services.set(service.key, service);
  return service?.key;
}

/** The group as the catalogue spells it. */
function readGroup(
  reader: ObjectReader<"endpoint">,
  service: Service | undefined,
  { diagnostics }: Reading,
): string | undefined {
  const text = reader.text("group");
  const type = service === undefined ? undefined : findServiceType(service.type);
  if (service !== undefined && type === undefined && text !== undefined) {
    const message = `${service.type} has no group ${text.text}`;
    diagnostics.report("endpoint/unknown-group", message, text.span, { hint: "leave group out: it has none" });
  }
  if (type === undefined || service === undefined) return undefined;
  const names = type.groups.map(({ name }) => name);
  if (text === undefined) {
    if (names.length > 1 && !reader.has("group") && !reader.isPartial) {
      const message = `${reader.what} has no group, and ${service.type} has ${names.length} of them`;
      diagnostics.report("endpoint/group-missing", message, reader.span, {
        hint: `write group: one of ${someOf(names)}`,
      });
    }
    return undefined;
  }
  const group = findGroup(type, text.text);
  if (group !== undefined) return group.name;
  const near = nearest(text.text, names);
  const hint = near === undefined ? `groups: ${someOf(names)}` : `did you mean ${near}?`;
  diagnostics.report("endpoint/unknown-group", `${service.type} has no group ${text.text}`, text.span, { hint });
  return undefined;
}

function readSubnet(
  reader: ObjectReader<"endpoint">,
  network: Network | undefined,
  reading: Reading,
): string | undefined {
  const text = reader.text("subnet");
  if (text === undefined || network === undefined) return undefined;
  const subnets = declaredSubnets(network, reading);
  const found = subnets?.find((subnet) => foldKey(subnet) === foldKey(text.text));
  if (found !== undefined || !reading.complete || subnets === undefined) return found;
  const near = nearest(text.text, subnets);
  const listed = subnets.length === 0 ? "it has none" : `subnets: ${someOf(subnets)}`;
  const hint = near === undefined ? listed : `did you mean ${near}?`;
  const message = `network ${network.key} has no subnet ${text.text}`;
  reading.diagnostics.report("endpoint/unknown-subnet", message, text.span, { hint });
  return undefined;
}

/** As written: a subnet whose prefix could not be read is a subnet all the same. `undefined` when they are broken. */
function declaredSubnets({ key }: Network, { declarations }: Reading): string[] | undefined {
  const written = nearestValue(declarations.networks.get(foldKey(key))?.layers ?? [], "subnets");
  if (written === undefined) return [];
  return written.kind === "map" ? written.entries.map((entry) => entry.key) : undefined;
}

function readEndpointAddress(reader: ObjectReader<"endpoint">, { diagnostics }: Reading): EndpointAddress {
  const value = reader.value("address");
  if (value === undefined) return { kind: "allocated" };
  if (value.kind !== "map") {
    const addresses = reader.many("address", readAddress);
    return addresses.length === 0 ? { kind: "allocated" } : { kind: "each", addresses };
  }
  const members = new Map<string, Address[]>();
  for (const { key, span, value: given } of value.entries) {
    const found: Address[] = [];
    for (const item of oneOrMore(given)) {
      const text = asText(item, `address.${key}`, diagnostics);
      const address = text === undefined ? undefined : readAddress(text, diagnostics);
      if (address === undefined) continue;
      reader.spans.set(`address.${key}[${found.length}]`, item.span);
      found.push(address);
    }
    reader.spans.set(keyPath(`address.${key}`), span);
    reader.spans.set(`address.${key}`, given.kind === "nothing" ? span : given.span);
    members.set(key, found);
  }
  return { kind: "members", members };
}

function readPrivateDns(reader: ObjectReader<"endpoint">, reading: Reading): PrivateDns[] {
  if (!reader.has("privateDns")) return [{ kind: "auto", span: reader.span }];
  const several = reader.items("privateDns").length > 1;
  const found = reader.manyFlat("privateDns", (text) => readPrivateZone(text, several, reading));
  return found.filter((one, i) => found.findIndex((other) => keyOf(other) === keyOf(one)) === i);
}

function keyOf(dns: PrivateDns): string {
  return dns.kind === "auto" ? "auto" : `zone ${dns.key}`;
}

/** `auto`, `none`, or zones by reference. */
function readPrivateZone({ text, span }: Text, several: boolean, reading: Reading): PrivateDns[] {
  switch (text) {
    case "auto":
      return [{ kind: "auto", span }];
    case "none":
      if (several)
        reading.diagnostics.report("topology/conflicting-keys", "none stands beside zones, expected it alone", span);
      return [];
    default:
      return zonesOf({ text, span }, reading).map((key) => ({ kind: "zone", key, span }));
  }
}
