import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { recordTexts } from "../explain/explain.ts";
import { knownName } from "../name/name-text.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import { renderCompact } from "../report/compact.ts";
import { resolveOffline } from "../resolve/resolve.ts";

/** What network `n` gets, as zone-file lines: the answer, or the SOA that denies it. */
function ask(topology: string, name: string, type: RecordType, files: Readonly<Record<string, string>> = {}): string[] {
  const { outcome } = resolveOffline(
    loadText(topology, files).snapshot,
    { kind: "servers-of", network: "n" },
    { name: knownName(name), type },
  );
  switch (outcome.kind) {
    case "answer":
      return outcome.rrsets.flatMap((rrset) => recordTexts(rrset));
    case "nodata":
    case "nxdomain":
      return outcome.soa === undefined ? [] : recordTexts(outcome.soa);
    case "yxdomain":
    case "referral":
    case "unfollowed":
    case "failed":
    case "refused":
    case "not-implemented":
    case "no-reply":
    case "upstream":
      return [outcome.kind];
  }
}

describe("what a zone's records get where they do not say themselves", () => {
  test.each([
    {
      because: "the zone's ttl",
      zone: "{ links: n, ttl: 1m, records: 'www A 10.0.0.1' }",
      is: "www.corp.example. 60 IN A 10.0.0.1",
    },
    {
      because: "a generic network's default",
      zone: "{ links: n, records: 'www A 10.0.0.1' }",
      is: "www.corp.example. 3600 IN A 10.0.0.1",
    },
    {
      because: "their own TTL",
      zone: "{ links: n, ttl: 60, records: 'www 5 A 10.0.0.1' }",
      is: "www.corp.example. 5 IN A 10.0.0.1",
    },
  ])("a record has $because", ({ zone, is }) => {
    expect(ask(`networks: { n: }\nzones: { corp.example: ${zone} }`, "www.corp.example", RecordTypes.A)).toEqual([is]);
  });

  test("a zone in azure has the cloud's SOA", () => {
    const topology = "networks: { n: { kind: azure } }\nzones: { corp.example: { links: n } }";
    expect(ask(topology, "no.corp.example", RecordTypes.A)).toEqual([
      "corp.example. 3600 IN SOA azureprivatedns.net. azureprivatedns-host.microsoft.com. 1 3600 300 2419200 10",
    ]);
  });

  test("a zone has the SOA that the topology gives it", () => {
    const topology = "networks: { n: }\nzones: { corp.example: { links: n, soa: ns1 hostmaster 7 1h 10m 1w 5m } }";
    expect(ask(topology, "corp.example", RecordTypes.SOA)).toEqual([
      "corp.example. 3600 IN SOA ns1.corp.example. hostmaster.corp.example. 7 3600 600 604800 300",
    ]);
  });

  test("a SOA in the zone's file comes before the topology's", () => {
    const topology = "networks: { n: }\nzones: { corp.example: { links: n, file: z.zone, soa: a b 1 2 3 4 5 } }";
    const files = { "z.zone": "@ 30 SOA file.example. h 9 9 9 9 9\n" };
    expect(ask(topology, "corp.example", RecordTypes.SOA, files)).toEqual([
      "corp.example. 30 IN SOA file.example. h.corp.example. 9 9 9 9 9",
    ]);
  });

  test("a fault in the SOA text is shown where it stands", () => {
    const { diagnostics } = loadText(
      "networks: { n: }\nzones:\n  corp.example: { links: n, soa: ns1 hostmaster 7 1h 10m 1w never }\n",
    );
    expect(diagnostics.map(({ span }) => span.file.text?.slice(span.start, span.end))).toEqual(["never"]);
  });
});

describe("problems of files, all in one run", () => {
  test("each is told at the place that names the file, or in the file", () => {
    const { diagnostics, hasErrors } = loadText(
      [
        "networks: { n: }",
        "zones:",
        "  a.example: { file: missing.zone, links: n }",
        "  b.example: { file: b.zone, links: nowhere }",
        "public:",
        "  zones: [public/twice.example.zone, public/other.zone, public/1.2.zone]",
      ].join("\n"),
      {
        "b.zone": "www 60 A 10.0.0.300\nftp 60 A 10.0.0.1\nftp 60 CNAME www\n",
        "public/twice.example.zone": "@ 60 SOA a b 1 1 1 1 1\n",
        "public/other.zone": "$ORIGIN twice.example.\n@ 60 SOA a b 1 1 1 1 1\n",
        "public/1.2.zone": "@ 60 A 192.0.2.1\n",
      },
    );
    expect(hasErrors).toBe(true);
    expect(
      diagnostics.map((one) =>
        renderCompact(one)
          .trimEnd()
          .replace(/: (error|warning|info): .*\[/, " $1 ["),
      ),
    ).toEqual([
      "b.zone:1:10 error [zonefile/bad-rdata]",
      "b.zone:3:1 error [zone/cname-beside-data]",
      "privlink.yaml:3:22 error [zone/unreadable-file]",
      "privlink.yaml:4:37 error [network/unknown]",
      "public/1.2.zone:1:1 warning [public/no-soa]",
      "public/other.zone:1:1 error [public/duplicate-zone]",
    ]);
  });

  test("a public zone file without a domain in its name must say which zone it is", () => {
    const { diagnostics } = loadText("public: { zones: bad..name.zone }\n", {
      "bad..name.zone": "www 60 A 192.0.2.1\n",
    });
    expect(diagnostics.map(({ code }) => code)).toEqual(["public/no-origin"]);
  });

  test("a record that an endpoint replaces is told with both places", () => {
    const { diagnostics } = loadText(
      `networks: { hub: { kind: azure, prefixes: 10.0.0.0/16, subnets: { pe: 10.0.0.0/24 } } }
zones: { privatelink.vaultcore.azure.net: { links: hub, file: z.zone } }
services: { v: { type: azure/key-vault } }
endpoints: { pe: { network: hub, service: v } }
`,
      { "z.zone": "v 60 A 10.9.9.9\n" },
    );
    expect(diagnostics.map((one) => renderCompact(one).trimEnd())).toEqual([
      expect.stringMatching(
        /^z\.zone:1:1: warning: the record at v\.privatelink\.vaultcore\.azure\.net\. is replaced by endpoint pe/,
      ),
    ]);
    expect(diagnostics[0]?.related.map(({ span }) => span.file.path)).toEqual(["privlink.yaml"]);
  });
});
