/** What a program of `programs/` can be told to ask for; each door of a library has its own way to do it. */
export type Verb = "addresses" | "aaaa" | "text" | "names";

/** Whose resolver is asked; the numbers are the second octet of addresses: see `estate/privlink.yaml`. */
const ASKERS = { hub: 0, branch: 2, twins: 9 } as const;

/** A `resolv.conf`: whose resolver, and lines behind the `nameserver`. */
export interface Configuration {
  readonly asker: keyof typeof ASKERS;
  readonly lines: readonly string[];
}

/** What people have in `resolv.conf`. One second for a try, where a library may wait for it, keeps the tests short. */
export const CONFIGURATIONS = {
  plain: { asker: "hub", lines: [] },
  expanding: {
    asker: "hub",
    lines: ["search default.svc.cluster.local svc.cluster.local cluster.local corp.example", "options ndots:5"],
  },
  failing: { asker: "hub", lines: ["options timeout:1 edns0"] },
  outside: { asker: "branch", lines: ["options edns0"] },
  refused: { asker: "twins", lines: ["options timeout:1"] },
} as const satisfies Readonly<Record<string, Configuration>>;

export type ConfigurationName = keyof typeof CONFIGURATIONS;

/** One thing that every library is asked. The first label of its question tells it from all other rows. */
export interface Row {
  /** As the page says it. */
  readonly says: string;
  readonly verb: Verb;
  readonly name: string;
  readonly with: ConfigurationName;
  /** Whether named, which is authoritative for the same data, has an answer to compare: not where it stops at 11 aliases. */
  readonly named?: true;
}

export const ROWS: readonly Row[] = [
  {
    says: "an alias to a private address",
    verb: "addresses",
    name: "photos.blob.core.windows.net",
    with: "plain",
    named: true,
  },
  {
    says: "AAAA of such an alias: NODATA",
    verb: "aaaa",
    name: "ledgers.blob.core.windows.net",
    with: "plain",
    named: true,
  },
  { says: "a name with A and AAAA", verb: "addresses", name: "both.corp.example", with: "plain", named: true },
  { says: "a name in other letters", verb: "addresses", name: "mIXEDcASE.corp.example", with: "plain", named: true },
  { says: "NXDOMAIN", verb: "addresses", name: "missing.corp.example", with: "plain", named: true },
  { says: "NODATA", verb: "addresses", name: "onlytext.corp.example", with: "plain", named: true },
  { says: "15 aliases, then an address", verb: "addresses", name: "fifteen.corp.example", with: "plain" },
  { says: "16 aliases, then an address", verb: "addresses", name: "sixteen.corp.example", with: "plain" },
  { says: "17 aliases: SERVFAIL", verb: "addresses", name: "seventeen.corp.example", with: "failing" },
  { says: "aliases in a loop: SERVFAIL", verb: "addresses", name: "loop.corp.example", with: "failing" },
  { says: "REFUSED", verb: "addresses", name: "refused.corp.example", with: "refused" },
  { says: "40 addresses, over 512 octets", verb: "addresses", name: "forty.corp.example", with: "plain", named: true },
  {
    says: "100 addresses, over 1232 octets",
    verb: "addresses",
    name: "hundred.corp.example",
    with: "plain",
    named: true,
  },
  { says: "TXT of three strings", verb: "text", name: "strings.corp.example", with: "plain", named: true },
  { says: "the name of an address", verb: "names", name: "10.3.1.1", with: "plain", named: true },
  { says: "no name, in a zone of ours", verb: "names", name: "10.3.1.77", with: "plain", named: true },
  { says: "no name, in no zone", verb: "names", name: "10.0.1.8", with: "plain" },
  { says: "a short name, `ndots:5`, 4 domains", verb: "addresses", name: "expanded", with: "expanding" },
  { says: "AAAA of another: NODATA", verb: "aaaa", name: "expanded4", with: "expanding" },
  {
    says: "the alias again, so configured",
    verb: "addresses",
    name: "backups.blob.core.windows.net",
    with: "expanding",
  },
  { says: "NXDOMAIN, so configured", verb: "addresses", name: "nowhere.example.org", with: "expanding" },
  { says: "a public answer with EDE", verb: "addresses", name: "reports.blob.core.windows.net", with: "outside" },
  { says: "NXDOMAIN with EDE", verb: "addresses", name: "absent.example.org", with: "outside" },
];

/** The first label that questions of a row have in the query log. */
export function labelOf({ verb, name }: Row): string {
  const labels = name.toLowerCase().split(".");
  return (verb === "names" ? labels.at(-1) : labels[0]) ?? "";
}

/** The text of a `resolv.conf` for the door with this number. */
export function resolvConf({ asker, lines }: Configuration, door: number): string {
  return [`nameserver ${addressOf(asker, door)}`, ...lines, ""].join("\n");
}

/** Where a door asks as somebody: no other door asks there, so a question's address tells whose it is. */
function addressOf(asker: keyof typeof ASKERS, door: number): string {
  return `10.${ASKERS[asker]}.0.${door}`;
}

/** Every address that doors with these numbers ask. */
export function addressesFor(doors: readonly number[]): readonly string[] {
  return [addressOf("hub", 0), addressOf("branch", 0), addressOf("twins", 0)].flatMap((first) =>
    doors.map((door) => first.replace(/\d+$/, String(door))),
  );
}
