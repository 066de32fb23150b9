import { type Command, choiceOf } from "../command.ts";
import { ExitCodes } from "../exit-codes.ts";

const FORMS = ["text", "json"] as const;

export const versionCommand: Command = {
  name: "version",
  usage: "privlink version [-o FORM]",
  describe: "the version, and what it runs on",
  options: [{ name: "output", short: "o", value: "FORM", choices: FORMS, describe: "the form" }],
  maxWords: 0,
  async run(args, io) {
    const { version, runtime } = io;
    switch (choiceOf(args, "output", FORMS)) {
      case "text":
        io.stdout(`privlink ${version} (${runtime})\n`);
        break;
      case "json":
        io.stdout(`${JSON.stringify({ schema: "privlink/version/v1", version, runtime }, null, 2)}\n`);
        break;
    }
    return ExitCodes.CLEAN;
  },
};
