import { type Command, choiceOf } from "../command.ts";
import { didYouMean } from "../did-you-mean.ts";
import { entryTable } from "../entries.ts";
import { ExitCodes } from "../exit-codes.ts";
import { misuse } from "../misuse.ts";
import { LIST_SCHEMA, TOPICS } from "../model-entries.ts";
import { openSnapshot, PROJECT_OPTIONS } from "../project.ts";

const FORMS = ["table", "json"] as const;
const NAMES = TOPICS.map(({ name }) => name);

export const listCommand: Command = {
  name: "list",
  usage: "privlink list [networks|zones|links|services|endpoints|rulesets|resolvers|names] [-o FORM]",
  describe: "the names to type",
  details: "Without a kind: a table for each. names are the names that have records, private and public.",
  options: [
    { name: "output", short: "o", value: "FORM", choices: FORMS, describe: "the form (default: table)" },
    ...PROJECT_OPTIONS,
  ],
  words: NAMES,
  maxWords: 1,
  async run(args, io) {
    const [word] = args.words;
    // `list network` and `list zone` are what fingers type.
    const topics =
      word === undefined ? TOPICS : TOPICS.filter(({ name }) => name === word || name.slice(0, -1) === word);
    if (topics.length === 0)
      return misuse(
        io,
        listCommand,
        `${word} cannot be listed${didYouMean(word ?? "", NAMES) || `: there are ${NAMES.join(", ")}`}`,
      );
    const snapshot = openSnapshot(args, io);
    if (snapshot === undefined) return ExitCodes.COULD_NOT_RUN;
    const lists = topics.map((topic) => ({ ...topic, found: topic.entries(snapshot) }));
    switch (choiceOf(args, "output", FORMS)) {
      case "table":
        io.stdout(lists.map(({ keys, found }) => entryTable(keys, found)).join("\n"));
        break;
      case "json": {
        const document = {
          schema: LIST_SCHEMA,
          ...Object.fromEntries(lists.map(({ name, found }) => [name, found])),
        };
        io.stdout(`${JSON.stringify(document, null, 2)}\n`);
        break;
      }
    }
    return ExitCodes.CLEAN;
  },
};
