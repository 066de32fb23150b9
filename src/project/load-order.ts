import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { AddressPort } from "../net/address.ts";
import type { CompileInput } from "../snapshot/compile.ts";
import { type SourceSpan, withoutText } from "../source/source-file.ts";
import type { Topology } from "../topology/model.ts";
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

/** `--listen ADDR:PORT[=WHO]`. */
export interface ListenOverride {
  readonly at: AddressPort;
  /** A network or a resolver of the model. */
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
function overrideListeners(
  topology: Topology,
  { listen, maxTtl }: LoadOrder,
  entry: SourceSpan["file"],
): Topology | string {
  const cap = maxTtl === undefined ? {} : { maxTtl };
  const span = { file: entry, start: 0, end: 0 };
  if (listen.length === 0)
    return maxTtl === undefined
      ? topology
      : { ...topology, listeners: topology.listeners.map((one) => ({ ...one, ...cap })) };
  const listeners: Topology["listeners"][number][] = [];
  for (const { at, who } of listen) {
    if (who === undefined) listeners.push({ at, trust: [], span, ...cap });
    else if (who === "internet" || topology.networks.has(who))
      listeners.push({ at, network: who, trust: [], span, ...cap });
    else if (topology.resolvers.has(who) || who.endsWith("/platform"))
      listeners.push({ at, resolver: who, trust: [], span, ...cap });
    else
      return `--listen: ${who} is neither a network nor a resolver: there are ${[...topology.networks.keys(), ...topology.resolvers.keys()].join(", ")}`;
  }
  return { ...topology, listeners };
}
