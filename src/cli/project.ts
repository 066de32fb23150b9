import { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { ProjectRequest } from "../project/find-project.ts";
import { type LoadedModel, type LoadOrder, runLoad } from "../project/load-order.ts";
import { formatSummary } from "../report/summary.ts";
import { renderText } from "../report/text.ts";
import { compile } from "../snapshot/compile.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { takesColor } from "./color.ts";
import { type Arguments, CONFIG_OPTION, NO_COLOR_OPTION, valueOf } from "./command.ts";
import type { Io } from "./io.ts";

/** The flags of every command that reads a project. */
export const PROJECT_OPTIONS = [CONFIG_OPTION, NO_COLOR_OPTION] as const;

/** An order to load what was named, and nothing else about it. */
export function loadOrder(request: ProjectRequest, io: Io): LoadOrder {
  return { request, folder: io.cwd, exampleFolder: io.exampleFolder, listen: [] };
}

/** What `-c` names, as a request. */
export function requestOf(args: Arguments): ProjectRequest {
  const config = valueOf(args, CONFIG_OPTION.name);
  return { paths: [], networks: [], ...(config === undefined ? {} : { config }) };
}

/**
 * The snapshot of the project that a command is about. `undefined` when there is none to work with: what is wrong is on
 * standard error then, all of it, and the command cannot run.
 */
export function openSnapshot(args: Arguments, io: Io): Snapshot | undefined {
  return openProject(loadOrder(requestOf(args), io), args, io)?.snapshot;
}

/** A project that a command can work with. */
export interface OpenedProject {
  readonly snapshot: Snapshot;
  readonly loaded: LoadedModel;
}

/** As `openSnapshot`, for an order that says more than which project, with what is known of its files. */
export function openProject(order: LoadOrder, args: Arguments, io: Io): OpenedProject | undefined {
  const loaded = runLoad(order);
  switch (loaded.kind) {
    case "problem":
      io.stderr(`privlink: ${loaded.message}\n`);
      return undefined;
    case "unchanged":
      throw new Error("a first load found nothing new");
    case "loaded":
      break;
  }
  if (!loaded.hasErrors) {
    if (loaded.isExample) io.stderr(exampleNote(loaded));
    return { snapshot: compile(loaded.input, new Diagnostics()), loaded };
  }
  const errors = loaded.diagnostics.filter(({ severity }) => severity === "error");
  for (const diagnostic of errors) io.stderr(renderText(diagnostic, { color: takesColor(args, io, "stderr") }));
  io.stderr(`privlink: ${loaded.name} cannot be used: ${formatSummary(errors)}\n`);
  return undefined;
}

function exampleNote({ name }: LoadedModel): string {
  return `privlink: no privlink.yaml here and none named with -c: the built-in example, ${name}\n`;
}
