import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "../support/server.ts";
import { fields, type Manifest, type Tree } from "./manifests.ts";

const MODULES = join(import.meta.dirname, "..", "..", "node_modules");
/** The published types have no version of their own in the path of these groups. */
const CORE = "core/v1";

/** A manifest, or a spoilt copy of one. */
export interface Candidate {
  readonly apiVersion: string;
  readonly kind: string;
  readonly value: Tree;
}

/**
 * What the Kubernetes API would not take, by the number of the candidate: the compiler holds each as a literal against the
 * types that are made of the OpenAPI description. A literal may have no key that its type does not know.
 */
export async function refusals(candidates: readonly Candidate[]): Promise<ReadonlyMap<number, string>> {
  const folder = mkdtempSync(join(tmpdir(), "privlink-kubernetes-"));
  try {
    const lines = candidates.map(
      (candidate, i) => `export const _${i}: ${typeOf(candidate)} = ${JSON.stringify(candidate.value)};`,
    );
    writeFileSync(join(folder, "candidates.ts"), lines.join("\n"));
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          exactOptionalPropertyTypes: true,
          noEmit: true,
          module: "nodenext",
          types: [],
          paths: { "kubernetes-types/*": [join(MODULES, "kubernetes-types", "*")] },
        },
        files: ["candidates.ts"],
      }),
    );
    const compiler = join(MODULES, "typescript", "bin", "tsc");
    const { code, stdout, stderr } = await runTool(process.execPath, [compiler, "--pretty", "false", "-p", folder]);
    const problems = new Map<number, string>();
    for (const [, line = "", text = ""] of stdout.matchAll(/candidates\.ts\((\d+),\d+\): error (.+)$/gm))
      problems.set(Number.parseInt(line, 10) - 1, text);
    if ((code === 0) !== (problems.size === 0)) throw new Error(`tsc ended with ${code}: ${stdout}${stderr}`);
    return problems;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `apps/v1` is in `apps/v1`, `networking.k8s.io/v1` in `networking/v1`, `v1` in `core/v1`. */
function typeOf({ apiVersion, kind }: Candidate): string {
  const [group = "", version] = apiVersion.split("/");
  const module = version === undefined ? CORE : `${group.split(".")[0]}/${version}`;
  return `import("kubernetes-types/${module}").${kind}`;
}

/** One fault in a copy of a manifest. */
export interface Spoilt extends Candidate {
  /** What was done to it. */
  readonly fault: string;
}

/** Whatever keys stand in these, they are the user's own. */
const MAPS = /\/(?:annotations|data|labels|limits|matchLabels|nodeSelector|requests)$|^Service\/spec\/selector$/;

/** Copies with one fault each: every key misspelt in turn, and every value of another type. */
export function spoil(manifest: Manifest): readonly Spoilt[] {
  return faultsOf(manifest.value, manifest.kind).map(({ fault, value }) => ({
    apiVersion: manifest.apiVersion,
    kind: manifest.kind,
    fault: `${manifest.name}: ${fault}`,
    value,
  }));
}

interface Fault {
  readonly fault: string;
  readonly value: Tree;
}

function faultsOf(value: Tree, path: string): readonly Fault[] {
  if (Array.isArray(value))
    return value.flatMap((item: Tree, i) =>
      [...wrongTypes(item, `${path}/${i}`), ...faultsOf(item, `${path}/${i}`)].map((one) => ({
        ...one,
        value: value.with(i, one.value),
      })),
    );
  const isMap = MAPS.test(path);
  return Object.entries(fields(typeof value === "object" ? value : {})).flatMap(([key, item]) => {
    const below = [...wrongTypes(item, `${path}/${key}`), ...faultsOf(item, `${path}/${key}`)];
    const { [key]: _, ...others } = fields(value);
    const misspelt = `${key}${key.at(-1) ?? ""}`;
    return [
      ...(isMap ? [] : [{ fault: `${path}/${misspelt} for ${key}`, value: { ...others, [misspelt]: item } }]),
      ...below.map((one) => ({ ...one, value: { ...others, [key]: one.value } })),
    ];
  });
}

/** A scalar where it should be an object or a list, an object where it should be a scalar. */
function wrongTypes(value: Tree, path: string): readonly Fault[] {
  const wrong = typeof value === "object" && value !== null ? 7 : {};
  return [{ fault: `${path} is ${JSON.stringify(wrong)}`, value: wrong }];
}
