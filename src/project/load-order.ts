import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { AddressPort } from "../net/address.ts";
import { LOOPBACK_PREFIXES } from "../net/cidr.ts";
import { hasPlatformResolver } from "../platform/platform-resolver.ts";
import { type CompileInput, platformKey } from "../snapshot/compile.ts";
import { type SourceSpan, withoutText } from "../source/source-file.ts";
import type { Listener, Topology } from "../topology/model.ts";
import { PUBLIC_ZONES, zonesOfNetwork } from "../topology/served-zones.ts";
import { findProject, type ProjectRequest } from "./find-project.ts";
import { loadProject } from "./load-project.ts";

/** One run of the config flow, as plain data: it may be done on another thread. */
export interface LoadOrder {
  readonly request: ProjectRequest;
  /** Where the command runs. */
  readonly folder: string;
  /** Where the built-in example lies. */
  readonly exampleFolder: string;
  /** Listeners of the command line, instead of the topology's. */
  readonly listen: readonly ListenOverride[];
  /** A cap on the TTLs of replies, instead of the listeners' own. */
  readonly maxTtl?: number;
  /** The digest of the generation that is there: the same contents need not be loaded again. */
  readonly known?: string;
}

/** Who, at `--listen`, serves zones rather than resolves. */
const AUTHORITATIVE = "authoritative";

/** `--listen ADDR:PORT[=WHO]`. */
export interface ListenOverride {
  readonly at: AddressPort;
  /** A network or a resolver of the model, or whose zones are served. */
  readonly who?: string;
}

export type LoadResult =
  | { readonly kind: "unchanged" }
  /** There is nothing to load: not a file that is wrong, but none that could be. */
  | { readonly kind: "problem"; readonly message: string }
  | LoadedModel;

export interface LoadedModel {
  readonly kind: "loaded";
  readonly digest: string;
  readonly input: CompileInput;
  readonly diagnostics: readonly Diagnostic[];
  readonly hasErrors: boolean;
  /** How the user would name the project's first file. */
  readonly name: string;
  readonly isExample: boolean;
  /** Absolute paths of files and folders whose change may change the model. */
  readonly touched: readonly string[];
}

/** Finds, reads, parses and checks a project. Everything in the result can cross threads. */
export function runLoad(order: LoadOrder): LoadResult {
  const found = findProject(order.request, order.folder, order.exampleFolder);
  if (found.kind === "problem") return found;
  const { entry, files, isExample } = found;
  const { input, diagnostics, hasErrors } = loadProject(entry, files);
  const digest = files.digest();
  if (digest === order.known) return { kind: "unchanged" };
  const overridden = overrideListeners(input.topology, order, entry);
  if (typeof overridden === "string") return { kind: "problem", message: overridden };
  const publicZones = input.publicZones.map(({ tree, span }) => ({
    tree,
    span: { ...span, file: withoutText(span.file) },
  }));
  return {
    kind: "loaded",
    digest,
    input: { ...input, topology: overridden, publicZones },
    diagnostics,
    hasErrors,
    name: entry.path,
    isExample,
    touched: files.touched,
  };
}

/** The topology with the command line's listeners; the sentence of the problem when they name nobody. */
function overrideListeners(topology: Topology, order: LoadOrder, entry: SourceSpan["file"]): Topology | string {
  const cap = order.maxTtl === undefined ? {} : { maxTtl: order.maxTtl };
  const span = { file: entry, start: 0, end: 0 };
  const listeners: Listener[] = topology.listeners.map((listener) => ({ ...listener, ...cap }));
  if (order.listen.length > 0) listeners.length = 0;
  for (const { at, who } of order.listen) {
    const identity = who === undefined ? {} : identityOf(who, topology);
    if (typeof identity === "string") return identity;
    listeners.push({ at, trust: LOOPBACK_PREFIXES, span, ...cap, ...identity });
  }
  return { ...topology, listeners };
}

/**
 * Who a listener is that the command line calls `who`: a network, a resolver, `internet`, `platform`, `NETWORK/platform`;
 * `authoritative` for the public zones, `NETWORK/authoritative` for those of a network.
 */
function identityOf(who: string, topology: Topology): Pick<Listener, "network" | "resolver" | "serves"> | string {
  const named = (keys: Iterable<string>, text = who): string | undefined =>
    [...keys].find((key) => key.toLowerCase() === text.toLowerCase());
  if (who === "internet") return { network: who };
  if (who === "platform") return { resolver: who };
  const network = named(topology.networks.keys());
  if (network !== undefined) return { network };
  const platforms = [...topology.networks.values()].filter(hasPlatformResolver);
  const resolvers = [...topology.resolvers.keys(), ...platforms.map(({ key }) => platformKey(key))];
  const resolver = named(resolvers);
  if (resolver !== undefined) return { resolver };
  if (who === AUTHORITATIVE) return { serves: PUBLIC_ZONES };
  const [, holder] = /^(.+)\/authoritative$/.exec(who) ?? [];
  const served = holder === undefined ? undefined : named(topology.networks.keys(), holder);
  if (served !== undefined) return { serves: zonesOfNetwork(served) };
  const known = [...topology.networks.keys(), ...resolvers, "internet", "platform", AUTHORITATIVE].join(", ");
  return `--listen: ${who} is neither a network nor a resolver: there are ${known}`;
}
