import { describe, expect, test } from "vitest";
import { dump } from "../../test/rdata-line.ts";
import { optionLine } from "./dig-options.ts";

describe("an option as dig writes it", () => {
  const cookie = "0102030405060708";
  const server = "01000000 5cf79f11 1f8130c3eee29480";
  test.each([
    { code: 3, octets: "6865 7265 ff", shows: '; NSID: 68 65 72 65 ff ("here.")' },
    { code: 8, octets: "0001 18 10 0a0000", shows: "; CLIENT-SUBNET: 10.0.0.0/24/16" },
    { code: 8, octets: "0001 00 00", shows: "; CLIENT-SUBNET: 0/0/0" },
    { code: 8, octets: "00", shows: "; CLIENT-SUBNET: malformed" },
    {
      code: 10,
      octets: `${cookie} ${server}`,
      sent: cookie,
      shows: `; COOKIE: ${cookie}010000005cf79f111f8130c3eee29480 (good)`,
    },
    { code: 10, octets: cookie, sent: cookie, shows: `; COOKIE: ${cookie} (echoed)` },
    { code: 10, octets: "ff02030405060708", sent: cookie, shows: "; COOKIE: ff02030405060708 (bad)" },
    { code: 10, octets: "0102", sent: cookie, shows: "; COOKIE: 0102 (bad)" },
    { code: 10, octets: cookie, shows: `; COOKIE: ${cookie}` },
    { code: 11, octets: "0064", shows: "; TCP KEEPALIVE: 10.0 secs" },
    { code: 11, octets: "0001", shows: "; TCP KEEPALIVE: 0.1 secs" },
    { code: 11, octets: "", shows: "; OPT=11" },
    { code: 11, octets: "000000", shows: '; OPT=11: 00 00 00 ("...")' },
    { code: 15, octets: "0016 776879", shows: "; EDE: 22 (No Reachable Authority): (why)" },
    { code: 15, octets: "0000", shows: "; EDE: 0 (Other)" },
    { code: 15, octets: "ffff", shows: "; EDE: 65535 (Unknown Code)" },
    { code: 15, octets: "00", shows: '; OPT=15: 00 (".")' },
    { code: 65001, octets: "0141", shows: '; OPT=65001: 01 41 (".A")' },
  ])("$code of $octets: $shows", ({ code, octets, sent, shows }) => {
    expect(optionLine({ code, octets: dump(octets) }, sent === undefined ? undefined : dump(sent))).toBe(shows);
  });
});
