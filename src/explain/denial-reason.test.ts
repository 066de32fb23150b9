import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { knownName } from "../name/name-text.ts";
import { RecordTypes } from "../record/record-type.ts";
import { resolveOffline } from "../resolve/resolve.ts";
import { formatLine } from "../source/source-file.ts";
import { explain, explanationText } from "./explain.ts";

/** A vault with an endpoint in a network whose zone is linked; `endpoints` says which. */
function explained(endpoints: string, zone = "{ links: hub }"): ReturnType<typeof explain> {
  const { snapshot, diagnostics } = loadText(`
networks: { hub: { kind: azure, prefixes: 10.0.0.0/16, subnets: { pe: 10.0.0.0/24 } } }
zones:
  privatelink.vaultcore.azure.net: ${zone}
services: { kv: { type: azure/key-vault, publicAlias: always, publicNetworkAccess: disabled } }
endpoints:
${endpoints}
`);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const question = { name: knownName("kv.vault.azure.net"), type: RecordTypes.A };
  return explain(snapshot, "hub", resolveOffline(snapshot, { kind: "servers-of", network: "hub" }, question));
}

describe("why a private zone denies a name that an endpoint is there for", () => {
  test.each([
    {
      because: "its records go nowhere",
      endpoints: "  pe: { network: hub, service: kv, privateDns: none }",
      sentence:
        "endpoint pe writes no records into zone privatelink.vaultcore.azure.net: its privateDns does not name it",
      places: ["privlink.yaml:7", "privlink.yaml:4"],
    },
    {
      because: "its connection waits",
      endpoints: "  pe: { network: hub, service: kv, connection: pending }",
      sentence: "endpoint pe is pending, and only an approved endpoint has records",
      places: ["privlink.yaml:7"],
    },
    {
      because: "another endpoint's rejection took the record along",
      endpoints: "  pe: { network: hub, service: kv }\n  other: { network: hub, service: kv, connection: rejected }",
      sentence: "endpoint other is rejected, which removed kv.privatelink.vaultcore.azure.net, also for endpoint pe",
      places: ["privlink.yaml:8", "privlink.yaml:7"],
    },
  ])("$because", ({ endpoints, sentence, places }) => {
    const { reason, connection } = explained(endpoints);
    expect(reason?.sentence).toBe(sentence);
    expect(reason?.places.map((place) => formatLine(place))).toEqual(places);
    expect(connection).toBeUndefined();
  });

  test("it is told under the end", () => {
    expect(explanationText(explained("  pe: { network: hub, service: kv, privateDns: none }"))).toMatch(
      /\n→ there is no such name \(NXDOMAIN, by zone privatelink\.vaultcore\.azure\.net\) \(private\)\n\ndenied, although an endpoint exists: endpoint pe writes/,
    );
  });

  test("there is none where the answer is private", () => {
    expect(explained("  pe: { network: hub, service: kv }").reason).toBeUndefined();
  });
});

describe("what a connection meets", () => {
  test("a public address behind which public access is off refuses", () => {
    const { connection, origin } = explained(
      "  pe: { network: hub, service: kv, privateDns: none }",
      "{ links: hub, onMiss: internet }",
    );
    expect(origin).toBe("public");
    expect(connection).toBe("service kv has publicNetworkAccess disabled: it refuses connections to this address");
  });

  test("nothing is said of a private answer", () => {
    expect(explained("  pe: { network: hub, service: kv }").connection).toBeUndefined();
  });
});
