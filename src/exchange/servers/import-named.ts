import { type DomainName, ROOT } from "../../name/domain-name.ts";
import { parseName } from "../../name/name-text.ts";
import { formatAddressPort, parseAddress } from "../../net/address.ts";
import type { SourceFile } from "../../source/source-file.ts";
import { type Draft, EMPTY_DRAFT, type Unmapped } from "../draft.ts";
import { AddressLists, readAddressList } from "./_address-list.ts";
import { readMasterFile } from "./_master-file.ts";
import { keywordOf, tellRest, textOf, valueIn } from "./_named-statements.ts";
import { blockOf, type NamedStatement, readNamedText, wordsOf } from "./_named-text.ts";
import {
  draftOfViews,
  type FoundRule,
  type FoundServer,
  type FoundView,
  type FoundZone,
  leftOut,
  partly,
} from "./_servers-draft.ts";
import { clientsOfList, everyClient } from "./_view-claims.ts";
import type { ReadServerFile } from "./server-files.ts";

/** Files that include one another in a circle end here. */
const MAX_INCLUDES = 20;

/** What is in force where a statement stands. */
interface Reading {
  readonly read: ReadServerFile;
  readonly lists: AddressLists;
  readonly unmapped: Unmapped[];
  /** Zones of views by name, for `in-view`. */
  readonly views: Map<string, ReadonlyMap<string, FoundZone>>;
}

/**
 * Reads a `named.conf`: a network for each view, by `match-clients`; a private zone for each zone with a file, linked to the
 * views that have it; a rule for each forward zone. Whatever else is configured is told, with its place.
 */
export function importNamed(file: SourceFile, read: ReadServerFile): Draft {
  const unmapped: Unmapped[] = [];
  const statements = withIncludes(file, read, unmapped, 0);
  const lists = new AddressLists();
  for (const statement of statements) if (keywordOf(statement) === "acl") lists.add(statement);
  const options = statements
    .filter((statement) => keywordOf(statement) === "options")
    .flatMap((one) => blockOf(one) ?? []);
  const directory = valueIn(options, "directory");
  const reading: Reading = { read: readBelow(directory, read), lists, unmapped, views: new Map() };
  const global = forwardersIn(options, reading);
  const views = statements.filter((statement) => keywordOf(statement) === "view");
  const found =
    views.length > 0
      ? views.map((view) => readView(view, global, reading))
      : [readWhole(file, statements, global, reading)];
  tellRest(options, OPTIONS_READ, "options", reading.unmapped);
  for (const list of lists.unused)
    unmapped.push(leftOut("statement acl", textOf(list), list.span, "no view is told by it"));
  for (const statement of statements) {
    const keyword = keywordOf(statement);
    if (["acl", "options", "view"].includes(keyword) || (keyword === "zone" && views.length === 0)) continue;
    unmapped.push(leftOut(`statement ${keyword}`, textOf(statement), statement.span, "the model has nothing like it"));
  }
  const known = found.filter((view) => view.clients.cuts.length > 0);
  return known.length === 0 ? { ...EMPTY_DRAFT, unmapped } : draftOfViews(known, unmapped);
}

/** Files are named from the folder that the server works in; a copy of a configuration often has them beside it. */
function readBelow(directory: string | undefined, read: ReadServerFile): ReadServerFile {
  if (directory === undefined) return read;
  return (path, from) => {
    const found = path.startsWith("/") ? undefined : read(`${directory}/${path}`, from);
    return found?.kind === "file" ? found : read(path, from);
  };
}

/** The statements of a file, included ones in their place. */
function withIncludes(file: SourceFile, read: ReadServerFile, unmapped: Unmapped[], depth: number): NamedStatement[] {
  const { read: statements, faults } = readNamedText(file);
  for (const { span, message } of faults) unmapped.push(partly("syntax", "named.conf", span, message));
  return statements.flatMap((statement) => included(statement, file, read, unmapped, depth));
}

function included(
  statement: NamedStatement,
  file: SourceFile,
  read: ReadServerFile,
  unmapped: Unmapped[],
  depth: number,
): NamedStatement[] {
  const [keyword, path = ""] = wordsOf(statement);
  if (keyword === "include") {
    const found =
      depth >= MAX_INCLUDES
        ? { kind: "problem" as const, message: "is included too deep, or in a circle" }
        : read(path, file);
    if (found.kind === "file") return withIncludes(found.file, read, unmapped, depth + 1);
    unmapped.push(leftOut("include", textOf(statement), statement.span, `${path} ${found.message}`));
    return [];
  }
  const parts = statement.parts.map((part) =>
    part.kind === "word"
      ? part
      : { ...part, statements: part.statements.flatMap((one) => included(one, file, read, unmapped, depth)) },
  );
  return [{ ...statement, parts }];
}

function readView(statement: NamedStatement, global: readonly FoundRule[], reading: Reading): FoundView {
  const name = wordsOf(statement)[1] ?? "view";
  const own = blockOf(statement) ?? [];
  const matching = own.find((one) => keywordOf(one) === "match-clients");
  const clients =
    matching === undefined
      ? everyClient()
      : clientsOfList(readAddressList(blockOf(matching) ?? [], reading.lists, reading.unmapped));
  if (clients.cuts.length === 0)
    reading.unmapped.push(leftOut("view", textOf(statement), statement.span, "no address tells who sees it"));
  const rules = forwardersIn(own, reading);
  const inside = readZones(own, reading);
  tellRest(
    own.filter((one) => keywordOf(one) !== "zone"),
    VIEW_READ,
    `view ${name}`,
    reading.unmapped,
  );
  reading.views.set(name, new Map(inside.zones.map((zone) => [zone.apex.key, zone])));
  const all = [...(rules.length > 0 ? rules : global), ...inside.rules];
  return { name, origin: { text: `view ${name}`, place: statement.span }, clients, zones: inside.zones, rules: all };
}

/** A configuration without views is one, which everybody sees. */
function readWhole(
  file: SourceFile,
  statements: readonly NamedStatement[],
  global: readonly FoundRule[],
  reading: Reading,
): FoundView {
  const { zones, rules } = readZones(statements, reading);
  const place = { file, start: 0, end: 0 };
  return {
    name: "clients",
    origin: { text: "whoever asks", place },
    clients: everyClient(),
    zones,
    rules: [...global, ...rules],
  };
}

function readZones(
  statements: readonly NamedStatement[],
  reading: Reading,
): { zones: FoundZone[]; rules: FoundRule[] } {
  const zones: FoundZone[] = [];
  const rules: FoundRule[] = [];
  for (const statement of statements.filter((one) => keywordOf(one) === "zone")) {
    const found = readZone(statement, reading);
    if (found?.kind === "zone") zones.push(found.zone);
    if (found?.kind === "rule") rules.push(found.rule);
  }
  return { zones, rules };
}

type ZoneOrRule =
  | { readonly kind: "zone"; readonly zone: FoundZone }
  | { readonly kind: "rule"; readonly rule: FoundRule };

function readZone(statement: NamedStatement, reading: Reading): ZoneOrRule | undefined {
  const { unmapped } = reading;
  const name = wordsOf(statement)[1] ?? "";
  const tell = (reason: string): undefined =>
    void unmapped.push(leftOut("zone", textOf(statement), statement.span, reason));
  const parsed = parseName(name === "" ? "." : name);
  if (parsed.kind === "problem") return tell(`${name} ${parsed.problem}`);
  const own = blockOf(statement) ?? [];
  const type = valueIn(own, "type");
  const inView = valueIn(own, "in-view");
  const known = inView === undefined ? (ZONE_READ.get(type ?? "") ?? FILE_ZONE_READ) : IN_VIEW_READ;
  tellRest(own, known, `zone ${name}`, reading.unmapped);
  if (inView !== undefined) {
    const other = reading.views.get(inView)?.get(parsed.name.key);
    return other === undefined ? tell(`view ${inView} has no such zone above`) : { kind: "zone", zone: other };
  }
  const origin = { text: `zone ${name}`, place: statement.span };
  switch (type ?? "") {
    case "forward": {
      const servers = serversIn(own, "forwarders", reading);
      if (servers.length === 0) return tell("it has no forwarders");
      tellForward(own, `zone ${name}`, reading);
      return { kind: "rule", rule: { domain: parsed.name, servers, origin } };
    }
    case "stub":
    case "static-stub": {
      const servers = serversIn(own, type === "stub" ? "primaries" : "server-addresses", reading);
      if (servers.length === 0) return tell("it names no servers by address");
      unmapped.push(
        partly(
          `zone of type ${type}`,
          textOf(statement),
          statement.span,
          "its servers become a rule: they are asked as a forwarder asks",
        ),
      );
      return { kind: "rule", rule: { domain: parsed.name, servers, origin } };
    }
    case "primary":
    case "master":
    case "secondary":
    case "slave":
    case "mirror":
      return zoneFromFile(statement, parsed.name, valueIn(own, "file"), type ?? "", reading);
    default:
      return tell(type === undefined ? "it has no type" : `a zone of type ${type} has no records of its own`);
  }
}

/** What is read of each block, once; the rest of it is told. */
const OPTIONS_READ: ReadonlySet<string> = new Set(["forward", "forwarders", "directory"]);
const VIEW_READ: ReadonlySet<string> = new Set(["match-clients", "forward", "forwarders"]);
const IN_VIEW_READ: ReadonlySet<string> = new Set(["in-view"]);
const FILE_ZONE_READ: ReadonlySet<string> = new Set(["type", "file"]);
/** Types of zones whose records are in no file. */
const ZONE_READ: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["forward", new Set(["type", "forward", "forwarders"])],
  ["stub", new Set(["type", "primaries", "masters"])],
  ["static-stub", new Set(["type", "server-addresses"])],
]);

function zoneFromFile(
  statement: NamedStatement,
  apex: DomainName,
  path: string | undefined,
  type: string,
  { read, unmapped }: Reading,
): ZoneOrRule | undefined {
  const tell = (reason: string): undefined =>
    void unmapped.push(leftOut("zone", textOf(statement), statement.span, reason));
  if (path === undefined) return tell("its records are in no file");
  const found = read(path, statement.span.file);
  if (found.kind === "problem") return tell(`${path} ${found.message}`);
  const { records, unmapped: lost } = readMasterFile(found.file, apex, read);
  unmapped.push(...lost);
  const isCopy = type !== "primary" && type !== "master";
  if (isCopy)
    unmapped.push(
      partly(
        "zone",
        textOf(statement),
        statement.span,
        `its records are those that ${path} held when it was last transferred`,
      ),
    );
  const notes = isCopy ? ["a copy: its server transfers it from another"] : [];
  const origin = { text: `zone ${wordsOf(statement)[1] ?? ""}`, place: statement.span };
  return { kind: "zone", zone: { apex, source: found.file.path, origin, notes, records } };
}

/** The forwarders of options or of a view: a rule for the root. */
function forwardersIn(statements: readonly NamedStatement[], reading: Reading): readonly FoundRule[] {
  const statement = statements.find((one) => keywordOf(one) === "forwarders");
  const servers = serversIn(statements, "forwarders", reading);
  if (statement === undefined || servers.length === 0) return [];
  tellForward(statements, "forwarders", reading);
  return [{ domain: ROOT, servers, origin: { text: "forwarders", place: statement.span } }];
}

function tellForward(statements: readonly NamedStatement[], text: string, { unmapped }: Reading): void {
  const forward = statements.find((one) => keywordOf(one) === "forward");
  const anchor = forward ?? statements.find((one) => keywordOf(one) === "forwarders");
  if (anchor === undefined || wordsOf(anchor)[1] === "only") return;
  unmapped.push(
    partly("forward first", text, anchor.span, "where no forwarder answers the name is not looked up from the root"),
  );
}

/** `10.0.0.4`, `10.0.0.4 port 5353`; a port for all of them may stand in front of the list. */
function serversIn(
  statements: readonly NamedStatement[],
  keyword: string,
  { unmapped }: Reading,
): readonly FoundServer[] {
  const statement = statements.find(
    (one) => keywordOf(one) === keyword || (keyword === "primaries" && keywordOf(one) === "masters"),
  );
  if (statement === undefined) return [];
  const common = portIn(wordsOf(statement));
  return (blockOf(statement) ?? []).flatMap((one) => {
    const words = wordsOf(one);
    const address = parseAddress(words[0] ?? "");
    if (address === undefined) {
      unmapped.push(leftOut(keyword, words.join(" "), one.span, "it is no address"));
      return [];
    }
    if (words.includes("tls"))
      unmapped.push(
        partly(keyword, words.join(" "), one.span, "it is asked without TLS: the name of its certificate is elsewhere"),
      );
    const port = portIn(words) ?? common ?? 53;
    return [{ address: port === 53 ? address.text : formatAddressPort({ address, port }) }];
  });
}

function portIn(words: readonly string[]): number | undefined {
  const at = words.indexOf("port");
  const text = at === -1 ? "" : (words[at + 1] ?? "");
  return /^[0-9]{1,5}$/.test(text) ? Number.parseInt(text, 10) : undefined;
}
