import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { makeFolder, run } from "../../../test/support/memory-io.ts";

const TOPOLOGY = `networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16, subnets: { endpoints: 10.0.1.0/24 } }
zones:
  privatelink.azurecr.io: { links: hub }
  privatelink.vaultcore.azure.net: { links: hub }
services:
  registry: { type: azure/container-registry, location: westeurope } # two members
  vault: { type: azure/key-vault }
  fixed: { type: azure/key-vault }
endpoints:
  registry-endpoint: { network: hub, service: registry } # in braces
  vault-endpoint:
    network: hub
    service: vault
  fixed-endpoint: { network: hub, service: fixed, address: 10.0.1.99 }
`;
const folder = makeFolder({
  "a/privlink.yaml": TOPOLOGY,
  "b/privlink.yaml": TOPOLOGY,
  "none/privlink.yaml": "networks:\n  n:\n",
});
afterAll(() => folder.remove());

describe("pin", () => {
  test("shows what it would write, and writes nothing", async () => {
    const ran = await run("pin -c a/privlink.yaml", folder.path);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toBe("privlink: 2 endpoints to pin; --write does it\n");
    const changed = ran.stdout.split("\n").filter((line) => /^[+-] /.test(line));
    expect(changed).toEqual([
      "-  registry-endpoint: { network: hub, service: registry } # in braces",
      "+  registry-endpoint: { address: { registry_data_westeurope: 10.0.1.4, registry: 10.0.1.5 }, network: hub, service: registry } # in braces",
      "+    address: 10.0.1.6",
    ]);
    expect(readFileSync(join(folder.path, "a", "privlink.yaml"), "utf8")).toBe(TOPOLOGY);
  });

  test("with --write changes the file, no answer, and nothing the second time", async () => {
    const listed = await run("list endpoints -c b/privlink.yaml -o json", folder.path);
    expect(await run("pin -c b/privlink.yaml --write", folder.path)).toEqual({
      code: 0,
      stdout: "",
      stderr: "privlink: 2 endpoints pinned\n",
    });
    const text = readFileSync(join(folder.path, "b", "privlink.yaml"), "utf8");
    expect(text).toContain("# two members\n");
    expect((await run("check b", folder.path)).code).toBe(0);
    const after = await run("list endpoints -c b/privlink.yaml -o json", folder.path);
    expect(addressesIn(after.stdout)).toEqual(addressesIn(listed.stdout));
    expect((await run("pin -c b/privlink.yaml --write", folder.path)).stderr).toBe(
      "privlink: no endpoint lacks an address\n",
    );
    expect(readFileSync(join(folder.path, "b", "privlink.yaml"), "utf8")).toBe(text);
  });

  test("has nothing to do where there are no endpoints", async () => {
    expect(await run("pin -c none/privlink.yaml", folder.path)).toEqual({
      code: 0,
      stdout: "",
      stderr: "privlink: no endpoint lacks an address\n",
    });
  });
});

function addressesIn(json: string): string[] {
  return Array.from(json.matchAll(/"\d+\.\d+\.\d+\.\d+"/g), ([address]) => address);
}
