import { topologySchema } from "../../topology/json-schema.ts";
import type { Command } from "../command.ts";
import { ExitCodes } from "../exit-codes.ts";

export const schemaCommand: Command = {
  name: "schema",
  usage: "privlink schema",
  describe: "the keys of a topology as JSON Schema, for editors",
  details: `Draft 7. An editor with a YAML server completes and explains keys when the first line of a topology is
# yaml-language-server: $schema=privlink.schema.json`,
  options: [],
  maxWords: 0,
  async run(_args, io) {
    io.stdout(`${JSON.stringify(topologySchema(), null, 2)}\n`);
    return ExitCodes.CLEAN;
  },
};
