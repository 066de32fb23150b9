import { describe, expect, test } from "vitest";
import { isAtOrBelow } from "../name/domain-name.ts";
import { displayName } from "../name/name-text.ts";
import { knownAddress } from "../net/address.ts";
import { containsAddress, knownCidr } from "../net/cidr.ts";
import { PLATFORM_ADDRESSES } from "./platform-addresses.ts";
import {
  endpointNames,
  findProviderService,
  hasLocation,
  locationsOf,
  namesWithId,
  providerServices,
  publishedIn,
} from "./provider-services.ts";

function service(id: string) {
  const found = findProviderService(id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
}

describe("IBM's registry", () => {
  const registry = service("IBM/Container-Registry");
  const names = (locationsOf(registry) ?? []).flatMap((location) => publishedIn(registry, location));

  test("is in thirteen locations, one of them for the whole world", () => {
    expect(locationsOf(registry)).toHaveLength(13);
    expect(hasLocation(registry, "US-South")).toBe(true);
    expect(hasLocation(registry, "us-north")).toBe(false);
  });

  test("has each public name with private. in front of the whole of it", () => {
    const texts = names.map(({ name }) => displayName(name));
    const hosts = texts.filter((text) => /^(?:[a-z]{2}2?\.)?icr\.io$/.test(text) && !/^(?:cp|dd2)\./.test(text));
    expect(hosts).toHaveLength(13);
    for (const host of hosts) expect(texts).toContain(`private.${host}`);
    expect(new Set(texts).size).toBe(texts.length);
  });

  test("has three private addresses for a name, all where only the provider's networks get, and none for the others", () => {
    for (const { name, addresses } of names) {
      const isPrivate = displayName(name).startsWith("private.");
      expect([0, isPrivate ? 3 : 0]).toContain(addresses.length);
      for (const address of addresses) expect(containsAddress(knownCidr("166.8.0.0/14"), address)).toBe(true);
    }
  });

  test("publishes by a gateway what covers every host of it, wherever that is", () => {
    const published = endpointNames(registry, "us-south", "gateway") ?? [];
    expect(published.map(({ name, zone }) => `${displayName(name)} in ${displayName(zone)}`)).toEqual([
      "icr.io in icr.io",
      "*.icr.io in icr.io",
    ]);
  });
});

test.each([
  { type: "aws/ecr.api", location: "us-east-1", public: ["api.ecr.us-east-1.amazonaws.com"] },
  { type: "aws/ecr.dkr", location: "eu-west-1", public: ["*.dkr.ecr.eu-west-1.amazonaws.com"] },
  { type: "aws/kinesis-firehose", location: "us-east-1", public: ["firehose.us-east-1.amazonaws.com"] },
  { type: "gcp/artifact-registry", location: "us-central1", public: ["us-central1-docker.pkg.dev"] },
  { type: "gcp/container-registry", location: "eu", public: ["eu.gcr.io"] },
  {
    type: "gcp/google-apis",
    location: "global",
    public: ["private.googleapis.com", "restricted.googleapis.com", "storage.googleapis.com"],
  },
])("$type in $location is published as $public", ({ type, location, public: names }) => {
  expect(publishedIn(service(type), location).map(({ name }) => displayName(name))).toEqual(names);
});

test.each([
  {
    type: "aws/ecr.api",
    names: ["api.ecr.us-east-1.amazonaws.com"],
    id: ["vpce-1.api.ecr.us-east-1.vpce.amazonaws.com"],
  },
  {
    type: "aws/ecr.dkr",
    names: ["dkr.ecr.us-east-1.amazonaws.com", "*.dkr.ecr.us-east-1.amazonaws.com"],
    id: ["vpce-1.dkr.ecr.us-east-1.vpce.amazonaws.com"],
  },
  { type: "gcp/google-apis", names: ["storage-via.p.googleapis.com"], id: [] },
  { type: "gcp/artifact-registry", names: [], id: [] },
])("an endpoint of $type publishes $names, and its identifier makes $id", ({ type, names, id }) => {
  const published = endpointNames(service(type), "us-east-1", "via") ?? [];
  expect(published.map(({ name }) => displayName(name))).toEqual(names);
  expect(namesWithId(service(type), "us-east-1", "vpce-1", undefined).map(displayName)).toEqual(id);
  const member = namesWithId(service(type), "us-east-1", "vpce-1", "us-east-1a").map(displayName);
  expect(member).toEqual(id.map((name) => name.replace("vpce-1.", "vpce-1-us-east-1a.")));
});

test("a name of an endpoint that is too long for a label is none", () => {
  expect(endpointNames(service("gcp/google-apis"), "global", "x".repeat(60))).toBeUndefined();
});

test.each(providerServices())("$id: ids, locations and zones are sound", (one) => {
  expect(one.id).toMatch(/^(?:ibm|aws|gcp)\/[a-z][a-z0-9.-]*$/);
  expect(one.kinds).toEqual([one.id.split("/")[0]]);
  for (const location of locationsOf(one) ?? ["some-place1"]) {
    expect(publishedIn(one, location).length).toBeGreaterThan(0);
    for (const { name, zone } of endpointNames(one, location, "e") ?? []) expect(isAtOrBelow(name, zone)).toBe(true);
  }
  expect(one.endpoint.publishes.length > 0).toBe(one.endpoint.none === "");
});

test("no two kinds of networks share a platform address", () => {
  const all = Object.values(PLATFORM_ADDRESSES).flatMap((facts) =>
    facts.map(({ address }) => knownAddress(address).text),
  );
  expect(new Set(all).size).toBe(all.length);
});
