import { CLOUDS } from "../../catalogue/clouds.ts";
import { memberPatterns } from "../../catalogue/name-patterns.ts";
import { serviceTypes } from "../../catalogue/service-types.ts";
import { suggestServiceTypes } from "../../catalogue/suggest.ts";
import { type Command, choiceOf } from "../command.ts";
import { type Entry, entryTable } from "../entries.ts";
import { ExitCodes } from "../exit-codes.ts";
import { couldNotRun } from "../misuse.ts";

const FORMS = ["table", "json"] as const;
const KEYS = ["type", "group", "cloud", "suffix", "zone", "members"];

export const catalogueCommand: Command = {
  name: "catalogue",
  usage: "privlink catalogue [TEXT] [-o FORM]",
  describe: "service types, their groups, members and zone names",
  details: `TEXT is any part of a type, of the platform's own name, of a group, a suffix or a zone; case does not count. Braces hold what
a service gives: its name, its region, its parameters.`,
  options: [{ name: "output", short: "o", value: "FORM", choices: FORMS, describe: "the form (default: table)" }],
  maxWords: 1,
  async run(args, io) {
    const [text = ""] = args.words;
    const rows = catalogueRows();
    const found = rows.filter((row) => fits(row, text));
    const [near] = found.length === 0 ? suggestServiceTypes(text) : [];
    const shown = near === undefined ? found : rows.filter(({ type }) => type === near);
    if (shown.length === 0) return couldNotRun(io, `nothing in the catalogue is called ${text}`);
    if (near !== undefined) io.stderr(`privlink: nothing is called ${text}; the nearest is ${near}\n`);
    switch (choiceOf(args, "output", FORMS)) {
      case "table":
        io.stdout(entryTable(KEYS, shown));
        break;
      case "json":
        io.stdout(`${JSON.stringify({ schema: "privlink/catalogue/v1", rows: shown }, null, 2)}\n`);
        break;
    }
    return ExitCodes.CLEAN;
  },
};

interface CatalogueRow extends Entry {
  readonly type: string;
}

/** A row for each zone that a group's names lie in. */
function catalogueRows(): CatalogueRow[] {
  return serviceTypes().flatMap(({ id, resourceType, title, groups }) =>
    groups.flatMap(({ name, doors }) => {
      const members = memberPatterns(id, name).map(({ member }) => member);
      return CLOUDS.flatMap((cloud) =>
        (doors.get(cloud) ?? []).map(({ suffix, zone }) => ({
          type: id,
          group: name,
          cloud,
          suffix,
          zone,
          members,
          resourceType,
          title,
        })),
      );
    }),
  );
}

function fits(row: CatalogueRow, text: string): boolean {
  const wanted = text.toLowerCase();
  return Object.values(row).some((value) => String(value).toLowerCase().includes(wanted));
}
