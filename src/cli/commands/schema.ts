import { expectationsSchema, topologySchema } from "../../topology/json-schema.ts";
import type { Command } from "../command.ts";
import { ExitCodes } from "../exit-codes.ts";
import { misuse } from "../misuse.ts";

export const schemaCommand: Command = {
  name: "schema",
  usage: "privlink schema [expectations]",
  describe: "the keys of a topology as JSON Schema, for editors",
  details: `Draft 7. An editor with a YAML server completes and explains keys when the first line of a topology is
# yaml-language-server: $schema=privlink.schema.json
With expectations: of the files that privlink test takes.`,
  options: [],
  maxWords: 1,
  async run({ words: [what] }, io) {
    if (what !== undefined && what !== "expectations")
      return misuse(io, schemaCommand, `there is no schema of ${what}: leave the word out, or write expectations`);
    const schema = what === undefined ? topologySchema() : expectationsSchema();
    io.stdout(`${JSON.stringify(schema, null, 2)}\n`);
    return ExitCodes.CLEAN;
  },
};
