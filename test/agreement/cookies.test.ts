import { randomInt } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ask } from "../../src/client/ask.ts";
import { OptionCodes } from "../../src/message/edns.ts";
import { rcodeName } from "../../src/message/rcodes.ts";
import { type CookieMaker, cookieOption, judgeCookie } from "../../src/message/server-cookie.ts";
import { knownName } from "../../src/name/name-text.ts";
import { knownAddress } from "../../src/net/address.ts";
import { dump } from "../rdata-line.ts";
import { needs } from "../support/tools.ts";
import { KNOT, type Make, NAMED, type RealServer, type ServedZone, startServer } from "./servers.ts";

/** Two servers that share a secret know each other's cookies: that is what RFC 9018 is for. */
const SECRET = "00112233445566778899aabbccddeeff";
const CLIENT = dump("0102030405060708");
const ZONE: ServedZone = {
  origin: "cookie.test.",
  text: "@ 60 SOA ns hostmaster 1 2 3 4 5\n@ 60 NS ns\nns 60 A 192.0.2.1\n",
};

const makes: readonly { readonly make: Make; readonly tool: string }[] = [
  {
    tool: "named",
    make: {
      ...NAMED,
      configure: (zones, place) =>
        NAMED.configure(zones, place).replace(
          "options {",
          `options { cookie-algorithm siphash24; cookie-secret "${SECRET}"; require-server-cookie yes;`,
        ),
    },
  },
  {
    tool: "knotd",
    make: {
      ...KNOT,
      configure: (zones, place) =>
        KNOT.configure(zones, place)
          .replace("template:", `mod-cookies:\n  - id: shared\n    secret: 0x${SECRET}\ntemplate:`)
          .replace("  - id: default\n", "  - id: default\n    global-module: mod-cookies/shared\n"),
    },
  },
];

function maker(secret: string): CookieMaker {
  return {
    secrets: { current: dump(secret) },
    address: knownAddress("127.0.0.1").octets,
    seconds: Math.floor(Date.now() / 1000),
  };
}

describe.each(makes)("$tool with the same secret", ({ make, tool }) => {
  let server: RealServer | undefined;
  beforeAll(async () => {
    server = await startServer(make, [ZONE]);
  }, 20_000);
  afterAll(() => server?.stop());
  beforeEach(needs(tool));

  /** The rcode, and the cookie that came. */
  async function send(cookie: Uint8Array): Promise<{ rcode: string; cookie: Uint8Array }> {
    if (server === undefined) throw new Error(`${tool} did not start`);
    const options = [{ code: OptionCodes.COOKIE, octets: cookie }];
    const reply = await ask(
      {
        server: server.at,
        name: knownName(ZONE.origin),
        type: 6,
        rd: false,
        timeoutMs: 2000,
        tries: 3,
        transport: { kind: "udp-then-tcp" },
        edns: { version: 0, udpSize: 1232, dnssecOk: false, options },
      },
      randomInt,
    );
    if (reply.kind === "failed") throw new Error(reply.text);
    const got = reply.message.edns?.options.find(({ code }) => code === OptionCodes.COOKIE);
    return { rcode: rcodeName(reply.message.rcode), cookie: got?.octets ?? new Uint8Array() };
  }

  test("makes cookies that we know, and asks for one of whoever has none", async () => {
    const { rcode, cookie } = await send(CLIENT);
    expect(rcode).toBe("BADCOOKIE");
    expect(judgeCookie(cookie, maker(SECRET))).toBe("ours");
    expect(cookieOption(cookie, maker(SECRET)).octets).toEqual(cookie);
    expect(judgeCookie(cookie, maker("ff".repeat(16)))).toBe("foreign");
  });

  test("knows cookies that we make, and no others", async () => {
    expect((await send(cookieOption(CLIENT, maker(SECRET)).octets)).rcode).toBe("NOERROR");
    expect((await send(cookieOption(CLIENT, maker("ff".repeat(16))).octets)).rcode).toBe("BADCOOKIE");
  });
});
