import { describe, expect, test } from "vitest";
import { opcodeName } from "../src/message/opcodes.ts";
import { encodeQuery } from "../src/message/query.ts";
import { knownName } from "../src/name/name-text.ts";
import { RecordTypes } from "../src/record/record-type.ts";
import { typeName } from "../src/record/type-names.ts";
import { dump } from "./rdata-line.ts";
import { counts, hex16, option, query, replyTo, type Sent, told, WWW } from "./support/raw-messages.ts";

describe("what a server tells of itself, and to whom", () => {
  const nsid = query(WWW, { options: option(3, "") });
  const missing = query("0178 04636f7270 076578616d706c65 00 0001 0001", {});
  const chaos = query("02 6964 06 736572766572 00 0010 0003", {});
  const why = "private zone corp.example has no x.corp.example";
  const here = "NOERROR rd, 1/1/0, OPT 1232";
  const stranger = { from: "203.0.113.9" };
  test.each<Sent & { what: string; sends: Uint8Array; gets: string }>([
    { what: "NSID to a network", sends: nsid, gets: `${here}, NSID here` },
    { what: "NSID with octets in it", sends: query(WWW, { options: option(3, "ff") }), gets: `${here}, NSID here` },
    { what: "NSID that nobody asked for", sends: query(WWW, {}), gets: here },
    { what: "NSID to a stranger", ...stranger, sends: nsid, gets: "NXDOMAIN rd, 1/0/1, OPT 1232, EDE 0" },
    { what: "CHAOS to a network", sends: chaos, gets: here },
    { what: "CHAOS on loopback", from: "127.0.0.1", sends: chaos, gets: here },
    { what: "CHAOS to a stranger", ...stranger, sends: chaos, gets: "REFUSED rd, 1/0/0, OPT 1232, EDE 21" },
    {
      what: "CHAOS to everybody of a network's listener",
      ...stranger,
      listener: { network: "hub" },
      sends: chaos,
      gets: here,
    },
    { what: "words to a network", sends: missing, gets: `NXDOMAIN rd, 1/0/1, OPT 1232, EDE 0 ${why}` },
    {
      what: "the code, where the listener says so",
      listener: { ede: "code" },
      sends: missing,
      gets: "NXDOMAIN rd, 1/0/1, OPT 1232, EDE 0",
    },
    {
      what: "nothing, where the listener says so",
      listener: { ede: "off" },
      sends: missing,
      gets: "NXDOMAIN rd, 1/0/1, OPT 1232",
    },
    {
      what: "no words to a stranger, whatever the listener says",
      ...stranger,
      listener: { ede: "full" },
      sends: missing,
      gets: "NXDOMAIN rd, 1/0/1, OPT 1232, EDE 0",
    },
    {
      what: "nothing to a stranger, where the listener says so",
      ...stranger,
      listener: { ede: "off" },
      sends: missing,
      gets: "NXDOMAIN rd, 1/0/1, OPT 1232",
    },
    {
      what: "nothing of an opcode either",
      listener: { ede: "off" },
      sends: query(WWW, {}, "2000"),
      gets: "NOTIFY, NOTIMP, 1/0/0, OPT 1232",
    },
  ])("$what → $gets", ({ sends, gets, what: _what, ...sent }) => {
    expect(told(replyTo(sends, sent))).toBe(gets);
    expect(told(replyTo(sends, sent)), "from a ready reply").toBe(gets);
  });
});

test("a ready reply of one listener is none of another that says other things", () => {
  const plain = query(WWW, {});
  const missing = query("0178 04636f7270 076578616d706c65 00 0001 0001", {});
  const listeners = [{}, { maxUdpSize: 512 }, { maxUdpSize: 4096 }, { ede: "off" }, { ede: "code" }] as const;
  const all = (): string[] =>
    listeners.flatMap((listener) => [plain, missing].map((sends) => told(replyTo(sends, { listener }))));
  const first = all();
  expect(all()).toEqual(first);
  expect(new Set(first).size).toBe(8); // The answer is the same for three of the five.
  expect(first).toContain("NOERROR rd, 1/1/0, OPT 4096");
});

describe("questions of every kind", () => {
  const name = knownName("www.corp.example");
  /** The octets of a reply's header: id, flags with the rcode, counts. */
  const head = (reply: Uint8Array | undefined): string => Buffer.from(reply?.subarray(0, 12) ?? []).toString("hex");
  const [answered, missing, formerr, refused, notimp] = [
    "8180 0001 0001 0000 0000",
    "8180 0001 0000 0001 0000",
    "8181 0001 0000 0000 0000",
    "8185 0001 0000 0000 0000",
    "8184 0001 0000 0000 0000",
  ].map((hex) => hex.replaceAll(" ", ""));
  const notOrdinary: ReadonlyMap<number, string | undefined> = new Map([
    [RecordTypes.A, answered],
    [RecordTypes.ANY, answered],
    [RecordTypes.OPT, formerr],
    [RecordTypes.TSIG, formerr],
    [RecordTypes.TKEY, formerr],
    [RecordTypes.IXFR, refused],
    [RecordTypes.AXFR, refused],
    [RecordTypes.MAILA, notimp],
    [RecordTypes.MAILB, notimp],
  ]);

  test("all 65,536 types: all but seven are ordinary, there or missing with the zone's SOA", () => {
    const odd: string[] = [];
    for (let type = 0; type <= 0xffff; type++) {
      const got = head(replyTo(encodeQuery({ id: type, name, type, rd: true })));
      if (got !== hex16(type) + (notOrdinary.get(type) ?? missing)) odd.push(`${typeName(type)} ${got}`);
    }
    expect(odd).toEqual([]);
  });

  test("all 65,536 classes: all but IN are refused this name", () => {
    const odd: string[] = [];
    for (let questionClass = 0; questionClass <= 0xffff; questionClass++) {
      const got = head(replyTo(encodeQuery({ id: questionClass, name, type: 1, class: questionClass, rd: true })));
      if (got !== hex16(questionClass) + (questionClass === 1 ? answered : refused))
        odd.push(`${questionClass} ${got}`);
    }
    expect(odd).toEqual([]);
  });

  test.each(Array.from({ length: 16 }, (_, opcode) => opcode))("opcode %i, with a question and without", (opcode) => {
    const flags = hex16((opcode << 11) | 0x0100);
    const name_ = opcode === 0 ? "" : `${opcodeName(opcode)}, `;
    expect(told(replyTo(query(WWW, undefined, flags)))).toBe(
      opcode === 0 ? "NOERROR rd, 1/1/0" : `${name_}NOTIMP rd, 1/0/0`,
    );
    expect(told(replyTo(dump(`1234 ${flags} 0000 0000 0000 0000`)))).toBe(
      `${name_}${opcode === 0 ? "FORMERR" : "NOTIMP"} rd, 0/0/0`,
    );
  });

  test.each([0, 2, 3, 255, 65535])("%i questions by count, and one that is there, are FORMERR", (count) => {
    expect(told(replyTo(dump(`1234 0100 ${hex16(count)} 0000 0000 0000 ${WWW}`)))).toBe("FORMERR rd, 0/0/0");
  });

  test("octets behind the records are ignored, and the queries that have them are counted", () => {
    counts.trailing = 0;
    for (const over of ["udp", "tcp"] as const) {
      expect(told(replyTo(dump(`1234 0100 0001 0000 0000 0000 ${WWW} 00`), { over }))).toBe("NOERROR rd, 1/1/0");
      expect(told(replyTo(dump(`1234 0100 0001 0000 0000 0000 ${WWW}`), { over }))).toBe("NOERROR rd, 1/1/0");
    }
    expect(counts.trailing).toBe(2);
  });
});
