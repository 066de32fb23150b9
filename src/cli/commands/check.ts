import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Diagnostic, Diagnostics, type Severity } from "../../diagnostics/diagnostic.ts";
import { withFindings } from "../../lint/lint.ts";
import type { ProjectRequest } from "../../project/find-project.ts";
import { type LoadedModel, runLoad } from "../../project/load-order.ts";
import { TOPOLOGY_NAMES } from "../../project/topology-path.ts";
import { renderCompact } from "../../report/compact.ts";
import { renderJson } from "../../report/json.ts";
import { formatSummary } from "../../report/summary.ts";
import { renderText } from "../../report/text.ts";
import { compile } from "../../snapshot/compile.ts";
import { checkFix, type FixOrder } from "../check-fix.ts";
import { takesColor } from "../color.ts";
import { type Arguments, CONFIG_OPTION, type Command, choiceOf, NO_COLOR_OPTION, valueOf } from "../command.ts";
import { ExitCodes } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { couldNotRun, misuse } from "../misuse.ts";
import { loadOrder } from "../project.ts";

const FORMATS = ["text", "compact", "json"] as const;
const FAIL_ON = ["error", "warning", "info", "never"] as const;

export const checkCommand: Command = {
  name: "check",
  usage: "privlink check [PATH…] [--format FORM] [--fail-on SEVERITY] [--fix [--write]] [-q]",
  describe: "every problem in a topology, in zone files, in folders of them",
  details: `PATH is a topology, a zone file, or a folder: of a topology, or of zone files. Several are checked one by one, zone files
together. Without PATH and -c: privlink.yaml here. Problems go to standard output, the summary to standard error.
With --fix it is the changes of files that go to standard output, as git apply takes them.`,
  options: [
    { ...CONFIG_OPTION, describe: "the topology (default: privlink.yaml here)" },
    { name: "format", value: "FORM", choices: FORMATS, describe: "how problems are written (default: text)" },
    {
      name: "fail-on",
      value: "SEVERITY",
      choices: FAIL_ON,
      describe: "the least problem that makes the exit code 2 (default: error)",
    },
    { name: "fix", describe: "show the changes of files that mend what can be mended without a doubt" },
    { name: "write", describe: "with --fix: make them" },
    { name: "quiet", short: "q", describe: "no summary" },
    NO_COLOR_OPTION,
  ],
  async run(args, io) {
    const requests = requestsOf(args, io);
    if (typeof requests === "string") return couldNotRun(io, requests);
    if (args.switches.has("fix")) return checkFix(requests, fixOrder(args), io);
    if (args.switches.has("write")) return misuse(io, checkCommand, "--write goes with --fix");
    const models: LoadedModel[] = [];
    for (const request of requests) {
      const loaded = runLoad(loadOrder(request, io));
      if (loaded.kind === "problem") return couldNotRun(io, loaded.message);
      if (loaded.kind === "unchanged") continue;
      const { input, diagnostics } = loaded;
      if (request.config === undefined && isEmpty(input) && diagnostics.length === 0)
        return couldNotRun(io, `nothing to check: ${request.paths.join(" ")} holds no zone files, which end in .zone`);
      const found = withFindings(() => compile(input, new Diagnostics()), diagnostics);
      models.push({ ...loaded, diagnostics: found });
    }
    const diagnostics = models.flatMap((model) => model.diagnostics);
    io.stdout(rendered(diagnostics, args, io));
    if (!args.switches.has("quiet")) {
      for (const [i, model] of models.entries()) {
        const paths = requests[i]?.paths ?? [];
        const name = paths.length > 0 ? paths.join(" ") : model.name;
        io.stderr(`${name}: ${formatSummary(model.diagnostics)}\n`);
      }
    }
    return isBadEnough(diagnostics, choiceOf(args, "fail-on", FAIL_ON)) ? ExitCodes.FINDINGS : ExitCodes.CLEAN;
  },
};

function fixOrder(args: Arguments): FixOrder {
  const least = choiceOf(args, "fail-on", FAIL_ON);
  return {
    write: args.switches.has("write"),
    quiet: args.switches.has("quiet"),
    isBadEnough: (findings) => isBadEnough(findings, least),
  };
}

/**
 * One request for each topology, and one for all zone files; the sentence of what cannot be checked. With nothing at hand
 * there is nothing to check: the built-in example would let a check in the wrong folder pass.
 */
function requestsOf(args: Arguments, io: Io): readonly ProjectRequest[] | string {
  const config = valueOf(args, "config");
  const { words } = args;
  if (config !== undefined && words.length > 0 && !args.fromEnvironment.has("config"))
    return `${words[0]} stands beside -c ${config}: name each file once`;
  if (words.length === 0) {
    const found = config ?? TOPOLOGY_NAMES.find((name) => existsSync(join(io.cwd, name)));
    if (found === undefined) return "nothing to check: no privlink.yaml here; name a topology, a zone file or a folder";
    return [{ config: found, paths: [], networks: [] }];
  }
  const requests: ProjectRequest[] = [];
  const zoneFiles: string[] = [];
  for (const word of words) {
    const path = resolve(io.cwd, word);
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    const isTopology = isFolder ? TOPOLOGY_NAMES.some((name) => existsSync(join(path, name))) : /\.ya?ml$/.test(word);
    if (isTopology) requests.push({ paths: [word], networks: [] });
    else zoneFiles.push(word);
  }
  return zoneFiles.length === 0 ? requests : [...requests, { paths: zoneFiles, networks: [] }];
}

function isEmpty({ topology, publicZones }: LoadedModel["input"]): boolean {
  return publicZones.length === 0 && topology.networks.size === 0 && topology.zones.size === 0;
}

function rendered(diagnostics: readonly Diagnostic[], args: Arguments, io: Io): string {
  switch (choiceOf(args, "format", FORMATS)) {
    case "text": {
      const color = takesColor(args, io, "stdout");
      return diagnostics.map((diagnostic) => renderText(diagnostic, { color })).join("");
    }
    case "compact":
      return diagnostics.map(renderCompact).join("");
    case "json":
      return renderJson(diagnostics);
  }
}

const RANKS: Readonly<Record<Severity | "never", number>> = { info: 0, warning: 1, error: 2, never: 3 };

function isBadEnough(diagnostics: readonly Diagnostic[], least: Severity | "never"): boolean {
  return diagnostics.some(({ severity }) => RANKS[severity] >= RANKS[least]);
}
