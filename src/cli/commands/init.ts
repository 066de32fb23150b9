import { join, resolve } from "node:path";
import { firstTopology, type Wanted } from "../../exchange/first-topology.ts";
import { type Command, valueOf } from "../command.ts";
import { ExitCodes } from "../exit-codes.ts";
import { couldNotRun, misuse } from "../misuse.ts";
import { makeFolder } from "../output-folder.ts";
import { writeNewFile } from "../write-whole-file.ts";

const FILE = "privlink.yaml";

export const initCommand: Command = {
  name: "init",
  usage: "privlink init TYPE[:GROUP]… [--location REGION] [--out FOLDER]",
  describe: "a first topology: the right zone names, an endpoint, what to expect",
  details: `TYPE is a type of the catalogue, azure/storage or Microsoft.Storage/storageAccounts; GROUP the part of it that the endpoint
leads to, the type's first where nobody says. A region of another cloud gives that cloud's zones. Writes ${FILE} here, and
never over one that is there.`,
  options: [
    { name: "location", value: "REGION", describe: "where the services are (default: one of their provider)" },
    { name: "out", value: "FOLDER", environment: "none", describe: "where to write (default: here)" },
  ],
  async run(args, io) {
    if (args.words.length === 0) return misuse(io, initCommand, "a TYPE is missing: privlink catalogue lists them");
    const made = firstTopology(args.words.map(wantedOf), valueOf(args, "location"));
    if (made.kind === "problem") return couldNotRun(io, made.message);
    const out = valueOf(args, "out");
    const folder = resolve(io.cwd, out ?? "");
    const shown = out === undefined ? FILE : join(out, FILE);
    const problem = makeFolder(folder) ?? writeNewFile(join(folder, FILE), made.text);
    if (problem !== undefined) return couldNotRun(io, `${shown} ${problem}`);
    const config = out === undefined ? "" : ` -c ${shown}`;
    io.stderr(`privlink: wrote ${shown}; next: privlink check${config}, privlink serve${config}\n`);
    return ExitCodes.CLEAN;
  },
};

/** `TYPE:GROUP`: no type has a colon. */
function wantedOf(word: string): Wanted {
  const [type = "", group] = word.split(":");
  return { type, ...(group === undefined ? {} : { group }) };
}
