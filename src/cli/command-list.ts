import type { Command } from "./command.ts";

/** A command that can be had: none is loaded before it is chosen, so that `serve` starts as fast as it can. */
export interface ListedCommand {
  readonly name: string;
  readonly describe: string;
  load(): Promise<Command>;
}

/** In the order that help lists them. */
export const COMMANDS: readonly ListedCommand[] = [
  {
    name: "serve",
    describe: "answer over UDP and TCP as each network's own DNS would",
    load: async () => (await import("./commands/serve.ts")).serveCommand,
  },
  {
    name: "query",
    describe: "ask the files, or a running server, as dig does",
    load: async () => (await import("./commands/query.ts")).queryCommand,
  },
  {
    name: "explain",
    describe: "why a name resolves as it does, decision by decision",
    load: async () => (await import("./commands/explain.ts")).explainCommand,
  },
  {
    name: "check",
    describe: "every problem in a topology, in zone files, in folders of them",
    load: async () => (await import("./commands/check.ts")).checkCommand,
  },
  {
    name: "explain-code",
    describe: "what a code of check means: cause, an example, and how to mend it",
    load: async () => (await import("./commands/explain-code.ts")).explainCodeCommand,
  },
  {
    name: "test",
    describe: "what you expect of answers, held against the files or a real server",
    load: async () => (await import("./commands/test.ts")).testCommand,
  },
  {
    name: "diff",
    describe: "which answers change between two models, for whom, and why",
    load: async () => (await import("./commands/diff.ts")).diffCommand,
  },
  {
    name: "list",
    describe: "the names to type: networks, zones, links, services, endpoints, rulesets, resolvers, names",
    load: async () => (await import("./commands/list.ts")).listCommand,
  },
  {
    name: "view",
    describe: "what one network sees, in the order it is asked",
    load: async () => (await import("./commands/view.ts")).viewCommand,
  },
  {
    name: "graph",
    describe: "a picture: networks, zones, who asks whom; the ways of a name",
    load: async () => (await import("./commands/graph.ts")).graphCommand,
  },
  {
    name: "catalogue",
    describe: "service types, their groups, members and zone names",
    load: async () => (await import("./commands/catalogue.ts")).catalogueCommand,
  },
  {
    name: "export",
    describe: "the model as the configuration of another server, or as zone files",
    load: async () => (await import("./commands/export.ts")).exportCommand,
  },
  {
    name: "import",
    describe: "an estate from elsewhere as a topology and zone files",
    load: async () => (await import("./commands/import.ts")).importCommand,
  },
  {
    name: "cache",
    describe: "what a running server has kept of real servers' answers; forget it",
    load: async () => (await import("./commands/cache.ts")).cacheCommand,
  },
  {
    name: "lab",
    describe: "the networks of a topology as network namespaces of this machine",
    load: async () => (await import("./commands/lab.ts")).labCommand,
  },
  {
    name: "healthcheck",
    describe: "whether the server on this machine is ready: for containers and scripts",
    load: async () => (await import("./commands/healthcheck.ts")).healthcheckCommand,
  },
  {
    name: "doctor",
    describe: "who has port 53, how this machine resolves, whether privlink is reached, and as whom",
    load: async () => (await import("./commands/doctor.ts")).doctorCommand,
  },
  {
    name: "init",
    describe: "a first topology: the right zone names, an endpoint, what to expect",
    load: async () => (await import("./commands/init.ts")).initCommand,
  },
  {
    name: "pin",
    describe: "allocated addresses of endpoints written into the topology",
    load: async () => (await import("./commands/pin.ts")).pinCommand,
  },
  {
    name: "schema",
    describe: "the keys of a topology as JSON Schema, for editors",
    load: async () => (await import("./commands/schema.ts")).schemaCommand,
  },
  {
    name: "completion",
    describe: "commands, flags and their values completed by your shell",
    load: async () => (await import("./commands/completion.ts")).completionCommand,
  },
  {
    name: "version",
    describe: "the version",
    load: async () => (await import("./commands/version.ts")).versionCommand,
  },
];
