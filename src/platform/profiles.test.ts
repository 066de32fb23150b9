import { expect, test } from "vitest";
import { knownName } from "../name/name-text.ts";
import { formatRdata } from "../record/rdata-text.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { NetworkKind } from "../topology/model.ts";
import { profileOf } from "./profiles.ts";

const KINDS: Readonly<Record<NetworkKind, string>> = {
  azure: "azureprivatedns.net. azureprivatedns-host.microsoft.com. 1 3600 300 2419200 10",
  generic: "zones.privlink.internal. nobody.invalid. 1 3600 300 2419200 10",
  "on-premises": "zones.privlink.internal. nobody.invalid. 1 3600 300 2419200 10",
};

test.each([
  {
    kind: "azure" as const,
    resolver: true,
    addresses: ["168.63.129.16"],
    corp: false,
    privatelink: true,
    types: [1, 28, 5],
  },
  { kind: "generic" as const, resolver: true, addresses: [], corp: true, privatelink: true, types: undefined },
  { kind: "on-premises" as const, resolver: false, addresses: [], corp: true, privatelink: true, types: undefined },
])(
  "$kind: resolver $resolver at $addresses; redirects corp zones: $corp",
  ({ kind, resolver, addresses, corp, privatelink, types }) => {
    const profile = profileOf(kind);
    expect(profile.kind).toBe(kind);
    expect(profile.hasPlatformResolver).toBe(resolver);
    expect(profile.platformAddresses.map(({ text }) => text)).toEqual(addresses);
    expect(profile.redirect.appliesTo(knownName("corp.example"))).toBe(corp);
    expect(profile.redirect.appliesTo(knownName("privatelink.azurecr.io"))).toBe(privatelink);
    expect(profile.redirect.types).toEqual(types);
    expect(profile.aliasLimit).toBe(16);
    expect(profile.soa.ttl).toBe(3600);
    const origin = knownName("privatelink.azurecr.io");
    expect(formatRdata(RecordTypes.SOA, profile.soa.rdata(origin))).toBe(KINDS[kind]);
  },
);
