import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { type DomainName, sameName } from "../../name/domain-name.ts";
import { displayName } from "../../name/name-text.ts";
import { type PrivateZone, spanAt } from "../../topology/model.ts";
import { effectOf, namesListed } from "../effect.ts";
import type { Estate } from "../estate.ts";
import { addRecords } from "../fixes/add-records.ts";
import { grouped } from "../grouped.ts";
import type { LintRule } from "../rule.ts";
import { type Miss, namesOf } from "../survey.ts";

/**
 * Names that a zone denies, or sends back to the internet, although an endpoint is there for them: the record was to be
 * written by hand, and was not. What two zones of one name, or two endpoints of one name, do to each other is another rule's.
 */
export const missingRecordsRule: LintRule = {
  codes: ["endpoint/record-missing", "endpoint/records-incomplete"],
  check(estate, diagnostics) {
    const missing = estate.survey.misses.flatMap((miss) => {
      const zone = denyingZone(estate, miss);
      return zone === undefined ? [] : [{ miss, zone }];
    });
    for (const same of grouped(missing, ({ miss, zone }) => `${miss.plan.endpoint.key}\n${zone.key}`))
      report(estate, same, diagnostics);
  },
};

interface Missing {
  readonly miss: Miss;
  readonly zone: PrivateZone;
}

/** The zone that should have the record, as the one who asked sees it. */
function denyingZone(
  { topology, writes }: Estate,
  { deniedBy, resolution, name, plan }: Miss,
): PrivateZone | undefined {
  const sentOn = resolution.trace.find((step) => step.kind === "redirect" && sameName(step.name, name.privateName));
  const source = sentOn?.kind === "redirect" ? sentOn.source : deniedBy;
  const zone = topology.zones.get(source?.key ?? "");
  if (zone === undefined || zone.name.key !== name.zone.key) return undefined;
  // Where nothing may be public, that somebody gets there is worse than that a record is missing.
  if (sentOn !== undefined && plan.service.publicNetworkAccess === "disabled") return undefined;
  const isWritten = writes.some(({ owner }) => sameName(owner, name.privateName));
  return isWritten || isToldAtLoading(plan, name.privateName) ? undefined : zone;
}

/** A member without an address has no record, and that is why. */
function isToldAtLoading(plan: Miss["plan"], privateName: DomainName): boolean {
  const member = plan.members.find(({ names }) => names.some((name) => sameName(name.privateName, privateName)));
  return member === undefined || member.addresses.length === 0;
}

function report(estate: Estate, same: readonly [Missing, ...Missing[]], diagnostics: Diagnostics): void {
  const [{ miss, zone }] = same;
  const { plan } = miss;
  const { endpoint } = plan;
  const names = uniqueNames(same.map((one) => one.miss.name.privateName));
  const inZone = uniqueNames(
    namesOf(plan).flatMap(({ name }) => (name.zone.key === zone.name.key ? [name.privateName] : [])),
  );
  const isPartial = names.length < inZone.length;
  const code = isPartial ? "endpoint/records-incomplete" : "endpoint/record-missing";
  const has = inZone.filter((name) => !names.some((one) => sameName(one, name)));
  const message = isPartial
    ? `zone ${zone.key} has ${namesListed(has)} of endpoint ${endpoint.key}, and not ${namesListed(names)}`
    : `zone ${zone.key} has no record of endpoint ${endpoint.key}, expected ${namesListed(names)}`;
  const fix = addRecords(zone, plan, names);
  diagnostics.report(code, message, zone.span, {
    related: [
      {
        message: `endpoint ${endpoint.key} writes nothing there: ${why(estate, miss)}`,
        span: spanAt(endpoint, "privateDns"),
      },
    ],
    effect: effectOf(miss.resolution, miss.first),
    hint: `write privateDns: ${zone.key} at endpoint ${endpoint.key}, or add the records to the zone`,
    ...(fix === undefined ? {} : { fix }),
  });
}

function why({ topology }: Estate, { plan }: Miss): string {
  const { privateDns } = plan.endpoint;
  const zones = privateDns.flatMap((one) => (one.kind === "zone" ? [topology.zones.get(one.key)?.name] : []));
  if (privateDns.length === 0) return "its privateDns is none";
  const names = zones.filter((name) => name !== undefined).map(displayName);
  return names.length === 0 ? "its privateDns is auto" : `its privateDns is ${names.join(", ")}`;
}

function uniqueNames(names: readonly DomainName[]): readonly DomainName[] {
  return [...new Map(names.map((name) => [name.key, name])).values()];
}
