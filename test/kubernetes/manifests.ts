import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { runTool } from "../support/server.ts";

/** What users take from `deploy/`. */
export const FOLDER = join(import.meta.dirname, "..", "..", "deploy", "kubernetes");

/** A value of YAML, with nothing known of it yet. */
export type Tree = unknown;

/** A document as `kubectl apply` would send it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly value: Tree;
}

/** What kustomize makes of a folder. */
export async function render(folder: string): Promise<readonly Manifest[]> {
  const { code, stdout, stderr } = await runTool("kubectl", ["kustomize", folder]);
  if (code !== 0) throw new Error(`kubectl kustomize ${folder} ended with ${code}: ${stderr}`);
  return readManifests(stdout);
}

/** The documents of a file; what YAML is not sure of is an error. */
export function readManifests(text: string): readonly Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) throw problem;
    const value: Tree = document.toJS();
    if (value === null) return [];
    return [
      {
        apiVersion: String(at(value, "apiVersion")),
        kind: String(at(value, "kind")),
        name: String(at(value, "metadata", "name")),
        value,
      },
    ];
  });
}

/** What stands at a path; `undefined` where it ends before. */
export function at(value: Tree, ...path: readonly (string | number)[]): Tree {
  return path.reduce<Tree>((node, key) => fields(node)[key], value);
}

/** A list, or an empty one. */
export function list(value: Tree): readonly Tree[] {
  return Array.isArray(value) ? value : [];
}

/** A list of texts, or what can be read as them. */
export function texts(value: Tree): readonly string[] {
  return list(value).map(String);
}

/** The fields of an object or list; none of anything else. */
export function fields(value: Tree): Readonly<Record<string, Tree>> {
  return typeof value === "object" && value !== null ? Object(value) : {};
}

/** The template of its pods, wherever a kind has it; a Pod is its own. */
export function podOf({ kind, value }: Manifest): Tree {
  if (kind === "Pod") return value;
  return kind === "CronJob" ? at(value, "spec", "jobTemplate", "spec", "template") : at(value, "spec", "template");
}

/** The containers that privlink runs in. */
export function privlinksOf(manifest: Manifest): readonly Tree[] {
  const spec = at(podOf(manifest), "spec");
  return [...list(at(spec, "initContainers")), ...list(at(spec, "containers"))].filter(
    (container) => at(container, "name") === "privlink",
  );
}
