import { type DomainName, isAtOrBelow, prepend, ROOT } from "../../name/domain-name.ts";
import { formatName, knownName, parseName } from "../../name/name-text.ts";
import { formatAddressPort, parseAddress, parseAddressPort } from "../../net/address.ts";
import { parseCidr } from "../../net/cidr.ts";
import { RecordTypes } from "../../record/record-type.ts";
import type { RRset } from "../../record/rrset.ts";
import type { SourceFile } from "../../source/source-file.ts";
import { type Unmapped } from "../draft.ts";
import { type CoreLine } from "./_corefile-text.ts";
import { readMasterFile } from "./_master-file.ts";
import { type FoundRule, type FoundServer, type FoundZone, leftOut, partly } from "./_servers-draft.ts";
import type { ListServerFiles, ReadServerFile } from "./server-files.ts";

/** What plugins are read with. */
export interface PluginReading {
  readonly read: ReadServerFile;
  readonly list: ListServerFiles;
  readonly unmapped: Unmapped[];
}

/** What the plugins of a server block come to. */
export interface FoundInBlock {
  readonly zones: FoundZone[];
  readonly rules: FoundRule[];
}

/** `example.org`, `.:53`, `dns://example.org:1053`, `10.0.0.0/24` for its reverse zone. */
export function zoneOf(word: string, line: CoreLine, unmapped: Unmapped[]): DomainName[] {
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

export function readPlugin(
  line: CoreLine,
  zones: readonly DomainName[],
  found: FoundInBlock,
  reading: PluginReading,
): void {
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
  { read, unmapped }: PluginReading,
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
function autoOf(line: CoreLine, { read, list, unmapped }: PluginReading): FoundZone[] {
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
  { read, unmapped }: PluginReading,
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
  { unmapped }: PluginReading,
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
