import { type DomainName, ROOT } from "../name/domain-name.ts";
import type { PublicView } from "../snapshot/snapshot.ts";
import type { Zone } from "../zone/zone.ts";
import type { Marks } from "./_marks.ts";
import { markAncestors } from "./_view-entries.ts";
import { markZones } from "./_zone-marks.ts";

/** Marks the names of which two models' public data may say different things. */
export function markPublic(marks: Marks, before: PublicView, after: PublicView): void {
  if (before === after) return;
  if (upstreamOf(before) !== upstreamOf(after)) {
    marks.addDomain(ROOT);
    return;
  }
  markZones(marks, before.exact, after.exact);
  markAncestors(marks, before.knownAncestors, after.knownAncestors);
  markByDomain(marks, before.zones, after.zones, ({ zone }) => zone, alwaysAlike);
  markByDomain(
    marks,
    before.builtins,
    after.builtins,
    ({ zone }) => zone,
    (a, b) => a.everyNameExists === b.everyNameExists && a.mayBePrivate === b.mayBePrivate,
  );
}

function markByDomain<T>(
  marks: Marks,
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  zoneOf: (value: T) => Zone,
  isAlike: (a: T, b: T) => boolean,
): void {
  const originOf = (value: T): DomainName => zoneOf(value).origin;
  for (const [key, old] of before) {
    const now = after.get(key);
    if (now === undefined || !isAlike(old, now)) marks.addDomain(originOf(old));
    else markZones(marks, zoneOf(old), zoneOf(now));
  }
  for (const [key, now] of after) if (!before.has(key)) marks.addDomain(originOf(now));
}

function alwaysAlike(): boolean {
  return true;
}

function upstreamOf({ upstream, onMiss }: PublicView): string {
  return JSON.stringify([onMiss, upstream.order, upstream.targets.map(({ text }) => text)]);
}
