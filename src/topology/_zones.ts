import type { DomainName } from "../name/domain-name.ts";
import { asMapping, asText, choiceOf, ObjectReader } from "./_object-reader.ts";
import {
  type Declaration,
  foldKey,
  lookUp,
  meansSeveral,
  nameInKey,
  networksOf,
  type Reading,
  reportAmbiguous,
  reportUnknown,
} from "./_reading.ts";
import { readDomain, readFlag, readTtl, readWord, readZoneText } from "./_scalars.ts";
import { nearestValue, type Written } from "./_value.ts";
import type { FileReference, Link, NetworkKind, OnMiss, PrivateZone } from "./model.ts";

const readOnMiss = choiceOf("nxdomain", "internet");
const readState = choiceOf("completed", "inProgress");

/** Reads a private zone; `undefined` when it has no name that a zone can have. */
export function readZone(declaration: Declaration, reading: Reading): PrivateZone | undefined {
  const { key, span, folder } = declaration;
  const reader = new ObjectReader("zone", { ...declaration, what: `zone ${folder?.key ?? key}` }, reading.diagnostics);
  reportConflicts(reader, folder !== undefined);
  const name = folder === undefined ? zoneName(reader, key) : folder.origin;
  const onMiss = reader.one("onMiss", readOnMiss) ?? "nxdomain";
  const links = readLinks(reader, key, onMiss, reading);
  const ttl = reader.one("ttl", readTtl);
  const soa = reader.one("soa", readZoneText);
  const id = reader.one("id", readWord);
  const files = reader.many("file", fileReference);
  const records = reader.many("records", readZoneText);
  const folderSpan = reader.placeOf("folder");
  if (name === undefined) return undefined;
  return {
    key,
    span,
    name,
    files: folder === undefined ? files : [{ path: folder.path, span: folderSpan }],
    records,
    links,
    onMiss,
    spans: reader.spans,
    ...(folder === undefined ? {} : { folder: folder.key }),
    ...(ttl === undefined ? {} : { ttl }),
    ...(soa === undefined ? {} : { soa }),
    ...(id === undefined ? {} : { id }),
  };
}

/** A path as written: it is relative to the file that its place is in. */
export function fileReference({ text, span }: Written): FileReference {
  return { path: text, span };
}

/** What belongs to one zone cannot stand beside a folder of them. */
function reportConflicts(reader: ObjectReader<"zone">, isFolder: boolean): void {
  if (!isFolder) return;
  reader.value("folder");
  for (const key of ["name", "file", "records", "soa"] as const) {
    if (!reader.has(key)) continue;
    const related = [{ message: "the folder is here", span: reader.placeOf("folder") }];
    const message = `${reader.what} has ${key} beside folder, which makes a zone of each file`;
    reader.diagnostics.report("topology/conflicting-keys", message, reader.placeOf(key), { related });
  }
}

function zoneName(reader: ObjectReader<"zone">, key: string): DomainName | undefined {
  if (reader.has("name")) return reader.one("name", readDomain);
  return readDomain({ text: nameInKey(key), span: reader.span }, reader.diagnostics);
}

function readLinks(reader: ObjectReader<"zone">, zone: string, onMiss: OnMiss, reading: Reading): Link[] {
  const named = new Map<string, Link>();
  const matched: Link[] = [];
  for (const item of reader.items("links")) {
    const mapping = asMapping(item, "a link", reading.diagnostics, "network");
    if (mapping === undefined) continue;
    const place = { what: "a link", layers: [mapping], span: item.span };
    const link = new ObjectReader("link", place, reading.diagnostics);
    const name = link.one("name", readWord);
    const rest = {
      onMiss: link.one("onMiss", readOnMiss) ?? onMiss,
      state: link.one("state", readState) ?? "completed",
      registration: link.one("registration", readFlag) ?? false,
      ...(name === undefined ? {} : { name }),
    };
    for (const text of linkedTexts(link)) {
      for (const network of linkedNetworks(text, zone, reading)) {
        const made: Link = { network, ...rest, span: text.span };
        if (meansSeveral(reading, text.text)) matched.push(made);
        else if (!named.has(network)) named.set(network, made);
        else reportRepeated(made, named.get(network)?.span ?? reader.span, zone, reading);
      }
    }
  }
  // What names a network says more than a pattern that it fits; of patterns, the first.
  const first = matched.filter(
    ({ network }, i) => !named.has(network) && matched.findIndex((one) => one.network === network) === i,
  );
  return [...named.values(), ...first];
}

function linkedTexts(link: ObjectReader<"link">) {
  return link
    .items("network")
    .map((item) => asText(item, "network", link.diagnostics))
    .filter((text) => text !== undefined);
}

function reportRepeated(link: Link, first: Link["span"], zone: string, { diagnostics }: Reading): void {
  const related = [{ message: "the first link is here", span: first }];
  diagnostics.report("link/repeated", `zone ${zone} is linked to ${link.network} already`, link.span, { related });
}

/** Kinds of networks that cannot be linked to a zone, and why. */
const WHY_NO_LINKS: ReadonlyMap<NetworkKind, string> = new Map([
  ["on-premises", "it has no platform resolver that could see a link"],
  ["ibm-classic", "its resolvers know public data alone, zones are linked to VPCs"],
]);

/** The networks that a link makes see the zone. Where no platform resolver is, nobody would look at it. */
function linkedNetworks(text: Written, zone: string, reading: Reading): string[] {
  const canHaveLinks = (key: string): boolean => WHY_NO_LINKS.get(reading.kinds.get(key) ?? "generic") === undefined;
  const hint = `add ${zone} to zones of the resolver that these clients use`;
  if (foldKey(text.text) === "internet") {
    const message = "the internet cannot be linked to a private zone";
    reading.diagnostics.report("link/no-links-there", message, text.span, {
      hint: `put its records into public, or ${hint}`,
    });
    return [];
  }
  const found = networksOf(reading, text, canHaveLinks);
  const [network] = found;
  if (network === undefined || canHaveLinks(network)) return found;
  const kind = reading.kinds.get(network) ?? "generic";
  const message = `network ${network} is ${kind}: ${WHY_NO_LINKS.get(kind)}`;
  reading.diagnostics.report("link/no-links-there", message, text.span, {
    hint: hintForResolvers(network, zone, reading) ?? hint,
  });
  return [];
}

function hintForResolvers(network: string, zone: string, { declarations }: Reading): string | undefined {
  const standing = [...declarations.resolvers.values()].filter(({ layers }) => {
    const value = nearestValue(layers, "network");
    return value?.kind === "text" && foldKey(value.text) === foldKey(network);
  });
  const keys = standing.map(({ key }) => key);
  return keys.length === 0 ? undefined : `write resolvers.${keys[0]}.zones: ${zone}`;
}

/** The zones that a reference means: one; or, for the key of a folder, every zone out of it. */
export function zonesOf(text: Written, reading: Reading): string[] {
  const section = reading.declarations.zones;
  const inFolder = [...section.values()].filter(
    ({ folder }) => folder !== undefined && foldKey(folder.key) === foldKey(text.text),
  );
  if (inFolder.length > 0) return inFolder.map(({ key }) => key);
  const [found, ...others] = lookUp(section, text.text);
  if (found === undefined) reportUnknown(reading, "zones", text.text, text.span);
  else if (others.length === 0) return [found.key];
  else reportAmbiguous(reading, "zones", text.text, text.span, [found, ...others]);
  return [];
}
