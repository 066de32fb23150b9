import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { knownAddress } from "../../src/net/address.ts";
import { containsAddress, parseCidr } from "../../src/net/cidr.ts";
import { run } from "../support/memory-io.ts";

const ROOT = join(import.meta.dirname, "../..");

interface Compose {
  readonly services: {
    readonly privlink: {
      readonly image: string;
      readonly environment: Readonly<Record<string, string>>;
      readonly volumes: readonly string[];
      readonly networks: { readonly app: { readonly ipv4_address: string } };
    };
    readonly app: { readonly command: readonly string[]; readonly dns: readonly string[] };
  };
  readonly networks: { readonly app: { readonly ipam: { readonly config: readonly { readonly subnet: string }[] } } };
}

const compose: Compose = parse(readFileSync(join(ROOT, "deploy/image/compose.yaml"), "utf8"));
const { privlink, app } = compose.services;

test("the application of the compose file asks privlink, at an address of their network", () => {
  const address = privlink.networks.app.ipv4_address;
  expect(app.dns).toEqual([address]);
  const cidr = parseCidr(compose.networks.app.ipam.config[0]?.subnet ?? "");
  expect(cidr.kind === "cidr" && containsAddress(cidr.cidr, knownAddress(address))).toBe(true);
});

test("its name is private in the network that the listener stands for, of the topology that is mounted", async () => {
  const [, network = ""] = /^0\.0\.0\.0:53=(\w+)$/.exec(privlink.environment["PRIVLINK_LISTEN"] ?? "") ?? [];
  const [folder = ""] = privlink.volumes[0]?.split(":") ?? [];
  const name = app.command.at(-1) ?? "";
  const asked = await run(`query ${name} -c ${join(ROOT, "deploy/image", folder)} --from ${network} -o short`, ROOT);
  expect(asked.stdout).toMatch(/\n10\.0\.0\.7\n$/);
});

test("its image has the version of the package", () => {
  const { version }: { readonly version: string } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  expect(privlink.image).toBe(`privlink:${version}`);
});
