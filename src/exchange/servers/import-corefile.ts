import { type DomainName } from "../../name/domain-name.ts";
import type { SourceFile } from "../../source/source-file.ts";
import { type Draft, EMPTY_DRAFT, type Unmapped } from "../draft.ts";
import { readClientExpression } from "./_client-expression.ts";
import { type FoundInBlock, type PluginReading, readPlugin, zoneOf } from "./_corefile-plugins.ts";
import { type CoreLine, readCoreText } from "./_corefile-text.ts";
import { draftOfViews, type FoundView, leftOut, partly } from "./_servers-draft.ts";
import { everyClient, type ViewClients } from "./_view-claims.ts";
import type { ListServerFiles, ReadServerFile } from "./server-files.ts";

/** Snippets and files that import one another in a circle end here. */
const MAX_IMPORTS = 20;

interface Reading extends PluginReading {
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
