import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { DomainName } from "../name/domain-name.ts";
import type { AddressPort } from "../net/address.ts";
import type { CompileInput } from "../snapshot/compile.ts";
import { withoutText } from "../source/source-file.ts";
import { findProject, type ProjectRequest } from "./find-project.ts";
import { loadProject } from "./load-project.ts";
import { overrideTopology } from "./override-topology.ts";

/** One run of the config flow, as plain data: it may be done on another thread. */
export interface LoadOrder {
  readonly request: ProjectRequest;
  /** Where the command runs. */
  readonly folder: string;
  /** Where the built-in example lies. */
  readonly exampleFolder: string;
  /** Listeners of the command line, instead of the topology's. */
  readonly listen: readonly ListenOverride[];
  /** Where real servers of the topology are asked, instead of where it says. */
  readonly resolvers?: readonly ResolverOverride[];
  /** Domains that a resolver of the command line's sends to real servers. */
  readonly forward?: readonly ForwardOverride[];
  /** A cap on the TTLs of replies, instead of the listeners' own. */
  readonly maxTtl?: number;
  /** The digest of the generation that is there: the same contents need not be loaded again. */
  readonly known?: string;
}

/** `--listen ADDR:PORT[=WHO]`. */
export interface ListenOverride {
  readonly at: AddressPort;
  /** A network or a resolver of the model, or whose zones are served. */
  readonly who?: string;
}

/** `--resolver NAME=ADDR[:PORT]`. */
export interface ResolverOverride {
  readonly name: string;
  readonly at: AddressPort;
}

/** `--forward DOMAIN=ADDR[:PORT]`, or `DOMAIN=tls://NAME@ADDR[:PORT]`. */
export interface ForwardOverride {
  readonly domain: DomainName;
  readonly at: AddressPort;
  /** The name that the server's certificate must have. */
  readonly tls?: string;
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
  const overridden = overrideTopology(input.topology, order, { file: entry, start: 0, end: 0 });
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
