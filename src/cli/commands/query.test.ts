import { afterAll, describe, expect, test } from "vitest";
import { EXAMPLE_FOLDER, makeFolder, run } from "../../../test/support/memory-io.ts";

const SHARED = makeFolder({
  "shared.yaml": `
networks:
  one: { prefixes: 10.0.0.0/16, peers: one }
  two: { prefixes: 10.0.0.0/16, dns: 10.9.9.9 }
  spoke-a: { prefixes: 10.1.0.0/16, dns: 10.1.0.4 }
  spoke-b: { prefixes: 10.2.0.0/16 }
resolvers:
  real: { network: spoke-a, address: 10.1.0.4, forward: { corp.example: 10.99.0.1, ".": internet } }
public:
  records: |
    big.example. 60 TXT "a b" "c"
    big.example. 60 MX 10 mail.example.
    dangling.example. 60 CNAME nowhere.example.
`,
  "real.yaml": "networks: { hub: { prefixes: 10.0.0.0/16 } }\npublic: { upstream: 1.1.1.1 }\n",
});
afterAll(() => SHARED.remove());

/** The file that the example lies in, in the folder where it is named without a path. */
function example(line: string): Promise<{ code: number; stdout: string; stderr: string }> {
  return run(line, EXAMPLE_FOLDER);
}

describe("the forms of one answer", () => {
  test("dig's form is dig's, with what only the model knows at the end", async () => {
    expect(await example("query myregistry.azurecr.io --from hub")).toEqual({
      code: 0,
      stderr: "",
      stdout: `
; <<>> privlink 1.2.3 <<>> myregistry.azurecr.io A --from hub
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 0
;; flags: qr rd ra; QUERY: 1, ANSWER: 2, AUTHORITY: 0, ADDITIONAL: 1

;; OPT PSEUDOSECTION:
; EDNS: version: 0, flags:; udp: 1232
;; QUESTION SECTION:
;myregistry.azurecr.io.		IN	A

;; ANSWER SECTION:
myregistry.azurecr.io.	2881	IN	CNAME	myregistry.privatelink.azurecr.io.
myregistry.privatelink.azurecr.io. 10 IN A	10.0.0.7

;; Query time: 0 msec
;; SERVER: 168.63.129.16#53(hub/platform) (offline)
;; WHEN: Fri Nov 20 14:30:04 UTC 2026
;; MSG SIZE  rcvd: 103
; FROM: hub, answered by hub/platform; from the files, nothing was sent
; ORIGIN: private, zone privatelink.azurecr.io

`,
    });
  });

  test("a denial shows the SOA and why, and the exit code is dig's: a reply is a reply", async () => {
    const { code, stdout } = await example("query nope.privatelink.azurecr.io --from hub");
    expect(code).toBe(0);
    expect(stdout).toContain(
      "status: NXDOMAIN, id: 0\n;; flags: qr rd ra; QUERY: 1, ANSWER: 0, AUTHORITY: 1, ADDITIONAL: 1\n",
    );
    expect(stdout).toContain(
      "; EDE: 0 (Other): (private zone privatelink.azurecr.io has no nope.privatelink.azurecr.io)\n",
    );
    expect(stdout).toContain(
      ";; AUTHORITY SECTION:\nprivatelink.azurecr.io.\t10\tIN\tSOA\tazureprivatedns.net. azureprivatedns-host.microsoft.com. 1 3600 300 2419200 10\n",
    );
  });

  test("a public answer where an endpoint exists says why, and what to change", async () => {
    const { stdout } = await example("query myregistry.azurecr.io --from legacy@spoke");
    expect(stdout).toContain("; ORIGIN: public, zone cloudapp.azure.com\n");
    expect(stdout).toMatch(
      /; PUBLIC, ALTHOUGH AN ENDPOINT EXISTS: the client asks 8\.8\.8\.8.*\n; TO CHANGE IT: let it ask/,
    );
    expect(stdout).toContain("; EDE: 0 (Other): (the client asks 8.8.8.8");
  });

  test.each([
    {
      line: "query +short myregistry.azurecr.io --from hub",
      stdout: "myregistry.privatelink.azurecr.io.\n10.0.0.7\n",
    },
    { line: "query myregistry.azurecr.io AAAA --from hub -o short", stdout: "myregistry.privatelink.azurecr.io.\n" },
    {
      line: "query +noall +answer myregistry.azurecr.io --from hub",
      stdout:
        "myregistry.azurecr.io.\t2881\tIN\tCNAME\tmyregistry.privatelink.azurecr.io.\nmyregistry.privatelink.azurecr.io. 10 IN A\t10.0.0.7\n",
    },
    { line: "query -x 10.0.0.4 +short --from hub", stdout: "hub-forwarder.privlink.internal.\n" },
    { line: "query CH TXT version.bind +short --from internet", stdout: '"privlink 1.2.3"\n' },
    {
      line: "query +short myregistry.azurecr.io --from hub --from 10.1.0.77",
      stdout:
        "hub\tmyregistry.privatelink.azurecr.io.\nhub\t10.0.0.7\n10.1.0.77\tmyregistry.privatelink.azurecr.io.\n10.1.0.77\t10.0.0.7\n",
    },
  ])("$line", async ({ line, stdout }) => {
    expect(await example(line)).toEqual({ code: 0, stdout, stderr: "" });
  });

  test("several askers make a table: every network and the internet, when nobody is named", async () => {
    expect(await example("query myregistry.azurecr.io")).toEqual({
      code: 0,
      stderr: "",
      stdout: `FROM       STATUS    ORIGIN    TTL   ANSWER          SERVER          ZONE
hub        NOERROR   private   10    10.0.0.7        hub/platform    privatelink.azurecr.io
spoke      NOERROR   private   10    10.0.0.7        hub-forwarder   privatelink.azurecr.io
onprem     NOERROR   private   10    10.0.0.7        onprem-dns      privatelink.azurecr.io
internet   NOERROR   public    10    20.45.122.144   internet        cloudapp.azure.com
`,
    });
  });

  test("JSON has a schema, and numbers are numbers", async () => {
    const { stdout } = await example("query myregistry.azurecr.io --from hub -o json");
    expect(JSON.parse(stdout)).toEqual({
      schema: "privlink/query/v1",
      question: { name: "myregistry.azurecr.io.", type: "A", class: "IN" },
      responses: [
        {
          from: "hub",
          server: "hub/platform",
          status: "NOERROR",
          id: 0,
          rcode: 0,
          flags: ["qr", "rd", "ra"],
          answers: [
            {
              name: "myregistry.azurecr.io.",
              type: "CNAME",
              class: "IN",
              ttl: 2881,
              data: "myregistry.privatelink.azurecr.io.",
            },
            { name: "myregistry.privatelink.azurecr.io.", type: "A", class: "IN", ttl: 10, data: "10.0.0.7" },
          ],
          authorities: [],
          additionals: [],
          extendedErrors: [],
          size: 103,
          durationMs: 0,
          outcome: "answer",
          origin: "private",
          zone: "privatelink.azurecr.io",
          reason: null,
        },
      ],
    });
  });

  test("YAML is the same document", async () => {
    const { stdout } = await example("query myregistry.azurecr.io --from legacy@spoke -o yaml");
    expect(stdout).toContain("schema: privlink/query/v1\n");
    expect(stdout).toContain("        ttl: 2881\n");
    expect(stdout).toContain("      places:\n        - privlink.yaml:16\n");
  });
});

describe("who asks, and who is asked", () => {
  test.each([
    { flags: "--from hub", row: "hub NOERROR private" },
    { flags: "--from HUB", row: "hub NOERROR private" },
    { flags: "--from 127.10.0.4", row: "127.10.0.4 NOERROR private" },
    { flags: "-b 127.10.0.4", row: "127.10.0.4 NOERROR private" },
    { flags: "-b 127.10.0.4#5353", row: "127.10.0.4 NOERROR private" },
    { flags: "--from 127.11.0.9", row: "127.11.0.9 NOERROR public" },
    { flags: "+subnet=10.1.0.0/24", row: "10.1.0.0/24 NOERROR private" },
    { flags: "+subnet=10.1.0.99/16", row: "10.1.0.0/16 NOERROR private" },
    { flags: "--from 203.0.113.9", row: "203.0.113.9 NOERROR public" },
    { flags: "--from leg*@sp*", row: "legacy@spoke NOERROR public" },
    { flags: "--from internet", row: "internet NOERROR public" },
    { flags: "--from spoke --ask platform", row: "spoke NOERROR public" },
    { flags: "--from spoke --ask 10.0.0.4", row: "spoke NOERROR private" },
    { flags: "--ask hub-forwarder", row: "hub NOERROR private" },
    { flags: "--ask hub/platform", row: "hub NOERROR private" },
    { flags: "--ask internet", row: "internet NOERROR public" },
    { flags: "--from hub --ask 8.8.8.8", row: "hub NOERROR public" },
  ])("$flags: $row", async ({ flags, row }) => {
    const { stdout } = await example(`query myregistry.azurecr.io -o table ${flags}`);
    const cells = (stdout.split("\n")[1] ?? "").split(/ {3,}/);
    expect(cells.slice(0, 3).join(" ")).toBe(row);
  });

  test("all is every network, and everybody is there once", async () => {
    const { stdout } = await example("query +short myregistry.azurecr.io AAAA --from all --from hub --from s*");
    expect(stdout.split("\n").map((line) => line.split("\t")[0])).toEqual(["hub", "spoke", "onprem", ""]);
  });

  test.each([
    { flags: "--from hubb", says: "privlink: --from: nobody is called hubb: did you mean hub?" },
    { flags: "--from legacy", says: "privlink: --from: nobody is called legacy: did you mean legacy@spoke?" },
    {
      flags: "--from x*",
      says: "privlink: --from: nobody is called x*: there are hub, spoke, onprem, legacy@spoke, internet",
    },
    {
      flags: "--from vm9@spoke",
      says: "privlink: --from: nobody is called vm9@spoke: there are hub, spoke, onprem, legacy@spoke, internet",
    },
    {
      flags: "--from 10.0.0.1/16",
      says: "privlink: --from: 10.0.0.1/16 has bits set after its length: did you mean 10.0.0.0/16?",
    },
    {
      flags: "--ask hub-forwader",
      says: "privlink: --ask: no resolver is called hub-forwader: did you mean hub-forwarder?",
    },
    { flags: "--from hub -b 10.0.0.4", says: "privlink: --from and -b both say who asks: say it once" },
    { flags: "--from hub +subnet=10.0.0.0/24", says: "privlink: --from and +subnet both say who asks: say it once" },
  ])("$flags cannot run: $says", async ({ flags, says }) => {
    expect(await example(`query myregistry.azurecr.io ${flags}`)).toEqual({ code: 1, stdout: "", stderr: `${says}\n` });
  });

  test("what was typed wins over the environment", async () => {
    const env = { PRIVLINK_FROM: "onprem", PRIVLINK_OUTPUT: "short" };
    const lines = [
      "query myregistry.azurecr.io",
      "query myregistry.azurecr.io --from internet",
      "query myregistry.azurecr.io -b 203.0.113.1",
    ];
    const rans = await Promise.all(lines.map((line) => run(line, EXAMPLE_FOLDER, { env })));
    expect(rans.map(({ stdout }) => stdout.trimEnd().split("\n").at(-1))).toEqual([
      "10.0.0.7",
      "20.45.122.144",
      "20.45.122.144",
    ]);
  });
});

describe("answers that are none", () => {
  test("where nobody replies the exit code is 9, and the reason is told", async () => {
    const { code, stdout, stderr } = await run("query www.example.com -c shared.yaml --from two", SHARED.path);
    expect(code).toBe(9);
    expect(stdout).toContain("\n;; no reply: ");
    expect(stdout).toContain("\n;; no reply came\n");
    expect(stderr).toMatch(/^privlink: no reply to two: no reply: .*10\.9\.9\.9/);
  });

  test("a real server is not asked for the files: there is no reply, or without RD a refusal", async () => {
    const asked = await run("query www.example.com -c real.yaml --from hub", SHARED.path);
    expect(asked.code).toBe(9);
    expect(asked.stderr).toContain("1.1.1.1");
    const refused = await run("query www.example.com +norecurse -c real.yaml --from hub", SHARED.path);
    expect(refused.code).toBe(0);
    expect(refused.stdout).toContain("status: REFUSED");
  });

  test("one reply among several is a reply", async () => {
    const { code, stdout } = await run("query big.example MX -c shared.yaml --from two --from spoke-b", SHARED.path);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^two +no-reply +- +- +no reply: .+\nspoke-b +NOERROR +public +60 +10 mail\.example\. +spoke-b\/platform +-\n/m,
    );
  });

  test.each([
    { line: "query big.example AAAA -o table --from spoke-b", says: /^spoke-b +NODATA +public +- +- / },
    {
      line: "query dangling.example -o table --from spoke-b",
      says: /^spoke-b +NXDOMAIN +public +60 +→ nowhere\.example\. /,
    },
    {
      line: "query big.example ANY -o table --from spoke-b",
      says: /^spoke-b +NOERROR +public +60 +MX 10 mail\.example\., TXT "a b" "c" /,
    },
    { line: "query big.example AXFR -o table --from spoke-b", says: /^spoke-b +REFUSED / },
    { line: "query big.example -o table --from 10.0.0.9", says: /^10\.0\.0\.9 +REFUSED / },
    { line: "query www.corp.example -o table --from spoke-a", says: /^spoke-a +SERVFAIL / },
  ])("$line", async ({ line, says }) => {
    const { code, stdout } = await run(`${line} -c shared.yaml`, SHARED.path);
    expect(stdout.split("\n")[1]).toMatch(says);
    expect(code).toBe(0);
  });
});
