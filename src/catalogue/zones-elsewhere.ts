import { type DomainName, isAtOrBelow } from "../name/domain-name.ts";
import { knownName } from "../name/name-text.ts";
import { ZONE_ROWS } from "./zone-rows.ts";

/** A public suffix, and the private zone of its names, which is not below it: a rule for the one says nothing of the other. */
export interface ZoneElsewhere {
  readonly suffix: DomainName;
  readonly zone: DomainName;
}

/** Every such pair of names without placeholders, each once. */
export function zonesElsewhere(): readonly ZoneElsewhere[] {
  return ELSEWHERE;
}

const ELSEWHERE: readonly ZoneElsewhere[] = [
  ...new Map(
    ZONE_ROWS.flatMap(({ doors }) => doors)
      .filter(({ suffix, zone }) => !suffix.includes("{") && !zone.includes("{"))
      .map(({ suffix, zone }) => ({ suffix: knownName(suffix), zone: knownName(zone) }))
      .filter(({ suffix, zone }) => !isAtOrBelow(zone, suffix))
      .map((pair) => [`${pair.suffix.key}\n${pair.zone.key}`, pair] as const),
  ).values(),
];
