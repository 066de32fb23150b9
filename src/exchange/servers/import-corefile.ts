import { type DomainName, isAtOrBelow, prepend, ROOT } from "../../name/domain-name.ts";
import { formatName, knownName, parseName } from "../../name/name-text.ts";
import { formatAddressPort, parseAddress, parseAddressPort } from "../../net/address.ts";
import { parseCidr } from "../../net/cidr.ts";
import { RecordTypes } from "../../record/record-type.ts";
import type { RRset } from "../../record/rrset.ts";
import type { SourceFile } from "../../source/source-file.ts";
import { type Draft, EMPTY_DRAFT, type Unmapped } from "../draft.ts";
import { readClientExpression } from "./_client-expression.ts";
import { type CoreLine, readCoreText } from "./_corefile-text.ts";
import { readMasterFile } from "./_master-file.ts";
import {
  draftOfViews,
  type FoundRule,
  type FoundServer,
  type FoundView,
  type FoundZone,
  leftOut,
  partly,
} from "./_servers-draft.ts";
import { everyClient, type ViewClients } from "./_view-claims.ts";
import type { ListServerFiles, ReadServerFile } from "./server-files.ts";

/** Snippets and files that import one another in a circle end here. */
const MAX_IMPORTS = 20;

interface Reading {
  readonly read: ReadServerFile;
  readonly list: ListServerFiles;
  readonly unmapped: Unmapped[];
  readonly snippets: Map<string, CoreLine>;
  /** Snippets that nothing has imported so far. */
  readonly unused: Set<CoreLine>;
}

/** A server block for one or several zones. */
interface Block {
  readonly zones: readonly DomainName[];
  readonly view?: string;
  readonly found: FoundInBlock;
}

interface FoundInBlock {
  readonly zones: FoundZone[];
  readonly rules: FoundRule[];
}

/**
 * Reads a Corefile: a network for each `view`, by the addresses of its expression; a private zone for each zone of `file`,
 * `auto` and `hosts`; a rule for each `forward`. Whatever else is configured is told, with its place.
 */
export function importCorefile(file: SourceFile, read: ReadServerFile, list: ListServerFiles = () => undefined): Draft {
  const reading: Reading = { read, list, unmapped: [], snippets: new Map(), unused: new Set() };
  const lines = expanded(linesOf(file, reading), file, reading, 0);
  for (const { words, span } of reading.unused)
    reading.unmapped.push(leftOut("snippet", words.join(" "), span, "nothing imports it"));
  const views = new Map<string, { clients: ViewClients; line: CoreLine }>();
  const blocks = blocksOf(lines).map((line) => readBlock(line, views, reading));
  const found = [...views].map(([name, { clients, line }]): FoundView => {
    const own = blocks.filter(({ view }) => view === name);
    const taken = new Set(own.flatMap(({ zones }) => zones.map(({ key }) => key)));
    const shared = blocks.filter(({ view, zones }) => view === undefined && !zones.some(({ key }) => taken.has(key)));
    return viewOf(name, clients, line, [...own, ...shared]);
  });
  const open = blocks.filter(({ view }) => view === undefined);
  const [first] = lines;
  if (open.length > 0 && first !== undefined) found.push(viewOf("clients", everyClient(), first, open));
  return found.length === 0 ? { ...EMPTY_DRAFT, unmapped: reading.unmapped } : draftOfViews(found, reading.unmapped);
}

function viewOf(name: string, clients: ViewClients, line: CoreLine, blocks: readonly Block[]): FoundView {
  const text = name === "clients" ? "blocks without a view" : `view ${name}`;
  const zones = new Map(blocks.flatMap(({ found }) => found.zones).map((zone) => [zone.apex.key, zone]));
  return {
    name,
    origin: { text, place: line.span },
    clients,
    zones: [...zones.values()],
    rules: blocks.flatMap(({ found }) => found.rules),
  };
}

function linesOf(file: SourceFile, { unmapped }: Reading): readonly CoreLine[] {
  const { read, faults } = readCoreText(file);
  for (const { span, message } of faults) unmapped.push(partly("syntax", "Corefile", span, message));
  return read;
}

/** Lines with imported snippets and files in their place, snippets themselves left out. */
function expanded(lines: readonly CoreLine[], file: SourceFile, reading: Reading, depth: number): CoreLine[] {
  return lines.flatMap((line): CoreLine[] => {
    const [first = "", path = ""] = line.words;
    const snippet = /^\((.+)\)$/.exec(first)?.[1];
    if (snippet !== undefined && line.block !== undefined) {
      reading.snippets.set(snippet, line);
      reading.unused.add(line);
      return [];
    }
    if (first === "import") {
      const tell = (why: string): [] => {
        reading.unmapped.push(leftOut("import", line.words.join(" "), line.span, why));
        return [];
      };
      if (depth >= MAX_IMPORTS) return tell("it is imported too deep, or in a circle");
      const known = reading.snippets.get(path);
      if (known !== undefined) reading.unused.delete(known);
      if (known?.block !== undefined) return expanded(known.block, file, reading, depth + 1);
      const found = reading.read(path, file);
      if (found.kind === "problem") return tell(`${path} ${found.message}, and no snippet is called so`);
      return expanded(linesOf(found.file, reading), found.file, reading, depth + 1);
    }
    return line.block === undefined ? [line] : [{ ...line, block: expanded(line.block, file, reading, depth) }];
  });
}

/** A file of one server may leave the braces out: its first line names the zones. */
function blocksOf(lines: readonly CoreLine[]): readonly CoreLine[] {
  const [first, ...rest] = lines;
  if (first === undefined || lines.some(({ block }, i) => block !== undefined && i === 0)) return lines;
  return [{ ...first, block: rest }];
}

function readBlock(
  line: CoreLine,
  views: Map<string, { clients: ViewClients; line: CoreLine }>,
  reading: Reading,
): Block {
  const { unmapped } = reading;
  const zones = line.words
    .flatMap((word) => word.split(","))
    .filter((word) => word !== "")
    .flatMap((word) => zoneOf(word, line, unmapped));
  const own = line.block ?? [];
  const viewLine = own.find(({ words }) => words[0] === "view");
  const view = viewLine?.words[1] ?? (viewLine === undefined ? undefined : "view");
  if (viewLine !== undefined && view !== undefined && !views.has(view)) {
    const expressions = (viewLine.block ?? []).filter(({ words }) => words[0] === "expr");
    const clients = expressions.map(({ words }) => readClientExpression(words.slice(1).join(" ")));
    if (clients.length === 0 || clients.includes(undefined))
      unmapped.push(
        leftOut(
          "view",
          viewLine.words.join(" "),
          viewLine.span,
          "its expression asks for more than addresses: nobody sees it here",
        ),
      );
    // All expressions must hold.
    const all = clients.filter((one) => one !== undefined);
    const isKnown = all.length === clients.length && all.length > 0;
    const takes: ViewClients["takes"] = (cidr) => isKnown && all.every((one) => one.takes(cidr));
    views.set(view, { clients: { cuts: all.flatMap(({ cuts }) => cuts), takes }, line: viewLine });
  }
  const found: FoundInBlock = { zones: [], rules: [] };
  if (viewLine !== undefined) tellViewRest(viewLine, unmapped);
  for (const plugin of own) if (plugin !== viewLine) readPlugin(plugin, zones, found, reading);
  return { zones, ...(view === undefined ? {} : { view }), found };
}

/** What a view has beside its name and its expressions. */
function tellViewRest({ words, span, block = [] }: CoreLine, unmapped: Unmapped[]): void {
  const tell = (what: readonly string[], place: CoreLine["span"]): void =>
    void unmapped.push(leftOut("plugin view", what.join(" "), place, "a view has a name and expressions"));
  if (words.length > 2) tell(words, span);
  for (const one of block) if (one.words[0] !== "expr") tell(one.words, one.span);
}

/** `example.org`, `.:53`, `dns://example.org:1053`, `10.0.0.0/24` for its reverse zone. */
function zoneOf(word: string, line: CoreLine, unmapped: Unmapped[]): DomainName[] {
  const bare = word.replace(/^[a-z]+:\/\//, "").replace(/:\d+$/, "");
  if (bare !== word && !/^(?:dns:\/\/)?[^:]*(?::53)?$/.test(word))
    unmapped.push(partly("address of a server block", word, line.span, "see the listeners of the topology"));
  const reverse = parseCidr(bare);
  if (
    bare.includes("/") &&
    reverse.kind === "cidr" &&
    reverse.cidr.address.family === 4 &&
    reverse.cidr.length % 8 === 0
  ) {
    const octets = [...reverse.cidr.address.octets].slice(0, reverse.cidr.length / 8);
    const labels = octets.toReversed().map(String);
    return [prepend(labels, knownName("in-addr.arpa")) ?? ROOT];
  }
  const parsed = parseName(bare === "" ? "." : bare);
  if (parsed.kind === "name" && !bare.includes("/")) return [parsed.name];
  unmapped.push(leftOut("zone of a server block", word, line.span, `${bare} is no name of a zone`));
  return [];
}

function readPlugin(line: CoreLine, zones: readonly DomainName[], found: FoundInBlock, reading: Reading): void {
  const [plugin = "", ...args] = line.words;
  switch (plugin) {
    case "file":
      found.zones.push(...filesOf(line, args, zones, reading));
      return;
    case "auto":
      found.zones.push(...autoOf(line, reading));
      return;
    case "hosts":
      found.zones.push(...hostsOf(line, args, zones, reading));
      return;
    case "forward":
      found.rules.push(...forwardsOf(line, args, zones, reading));
      return;
    default: {
      const reason =
        PLUGIN_REASONS.get(plugin) ?? (SILENT.has(plugin) ? "it changes no answer" : "the model has nothing like it");
      reading.unmapped.push(leftOut(`plugin ${plugin}`, line.words.join(" "), line.span, reason));
    }
  }
}

/** Plugins that say nothing of what is answered. */
const SILENT: ReadonlySet<string> = new Set(
  "acl any autopath bind bufsize cache cancel debug dnstap errors health log loop loadbalance local metadata minimal nsid pprof prometheus ready reload timeouts tls trace".split(
    " ",
  ),
);

const PLUGIN_REASONS: ReadonlyMap<string, string> = new Map([
  ["rewrite", "names are rewritten: write them as aliases of a zone, or as a rule"],
  ["template", "answers are made from a template: write them as a wildcard, or as a rule with an answer"],
  ["kubernetes", "its names are those of a cluster: export them as a zone file"],
  ["secondary", "its records are those of another server: import them with axfr"],
  ["dnssec", "privlink does not sign"],
]);

function filesOf(
  line: CoreLine,
  [path = "", ...names]: readonly string[],
  zones: readonly DomainName[],
  { read, unmapped }: Reading,
): FoundZone[] {
  const own = names.length === 0 ? zones : names.flatMap((name) => zoneOf(name, line, unmapped));
  const file = read(path, line.span.file);
  if (file.kind === "problem") {
    unmapped.push(leftOut("plugin file", line.words.join(" "), line.span, `${path} ${file.message}`));
    return [];
  }
  for (const { words, span } of line.block ?? [])
    unmapped.push(
      partly(
        `plugin file`,
        words.join(" "),
        span,
        words[0] === "fallthrough" ? "names that the zone lacks are not there" : "the model has nothing like it",
      ),
    );
  return own.map((apex) => zoneIn(file.file, apex, line, read, unmapped));
}

function zoneIn(
  file: SourceFile,
  apex: DomainName,
  line: CoreLine,
  read: ReadServerFile,
  unmapped: Unmapped[],
): FoundZone {
  const { records, unmapped: lost } = readMasterFile(file, apex, read);
  if (!unmapped.some(({ origin }) => lost.some((one) => one.origin.place === origin.place))) unmapped.push(...lost);
  return { apex, source: file.path, origin: { text: `zone ${formatName(apex)}`, place: line.span }, records };
}

/** `auto { directory DIR [REGEXP TEMPLATE] }`: by default `db.ZONE`. */
function autoOf(line: CoreLine, { read, list, unmapped }: Reading): FoundZone[] {
  const directory = (line.block ?? []).find(({ words }) => words[0] === "directory");
  const [, folder = "", pattern = "db\\.(.*)", template = "{1}"] = directory?.words ?? [];
  const tell = (reason: string): [] => {
    unmapped.push(leftOut("plugin auto", line.words.join(" "), line.span, reason));
    return [];
  };
  const paths = list(folder, line.span.file);
  if (directory === undefined || paths === undefined)
    return tell(folder === "" ? "it names no directory" : `${folder} is no folder`);
  const expression = expressionOf(pattern);
  if (expression === undefined) return tell(`${pattern} cannot be read as an expression`);
  return paths.flatMap((path) => {
    const groups = expression.exec(path.split("/").at(-1) ?? "");
    const parsed =
      groups === null
        ? undefined
        : parseName(template.replace(/\{(\d)\}/g, (_, digit: string) => groups[Number.parseInt(digit, 10)] ?? ""));
    const file = parsed?.kind === "name" ? read(path, line.span.file) : undefined;
    if (parsed?.kind !== "name" || file?.kind !== "file") return tell(`${path} is not taken for a zone`);
    return [zoneIn(file.file, parsed.name, line, read, unmapped)];
  });
}

function expressionOf(text: string): RegExp | undefined {
  try {
    return new RegExp(text);
  } catch {
    return undefined;
  }
}

/** Each name of a hosts file is a zone of its own, as others of its domain are asked elsewhere. */
function hostsOf(
  line: CoreLine,
  args: readonly string[],
  zones: readonly DomainName[],
  { read, unmapped }: Reading,
): FoundZone[] {
  const block = line.block ?? [];
  const inline = block.filter(({ words }) => parseAddress(words[0] ?? "") !== undefined);
  const ttl = Number.parseInt(block.find(({ words }) => words[0] === "ttl")?.words[1] ?? "3600", 10);
  const [path] = args.filter((word) => word.includes("/") || word.includes("hosts"));
  const lines = inline.map(({ words }) => words);
  if (path !== undefined) {
    const file = read(path, line.span.file);
    if (file.kind === "problem")
      unmapped.push(leftOut("plugin hosts", line.words.join(" "), line.span, `${path} ${file.message}`));
    else lines.push(...(file.file.text ?? "").split("\n").map((one) => one.replace(/#.*/, "").trim().split(/\s+/)));
  }
  if (!block.some(({ words }) => words[0] === "no_reverse"))
    unmapped.push(
      partly(
        "plugin hosts",
        line.words.join(" "),
        line.span,
        "the names of addresses are not made: add a reverse zone",
      ),
    );
  if (!block.some(({ words }) => words[0] === "fallthrough"))
    unmapped.push(
      partly("plugin hosts", line.words.join(" "), line.span, "other names of the block's zones are not denied"),
    );
  const records = new Map<string, { apex: DomainName; sets: Map<number, RRset> }>();
  for (const [text = "", ...names] of lines) {
    const address = parseAddress(text);
    for (const name of address === undefined ? [] : names) {
      const parsed = parseName(name);
      if (parsed.kind === "problem" || !zones.some((zone) => isAtOrBelow(parsed.name, zone))) {
        unmapped.push(leftOut("plugin hosts", name, line.span, "it is no name of the block's zones"));
        continue;
      }
      const found = records.get(parsed.name.key) ?? { apex: parsed.name, sets: new Map() };
      const type = address?.family === 6 ? RecordTypes.AAAA : RecordTypes.A;
      const before = found.sets.get(type)?.rdatas ?? [];
      found.sets.set(type, {
        owner: parsed.name,
        type,
        ttl: Number.isNaN(ttl) ? 3600 : ttl,
        rdatas: [...before, address?.octets ?? new Uint8Array(4)],
      });
      records.set(parsed.name.key, found);
    }
  }
  return [...records.values()].map(({ apex, sets }) => ({
    apex,
    source: `hosts ${formatName(apex)} ${line.span.start}`,
    origin: { text: `hosts ${formatName(apex)}`, place: line.span },
    records: [...sets.values()].map((set) => ({ set })),
  }));
}

function forwardsOf(
  line: CoreLine,
  [from = ".", ...to]: readonly string[],
  zones: readonly DomainName[],
  { unmapped }: Reading,
): FoundRule[] {
  const block = line.block ?? [];
  const tls = block.find(({ words }) => words[0] === "tls_servername")?.words[1];
  for (const { words, span } of block) {
    if (words[0] === "tls_servername") continue;
    const reason = words[0] === "except" ? "these names go to the server all the same" : "it changes no answer";
    unmapped.push(partly("plugin forward", words.join(" "), span, reason));
  }
  const servers = to.flatMap((text): FoundServer[] => {
    const isTls = text.startsWith("tls://");
    const at = parseAddressPort(text.replace(/^(?:tls|dns):\/\//, "").split("%")[0] ?? "", isTls ? 853 : 53);
    if (at === undefined || (isTls && tls === undefined)) {
      const reason =
        at === undefined
          ? `${text} is no address`
          : `${text} has no tls_servername: it is not known what its certificate must say`;
      unmapped.push(leftOut("plugin forward", line.words.join(" "), line.span, reason));
      return [];
    }
    const address = at.port === (isTls ? 853 : 53) ? at.address.text : formatAddressPort(at);
    return [{ address, ...(isTls && tls !== undefined ? { tls } : {}) }];
  });
  if (servers.length === 0) return [];
  const [wanted = ROOT] = zoneOf(from, line, unmapped);
  const domains = zones.map((zone) => (isAtOrBelow(wanted, zone) ? wanted : zone));
  return domains.map((domain) => ({ domain, servers, origin: { text: "forward", place: line.span } }));
}
