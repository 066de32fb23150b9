import { describe, expect, test } from "vitest";
import { dump } from "./rdata-line.ts";
import { EDNS_PROBES } from "./support/edns-probes.ts";
import { COOKIE, estate, hex16, option, query, record, replyTo, type Sent, told, WWW } from "./support/raw-messages.ts";

test("the estate loads", () => {
  expect(estate.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
});

/** In process, by both transports; `test/wire/edns-probes.test.ts` sends them over sockets, and has dig send them. */
describe.each(["udp", "tcp"] as const)("EDNS compliance over %s", (over) => {
  test.each(EDNS_PROBES)("$probe ($rfc) → $gets", ({ sends, gets, overTcp = gets }) => {
    expect(told(replyTo(sends, { over }))).toBe(over === "tcp" ? overTcp : gets);
  });

  test("each of the 255 other versions is BADVERS, with our own version (RFC 6891 §6.1.3)", () => {
    for (let version = 1; version <= 0xff; version++) {
      const ttl = `00${version.toString(16).padStart(2, "0")}0000`;
      expect(told(replyTo(query(WWW, { ttl }), { over }))).toBe("BADVERS rd, 1/0/0, OPT 1232");
    }
  });

  test("of the 16 flags DO alone is copied, and the others are zero (RFC 6891 §6.1.4)", () => {
    for (const flags of [...Array.from({ length: 16 }, (_, bit) => 1 << bit), 0x7fff, 0xffff]) {
      const reply = replyTo(query(WWW, { ttl: `0000${hex16(flags)}` }), { over });
      const { length } = reply ?? [];
      expect(told(reply)).toBe(`NOERROR rd, 1/1/0, OPT 1232${flags >= 0x8000 ? " do" : ""}`);
      // OPT is the last record, and holds nothing: its flags stand in front of its length.
      expect(Buffer.from(reply?.subarray(length - 4) ?? []).toString("hex")).toBe(
        flags >= 0x8000 ? "80000000" : "00000000",
      );
    }
  });

  test("an empty option of each of the 65,536 codes is ignored, but for the four that mean something", () => {
    const good = "NOERROR rd, 1/1/0, OPT 1232";
    const meant: ReadonlyMap<number, string> = new Map([
      [3, `${good}, NSID here`], // RFC 5001 §2.2
      [8, "FORMERR rd, 1/0/0"], // A client subnet without a family (RFC 7871 §6).
      [10, "FORMERR rd, 1/0/0"], // A cookie without octets (RFC 7873 §5.2.2).
      [11, over === "tcp" ? `${good}, 11:0064` : good], // RFC 7828 §3.3.1: over UDP it is ignored.
    ]);
    const odd: string[] = [];
    const plain = Buffer.from(replyTo(query(WWW, {}), { over }) ?? []);
    const sends = Buffer.from(query(WWW, { options: option(0, "") }));
    for (let code = 0; code <= 0xffff; code++) {
      sends.writeUInt16BE(code, sends.length - 4);
      const reply = replyTo(sends, { over });
      const expected = meant.get(code);
      if (expected === undefined ? !plain.equals(reply ?? new Uint8Array()) : told(reply) !== expected)
        odd.push(`${code} ${told(reply)}`);
    }
    expect(odd).toEqual([]);
  });

  test("cut anywhere behind its header a query is FORMERR, and a reply is never answered", () => {
    const whole = query(WWW, { options: `${option(3, "")} ${option(10, COOKIE)}` });
    for (let length = 0; length < whole.length; length++) {
      const got = told(replyTo(whole.slice(0, length), { over }));
      if (length < 12) expect(got).toBe("silence");
      else expect(got, `${length} octets`).toMatch(/^FORMERR rd, [01]\/0\/0$/);
    }
    for (let opcode = 0; opcode < 16; opcode++)
      expect(told(replyTo(query(WWW, {}, hex16(0x8100 | (opcode << 11))), { over }))).toBe("silence");
  });
});

describe.each(["udp", "tcp"] as const)("an OPT that is none, over %s", (over) => {
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
    expect(told(replyTo(dump(sends), { over }))).toBe(gets);
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
