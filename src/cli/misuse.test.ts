import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeFolder, run } from "../../test/support/memory-io.ts";

const folder = makeFolder({
  "broken.yaml": "networks:\n  hub: { prefixes: 10.0.0.0/16, pears: spoke }\n",
  "corp.zone": "$ORIGIN corp.example.\n@ SOA ns me 1 2 3 4 5\n",
});
afterAll(() => folder.remove());
beforeAll(async () => void (await run("version", folder.path)));

/** What was typed, and the first line that standard error begins with. */
const MISUSES: readonly { readonly typed: string; readonly says: string }[] = [
  { typed: "", says: "privlink: a command is missing" },
  { typed: "serv", says: "privlink: unknown command serv: did you mean serve?" },
  { typed: "dig", says: "privlink: unknown command dig: did you mean query?" },
  { typed: "validate", says: "privlink: unknown command validate: did you mean check?" },
  { typed: "frobnicate", says: "privlink: unknown command frobnicate" },
  { typed: "help chekc", says: "privlink: unknown command chekc: did you mean check?" },
  { typed: "--frob", says: "privlink: --frob needs a command before it" },
  { typed: "check --fromat json", says: "privlink check: unknown option --fromat: did you mean --format?" },
  { typed: "check --frobnicate", says: "privlink check: unknown option --frobnicate: see privlink check --help" },
  { typed: "check --constructor", says: "privlink check: unknown option --constructor: see privlink check --help" },
  { typed: "check --__proto__=1", says: "privlink check: unknown option --__proto__: see privlink check --help" },
  {
    typed: "check --format xml",
    says: "privlink check: --format: xml is none of text, compact, json, sarif, junit, github",
  },
  {
    typed: "check --format jsn",
    says: "privlink check: --format: jsn is none of text, compact, json, sarif, junit, github: did you mean json?",
  },
  {
    typed: "check --format",
    says: "privlink check: --format needs a value: text, compact, json, sarif, junit, github",
  },
  {
    typed: "check --format -q",
    says: "privlink check: --format needs a value: text, compact, json, sarif, junit, github",
  },
  { typed: "check --format text --format json", says: "privlink check: --format stands twice: text and json" },
  { typed: "check --fail-on warn", says: "privlink check: --fail-on: warn is none of error, warning, info, never" },
  { typed: "check --quiet=maybe", says: "privlink check: --quiet takes no value" },
  { typed: "check -z", says: "privlink check: unknown option -z: see privlink check --help" },
  { typed: "check --no-quiet", says: "privlink check: unknown option --no-quiet: see privlink check --help" },
  { typed: "check -- corp.zone", says: "privlink check: nothing can stand behind -- in privlink check" },
  {
    typed: "check",
    says: "privlink: nothing to check: no privlink.yaml here; name a topology, a zone file or a folder",
  },
  { typed: "check -c a.yaml corp.zone", says: "privlink: corp.zone stands beside -c a.yaml: name each file once" },
  { typed: "check -", says: "privlink: FOLDER/- does not exist" },
  { typed: "query", says: "privlink query: a NAME is missing" },
  {
    typed: "query a.example b.example",
    says: "privlink query: b.example is one name too many: a.example is asked already",
  },
  {
    typed: "query a.example AAAAA",
    says: "privlink query: AAAAA is one name too many: a.example is asked already: did you mean AAAA?",
  },
  { typed: "query a..example", says: "privlink query: a..example has an empty label" },
  { typed: "query a.example +shrot", says: "privlink query: unknown switch +shrot: did you mean +short?" },
  { typed: "query a.example +subnet", says: "privlink query: +subnet needs a value: +subnet=ADDR/LENGTH" },
  { typed: "query a.example +subnet=10.0.0.0/33", says: "privlink query: +subnet: 10.0.0.0/33 is not ADDR/LENGTH" },
  { typed: "query a.example +short=1", says: "privlink query: +short takes no value" },
  { typed: "query a.example +time=0", says: "privlink query: +time: 0 is not seconds, 1 or more" },
  {
    typed: "query a.example @one.one.one.one",
    says: "privlink query: @one.one.one.one is no server: write @ADDR, @ADDR:PORT or @[ADDR]:PORT",
  },
  {
    typed: "query a.example @127.0.0.1:99999",
    says: "privlink query: @127.0.0.1:99999 is no server: write @ADDR, @ADDR:PORT or @[ADDR]:PORT",
  },
  { typed: "query a.example @127.0.0.1 -p abc", says: "privlink query: -p: abc is no port" },
  { typed: "query a.example @127.0.0.1:53 -p 54", says: "privlink query: @127.0.0.1:53 and -p 54 name two ports" },
  { typed: "query a.example -p 53", says: "privlink query: -p goes with a server: @ADDR" },
  { typed: "query a.example -p53", says: "privlink query: unknown option -p53: did you mean -p 53?" },
  { typed: "query a.example -t TYPO", says: "privlink query: -t: TYPO is no record type" },
  { typed: "query -x 10.0.0", says: "privlink query: -x: 10.0.0 is no address" },
  { typed: "query a.example -b here", says: "privlink query: -b: here is no address" },
  {
    typed: "query a.example @127.0.0.1 --ask hub",
    says: "privlink query: --ask stands beside @: the server is who is asked",
  },
  { typed: "query a.example -o xml", says: "privlink query: --output: xml is none of dig, short, table, json, yaml" },
  { typed: "query a.example -c nowhere.yaml", says: "privlink: FOLDER/nowhere.yaml does not exist" },
  { typed: "explain", says: "privlink explain: a NAME is missing" },
  {
    typed: "explain a.example AAAAA --from hub",
    says: "privlink explain: AAAAA is no record type: did you mean AAAA?",
  },
  { typed: "explain a.example A IN", says: "privlink explain: IN is one word too many" },
  { typed: "list netwroks", says: "privlink list: netwroks cannot be listed: did you mean networks?" },
  { typed: "list networks zones", says: "privlink list: zones is one word too many" },
  { typed: "view", says: "privlink view: a NETWORK is missing: privlink list networks tells them" },
  { typed: "catalogue quantum-toaster", says: "privlink: nothing in the catalogue is called quantum-toaster" },
  { typed: "version now", says: "privlink version: now is one word too many" },
  { typed: "serve --port 53", says: "privlink serve: unknown option --port: see privlink serve --help" },
  {
    typed: "serve --listen 5300",
    says: "privlink serve: --listen: 5300 is no ADDR:PORT: did you mean 127.0.0.1:5300?",
  },
  { typed: "serve --listen :53", says: "privlink serve: --listen: :53 is no ADDR:PORT: write 0.0.0.0:53 or [::]:53" },
  {
    typed: "serve --listen localhost:53",
    says: "privlink serve: --listen: localhost:53 is no ADDR:PORT: did you mean 127.0.0.1:53?",
  },
  { typed: "serve --listen 127.0.0.1:abc", says: "privlink serve: --listen: 127.0.0.1:abc is no ADDR:PORT" },
  { typed: "serve --listen 127.0.0.1:53=", says: "privlink serve: --listen: 127.0.0.1:53= names nobody behind =" },
  { typed: "serve --cache-size 5", says: "privlink serve: --cache-size: 5 is not 64KiB to 2GiB, as in 32MiB" },
  { typed: "serve --cache-size 32MB", says: "privlink serve: --cache-size: 32MB is not 64KiB to 2GiB, as in 32MiB" },
  { typed: "serve --max-ttl soon", says: "privlink serve: --max-ttl: soon is no TTL: write seconds, or 5m, 1h30m" },
  {
    typed: "serve --max-ttl 99999999999",
    says: "privlink serve: --max-ttl: 99999999999 is no TTL: write seconds, or 5m, 1h30m",
  },
  { typed: "serve --", says: "privlink serve: a command is missing behind --" },
  {
    typed: "serve -c broken.yaml corp.zone",
    says: "privlink: corp.zone stands beside -c broken.yaml: name a topology or zone files, not both",
  },
  {
    typed: "serve --network hub=10.0.0.0/16",
    says: "privlink: --network needs zone files or a folder of them to show to that network",
  },
  { typed: "serve nowhere.zone", says: "privlink: FOLDER/nowhere.zone does not exist" },
  {
    typed: "serve --listen 127.0.0.1:0=mars",
    says: "privlink: --listen: mars is neither a network nor a resolver: there are hub, spoke, onprem, hub-forwarder, onprem-dns, hub/platform, spoke/platform, internet, platform, authoritative",
  },
];

describe("misuse is told on standard error, with exit code 1 and nothing on standard output", () => {
  test("there are enough cases", () => expect(MISUSES.length).toBeGreaterThan(60));

  test.each(MISUSES)("privlink $typed says $says", async ({ typed, says }) => {
    const { code, stdout, stderr } = await run(typed, folder.path);
    expect(stderr.split("\n")[0]?.replaceAll(folder.path, "FOLDER")).toBe(says);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.endsWith("\n")).toBe(true);
  });

  test("what is wrong with the words comes with the usage and the way to help", async () => {
    const { stderr } = await run("explain", folder.path);
    expect(stderr).toBe(
      "privlink explain: a NAME is missing\n" +
        "usage: privlink explain NAME [TYPE] --from WHO [--ask RESOLVER] [-o FORM]\n" +
        "see: privlink explain --help\n",
    );
  });

  test.each(["query a.example", "explain a.example --from hub", "list", "view hub", "serve"])(
    "%s of a topology with an error cannot run, and shows the error",
    async (line) => {
      const { code, stdout, stderr } = await run(`${line} -c broken.yaml`, folder.path);
      expect(stderr).toContain("broken.yaml:2:33: error:");
      expect(stderr.trimEnd().split("\n").at(-1)).toMatch(
        /^privlink: (?:broken\.yaml cannot be used|not started): 1 error/,
      );
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    },
  );
});
