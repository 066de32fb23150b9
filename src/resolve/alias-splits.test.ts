import { expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { displayName } from "../name/name-text.ts";
import { aliasSplits } from "./alias-splits.ts";

/** Names of endpoints that `office` answers one way or the other, with both answers. */
function splitsOf(forward: string, rest = ""): string[] {
  const { snapshot } = loadText(`
networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16, subnets: { pe: 10.0.0.0/24 } }
  lan: { kind: on-premises, prefixes: 192.168.0.0/16 }
zones: { privatelink.azurecr.io: { links: hub }, privatelink.vaultcore.azure.net: { links: hub } }
resolvers:
  in: { network: hub, address: 10.0.1.4 }
  isp: { network: lan, forward: { ".": internet } }
  office: { network: lan, forward: { ${forward} }${rest} }
services: { reg: { type: azure/container-registry, location: westeurope, address: 192.0.2.1 }, kv: { type: azure/key-vault, address: 192.0.2.2 } }
endpoints: { pe-reg: { network: hub, service: reg, address: { registry: 10.0.0.7, registry_data_westeurope: 10.0.0.6 } }, pe-kv: { network: hub, service: kv, address: 10.0.0.9 } }
`);
  return aliasSplits(snapshot).map(
    ({ resolver, name, trusting, chasing }) => `${resolver.key} ${displayName(name)}: ${trusting} or ${chasing}`,
  );
}

test.each([
  { says: "the public domain, which the private zone is below", forward: "azurecr.io: in", splits: [] },
  { says: "everything", forward: '".": in', splits: [] },
  {
    says: "one name alone",
    forward: "reg.azurecr.io: in",
    splits: ["office reg.azurecr.io: 10.0.0.7 or 192.0.2.1"],
  },
  {
    says: "the private zone alone",
    forward: 'privatelink.azurecr.io: in, ".": isp',
    splits: ["office reg.westeurope.data.azurecr.io: 192.0.2.1 or 10.0.0.6"],
  },
  {
    says: "the private zone alone, iterating: an alias is a new question anyway",
    forward: "privatelink.azurecr.io: in",
    splits: [],
  },
  {
    says: "a public domain that the private zone is not below",
    forward: "vault.azure.net: in",
    splits: ["office kv.vault.azure.net: 10.0.0.9 or 192.0.2.2"],
  },
  { says: "both", forward: "vault.azure.net: in, vaultcore.azure.net: in", splits: [] },
])("a rule for $says", ({ forward, splits }) => {
  expect(splitsOf(forward)).toEqual(splits);
  expect(splitsOf(forward, ", aliases: chase")).toEqual(splits);
});
