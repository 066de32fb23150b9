import { describe, expect, test } from "vitest";
import { dump } from "./rdata-line.ts";
import { COOKIE, estate, option, query, record, replyTo, type Sent, told, WWW } from "./support/raw-messages.ts";

const APEX_SOA = "04636f7270 076578616d706c65 00 0006 0001";

test("the estate loads", () => {
  expect(estate.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
});

/** The probes of ISC's EDNS compliance tester, by the names that it gives them. */
describe("EDNS compliance", () => {
  test.each<Sent & { probe: string; dig: string; sends: Uint8Array; gets: string }>([
    { probe: "dns", dig: "+noedns +noad +norec", sends: query(APEX_SOA, undefined, "0000"), gets: "NOERROR, 1/1/0" },
    {
      probe: "aa",
      dig: "+aaflag",
      sends: query(APEX_SOA, undefined, "0400"),
      gets: "NOERROR, 1/1/0",
    },
    { probe: "ad", dig: "+noedns +ad", sends: query(APEX_SOA, undefined, "0020"), gets: "NOERROR, 1/1/0" },
    { probe: "cd", dig: "+noedns +cd", sends: query(APEX_SOA, undefined, "0010"), gets: "NOERROR cd, 1/1/0" },
    { probe: "ra", dig: "+noedns +raflag", sends: query(APEX_SOA, undefined, "0080"), gets: "NOERROR, 1/1/0" },
    { probe: "rd", dig: "+noedns +rec", sends: query(APEX_SOA, undefined, "0100"), gets: "NOERROR rd, 1/1/0" },
    { probe: "tc", dig: "+noedns +tcflag", sends: query(APEX_SOA, undefined, "0200"), gets: "NOERROR, 1/1/0" },
    { probe: "zflag", dig: "+noedns +zflag", sends: query(APEX_SOA, undefined, "0040"), gets: "NOERROR, 1/1/0" },
    {
      probe: "opcode",
      dig: "+noedns +opcode=15 +header-only",
      sends: dump("1234 7800 0000 0000 0000 0000"),
      gets: "OPCODE15, NOTIMP, 0/0/0",
    },
    {
      probe: "opcodeflg",
      dig: "+opcode=15 +tcflag +rd +ra +cd +ad +aa +zflag",
      sends: dump("1234 7ff0 0000 0000 0000 0000"),
      gets: "OPCODE15, NOTIMP rd cd, 0/0/0",
    },
    {
      probe: "type666",
      dig: "+noedns type666",
      sends: query(APEX_SOA.replace(" 0006 ", " 029a "), undefined, "0000"),
      gets: "NOERROR, 1/0/1",
    },
    { probe: "tcp", dig: "+noedns +tcp", sends: query(APEX_SOA), over: "tcp", gets: "NOERROR rd, 1/1/0" },
    { probe: "edns", dig: "+edns=0 +nocookie", sends: query(APEX_SOA, {}), gets: "NOERROR rd, 1/1/0, OPT 1232" },
    {
      probe: "edns1",
      dig: "+edns=1 +noednsneg",
      sends: query(APEX_SOA, { ttl: "00010000" }),
      gets: "BADVERS rd, 1/0/0, OPT 1232",
    },
    {
      probe: "edns@512",
      dig: "+ignore +dnssec +bufsize=512",
      sends: query("04 6d616e79 04636f7270 076578616d706c65 00 0001 0001", { size: "0200" }),
      gets: "NOERROR rd, 1/29/0, OPT 1232",
    },
    {
      probe: "ednsopt",
      dig: "+ednsopt=100",
      sends: query(APEX_SOA, { options: option(100, "") }),
      gets: "NOERROR rd, 1/1/0, OPT 1232",
    },
    {
      probe: "edns1opt",
      dig: "+edns=1 +noednsneg +ednsopt=100",
      sends: query(APEX_SOA, { ttl: "00010000", options: option(100, "") }),
      gets: "BADVERS rd, 1/0/0, OPT 1232",
    },
    {
      probe: "do",
      dig: "+dnssec",
      sends: query(APEX_SOA, { ttl: "00008000" }),
      gets: "NOERROR rd, 1/1/0, OPT 1232 do",
    },
    {
      probe: "docd",
      dig: "+dnssec +cd",
      sends: query(APEX_SOA, { ttl: "00008000" }, "0010"),
      gets: "NOERROR cd, 1/1/0, OPT 1232 do",
    },
    {
      probe: "edns1do",
      dig: "+edns=1 +noednsneg +dnssec",
      sends: query(APEX_SOA, { ttl: "00018000" }),
      gets: "BADVERS rd, 1/0/0, OPT 1232 do",
    },
    {
      probe: "ednsflags",
      dig: "+ednsflags=0x0080",
      sends: query(APEX_SOA, { ttl: "00000080" }),
      gets: "NOERROR rd, 1/1/0, OPT 1232",
    },
    {
      probe: "ednsflags and DO",
      dig: "+ednsflags=0xffff",
      sends: query(APEX_SOA, { ttl: "0000ffff" }),
      gets: "NOERROR rd, 1/1/0, OPT 1232 do",
    },
    {
      probe: "edns1flags",
      dig: "+edns=1 +noednsneg +ednsflags=0x0080",
      sends: query(APEX_SOA, { ttl: "00010080" }),
      gets: "BADVERS rd, 1/0/0, OPT 1232",
    },
    {
      probe: "ednsnsid",
      dig: "+nsid",
      sends: query(APEX_SOA, { options: option(3, "") }),
      gets: "NOERROR rd, 1/1/0, OPT 1232, NSID here",
    },
    {
      probe: "ednscookie",
      dig: `+cookie=${COOKIE}`,
      sends: query(APEX_SOA, { options: option(10, COOKIE) }),
      gets: `NOERROR rd, 1/1/0, OPT 1232, COOKIE ${COOKIE} ours`,
    },
    {
      probe: "ednsexpire",
      dig: "+expire",
      sends: query(APEX_SOA, { options: option(9, "") }),
      gets: "NOERROR rd, 1/1/0, OPT 1232",
    },
    {
      probe: "ednssubnet",
      dig: "+subnet=0.0.0.0/0",
      sends: query(APEX_SOA, { options: option(8, "00010000") }),
      from: "127.10.0.4",
      gets: "NOERROR rd, 1/1/0, OPT 1232, 8:00010000",
    },
    {
      probe: "ednslist",
      dig: "+nsid +subnet=0.0.0.0/0 +expire +cookie",
      sends: query(APEX_SOA, {
        options: [option(3, ""), option(8, "00010000"), option(9, ""), option(10, COOKIE)].join(" "),
      }),
      gets: `NOERROR rd, 1/1/0, OPT 1232, 8:00010000, COOKIE ${COOKIE} ours, NSID here`,
    },
    {
      probe: "ednstcp",
      dig: "+dnssec +tcp",
      sends: query(APEX_SOA, { ttl: "00008000" }),
      over: "tcp",
      gets: "NOERROR rd, 1/1/0, OPT 1232 do",
    },
    {
      probe: "signed",
      dig: "+dnssec with nothing signed",
      sends: query(WWW, { ttl: "00008000" }),
      gets: "NOERROR rd, 1/1/0, OPT 1232 do",
    },
  ])("$probe ($dig) → $gets", ({ sends, gets, probe: _probe, dig: _dig, ...sent }) => {
    expect(told(replyTo(sends, sent))).toBe(gets);
  });

  test("each of the 255 other versions is BADVERS, with our own version", () => {
    for (let version = 1; version <= 0xff; version++) {
      const ttl = `00${version.toString(16).padStart(2, "0")}0000`;
      expect(told(replyTo(query(WWW, { ttl })))).toBe("BADVERS rd, 1/0/0, OPT 1232");
    }
  });
});

describe("an OPT that is none", () => {
  const OK = record({});
  test.each([
    { what: "two of them", sends: `1234 0100 0001 0000 0000 0002 ${WWW} ${OK} ${OK}`, gets: "FORMERR rd, 1/0/0" },
    { what: "an owner", sends: `1234 0100 0001 0000 0000 0001 ${WWW} 0161 ${OK}`, gets: "FORMERR rd, 1/0/0" },
    {
      what: "a pointer for an owner",
      sends: `1234 0100 0001 0000 0000 0001 ${WWW} c00c ${OK.slice(3)}`,
      gets: "FORMERR rd, 1/0/0",
    },
    {
      what: "an option that runs over its end",
      sends: `1234 0100 0001 0000 0000 0001 ${WWW} 00 0029 04d0 00000000 0004 000a 0008`,
      gets: "FORMERR rd, 1/0/0",
    },
    {
      what: "a length that runs over the message's end",
      sends: `1234 0100 0001 0000 0000 0001 ${WWW} 00 0029 04d0 00000000 0004`,
      gets: "FORMERR rd, 1/0/0",
    },
    {
      what: "a place in the answer section: it is a record like any other there",
      sends: `1234 0100 0001 0001 0000 0000 ${WWW} ${OK}`,
      gets: "NOERROR rd, 1/1/0",
    },
    {
      what: "a place in the authority section, and a good one",
      sends: `1234 0100 0001 0000 0001 0001 ${WWW} ${record({ ttl: "00ff0000" })} ${OK}`,
      gets: "NOERROR rd, 1/1/0, OPT 1232",
    },
    {
      what: "rcode bits in a query, which mean nothing",
      sends: `1234 0100 0001 0000 0000 0001 ${WWW} ${record({ ttl: "ff000000" })}`,
      gets: "NOERROR rd, 1/1/0, OPT 1232",
    },
  ])("with $what → $gets", ({ sends, gets }) => {
    expect(told(replyTo(dump(sends)))).toBe(gets);
  });
});

describe("TCP keepalive", () => {
  const asks = query(WWW, { options: option(11, "") });
  test.each<Sent & { what: string; sends: Uint8Array; gets: string }>([
    { what: "asked over TCP", over: "tcp", sends: asks, gets: "NOERROR rd, 1/1/0, OPT 1232, 11:0064" },
    {
      what: "of a connection to be ended",
      over: "tcp",
      idleMs: 0,
      sends: asks,
      gets: "NOERROR rd, 1/1/0, OPT 1232, 11:0000",
    },
    {
      what: "of a tenth less than it is",
      over: "tcp",
      idleMs: 199,
      sends: asks,
      gets: "NOERROR rd, 1/1/0, OPT 1232, 11:0001",
    },
    {
      what: "longer than it can say",
      over: "tcp",
      idleMs: 1e9,
      sends: asks,
      gets: "NOERROR rd, 1/1/0, OPT 1232, 11:ffff",
    },
    { what: "not asked", over: "tcp", sends: query(WWW, {}), gets: "NOERROR rd, 1/1/0, OPT 1232" },
    {
      what: "with a time of the client's",
      over: "tcp",
      sends: query(WWW, { options: option(11, "0064") }),
      gets: "FORMERR rd, 1/0/0",
    },
    { what: "over UDP", sends: asks, gets: "NOERROR rd, 1/1/0, OPT 1232" },
    {
      what: "over UDP with a time",
      sends: query(WWW, { options: option(11, "0064") }),
      gets: "NOERROR rd, 1/1/0, OPT 1232",
    },
    {
      what: "with what is refused",
      over: "tcp",
      sends: query(WWW.replace(/0001 0001$/, "00fc 0001"), { options: option(11, "") }),
      gets: "REFUSED rd, 1/0/0, OPT 1232, 11:0064, EDE 21 zone transfer is not supported here",
    },
  ])("$what → $gets", ({ sends, gets, what: _what, ...sent }) => {
    expect(told(replyTo(sends, sent))).toBe(gets);
  });
});

describe("how long a UDP reply is", () => {
  const lots = (size: string, options = ""): Uint8Array =>
    query("046c6f7473 04636f7270 076578616d706c65 00 0001 0001", { size, options });
  test.each([
    { maxUdpSize: undefined, size: "ffff", gets: "NOERROR tc rd, 1/0/0, OPT 1232", most: 1232 },
    { maxUdpSize: 512, size: "ffff", gets: "NOERROR tc rd, 1/0/0, OPT 512", most: 512 },
    { maxUdpSize: 4096, size: "ffff", gets: "NOERROR rd, 1/150/0, OPT 4096", most: 4096 },
    { maxUdpSize: 4096, size: "0800", gets: "NOERROR tc rd, 1/0/0, OPT 4096", most: 2048 },
    { maxUdpSize: 4096, size: "0000", gets: "NOERROR tc rd, 1/0/0, OPT 4096", most: 512 },
  ])("is at most $most octets where the listener says $maxUdpSize and the client $size", (row) => {
    const { maxUdpSize, size, gets, most } = row;
    const listener = maxUdpSize === undefined ? {} : { maxUdpSize };
    const reply = replyTo(lots(size), { listener });
    expect(told(reply)).toBe(gets);
    expect(reply?.length ?? 0).toBeLessThanOrEqual(most);
  });

  test("is what the listener says also where the client takes more", () => {
    const some = query("04736f6d65 04636f7270 076578616d706c65 00 0001 0001", { size: "04d0" });
    expect(told(replyTo(some))).toBe("NOERROR rd, 1/60/0, OPT 1232");
    expect(told(replyTo(some, { listener: { maxUdpSize: 600 } }))).toBe("NOERROR tc rd, 1/0/0, OPT 600");
  });

  test("without OPT it is 512, and over TCP the listener's number is only told", () => {
    expect(
      told(replyTo(query("046c6f7473 04636f7270 076578616d706c65 00 0001 0001"), { listener: { maxUdpSize: 4096 } })),
    ).toBe("NOERROR tc rd, 1/0/0");
    expect(told(replyTo(lots("0200"), { over: "tcp", listener: { maxUdpSize: 600 } }))).toBe(
      "NOERROR rd, 1/150/0, OPT 600",
    );
  });

  test("NSID gives way to records, cookies do not", () => {
    // 29 addresses and OPT take 510 of 512 octets.
    const many = (options: string, size = "0200"): Uint8Array =>
      query("046d616e79 04636f7270 076578616d706c65 00 0001 0001", { size, options });
    expect(replyTo(many(""))?.length).toBe(510);
    expect(told(replyTo(many(option(3, ""))))).toBe("NOERROR rd, 1/29/0, OPT 1232");
    expect(told(replyTo(many(option(3, ""), "0206")))).toBe("NOERROR rd, 1/29/0, OPT 1232, NSID here");
    expect(told(replyTo(many(option(10, COOKIE))))).toBe(`NOERROR tc rd, 1/0/0, OPT 1232, COOKIE ${COOKIE} ours`);
  });
});
