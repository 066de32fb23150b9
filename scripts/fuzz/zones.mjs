// Zone files: mutated text through the parser, the zone's checks and its lookup.
import { Diagnostics } from "../../dist/diagnostics/diagnostic.js";
import { prepend } from "../../dist/name/domain-name.js";
import { formatName, knownName } from "../../dist/name/name-text.js";
import { formatRdata } from "../../dist/record/rdata-text.js";
import { makeSoa } from "../../dist/record/rdata-wire.js";
import { typeName } from "../../dist/record/type-names.js";
import { sourceFile } from "../../dist/source/source-file.js";
import { lookup } from "../../dist/zone/lookup.js";
import { ZoneBuilder } from "../../dist/zone/zone-builder.js";
import { zoneRecords } from "../../dist/zone/zone-records.js";
import { findOrigin } from "../../dist/zonefile/find-origin.js";
import { parseRdataEntry } from "../../dist/zonefile/parse-rdata-entry.js";
import { parseZoneText } from "../../dist/zonefile/parse-zone-file.js";
import { inputOfFile } from "../../dist/zonefile/zone-input.js";
import { checkDiagnostics, must, poolOf, sameOctets } from "./checks.mjs";
import { mutateText } from "./mutate-text.mjs";

const ORIGIN = knownName("fuzz.example");
/** A record of a few octets and so many that are none cost the same. */
const OCTETS_OF_A_RECORD = 40;
const ASKED = [1, 2, 5, 6, 15, 16, 28, 39, 43, 255];
const WORDS = [
  "$ORIGIN",
  "$TTL",
  "$INCLUDE",
  "$GENERATE",
  "$ORIGIN .",
  "$TTL 1h",
  "$INCLUDE other.zone",
  "$INCLUDE fuzz.zone",
  "$GENERATE 1-9 h$ A 10.0.0.$",
  "$GENERATE 0-65535/7 ${0,4,x} CNAME ${1,3,d}.x",
  "(",
  ")",
  '"',
  "\\",
  "\\#",
  "\\# 4 0a000001",
  "\\300",
  "\\092",
  "@",
  "*",
  ".",
  "..",
  ";",
  "IN",
  "CH",
  "CLASS1",
  "CLASS255",
  "TYPE1",
  "TYPE65280",
  "TYPE0",
  "TYPE70000",
  "0",
  "1h",
  "2147483648",
  "4294967296",
  "1w2d3h4m5s",
  "A",
  "AAAA",
  "NS",
  "CNAME",
  "DNAME",
  "SOA",
  "MX",
  "TXT",
  "SRV",
  "CAA",
  "HTTPS",
  "SVCB",
  "PTR",
  "OPT",
  "ANY",
  "1.2.3.4",
  "::1",
  "fuzz.example.",
  "a.b.c.",
  "x".repeat(64),
  `${"y".repeat(60)}.`.repeat(5),
  '"a b"',
  'alpn="h2,h3"',
  "ipv4hint=1.2.3.4",
  "key65535=x",
  "mandatory=alpn,port",
  "\uFEFF".normalize(),
  "\u00ff\u00fe",
  "\t",
  "\0",
  "é",
];

/** A zone with everything that zone files have. */
export const RICH_ZONE = String.raw`$ORIGIN fuzz.example.
$TTL 1h
@ 3600 IN SOA ns1 hostmaster ( 1 ; serial
    3600 300 2419200 10 )
@   IN NS ns1
    NS  ns2.other.example.
ns1 300 A 192.0.2.53
    AAAA 2001:db8::53
www IN 60 CNAME web
web A 192.0.2.1
  300 IN A 192.0.2.2
*.apps TXT "one string" two "with \"quotes\" and \059" \000\255
a.b.c.d MX 10 mail
_sip._tcp SRV 0 5 5060 sip.fuzz.example.
@ CAA 0 issue "ca.example; policy=ev"
old DNAME new.example.
@ HTTPS 1 . alpn="h2,h3" port=8443 ipv4hint=192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1 key65400=abc
svc SVCB 0 web
svc2 SVCB 2 web mandatory=alpn alpn=h2 no-default-alpn
sub NS ns1.sub
ns1.sub A 192.0.2.54
sub DS 12345 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
7 PTR web.fuzz.example.
sig RRSIG A 13 3 300 20300101000000 20290101000000 12345 fuzz.example. AQIDBA==
raw TYPE65280 \# 4 0a 00 00 01
raw2 CLASS1 TYPE1 \# 4 0a000001
$GENERATE 1-5/2 host$ A 10.0.0.$
$GENERATE 0-3 \${0,3,d} TXT "number ${"$"}{1,2,x}"
$INCLUDE other.zone inc
tail\.dot.x A 192.0.2.9
UPPER.Case TXT ( "in"
   "brackets" ) ; and a comment
`;

/** Sentences of the language that hardly any file has, right and wrong; each is worth mutating. */
const RARE = [
  "$GENERATE 1-3 h$ 60 IN A 10.0.0.$",
  "$GENERATE 1-3/0 h$ A 10.0.0.$",
  "$GENERATE 5-1 h$ A 10.0.0.$",
  "$GENERATE 0-9999 h$ A 10.0.0.1",
  `$GENERATE 1-400 \${0,250,d} TXT ${"x".repeat(250)}`,
  "$GENERATE 1-2 ${-5,3,d}.a TXT ${-1,4,o}${0,4,X}",
  "$GENERATE 10-11 ${0,8,n} PTR ${0,8,N}.x",
  "$GENERATE 1-2 ${0,300,d} A 10.0.0.1",
  "$GENERATE 1-2 ${0,3,q} A 10.0.0.1",
  "$GENERATE 1-2 ${ A 10.0.0.1",
  "$GENERATE 1-2 a$$b TXT $$",
  '$GENERATE 1-2 h$ TXT "one \\"two\\" $"',
  '$GENERATE 1-2 h$ TXT "one \\"two"',
  '$GENERATE 1-2 h$ TXT ""',
  "$GENERATE 1-2 h$ SOA a b 1 2 3 4 $",
  "$GENERATE 1-2 h$ A 10.0.0.$.1",
  "$GENERATE 1-2 .$ A 10.0.0.$",
  "$GENERATE 1-2 h$",
  "$INCLUDE",
  "$INCLUDE nowhere.zone",
  "$INCLUDE other.zone bad..origin",
  "$INCLUDE other.zone in one.too many",
  '$INCLUDE "other.zone"',
  "$INCLUDE fuzz.zone",
  "$TTL",
  "$TTL soon",
  "$TTL 1h 2h",
  "$ORIGIN",
  "$ORIGIN bad..name",
  "$NOTHING like this",
  "a 300 600 A 10.0.0.1",
  "a IN IN A 10.0.0.1",
  "a CH TXT chaos",
  "a MD b",
  "a MF b",
  "a AXFR",
  "a",
  'a "A" 10.0.0.1',
  "A 10.0.0.1",
  "a 10.0.0.1",
  "a 2001:db8::1",
  "a AA 10.0.0.1",
  "a \u00a0A 10.0.0.1",
  "+5 A 10.0.0.1",
  "a -1 A 10.0.0.1",
  "a 1.5h A 10.0.0.1",
  "\uFEFFa A 10.0.0.1",
  "a TXT ( one\n two ; three\n",
  "a TXT one )",
  'a TXT "open\nb TXT \\"shut\\" "',
  'a TXT "open\n\\"\n$TTL 1h\nb A 10.0.0.1',
  'a TXT "open\n  300 IN A 10.0.0.1',
  `a TXT ${"w ".repeat(70_000)}`,
  "no sense\n".repeat(1100),
  "a\0\0A\0 \0",
  "\u00ff\u00fea\0",
  "@ SOA ns. h. 1 2 3 4 99999999",
  "a A 10.0.0.1\n@ SOA ns. h. 1 2 3 4 5\nb A 10.0.0.2",
];

const OTHER_ZONE = 'a A 192.0.2.77\n$TTL 7\nb TXT "included"\n';

/** Fuzzes zone files; `texts` are further files to start from, and `corpus` tricky ones, which every other input is made of. */
export function zoneFuzz(texts, corpus) {
  const own = [RICH_ZONE, ...texts];
  const tricky = corpus.length === 0 ? own : corpus.map((text) => text.replaceAll("agree.test", "fuzz.example"));
  return {
    seeds: [...own, ...tricky, ...RARE].map((text) => Buffer.from(toOctets(text), "latin1")),
    make(random, kept) {
      const texts = kept.map((octets) => Buffer.from(octets).toString("latin1"));
      const seeds = poolOf(random, texts, random.pick([own, tricky, RARE]));
      return Buffer.from(toOctets(mutateText(random, seeds, WORDS)), "latin1");
    },
    prepare(random, octets) {
      const questions = Array.from({ length: 6 }, () => ({
        labels: random.pick([[], ["a"], ["*"], ["a", "b"], ["x", "old"], ["www"], ["host1", "sub"]]),
        type: random.pick(ASKED),
      }));
      const pick = random.below(1 << 30);
      return () => checkZoneFile(Buffer.from(octets).toString("latin1"), questions, pick);
    },
  };
}

/** One char per octet, as zone files are read. */
function toOctets(text) {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** The records of lines whose sense is known. */
export function recordsOfText(text) {
  return readZone(text).records;
}

/** `pick` chooses what else is known of a file: whether it may include others, a TTL for all, the owner that it begins with. */
function readZone(text, pick = 3) {
  const records = [];
  const diagnostics = new Diagnostics();
  const files = new Map([
    ["other.zone", sourceFile("other.zone", OTHER_ZONE, "octets")],
    ["fuzz.zone", sourceFile("fuzz.zone", text, "octets")],
  ]);
  const include = (path) => {
    const file = files.get(path);
    return file === undefined ? { kind: "problem", message: "does not exist" } : { kind: "file", file };
  };
  const summary = parseZoneText(
    inputOfFile(files.get("fuzz.zone")),
    {
      origin: ORIGIN,
      maxGenerated: 500,
      ...(pick % 8 === 0 ? {} : { include }),
      ...(pick % 2 === 0 ? {} : { defaultTtl: 300 }),
      ...(pick % 5 === 0 ? { owner: ORIGIN } : {}),
    },
    { record: (record) => records.push(record), diagnostics },
  );
  must(summary.records === records.length, () => `${summary.records} records said, ${records.length} given`);
  return { records, diagnostics };
}

/** Gives what the input is worth in records, problems and octets: time is allowed for each. */
function checkZoneFile(text, questions, pick) {
  findOrigin(inputOfFile(sourceFile("fuzz.zone", text, "octets")));
  const { records, diagnostics } = readZone(text, pick);
  parseRdataEntry(
    inputOfFile(sourceFile("rdata", text.slice(0, 100), "octets")),
    ASKED[pick % ASKED.length],
    ORIGIN,
    new Diagnostics(),
  );
  const builder = new ZoneBuilder(ORIGIN);
  for (const record of records) builder.add(record);
  const tree = builder.finish(diagnostics);
  const soa = {
    owner: ORIGIN,
    type: 6,
    ttl: 10,
    rdatas: [makeSoa({ mname: ORIGIN, rname: ORIGIN, serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 1 })],
  };
  const zone = { origin: ORIGIN, tree, soa };
  for (const { labels, type } of questions) lookup(zone, prepend(labels, ORIGIN), type);
  let i = 0;
  for (const rrset of zoneRecords(tree)) {
    if (i++ > 100) break;
    must(lookup(zone, rrset.owner, rrset.type) !== undefined, () => "no answer");
    const below = prepend(["x"], rrset.owner);
    if (below !== undefined) lookup(zone, below, questions[0].type);
  }
  checkDiagnostics(diagnostics.sorted());
  checkRoundTrip(records, pick);
  return records.length + diagnostics.sorted().length + text.length / OCTETS_OF_A_RECORD;
}

/** A record that was read can be written, and is then read as the same record. */
function checkRoundTrip(records, pick) {
  for (let i = 0; i < Math.min(5, records.length); i++) {
    const { owner, ttl, type, rdata } = records[(pick + i) % records.length];
    const line = `${formatName(owner)} ${ttl} IN ${typeName(type)} ${formatRdata(type, rdata)}\n`;
    const again = readZone(line).records;
    must(again.length === 1, () => `${JSON.stringify(line)} is read as ${again.length} records`);
    must(
      again[0].owner.labels.join(".") === owner.labels.join("."),
      () => `${JSON.stringify(line)} is read with another owner`,
    );
    must(
      again[0].type === type && again[0].ttl === ttl && sameOctets(again[0].rdata, rdata),
      () => `${JSON.stringify(line)} is read as another record`,
    );
  }
}
