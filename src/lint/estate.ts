import { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { DomainName } from "../name/domain-name.ts";
import { type EndpointPlan, planEndpoints } from "../platform/allocate.ts";
import { type PrivateWrite, privateWrites } from "../platform/endpoint-records.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import type { Resolution } from "../resolve/resolution.ts";
import { type Addressee, resolveOffline } from "../resolve/resolve.ts";
import { seenZones } from "../snapshot/known-names.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Topology } from "../topology/model.ts";
import type { Zone } from "../zone/zone.ts";
import { type Asker, askersOf } from "./askers.ts";
import { once } from "./once.ts";
import { type Survey, surveyOf } from "./survey.ts";
import { readZone, type ZoneReading } from "./zone-readings.ts";

/** A model as rules look at it. What several of them need is worked out once, and only when the first one asks for it. */
export interface Estate {
  readonly snapshot: Snapshot;
  readonly topology: Topology;
  /** Every endpoint with its members and addresses, by key. */
  readonly plans: ReadonlyMap<string, EndpointPlan>;
  /** Private zones that some resolver sees, with what endpoints write into them, by key. */
  readonly zones: ReadonlyMap<string, Zone>;
  /** The records of those zones, read once for every rule that looks at records, by key. */
  readonly readings: ReadonlyMap<string, ZoneReading>;
  /** The same of what services and `public.records` write, and of public zones. */
  readonly publicReadings: readonly ZoneReading[];
  /** Networks whose clients get the same answers, as one: ask the first of each, never every network for every name. */
  readonly askers: readonly Asker[];
  /** The class that a network's clients are in. */
  askerOf(network: string): Asker | undefined;
  /** What clients get for the names of approved endpoints that they have a way to, where it is not the endpoint's address. */
  readonly survey: Survey;
  /** What endpoints write into private zones, in the order it happens. */
  readonly writes: readonly PrivateWrite[];
  /** What the addressee answers, offline. The same question is asked once; answers are kept, so not for each name of a zone. */
  ask(addressee: Addressee, name: DomainName, type?: RecordType): Resolution;
}

/** Makes the estate of a model that was compiled without errors. */
export function estateOf(snapshot: Snapshot): Estate {
  const { topology } = snapshot;
  const answers = new Map<string, Resolution>();
  const plans = once(() => planEndpoints(topology, new Diagnostics())); // Loading told what is wrong with them.
  const zones = once(() => seenZones(snapshot));
  const readings = once(() => new Map(Array.from(zones(), ([key, zone]) => [key, readZone(zone)] as const)));
  const publicReadings = once(() => {
    const { exact, zones: published } = snapshot.internet;
    return [exact, ...Array.from(published.values(), (one) => one.zone)].map(readZone);
  });
  const askers = once(() => askersOf(snapshot));
  const asker = once(() => new Map(askers().flatMap((one) => one.networks.map((network) => [network, one] as const))));
  const survey = once(() => surveyOf(snapshot, plans(), askers()));
  const writes = once(() => privateWrites(topology, new Diagnostics()));
  return {
    snapshot,
    topology,
    get plans() {
      return plans();
    },
    get zones() {
      return zones();
    },
    get readings() {
      return readings();
    },
    get publicReadings() {
      return publicReadings();
    },
    get askers() {
      return askers();
    },
    askerOf: (network) => asker().get(network),
    get survey() {
      return survey();
    },
    get writes() {
      return writes();
    },
    ask(addressee, name, type = RecordTypes.A) {
      const key = `${textOf(addressee)}\n${name.key}\n${type}`;
      const known = answers.get(key);
      if (known !== undefined) return known;
      const answer = resolveOffline(snapshot, addressee, { name, type });
      answers.set(key, answer);
      return answer;
    },
  };
}

function textOf(addressee: Addressee): string {
  if (addressee.kind !== "servers-of") return `${addressee.kind} ${addressee.key}`;
  return `servers-of ${addressee.network ?? ""}@${addressee.host ?? ""}`;
}
