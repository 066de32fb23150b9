import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { nearest } from "../name/nearest.ts";
import { parseAddress } from "../net/address.ts";
import { parseCidr } from "../net/cidr.ts";
import { RecordTypes } from "../record/record-type.ts";
import { typeNumber } from "../record/type-names.ts";
import type { SourceFile } from "../source/source-file.ts";
import { readsAsAddress } from "./_declarations.ts";
import { itemsOf, type TopologyDocument } from "./_documents.ts";
import { asMapping, asText, choiceOf, ObjectReader } from "./_object-reader.ts";
import { parseYaml } from "./_parse-yaml.ts";
import { isFilePattern, isPattern, matchesPattern } from "./_pattern.ts";
import { foldKey, meansSeveral, networksOf, type Reading, referenceOf, referenceTo } from "./_reading.ts";
import { looksLikeTwo, readAddress, readDomain, readTtl, readWord, reportTwo } from "./_scalars.ts";
import { nearestValue, oneOrMore, type Text, type Value, type Written } from "./_value.ts";
import { KEYS } from "./keys.ts";
import {
  type AskedName,
  type Asker,
  type Conditions,
  ENDINGS,
  type Expectation,
  type Network,
  type TtlBounds,
} from "./model.ts";

/**
 * Reads `expect`, of every file: expectations, or paths of files that hold a list of them. Where the user named files of
 * expectations, it reads those instead.
 */
export function readExpectations(
  documents: readonly TopologyDocument[],
  networks: ReadonlyMap<string, Network>,
  reading: Reading,
  named?: readonly SourceFile[],
): Expectation[] {
  if (named !== undefined) return named.flatMap((file) => readFile(file, networks, reading));
  return itemsOf(documents, "expect").flatMap((value) =>
    value.kind === "text" ? readFiles(value, networks, reading) : readItem(value, networks, reading),
  );
}

function readFiles(text: Text, networks: ReadonlyMap<string, Network>, reading: Reading): Expectation[] {
  const { ports, diagnostics } = reading;
  const from = text.span.file;
  const paths = isFilePattern(text.text) ? [...ports.list(text.text, from)].sort() : [text.text];
  if (paths.length === 0) diagnostics.report("topology/include", `${text.text} matches no file`, text.span);
  return paths.flatMap((path) => {
    const result = ports.read(path, from);
    if (result.kind === "file") return readFile(result.file, networks, reading);
    diagnostics.report("topology/include", `${path} ${result.message}`, text.span);
    return [];
  });
}

function readFile(file: SourceFile, networks: ReadonlyMap<string, Network>, reading: Reading): Expectation[] {
  const { value } = parseYaml(file, reading.diagnostics);
  const other = value.kind === "map" ? value.entries.find(({ key }) => isTopologyKey(key)) : undefined;
  if (other !== undefined) {
    const message = `${other.key} is a key of a topology, expected a list of expectations`;
    const hint = "a topology is named with -c, or included";
    reading.diagnostics.report("topology/wrong-shape", message, other.span, { hint });
    return [];
  }
  return oneOrMore(value).flatMap((item) => readItem(item, networks, reading));
}

function isTopologyKey(key: string): boolean {
  return Object.hasOwn(KEYS.topology, key);
}

function readItem(value: Value, networks: ReadonlyMap<string, Network>, reading: Reading): Expectation[] {
  const { diagnostics } = reading;
  const mapping = asMapping(value, "an expectation", diagnostics);
  if (mapping === undefined) return [];
  // Its first key is where it stands: a whole map is no place to point at.
  const span = mapping.entries[0]?.span ?? value.span;
  const reader = new ObjectReader("expect", { what: "an expectation", layers: [mapping], span }, diagnostics);
  const from = reader.manyFlat("from", (text) => readAskers(text, networks, reading));
  const ask = reader.one("ask", (text) => readAsked(text, reading));
  const names = reader.many("name", readAskedName);
  const types = reader.many("type", (text) => readType(text, reading));
  if (types.length === 0) types.push(RecordTypes.A);
  const not = readNot(reader, types, reading);
  const holds = readConditions(reader, types, reading);
  const tags = reader.many("tags", readWord);
  const because = reader.one("because", readWord);
  const isEmpty = (["resolves", "is", "via", "ttl", "not"] as const).every((key) => !reader.has(key));
  if (isEmpty) {
    const hint = "write resolves, is, via, ttl or not";
    diagnostics.report("expectation/empty", "an expectation says nothing about the answer", span, { hint });
  }
  if (names.length === 0) return [];
  return [
    {
      from,
      names,
      types,
      tags,
      ...holds,
      span,
      whole: mapping.span,
      spans: reader.spans,
      ...(ask === undefined ? {} : { ask }),
      ...(not === undefined ? {} : { not }),
      ...(because === undefined ? {} : { because }),
    },
  ];
}

/** A name, or a pattern of names. A backslash makes a star the label that a wildcard has: `"\\*.apps.example"`. */
function readAskedName(text: Text, diagnostics: Diagnostics): AskedName | undefined {
  if (!isPattern(text.text) || text.text.includes("\\") || /[\s,]/.test(text.text)) {
    const name = readDomain(text, diagnostics);
    return name === undefined ? undefined : { kind: "name", name };
  }
  return { kind: "pattern", text: foldKey(text.text) };
}

function readNot(reader: ObjectReader<"expect">, types: readonly number[], reading: Reading): Conditions | undefined {
  const value = reader.value("not");
  const mapping = value === undefined ? undefined : asMapping(value, "not", reading.diagnostics);
  if (mapping === undefined) return undefined;
  const place = { what: "not", layers: [mapping], span: mapping.span };
  const not = new ObjectReader("not", place, reading.diagnostics);
  return readConditions(not, types, reading);
}

function readConditions(
  reader: ObjectReader<"expect"> | ObjectReader<"not">,
  types: readonly number[],
  reading: Reading,
): Conditions {
  const isSaid = reader.has("resolves");
  const resolves = reader.many("resolves", (text) => readEnding(text, types, reading));
  const is = reader.one("is", choiceOf("private", "public"));
  const via = reader.many("via", readDomain);
  const ttl = readBounds(reader.value("ttl"), reading.diagnostics);
  return {
    via,
    ...(isSaid ? { resolves } : {}),
    ...(is === undefined ? {} : { is }),
    ...(ttl === undefined ? {} : { ttl }),
  };
}

/** A TTL, or the least and the most that one may be. */
function readBounds(value: Value | undefined, diagnostics: Diagnostics): TtlBounds | undefined {
  if (value === undefined) return undefined;
  if (value.kind !== "map") {
    const text = asText(value, "ttl", diagnostics);
    const ttl = text === undefined ? undefined : readTtl(text, diagnostics);
    return ttl === undefined ? undefined : { min: ttl, max: ttl };
  }
  const reader = new ObjectReader("bounds", { what: "ttl", layers: [value], span: value.span }, diagnostics);
  const min = reader.one("min", readTtl);
  const max = reader.one("max", readTtl);
  if (min !== undefined && max !== undefined && min > max) {
    const message = `no TTL is at least ${min} and at most ${max}`;
    diagnostics.report("topology/bad-value", message, reader.placeOf("min"));
  }
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

/** An address or prefix (canonical), an ending, or, for other types than addresses, the text of rdata. */
function readEnding(text: Written, types: readonly number[], { diagnostics }: Reading): string | undefined {
  const word = foldKey(text.text);
  if (ENDINGS.includes(word)) return word;
  const address = parseAddress(text.text);
  if (address !== undefined) return address.text;
  const prefix = parseCidr(text.text);
  if (prefix.kind === "cidr") return prefix.cidr.text;
  if (types.some((type) => type !== RecordTypes.A && type !== RecordTypes.AAAA)) return text.text;
  if (looksLikeTwo(text.text)) return reportTwo(text, diagnostics);
  const near = prefix.suggestion ?? nearest(text.text, ENDINGS);
  const message = `${text.text} is no address, no prefix and none of ${ENDINGS.join(", ")}`;
  diagnostics.report(
    "topology/bad-value",
    message,
    text.span,
    near === undefined ? {} : { hint: `did you mean ${near}?` },
  );
  return undefined;
}

function readType(text: Written, { diagnostics }: Reading): number | undefined {
  const type = typeNumber(text.text);
  if (type !== undefined) return type;
  diagnostics.report("topology/bad-value", `${text.text} is no record type`, text.span, {
    hint: "write it as dig does: A, TXT, TYPE65280",
  });
  return undefined;
}

/** A resolver, `platform`, `NETWORK/platform` or an address; as it is looked up later. */
function readAsked(text: Written, reading: Reading): string | undefined {
  const word = foldKey(text.text);
  if (word === "platform" || word === "internet") return word;
  if (readsAsAddress(text.text)) return readAddress(text, reading.diagnostics)?.text;
  if (!word.endsWith("/platform")) return referenceTo(reading, "resolvers", text);
  const network = referenceOf(reading, "networks", text.text.slice(0, -"/platform".length), text.span);
  return network === undefined ? undefined : `${network}/platform`;
}

function readAskers(text: Written, networks: ReadonlyMap<string, Network>, reading: Reading): Asker[] {
  if (foldKey(text.text) === "internet") return [{ kind: "network", network: "internet" }];
  const at = text.text.indexOf("@");
  if (at > 0) return readHosts(text, at, networks, reading);
  if (readsAsAddress(text.text)) {
    const address = readAddress(text, reading.diagnostics);
    return address === undefined ? [] : [{ kind: "address", address }];
  }
  if (!meansSeveral(reading, text.text)) {
    const host = hostOfThatName(text, networks, reading);
    if (host !== undefined) {
      const hint = `did you mean ${host}?`;
      reading.diagnostics.report("network/unknown", `there is no network ${text.text}`, text.span, { hint });
      return [];
    }
  }
  return networksOf(reading, text).map((network) => ({ kind: "network", network }));
}

/** `HOST@NETWORK`, each perhaps a pattern. */
function readHosts(text: Written, at: number, networks: ReadonlyMap<string, Network>, reading: Reading): Asker[] {
  const wanted = text.text.slice(0, at);
  const found: Asker[] = [];
  const searched = networksOf(reading, { ...text, text: text.text.slice(at + 1) });
  for (const network of searched) {
    const hosts = [...(networks.get(network)?.hosts.keys() ?? [])];
    const exact = hosts.filter((host) => foldKey(host) === foldKey(wanted));
    for (const host of exact.length > 0 ? exact : hosts.filter((one) => matchesPattern(wanted, one)))
      found.push({ kind: "host", network, host });
  }
  if (found.length > 0 || searched.length === 0 || !reading.complete) return found;
  const isBroken = searched.some((network) => hasBrokenHosts(network, reading));
  if (isBroken) return found;
  const hosts = searched.flatMap((network) => [...(networks.get(network)?.hosts.keys() ?? [])]);
  const near = nearest(wanted, hosts);
  const hint = near === undefined ? `declare it under hosts of the network` : `did you mean ${near}?`;
  const message = `network ${searched.join(", ")} has no host ${wanted}`;
  reading.diagnostics.report("network/unknown-host", message, text.span, { hint });
  return found;
}

function hasBrokenHosts(network: string, { declarations }: Reading): boolean {
  const written = nearestValue(declarations.networks.get(foldKey(network))?.layers ?? [], "hosts");
  return written !== undefined && written.kind !== "map";
}

/** `HOST@NETWORK`, when somebody wrote the host alone. */
function hostOfThatName(text: Written, networks: ReadonlyMap<string, Network>, reading: Reading): string | undefined {
  if (reading.declarations.networks.has(foldKey(text.text))) return undefined;
  for (const network of networks.values())
    for (const host of network.hosts.keys()) if (foldKey(host) === foldKey(text.text)) return `${host}@${network.key}`;
  return undefined;
}
