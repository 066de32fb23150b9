import { describe, expect, test } from "vitest";
import { showAnswer, zoneOfLines } from "../../test/zone-lines.ts";
import { knownName, parseName } from "../name/name-text.ts";
import { typeNumber } from "../record/type-names.ts";
import { formatPosition } from "../source/source-file.ts";
import { lookup } from "./lookup.ts";
import type { Zone } from "./zone.ts";

/** Asks `NAME TYPE`, the name relative to the zone. */
function ask(zone: Zone, question: string): string {
  const [nameText = "", typeText = ""] = question.split(" ");
  const parsed = nameText === "@" ? undefined : parseName(nameText, zone.origin);
  if (parsed?.kind === "problem") throw new RangeError(`${nameText} ${parsed.problem}`);
  const type = typeText === "ANY" ? 255 : typeNumber(typeText);
  if (type === undefined) throw new RangeError(`no type: ${typeText}`);
  return showAnswer(lookup(zone, parsed?.name ?? zone.origin, type));
}

/** Only the word that says how it ended, and by which wildcard. */
function ending(zone: Zone, question: string): string {
  return ask(zone, question).split("\n")[0] ?? "";
}

describe("the zone of RFC 4592 §2.2.1", () => {
  const { zone } = zoneOfLines(
    `@ SOA ns.example.com. nobody.example. 1 3600 300 604800 60
     @ NS ns.example.com.
     @ NS ns.example.net.
     * TXT "this is a wildcard"
     * MX 10 host1
     sub.* TXT "this is not a wildcard"
     host1 A 192.0.2.1
     _ssh._tcp.host1 SRV 0 0 22 host1
     _ssh._tcp.host2 SRV 0 0 22 host2
     subdel NS ns.example.com.
     subdel NS ns.example.net.`,
    "example.",
  );

  test.each([
    {
      question: "host3 MX",
      finds: "data by *.example.",
      because: "the name does not exist, the wildcard has the type",
    },
    { question: "host3 A", finds: "nodata by *.example.", because: "the wildcard speaks, and has not the type" },
    { question: "foo.bar TXT", finds: "data by *.example.", because: "a wildcard stands for any number of labels" },
    { question: "host1 MX", finds: "nodata", because: "host1 exists" },
    { question: "sub.* MX", finds: "nodata", because: "sub.* exists" },
    {
      question: "_telnet._tcp.host1 SRV",
      finds: "nxdomain below _tcp.host1.example.",
      because: "_tcp.host1 exists, without data",
    },
    { question: "host.subdel A", finds: "delegation", because: "subdel is a zone cut" },
    { question: "ghost.* MX", finds: "nxdomain below *.example.", because: "*.example exists, and *.* does not" },
    { question: "* TXT", finds: "data", because: "the wildcard itself is asked for" },
    { question: "* A", finds: "nodata", because: "the wildcard itself has no A" },
    { question: "_tcp.host2 TXT", finds: "nodata", because: "an empty non-terminal exists, so no wildcard speaks" },
    { question: "host2 TXT", finds: "nodata", because: "an empty non-terminal above another exists too" },
    { question: "@ NS", finds: "data", because: "the apex is no cut" },
    { question: "@ A", finds: "nodata", because: "the apex exists" },
  ])("$question → $finds: $because", ({ question, finds }) => {
    expect(ending(zone, question)).toBe(finds);
  });

  test("what a wildcard says is owned by the name asked, in the case asked", () => {
    expect(ask(zone, "Foo.BAR MX")).toBe("data by *.example.\nFoo.BAR.example. 300 MX 10 host1.example.");
  });
});

describe("wildcards nearer and farther", () => {
  const { zone } = zoneOfLines(
    `* A 10.0.0.1
     *.apps A 10.0.0.2
     *.deep.apps TXT "x"
     real.apps A 10.0.0.3
     only.*.ent A 10.0.0.4
     *.alias CNAME web
     *.sub.cut A 10.0.0.5
     cut NS ns.elsewhere.test.
     *.red.d A 10.0.0.6
     d DNAME other.test.`,
    "corp.test.",
  );

  test.each([
    { question: "a.b.apps A", finds: "data by *.apps.corp.test.", because: "*.apps is nearer than *" },
    {
      question: "x.real.apps A",
      finds: "nxdomain below real.apps.corp.test.",
      because: "real.apps is the closest encloser and has no wildcard",
    },
    {
      question: "x.deep.apps A",
      finds: "nodata by *.deep.apps.corp.test.",
      because: "a nearer wildcard without the type still decides",
    },
    { question: "deep.apps A", finds: "nodata", because: "deep.apps exists, although only a wildcard lies below it" },
    { question: "apps A", finds: "nodata", because: "apps exists, so * says nothing of it" },
    {
      question: "x.ent A",
      finds: "nodata by *.ent.corp.test.",
      because: "a wildcard that is an empty non-terminal has no data to give",
    },
    {
      question: "x.alias TXT",
      finds: "alias by *.alias.corp.test. to web.corp.test.",
      because: "a wildcard may be an alias",
    },
    { question: "*.alias CNAME", finds: "data", because: "the literal owner is asked for" },
    { question: "x.sub.cut A", finds: "delegation", because: "a wildcard below a cut is not ours" },
    { question: "x.red.d A", finds: "dname to x.red.other.test.", because: "a wildcard below a DNAME is hidden" },
    { question: "\\*.apps A", finds: "data", because: "an escaped * is the same octet" },
  ])("$question → $finds: $because", ({ question, finds }) => {
    expect(ending(zone, question)).toBe(finds);
  });

  test("a wildcard alias is owned by the name asked", () => {
    expect(ask(zone, "Shop.alias A")).toContain("Shop.alias.corp.test. 300 CNAME web.corp.test.");
  });
});

describe("zone cuts", () => {
  const { zone } = zoneOfLines(
    `@ NS ns
     ns A 10.0.0.1
     sub 600 NS ns1.sub
     sub 600 NS NS1.SUB
     sub 600 NS ns
     sub 600 NS sub
     sub 600 NS ns.other
     sub DS 1 8 9 00
     sub A 10.0.0.2
     ns1.sub A 10.0.0.3
     ns1.sub AAAA 2001:db8::1
     ns1.sub TXT "hidden"
     sub.sub.sub NS ns.sub.sub.sub
     other NS ns.other
     ns.other A 10.0.0.4`,
    "corp.test.",
  );

  const toSub = [
    "delegation",
    "sub.corp.test. 600 NS ns1.sub.corp.test. | ns.corp.test. | sub.corp.test. | ns.other.corp.test.",
    "ns1.sub.corp.test. 300 A 10.0.0.3",
    "ns1.sub.corp.test. 300 AAAA 2001:db8::1",
    "sub.corp.test. 300 A 10.0.0.2",
  ].join("\n");

  test.each([
    { question: "sub A", because: "data at a cut belongs to the child" },
    { question: "sub NS", because: "NS at a cut belongs to the child" },
    { question: "sub SOA", because: "the child has a SOA, not the parent" },
    { question: "sub ANY", because: "ANY is no exception" },
    { question: "ns1.sub A", because: "glue is no answer" },
    { question: "ns1.sub TXT", because: "other data below a cut is hidden" },
    { question: "nowhere.sub A", because: "a name below a cut is not denied here" },
    { question: "a.b.sub.sub.sub A", because: "the cut nearest to the apex counts" },
    { question: "x.sub DS", because: "DS is the parent's at the cut alone" },
  ])("$question is referred to sub with its in-domain glue: $because", ({ question }) => {
    expect(ask(zone, question)).toBe(toSub);
  });

  test("DS at a cut is the parent's to answer (RFC 4035 §3.1.4.1)", () => {
    expect(ending(zone, "sub DS")).toBe("data");
    expect(ending(zone, "other DS")).toBe("nodata");
  });

  test("the owner of a referral keeps the case asked", () => {
    expect(ask(zone, "x.SUB A")).toContain("SUB.corp.test. 600 NS");
  });
});

describe("DNAME (RFC 6672)", () => {
  const long = "x".repeat(63);
  const { zone } = zoneOfLines(
    `d 900 DNAME target.example.
     d A 10.0.0.1
     below.d A 10.0.0.2
     far 900 DNAME ${long}.${long}.${long}.example.`,
    "corp.test.",
  );
  const { zone: apex } = zoneOfLines(`@ DNAME new.test.\n@ TXT "x"\nwww A 10.0.0.1`, "old.test.");

  test("a name below is an alias made of the rest of its labels, with the DNAME's TTL", () => {
    expect(ask(zone, "a.B.D A")).toBe(
      "dname to a.B.target.example.\nD.corp.test. 900 DNAME target.example.\na.B.D.corp.test. 900 CNAME a.B.target.example.",
    );
  });

  test.each([
    { question: "d A", finds: "data", because: "the owner is not redirected (§2.3)" },
    { question: "d DNAME", finds: "data", because: "the DNAME itself is asked for" },
    { question: "d TXT", finds: "nodata", because: "the owner exists and is no alias" },
    { question: "below.d A", finds: "dname to below.target.example.", because: "data below is hidden (§2.4)" },
    { question: "x.d DNAME", finds: "dname to x.target.example.", because: "every type is redirected below" },
    {
      question: `${"y".repeat(53)}.far A`,
      finds: `dname to ${"y".repeat(53)}.${long}.${long}.${long}.example.`,
      because: "255 octets fit",
    },
    { question: `${"y".repeat(54)}.far A`, finds: "dname, name too long", because: "256 octets do not (§2.2)" },
  ])("$question → $finds: $because", ({ question, finds }) => {
    expect(ending(zone, question)).toBe(finds);
  });

  test.each([
    { question: "@ TXT", finds: "data", because: "the apex keeps its data" },
    { question: "@ SOA", finds: "data", because: "the apex keeps its SOA" },
    { question: "www A", finds: "dname to www.new.test.", because: "the whole zone is redirected" },
    { question: "no.such A", finds: "dname to no.such.new.test.", because: "a missing name is redirected too" },
  ])("at the apex, $question → $finds: $because", ({ question, finds }) => {
    expect(ending(apex, question)).toBe(finds);
  });
});

describe("aliases, ANY and the apex", () => {
  const { zone } = zoneOfLines(
    `www CNAME web
     web 60 TXT "t"
     web A 10.0.0.1
     web A 10.0.0.2
     loop CNAME loop
     Mixed.Case A 10.0.0.3
     TYPE65280 TYPE65280 \\# 1 ff`,
    "corp.test.",
  );
  const soa = "corp.test. 3600 SOA made.invalid. nobody.invalid. 1 3600 300 2419200 10";

  test.each([
    {
      question: "www A",
      answer: "alias to web.corp.test.\nwww.corp.test. 300 CNAME web.corp.test.",
      because: "an alias is not followed",
    },
    {
      question: "www CNAME",
      answer: "data\nwww.corp.test. 300 CNAME web.corp.test.",
      because: "the alias itself is asked for",
    },
    { question: "www ANY", answer: "data\nwww.corp.test. 300 CNAME web.corp.test.", because: "ANY does not follow" },
    {
      question: "loop A",
      answer: "alias to loop.corp.test.\nloop.corp.test. 300 CNAME loop.corp.test.",
      because: "a loop is for the resolver to see",
    },
    {
      question: "web ANY",
      answer: 'data\nweb.corp.test. 300 A 10.0.0.1 | 10.0.0.2\nweb.corp.test. 60 TXT "t"',
      because: "ANY gives every set by type number",
    },
    { question: "case ANY", answer: "nodata", because: "an empty non-terminal has nothing" },
    { question: "no ANY", answer: "nxdomain below corp.test.", because: "ANY invents no name" },
    {
      question: "mIXED.cASE A",
      answer: "data\nmIXED.cASE.corp.test. 300 A 10.0.0.3",
      because: "case does not count, and is echoed",
    },
    {
      question: "type65280 TYPE65280",
      answer: "data\ntype65280.corp.test. 300 TYPE65280 \\# 1 FF",
      because: "unknown types are normal",
    },
    { question: "@ SOA", answer: `data\n${soa}`, because: "a made SOA is answered like a written one" },
    { question: "@ ANY", answer: `data\n${soa}`, because: "the made SOA is all there is" },
    { question: "@ NS", answer: "nodata", because: "a private zone needs no NS" },
    { question: "@ DS", answer: "nodata", because: "no parent was asked, so the child says what it has" },
  ])("$question → $answer: $because", ({ question, answer }) => {
    expect(ask(zone, question)).toBe(answer);
  });

  test("the answer says where its records were written", () => {
    const answer = lookup(zone, knownName("web.corp.test"), 1);
    const places = answer.kind === "data" ? answer.rrsets[0]?.places : undefined;
    expect(places?.map(formatPosition)).toEqual(["test.zone:3:6", "test.zone:4:6"]);
  });

  test("a name outside the zone is the caller's mistake", () => {
    expect(() => lookup(zone, knownName("xcorp.test"), 1)).toThrow(RangeError);
    expect(() => lookup(zone, knownName("test"), 1)).toThrow(RangeError);
  });

  test("nobody can write into a zone through an answer", () => {
    const first = lookup(zone, knownName("web.corp.test"), 1);
    if (first.kind === "data") first.rrsets[0]?.rdatas[0]?.fill(0xff);
    expect(ask(zone, "web A")).toBe("data\nweb.corp.test. 300 A 10.0.0.1 | 10.0.0.2");
  });
});
