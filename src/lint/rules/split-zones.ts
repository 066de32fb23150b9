import { isPrivatelinkZone } from "../../catalogue/privatelink-zones.ts";
import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import type { DomainName } from "../../name/domain-name.ts";
import { displayName } from "../../name/name-text.ts";
import { addressOf } from "../../net/address.ts";
import { type RecordType, RecordTypes } from "../../record/record-type.ts";
import type { RRset } from "../../record/rrset.ts";
import { unreached } from "../../snapshot/connection-path.ts";
import type { PrivateZone } from "../../topology/model.ts";
import type { Zone } from "../../zone/zone.ts";
import { zoneRecords } from "../../zone/zone-records.ts";
import { effectOf } from "../effect.ts";
import type { Estate } from "../estate.ts";
import { grouped } from "../grouped.ts";
import type { LintRule } from "../rule.ts";

/**
 * Privatelink zones of one name, linked to different networks: what is in one of them does not exist where the other is
 * linked. Two regions that have the same names, or that do not reach each other, are meant so.
 */
export const splitZonesRule: LintRule = {
  codes: ["zone/records-split"],
  check(estate, diagnostics) {
    const linked = [...estate.topology.zones.values()].filter(
      ({ name, links }) => isPrivatelinkZone(name) && links.length > 0,
    );
    for (const twins of grouped(linked, ({ name }) => name.key)) {
      if (twins.length < 2) continue;
      for (const zone of twins) reportWhatLacks(estate, zone, twins, diagnostics);
    }
  },
};

/** Names of a twin that are asked for: those speak for the rest. */
const MOST_ASKED = 20;

/** The first name of another zone that clients of this one could use, and are told does not exist. */
function reportWhatLacks(
  estate: Estate,
  zone: PrivateZone,
  twins: readonly PrivateZone[],
  diagnostics: Diagnostics,
): void {
  const own = ownersOf(estate.zones.get(zone.key));
  for (const twin of twins) {
    if (twin === zone) continue;
    const lacking = [...ownersOf(estate.zones.get(twin.key))].filter(([key]) => !own.has(key));
    for (const [, rrset] of lacking.slice(0, MOST_ASKED)) {
      const lack = lackOf(estate, zone, rrset);
      if (lack === undefined) continue;
      const name = displayName(rrset.owner);
      const message = `zone ${zone.key} lacks ${name}, which zone ${twin.key} has: where it is linked the name does not exist`;
      diagnostics.report("zone/records-split", message, zone.span, {
        related: [{ message: `zone ${twin.key} is here`, span: twin.span }],
        effect: effectOf(lack.answer, lack.network),
        hint: "keep one zone and link it to all of the networks, or write onMiss: internet where public access will do",
      });
      return;
    }
  }
}

/** The addresses of a zone, by owner. */
function ownersOf(zone: Zone | undefined): ReadonlyMap<string, RRset> {
  const owners = new Map<string, RRset>();
  if (zone === undefined) return owners;
  for (const rrset of zoneRecords(zone.tree)) if (isAddress(rrset.type)) owners.set(rrset.owner.key, rrset);
  return owners;
}

function isAddress(type: RecordType): boolean {
  return type === RecordTypes.A || type === RecordTypes.AAAA;
}

function lackOf(
  estate: Estate,
  { links }: PrivateZone,
  rrset: RRset,
): { readonly answer: ReturnType<Estate["ask"]>; readonly network: string } | undefined {
  const { snapshot } = estate;
  for (const { network } of links) {
    if (rrset.rdatas.some((rdata) => unreached(snapshot, network, addressOf(rdata)) !== undefined)) continue;
    const answer = estate.ask({ kind: "servers-of", network }, publicNameOf(estate, rrset.owner));
    if (answer.outcome.kind === "nxdomain") return { answer, network };
  }
  return undefined;
}

/** What clients call a private name, where an endpoint is there for it. */
function publicNameOf({ snapshot }: Estate, owner: DomainName): DomainName {
  return snapshot.endpointNames.get(owner.key)?.[0]?.publicName ?? owner;
}
