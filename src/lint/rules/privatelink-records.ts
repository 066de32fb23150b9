import { publicNames } from "../../catalogue/expand.ts";
import { isPrivatelinkZone } from "../../catalogue/privatelink-zones.ts";
import { findServiceType } from "../../catalogue/service-types.ts";
import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { sameName } from "../../name/domain-name.ts";
import { displayName } from "../../name/name-text.ts";
import { type Address, addressOf, isPrivateAddress } from "../../net/address.ts";
import { containsAddress } from "../../net/cidr.ts";
import { RecordTypes } from "../../record/record-type.ts";
import type { RRset } from "../../record/rrset.ts";
import type { PrivateZone, Service } from "../../topology/model.ts";
import { findNode, rrsetAt } from "../../zone/zone-tree.ts";
import { effectOf, namesListed } from "../effect.ts";
import type { Estate } from "../estate.ts";
import { askPlatform, linksOf, placeOf } from "../linked.ts";
import type { LintRule } from "../rule.ts";

/** Records in zones of endpoints, and aliases into them. */
export const privatelinkRecordsRule: LintRule = {
  codes: ["zone/long-ttl", "zone/public-address", "zone/record-without-endpoint", "zone/alias-to-privatelink"],
  check(estate, diagnostics) {
    const planned = plannedAddresses(estate);
    for (const zone of estate.topology.zones.values()) {
      if (isPrivatelinkZone(zone.name)) {
        reportLongTtl(estate, zone, diagnostics);
        reportPublicAddress(estate, zone, planned, diagnostics);
      } else reportAliases(estate, zone, diagnostics);
    }
    for (const service of estate.topology.services.values()) reportOrphans(estate, service, planned, diagnostics);
  },
};

/** Seconds that a record of an endpoint may live before a new endpoint is found too late. */
const LONG_TTL = 300;

function plannedAddresses({ plans }: Estate): ReadonlySet<string> {
  const members = [...plans.values()].flatMap((plan) => plan.members);
  return new Set(members.flatMap(({ addresses }) => addresses.map(({ text }) => text)));
}

function reportLongTtl(estate: Estate, zone: PrivateZone, diagnostics: Diagnostics): void {
  const sets = estate.readings.get(zone.key)?.addresses.filter(({ ttl }) => ttl > LONG_TTL) ?? [];
  const [first] = sets;
  if (first === undefined) return;
  const names = namesListed(sets.map(({ owner }) => owner));
  const live = sets.length === 1 ? "lives" : "live";
  const message = `${names} ${live} for ${first.ttl} seconds in zone ${zone.key}: that long clients ask for an endpoint that was made anew`;
  const [, ...others] = first.places ?? [];
  diagnostics.report("zone/long-ttl", message, placeOf(first, zone), {
    related: others.map((span) => ({ message: "and here", span })),
    hint: "give them a TTL of 10 to 60, as endpoints do",
  });
}

function reportPublicAddress(
  estate: Estate,
  zone: PrivateZone,
  planned: ReadonlySet<string>,
  diagnostics: Diagnostics,
): void {
  const isForeign = (address: Address): boolean => !isPrivateAddress(address) && !planned.has(address.text);
  const sets = estate.readings
    .get(zone.key)
    ?.addresses.filter(({ rdatas }) => rdatas.some((one) => isForeign(addressOf(one))));
  const [first] = sets ?? [];
  const [link] = linksOf(estate, zone);
  const text = first?.rdatas.map(addressOf).find(isForeign)?.text;
  if (sets === undefined || first === undefined || text === undefined) return;
  const names = namesListed(sets.map(({ owner }) => owner));
  const message = `${names} in zone ${zone.key} ${sets.length === 1 ? "has" : "have"} a public address, ${text}, which nobody keeps up to date here`;
  diagnostics.report("zone/public-address", message, placeOf(first, zone), {
    hint: "remove the record, and write onMiss: internet at the links: the internet knows the address of today",
    ...(link === undefined ? {} : { effect: effectOf(askPlatform(estate, link.network, first.owner), link.network) }),
  });
}

/** An alias past the public name: what it leads to is for DNS alone, and no certificate has it. */
function reportAliases(estate: Estate, zone: PrivateZone, diagnostics: Diagnostics): void {
  for (const { rrset, target } of estate.readings.get(zone.key)?.aliases ?? []) {
    const name = estate.snapshot.endpointNames
      .get(target.key)
      ?.find(({ privateName, publicName }) => sameName(privateName, target) && !sameName(publicName, target));
    if (name === undefined || sameName(rrset.owner, name.publicName)) continue;
    const message = `${displayName(rrset.owner)} is an alias of ${displayName(target)}, which is for DNS alone: certificates have ${displayName(name.publicName)}`;
    const [link] = linksOf(estate, zone);
    const endpoint = estate.topology.endpoints.get(name.endpoint);
    diagnostics.report("zone/alias-to-privatelink", message, placeOf(rrset, zone), {
      related: endpoint === undefined ? [] : [{ message: `endpoint ${endpoint.key} is here`, span: endpoint.span }],
      hint: `let it be an alias of ${displayName(name.publicName)}`,
      ...(link === undefined ? {} : { effect: effectOf(askPlatform(estate, link.network, rrset.owner), link.network) }),
    });
  }
}

/** A record of a service's private name that leads into a network of the model, where no endpoint is. */
function reportOrphans(estate: Estate, service: Service, planned: ReadonlySet<string>, diagnostics: Diagnostics): void {
  const type = findServiceType(service.type);
  if (type === undefined || service.publicAlias === "always") return;
  for (const { privateName, publicName, zone: origin } of publicNames(type, service).names) {
    if (estate.snapshot.endpointNames.has(privateName.key)) continue;
    for (const zone of estate.topology.zones.values()) {
      if (zone.name.key !== origin.key) continue;
      const found = addressSet(estate, zone, privateName);
      const address = found?.rdatas.map(addressOf).find(({ text }) => !planned.has(text));
      if (found === undefined || address === undefined) continue;
      const network = [...estate.topology.networks.values()].find(({ prefixes }) =>
        prefixes.some((prefix) => containsAddress(prefix, address)),
      );
      const [link] = linksOf(estate, zone);
      if (network === undefined || link === undefined) continue;
      const message = `zone ${zone.key} leads ${displayName(privateName)} to ${address.text}, and service ${service.key} has no endpoint there`;
      diagnostics.report("zone/record-without-endpoint", message, placeOf(found, zone), {
        related: [{ message: `service ${service.key} is here`, span: service.span }],
        effect: effectOf(askPlatform(estate, link.network, privateName), link.network),
        hint: `remove the record, or declare the endpoint of ${displayName(publicName)} in network ${network.key}`,
      });
    }
  }
}

function addressSet({ zones }: Estate, zone: PrivateZone, name: Parameters<typeof findNode>[1]): RRset | undefined {
  const tree = zones.get(zone.key)?.tree;
  const node = tree === undefined ? undefined : findNode(tree, name);
  return tree === undefined || node === undefined ? undefined : rrsetAt(tree, node, RecordTypes.A);
}
