import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkFolders, diagnosticsIn } from "../../test/support/check-folders.ts";
import { changesText, writeChanges } from "./file-change.ts";
import { mend } from "./mend.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "privlink-mend-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function mendText(text: string, files: Readonly<Record<string, string>> = {}) {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, "latin1");
  writeFileSync(join(folder, "privlink.yaml"), text);
  return mendIn(folder);
}

function mendIn(cwd: string) {
  const result = mend({ config: "privlink.yaml", paths: [], networks: [] }, { cwd, exampleFolder: cwd });
  if (result.kind === "problem") throw new Error(result.message);
  return result;
}

/** A hub with an endpoint of a vault; `zone` is the line of its zone. */
function estate(zone: string, more = ""): string {
  return `networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16, subnets: { pe: 10.0.0.0/24 } }
  other: { kind: azure, prefixes: 10.1.0.0/16, dns: held }
zones:
${zone}
resolvers: { held: { network: hub, address: 10.0.1.4 } }
services: { kv: { type: azure/key-vault, publicNetworkAccess: disabled } }
endpoints: { pe: { network: hub, service: kv, address: 10.0.0.5${more} } }
`;
}

const VAULTS = "privatelink.vaultcore.azure.net";

describe("a missing link is written as the others are", () => {
  test.each([
    { zone: `  ${VAULTS}: { links: other }`, becomes: `  ${VAULTS}: { links: [other, hub] }` },
    { zone: `  ${VAULTS}: { links: [other] } # ours`, becomes: `  ${VAULTS}: { links: [other, hub] } # ours` },
    { zone: `  ${VAULTS}: { links: [ other, ] }`, becomes: `  ${VAULTS}: { links: [ other, hub ] }` },
    {
      zone: `  ${VAULTS}: { links: { network: other } }`,
      becomes: `  ${VAULTS}: { links: [{ network: other }, hub] }`,
    },
    {
      zone: `  ${VAULTS}:\n    links:\n      - other # first\n    ttl: 60`,
      becomes: `  ${VAULTS}:\n    links:\n      - other # first\n      - hub\n    ttl: 60`,
    },
    {
      zone: `  ${VAULTS}:\n    # who sees it\n    links: other\n    ttl: 60`,
      becomes: `  ${VAULTS}:\n    # who sees it\n    links: [other, hub]\n    ttl: 60`,
    },
    { zone: `  ${VAULTS}: { links: "oth*" }`, becomes: `  ${VAULTS}: { links: ["oth*", hub] }` },
    { zone: `  ${VAULTS}: { links: [] }`, becomes: `  ${VAULTS}: { links: [hub] }` },
    { zone: `  ${VAULTS}: {}`, becomes: `  ${VAULTS}: { links: hub }` },
    { zone: `  ${VAULTS}: { ttl: 60 }`, becomes: `  ${VAULTS}: { links: hub, ttl: 60 }` },
    { zone: `  ${VAULTS}:`, becomes: `  ${VAULTS}: { links: hub }` },
    { zone: `  ${VAULTS}: # ours`, becomes: `  ${VAULTS}: { links: hub } # ours` },
    { zone: `  ${VAULTS}:\n    ttl: 60`, becomes: `  ${VAULTS}:\n    links: hub\n    ttl: 60` },
    { zone: `  "${VAULTS}":\n\n    ttl: 60`, becomes: `  "${VAULTS}":\n\n    links: hub\n    ttl: 60` },
  ])("$zone", ({ zone, becomes }) => {
    const { changes, left } = mendText(estate(zone));
    expect(changes.map(({ after }) => after)).toEqual([estate(becomes)]);
    expect(left.map(({ code }) => code)).toEqual([]);
  });

  test("not where an anchor shares it with others", () => {
    const zones = `  a.example: { links: &seen [other] }\n  ${VAULTS}: { links: *seen }`;
    const { changes, left } = mendText(estate(zones));
    expect(changes).toEqual([]);
    expect(left.map(({ code }) => code)).toContain("link/missing-at-inbound");
  });
});

describe("a missing record is written into its zone", () => {
  test.each([
    { zone: `  ${VAULTS}: { links: hub }`, becomes: `  ${VAULTS}: { records: "kv 10 A 10.0.0.5", links: hub }` },
    {
      zone: `  ${VAULTS}:\n    links: hub\n    records: |\n      web 10 A 10.0.0.6 ; ours\n\n    ttl: 60`,
      becomes: `  ${VAULTS}:\n    links: hub\n    records: |\n      web 10 A 10.0.0.6 ; ours\n      kv 10 A 10.0.0.5\n\n    ttl: 60`,
    },
    {
      zone: `  ${VAULTS}: { links: hub, records: "web 10 A 10.0.0.6" }`,
      becomes: `  ${VAULTS}: { links: hub, records: ["web 10 A 10.0.0.6", "kv 10 A 10.0.0.5"] }`,
    },
    {
      zone: `  ${VAULTS}:\n    links: hub\n    file: v.zone`,
      becomes: `  ${VAULTS}:\n    records: "kv 10 A 10.0.0.5"\n    links: hub\n    file: v.zone`,
    },
  ])("$zone", ({ zone, becomes }) => {
    const text = estate(zone, ", privateDns: none");
    const { changes, left } = mendText(text, { "v.zone": "web 10 A 10.0.0.6\n" });
    expect(changes.map(({ after }) => after)).toEqual([estate(becomes, ", privateDns: none")]);
    expect(left.map(({ code }) => code)).toEqual([]);
  });
});

describe("a zone by a wrong name", () => {
  test("gets the right one, wherever it is named, and then what else it lacks", () => {
    const text = estate("  privatelink.vault.azure.net: { links: other }", ", privateDns: privatelink.vault.azure.net");
    const { changes, left } = mendText(text);
    const right = text.replaceAll("privatelink.vault.azure.net", VAULTS).replace("other }\nres", "[other, hub] }\nres");
    expect(changes.map(({ after }) => after)).toEqual([right]);
    expect(left).toEqual([]);
  });

  test("keeps it where its file says the old one", () => {
    const zone = "  privatelink.vault.azure.net: { links: hub, file: v.zone }";
    const { changes } = mendText(estate(zone), { "v.zone": "kv.privatelink.vault.azure.net. 10 A 10.0.0.5\n" });
    expect(changes).toEqual([]);
  });
});

describe("for every folder with a fault that can be mended", () => {
  const mendable = [...checkFolders("err")]
    .filter(([, path]) => diagnosticsIn(path).some(({ fix = [] }) => fix.length > 0))
    .map(([code, path]) => ({ code, path }));

  test.each(mendable)("$code is gone and nothing is new", ({ code, path }) => {
    const { mended, left, changes } = mendIn(path);
    expect(mended.map((finding) => finding.code)).toContain(code);
    expect(left.map((finding) => finding.code)).toEqual([]);
    expect(changes).toHaveLength(1);
  });

  test("there are some", () => {
    expect(mendable.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["link/missing", "endpoint/record-missing", "zone/wrong-name"]),
    );
  });
});

describe("a change", () => {
  test("is shown as a difference", () => {
    const { changes } = mendText(estate(`  ${VAULTS}: { links: other }`));
    expect(changesText(changes)).toBe(
      [
        "--- a/privlink.yaml",
        "+++ b/privlink.yaml",
        "@@ -2,7 +2,7 @@",
        "   hub: { kind: azure, prefixes: 10.0.0.0/16, subnets: { pe: 10.0.0.0/24 } }",
        "   other: { kind: azure, prefixes: 10.1.0.0/16, dns: held }",
        " zones:",
        `-  ${VAULTS}: { links: other }`,
        `+  ${VAULTS}: { links: [other, hub] }`,
        " resolvers: { held: { network: hub, address: 10.0.1.4 } }",
        " services: { kv: { type: azure/key-vault, publicNetworkAccess: disabled } }",
        " endpoints: { pe: { network: hub, service: kv, address: 10.0.0.5 } }",
        "",
      ].join("\n"),
    );
  });

  test("is written whole, through links, with the rights that the file had", () => {
    const text = estate(`  ${VAULTS}: { links: other }`);
    mkdirSync(join(folder, "real"));
    writeFileSync(join(folder, "real", "p.yaml"), text, { mode: 0o600 });
    symlinkSync(join("real", "p.yaml"), join(folder, "privlink.yaml"));
    const [change] = mendIn(folder).changes;
    expect(change && writeChanges([change])).toBeUndefined();
    expect(readFileSync(join(folder, "real", "p.yaml"), "utf8")).toBe(change?.after);
    expect(statSync(join(folder, "real", "p.yaml")).mode & 0o777).toBe(0o600);
    expect(mendIn(folder).changes).toEqual([]);
  });

  test("is not written over what somebody else wrote meanwhile", () => {
    const [change] = mendText(estate(`  ${VAULTS}: { links: other }`)).changes;
    writeFileSync(join(folder, "privlink.yaml"), "networks:\n");
    expect(change && writeChanges([change])).toMatch(/changed meanwhile/);
    expect(readFileSync(join(folder, "privlink.yaml"), "utf8")).toBe("networks:\n");
  });
});
