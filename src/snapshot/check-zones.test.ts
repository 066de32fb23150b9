import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { ZONE_HABIT_CODES } from "../diagnostics/catalogue/zone-habits.ts";
import { Diagnostics } from "../diagnostics/diagnostic.ts";
import { positionOf } from "../source/source-file.ts";
import { checkZones } from "./check-zones.ts";

const TOPOLOGY = `networks:
  hub: { prefixes: 10.0.0.0/16 }
zones:
  corp.example: { file: corp.zone, links: hub }
`;
const SOA =
  "@ 60 SOA ns.dns.example. me 1 86400 7200 2419200 300\n@ 60 NS ns1.dns.example.\n@ 60 NS ns2.dns.example.\n";

/** `line code: …` for each finding in a topology, with its files. */
function findingsIn(topology: string, files: Readonly<Record<string, string>>): string[] {
  const { snapshot, diagnostics: loaded } = loadText(topology, files);
  expect(loaded.filter(({ severity }) => severity === "error").map(({ message }) => message)).toEqual([]);
  const diagnostics = new Diagnostics();
  checkZones(snapshot, diagnostics);
  return diagnostics.sorted().map(({ code, span }) => `${positionOf(span).line} ${code}`);
}

interface Case {
  readonly because: string;
  /** The lines of private zone corp.example. */
  readonly zone: string;
  readonly finds: readonly string[];
}

const PRIVATE: readonly Case[] = [
  { because: "an alias leads to a host", zone: "a CNAME b\nb A 10.0.0.1", finds: [] },
  { because: "an alias leads to nothing", zone: "a CNAME b\nc A 10.0.0.1", finds: ["1 zone/dangling-alias"] },
  { because: "a wildcard speaks for the target", zone: "a CNAME b\n* A 10.0.0.1", finds: [] },
  { because: "the target has other records", zone: "a CNAME b\nb TXT x", finds: [] },
  { because: "the target is another zone's", zone: "a CNAME b.other.example.", finds: [] },
  { because: "the target lies below a cut", zone: "a CNAME b.sub\nsub NS ns.other.example.", finds: [] },
  { because: "a DNAME leads the target away", zone: "a CNAME b.sub\nsub DNAME other.example.", finds: [] },
  { because: "an alias of an alias dangles", zone: "a CNAME b\nb CNAME c", finds: ["2 zone/dangling-alias"] },
  { because: "a circle is told by the rules", zone: "a CNAME b\nb CNAME a", finds: [] },
  { because: "MX names an alias", zone: "@ MX 1 a\na CNAME b\nb A 10.0.0.1", finds: ["1 zone/host-is-alias"] },
  {
    because: "SRV names a host without address",
    zone: "_x._tcp SRV 1 1 1 a\na TXT x",
    finds: ["1 zone/host-without-address"],
  },
  { because: "an AAAA record is an address", zone: "@ MX 1 a\na AAAA 2001:db8::1", finds: [] },
  { because: "a MX of the root says that there is none", zone: "@ MX 0 .", finds: [] },
  { because: "an NS at the apex names nothing", zone: "@ NS a", finds: ["1 zone/host-without-address"] },
  { because: "glue is told at load", zone: "sub NS a.sub", finds: [] },
  { because: "a target lost its dot", zone: "a CNAME b.corp.example\nb A 10.0.0.1", finds: ["1 zone/doubled-origin"] },
  { because: "an owner lost its dot", zone: "a.corp.example A 10.0.0.1", finds: ["1 zone/doubled-origin"] },
  { because: "one label twice is no accident", zone: "example.corp.example. A 10.0.0.1", finds: [] },
  { because: "an asterisk stands inside", zone: "a.*.b A 10.0.0.1", finds: ["1 zone/star-inside"] },
  { because: "a wildcard of a wildcard is one", zone: "*.*.b A 10.0.0.1", finds: ["1 zone/star-inside"] },
  {
    because: "a name exists by what is below it",
    zone: "* A 10.0.0.1\na.b A 10.0.0.2",
    finds: ["1 zone/wildcard-hidden"],
  },
  { because: "it has records itself", zone: "* A 10.0.0.1\na.b A 10.0.0.2\nb A 10.0.0.3", finds: [] },
  { because: "services are no hosts", zone: "* A 10.0.0.1\n_sip._tcp TXT x", finds: [] },
  { because: "TTL 0 is told once", zone: "a 0 A 10.0.0.1\nb 0 A 10.0.0.2", finds: ["1 zone/zero-ttl"] },
];

describe("a private zone", () => {
  test.each(PRIVATE)("$because: $finds", ({ zone, finds }) => {
    expect(findingsIn(TOPOLOGY, { "corp.zone": `${zone}\n` })).toEqual(finds);
  });

  test.each([
    {
      because: "missing names are asked in public",
      zone: "{ file: corp.zone, links: hub, onMiss: internet }",
      more: "",
    },
    {
      because: "a nearer zone may have it",
      zone: "{ file: corp.zone, links: hub }",
      more: "  sub.corp.example: { links: hub, records: 'b A 10.0.0.1' }\n",
    },
    {
      because: "a rule may lead to it",
      zone: "{ file: corp.zone, links: hub }",
      more: "resolvers: { f: { network: hub, address: 10.0.0.5, forward: { sub.corp.example: 10.0.0.9 } } }\n",
    },
  ])("is not told of aliases that $because", ({ zone, more }) => {
    const topology = `networks:\n  hub: { prefixes: 10.0.0.0/16 }\nzones:\n  corp.example: ${zone}\n${more}`;
    expect(findingsIn(topology, { "corp.zone": "a CNAME b.sub\nsub TXT x\n" })).toEqual([]);
  });
});

const PUBLIC: readonly Case[] = [
  { because: "all is well", zone: SOA, finds: [] },
  { because: "retry is too long", zone: SOA.replace("7200", "86400"), finds: ["1 zone/soa-timers"] },
  { because: "expire is too short", zone: SOA.replace("2419200", "90000"), finds: ["1 zone/soa-timers"] },
  { because: "denials are kept too long", zone: SOA.replace(" 300\n", " 172800\n"), finds: ["1 zone/soa-timers"] },
  { because: "there is one server", zone: SOA.replace(/^@ 60 NS ns2.*\n/m, ""), finds: ["2 zone/few-name-servers"] },
  { because: "there is none", zone: SOA.replaceAll(/^@ 60 NS.*\n/gm, ""), finds: ["1 zone/few-name-servers"] },
  {
    because: "an alias leads into another zone",
    zone: `${SOA}a CNAME b.other.example.\n`,
    finds: ["4 zone/dangling-alias"],
  },
  { because: "an alias leads out of all zones", zone: `${SOA}a CNAME b.third.example.\n`, finds: [] },
];

describe("a public zone", () => {
  const other = { "other.example.zone": SOA };

  test.each(PUBLIC)("$because: $finds", ({ zone, finds }) => {
    const topology = "public: { zones: [corp.example.zone, other.example.zone] }\n";
    expect(findingsIn(topology, { "corp.example.zone": zone, ...other })).toEqual(finds);
  });

  test("beside networks is a model, and its apex what the model needs of it", () => {
    const topology = `${TOPOLOGY}public: { zones: other.example.zone }\n`;
    const files = { "corp.zone": "a A 10.0.0.1\n", "other.example.zone": SOA.replace("7200", "86400") };
    expect(findingsIn(topology, files)).toEqual([]);
  });
});

test("every code of the catalogue has a case", () => {
  const shown = new Set(
    [...PRIVATE, ...PUBLIC].flatMap(({ finds }) => finds.map((line) => line.slice(line.indexOf(" ") + 1))),
  );
  expect(Object.keys(ZONE_HABIT_CODES).filter((code) => !shown.has(code))).toEqual([]);
});
