import { CLOUDS } from "../../catalogue/clouds.ts";
import { memberPatterns } from "../../catalogue/name-patterns.ts";
import { type ProviderService, providerServices } from "../../catalogue/provider-services.ts";
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

/** A row for each zone that a group's names lie in, and for each zone that an endpoint of a provider's service makes. */
function catalogueRows(): CatalogueRow[] {
  return [...ownedRows(), ...providerServices().flatMap(providerRows)];
}

/** Services that a provider runs for everybody: `TYPE@LOCATION`. Without an endpoint they have no zones. */
function providerRows({ id, title, kinds, published, endpoint }: ProviderService): CatalogueRow[] {
  const zones = endpoint.publishes.map(({ zone }) => zone);
  const common = { type: id, group: null, cloud: kinds.join(","), resourceType: id, title };
  const suffixes = zones.length > 0 ? [...new Set(zones)] : [...new Set(published.map(({ name }) => name))];
  return suffixes.map((zone) => ({
    ...common,
    suffix: zone,
    zone: zones.length > 0 ? zone : null,
    members: endpoint.publishes.filter((one) => one.zone === zone).map(({ name }) => name),
  }));
}

function ownedRows(): CatalogueRow[] {
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
