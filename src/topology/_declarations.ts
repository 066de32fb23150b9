import { posix } from "node:path";
import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { ROOT } from "../name/domain-name.ts";
import { displayName, parseName } from "../name/name-text.ts";
import { parseAddress, parseAddressPort } from "../net/address.ts";
import { parseCidr } from "../net/cidr.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { TopologyDocument } from "./_documents.ts";
import { asMapping } from "./_object-reader.ts";
import { isPattern } from "./_pattern.ts";
import { type Declaration, type Declarations, foldKey, nameInKey, type Section } from "./_reading.ts";
import { type Entry, entryOf, type Mapping, nearestValue, type Text } from "./_value.ts";
import type { KeyOf } from "./keys.ts";
import type { NetworkKind } from "./model.ts";
import type { TopologyPorts } from "./ports.ts";

type Kind = keyof Declarations;

const DEFAULTS_OF = {
  networks: "network",
  zones: "zone",
  services: "service",
  endpoints: "endpoint",
  rulesets: "ruleset",
  resolvers: "resolver",
} as const satisfies Record<Kind, KeyOf<"defaults">>;

/** Words that mean something where a key may stand. */
const RESERVED: Record<Kind, readonly string[]> = {
  networks: ["internet", "platform", "network", "all"],
  resolvers: ["internet", "platform", "network", "all"],
  zones: ["auto", "none"],
  services: [],
  endpoints: [],
  rulesets: [],
};

/** Collects the keys of every file, so that references can be looked up; reports keys that are double or reserved. */
export function collectDeclarations(
  documents: readonly TopologyDocument[],
  ports: TopologyPorts,
  diagnostics: Diagnostics,
): Declarations {
  const collect = (kind: Kind): Section => collectSection(documents, kind, ports, diagnostics);
  return {
    networks: collect("networks"),
    zones: collect("zones"),
    services: collect("services"),
    endpoints: collect("endpoints"),
    rulesets: collect("rulesets"),
    resolvers: collect("resolvers"),
  };
}

function collectSection(
  documents: readonly TopologyDocument[],
  kind: Kind,
  ports: TopologyPorts,
  diagnostics: Diagnostics,
): Section {
  const section = new Map<string, Declaration>();
  for (const { file, root, defaults } of documents) {
    for (const entry of root.entries(kind)) {
      if (!isUsableKey(kind, entry, diagnostics)) continue;
      const own = asMapping(entry.value, `${DEFAULTS_OF[kind]} ${entry.key}`, diagnostics);
      const layers = [own ?? withoutKeys(entry), ...(defaults.get(DEFAULTS_OF[kind]) ?? [])];
      // A broken object keeps its key, so that references to it are no second problem.
      const broken = own === undefined ? { isPartial: true as const } : {};
      const declared = { ...declarationOf(kind, entry, layers, file), ...broken };
      const folder = kind === "zones" ? folderOf(layers) : undefined;
      const all = folder === undefined ? [declared] : expandFolder(declared, folder, ports, diagnostics);
      for (const declaration of all) add(section, declaration, DEFAULTS_OF[kind], diagnostics);
    }
  }
  return section;
}

function withoutKeys({ value }: Entry): Mapping {
  return { kind: "map", entries: [], span: value.span };
}

function add(
  section: Map<string, Declaration>,
  declaration: Declaration,
  noun: string,
  diagnostics: Diagnostics,
): void {
  const folded = foldKey(declaration.key);
  const first = section.get(folded);
  if (first === undefined) {
    section.set(folded, declaration);
    return;
  }
  const related = [{ message: `${first.key} is declared here first`, span: first.span }];
  const slash =
    declaration.folder === undefined
      ? {}
      : { hint: "put a part and a slash before the key of one folder: they are put before its zones" };
  diagnostics.report("topology/duplicate-key", `${noun} ${declaration.key} is declared twice`, declaration.span, {
    related,
    ...slash,
  });
}

function isUsableKey(kind: Kind, { key, span }: Entry, diagnostics: Diagnostics): boolean {
  const noun = DEFAULTS_OF[kind];
  const refuse = (why: string): false => {
    diagnostics.report("topology/reserved-key", `${key} cannot be the key of a ${noun}: ${why}`, span);
    return false;
  };
  if (RESERVED[kind].includes(foldKey(key))) return refuse("the word means something else in references");
  if (kind !== "networks" && kind !== "resolvers") return true;
  if (readsAsAddress(key)) return refuse("it reads as an address");
  if (isPattern(key)) return refuse("it reads as a pattern");
  if (key.includes("@")) return refuse("@ stands between host and network");
  if (foldKey(nameInKey(key)) === "platform") return refuse("/platform is a network's platform resolver");
  return true;
}

/** Whether text can be taken for an address, a port on one, or a prefix. */
export function readsAsAddress(text: string): boolean {
  return (
    parseAddress(text) !== undefined ||
    parseAddressPort(text, 53) !== undefined ||
    (text.includes("/") && parseCidr(text).kind === "cidr") ||
    /^[0-9.]+(?::.*)?$/.test(text) ||
    /^\[|^[0-9a-f]*:.*:/i.test(text)
  );
}

function declarationOf(kind: Kind, { key, span }: Entry, layers: readonly Mapping[], file: SourceFile): Declaration {
  const own = layers[0] === undefined ? undefined : entryOf(layers[0], "name")?.value;
  const text = (kind === "zones" || kind === "services") && own?.kind === "text" ? own.text : nameInKey(key);
  return { key, span, name: foldKey(text), file, layers };
}

function folderOf(layers: readonly Mapping[]): Text | undefined {
  const value = nearestValue(layers, "folder");
  return value?.kind === "text" ? value : undefined;
}

/**
 * A zone for each zone file below a folder, with the keys of the entry that names it. Its key is its name; what stands
 * before a slash in the folder's key stands before it too, so that two folders may hold zones of one name.
 */
function expandFolder(
  declared: Declaration,
  folder: Text,
  ports: TopologyPorts,
  diagnostics: Diagnostics,
): Declaration[] {
  const from = folder.span.file;
  const paths = [...ports.list(`${folder.text.replace(/\/+$/, "")}/**/*.zone`, from)].sort();
  if (paths.length === 0) reportEmptyFolder(folder, diagnostics);
  const prefix = declared.key.slice(0, declared.key.lastIndexOf("/") + 1);
  return paths.flatMap((path) => {
    const result = ports.originOf(path, from);
    if (result.kind === "problem") {
      diagnostics.report("topology/zone-folder", `${path} ${result.message}`, folder.span);
      return [];
    }
    const origin = result.origin ?? originInPath(path);
    if (origin === undefined) {
      diagnostics.report(
        "topology/zone-folder",
        `${path} names no zone: it has no $ORIGIN, no SOA, and its own name is none`,
        folder.span,
      );
      return [];
    }
    const name = displayName(origin);
    const zoneFile = { key: declared.key, path, origin };
    return [{ ...declared, key: `${prefix}${name}`, span: declared.span, name: foldKey(name), folder: zoneFile }];
  });
}

/** Folders that hold nothing and folders that are not there look alike: what helps is to see where was looked. */
function reportEmptyFolder({ text, span }: Text, diagnostics: Diagnostics): void {
  const isAbsolute = posix.isAbsolute(text);
  const path = isAbsolute ? posix.normalize(text) : posix.join(posix.dirname(span.file.path), text);
  const message = `the folder ${path.replace(/\/*$/, "/")} has no *.zone file in it or below it`;
  const hint = isAbsolute ? {} : { hint: `the path is relative to ${span.file.path}` };
  diagnostics.report("topology/zone-folder", message, span, hint);
}

function originInPath(path: string) {
  const parsed = parseName(path.slice(path.lastIndexOf("/") + 1).replace(/\.zone$/, ""), ROOT, "unicode");
  return parsed.kind === "name" ? parsed.name : undefined;
}

/**
 * The kind of each network, by key: other objects depend on it. One whose kind is none, which is reported when it is
 * read, is left out: nothing follows from it.
 */
export function networkKinds(networks: Section): Map<string, NetworkKind> {
  const kinds = new Map<string, NetworkKind>();
  for (const { key, layers } of networks.values()) {
    const written = nearestValue(layers, "kind");
    const kind = NETWORK_KINDS.find((one) => written?.kind === "text" && written.text === one);
    if (written === undefined) kinds.set(key, "generic");
    else if (kind !== undefined) kinds.set(key, kind);
  }
  return kinds;
}

/** Kinds of networks that can be declared. */
export const NETWORK_KINDS = [
  "generic",
  "azure",
  "aws",
  "gcp",
  "ibm",
  "ibm-classic",
  "kubernetes",
  "on-premises",
] as const satisfies readonly NetworkKind[];
