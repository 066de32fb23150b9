import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionCodes } from "../message/edns.ts";
import { formatName } from "../name/name-text.ts";
import { formatAddressPort } from "../net/address.ts";
import { className, typeName } from "../record/type-names.ts";
import { type DigFlags, readDigWords } from "./dig-words.ts";

function read(words: readonly string[], flags: DigFlags = {}): string {
  const result = readDigWords(words, flags);
  if (result.kind === "problem") return result.message;
  const { question, server, switches } = result;
  const { name, type, class: questionClass, rd, cd, ad, tcp, edns, timeoutMs, tries } = question;
  const notes = [
    ...(tcp ? ["tcp"] : []),
    ...(rd ? [] : ["norecurse"]),
    ...(cd ? ["cd"] : []),
    ...(ad ? ["ad"] : []),
    ...(edns === undefined ? ["noedns"] : []),
    ...(edns?.dnssecOk === true ? ["do"] : []),
    ...(edns === undefined || edns.udpSize === 1232 ? [] : [`bufsize=${edns.udpSize}`]),
    ...(switches.subnet === undefined ? [] : [`subnet=${switches.subnet.text}`]),
    ...(switches.cookie === "any" ? ["cookie=any"] : []),
    ...(edns?.options ?? [])
      .filter(({ code }) => code !== OptionCodes.CLIENT_SUBNET)
      .map(({ code, octets }) => `${code}:${Buffer.from(octets).toString("hex")}`),
    ...(switches.short ? ["short"] : []),
    ...(timeoutMs === 5000 ? [] : [`${timeoutMs}ms`]),
    ...(tries === 3 ? [] : [`tries=${tries}`]),
  ];
  const at = server === undefined ? [] : [`@${formatAddressPort(server)}`];
  return [formatName(name), className(questionClass), typeName(type), ...at, ...notes].join(" ");
}

describe("readDigWords", () => {
  test.each([
    { words: "a.example", gives: "a.example. IN A" },
    { words: "a.example MX", gives: "a.example. IN MX" },
    { words: "mx a.example", gives: "a.example. IN MX" },
    { words: "a.example ch txt", gives: "a.example. CH TXT" },
    { words: "@127.0.0.1 a.example aaaa", gives: "a.example. IN AAAA @127.0.0.1:53" },
    { words: "a.example @127.0.0.1:5300", gives: "a.example. IN A @127.0.0.1:5300" },
    { words: "a.example @127.0.0.1#5300", gives: "a.example. IN A @127.0.0.1:5300" },
    { words: "a.example @[::1]:5300", gives: "a.example. IN A @[::1]:5300" },
    { words: "a.example @::1#5300", gives: "a.example. IN A @[::1]:5300" },
    { words: "a.example @::1", gives: "a.example. IN A @[::1]:53" },
    { words: "a.example @localhost:5300", gives: "a.example. IN A @127.0.0.1:5300" },
    { words: "NS", gives: ". IN NS" },
    { words: "A A", gives: "A. IN A" },
    { words: "any a.example", gives: "a.example. IN ANY" },
    { words: "a.example TYPE65280 CLASS3", gives: "a.example. CH TYPE65280" },
    { words: ". ns", gives: ". IN NS" },
    { words: "_443._tcp.a.example type65", gives: "_443._tcp.a.example. IN HTTPS" },
    { words: "BÜCHER.example", gives: "xn--bcher-kva.example. IN A" },
    { words: "a\\.b.example", gives: "a\\.b.example. IN A" },
    { words: "a.example +tcp +norecurse +cdflag +ad", gives: "a.example. IN A tcp norecurse cd ad" },
    { words: "a.example +tcp +notcp +norec +rec", gives: "a.example. IN A" },
    { words: "a.example +noedns", gives: "a.example. IN A noedns" },
    { words: "a.example +dnssec +bufsize=4096", gives: "a.example. IN A do bufsize=4096" },
    { words: "a.example +subnet=10.0.0.9/24", gives: "a.example. IN A subnet=10.0.0.0/24" },
    { words: "a.example +subnet=10.0.0.9", gives: "a.example. IN A subnet=10.0.0.9/32" },
    { words: "a.example +subnet=0", gives: "a.example. IN A subnet=0.0.0.0/0" },
    { words: "a.example +subnet=fd00::/48 +nosubnet", gives: "a.example. IN A" },
    { words: "a.example +time=1 +tries=1", gives: "a.example. IN A 1000ms tries=1" },
    { words: "a.example +nsid", gives: "a.example. IN A 3:" },
    { words: "a.example +cookie", gives: "a.example. IN A cookie=any" },
    { words: "a.example +cookie=0102030405060708", gives: "a.example. IN A 10:0102030405060708" },
    { words: "a.example +cookie=0102030405060708 +nocookie", gives: "a.example. IN A" },
    { words: "a.example +tcp +keepalive", gives: "a.example. IN A tcp 11:" },
    {
      words: "a.example +keepalive",
      gives: "+keepalive goes with +tcp: it says how long a connection may be idle",
    },
    {
      words: "a.example +cookie=0102",
      gives: "+cookie: 0102 is not 8 or 16 to 40 octets in hexadecimal digits",
    },
    {
      words: "a.example +cookie=010203040506070x",
      gives: "+cookie: 010203040506070x is not 8 or 16 to 40 octets in hexadecimal digits",
    },
    { words: "a.example +retry=0 +short", gives: "a.example. IN A short tries=1" },
    { words: "a.example @127.0.0.1 @::1", gives: "two servers are named: @127.0.0.1 and @::1" },
    { words: "a.example @", gives: "@ is no server: write @ADDR, @ADDR:PORT or @[ADDR]:PORT" },
    { words: "a.example @127.0.0.1:0", gives: "@127.0.0.1:0: 0 is no port to ask" },
    { words: "a.example +tries=0", gives: "+tries: 0 is not 1 to 99" },
    { words: "a.example +subnet=", gives: "+subnet: nothing is not ADDR/LENGTH" },
    { words: "a.example +frobnicate", gives: "unknown switch +frobnicate" },
    { words: "a.example +", gives: "unknown switch +" },
    { words: "", gives: "the name is empty" },
    { words: "+short", gives: "a NAME is missing" },
  ])("$words gives $gives", ({ words, gives }) => {
    expect(read(words.split(" "))).toBe(gives);
  });

  test.each<{ words: string[]; flags: DigFlags; gives: string }>([
    { words: [], flags: { reverse: "10.0.0.4" }, gives: "4.0.0.10.in-addr.arpa. IN PTR" },
    { words: ["A"], flags: { reverse: "10.0.0.4" }, gives: "4.0.0.10.in-addr.arpa. IN A" },
    {
      words: ["a.example"],
      flags: { reverse: "10.0.0.4" },
      gives: "a.example stands beside -x 10.0.0.4: name one of them",
    },
    { words: [], flags: { name: "mx" }, gives: "mx. IN A" },
    {
      words: ["a.example"],
      flags: { name: "b.example" },
      gives: "a.example stands beside -q b.example: name one of them",
    },
    { words: ["a.example"], flags: { type: "mx" }, gives: "a.example. IN MX" },
    { words: ["a.example", "A"], flags: { type: "mx" }, gives: "the type stands twice: -t mx, and among the words" },
    { words: ["a.example", "@::1"], flags: { port: "5300" }, gives: "a.example. IN A @[::1]:5300" },
    { words: ["a.example", "@::1"], flags: { port: "0" }, gives: "-p: 0 is no port" },
  ])("$words with $flags gives $gives", ({ words, flags, gives }) => {
    expect(read(words, flags)).toBe(gives);
  });

  test("any words are a question or a problem in words, and their order does not matter where none repeats", () => {
    const word = fc.oneof(
      fc.string(),
      fc.string().map((text) => `@${text}`),
      fc.string().map((text) => `+${text}`),
      fc.constantFrom("A", "mx", "IN", "@127.0.0.1", "+short", "a.example"),
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(read(words)).not.toBe("");
      }),
    );
    fc.assert(
      fc.property(
        fc.shuffledSubarray(["a.example", "MX", "CH", "@127.0.0.1", "+short", "+tcp"], { minLength: 6 }),
        (words) => {
          expect(read(words)).toBe("a.example. CH MX @127.0.0.1:53 tcp short");
        },
      ),
    );
  });
});
