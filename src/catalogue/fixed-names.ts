import type { DomainName } from "../name/domain-name.ts";
import { knownName } from "../name/name-text.ts";
import { memberPatterns } from "./name-patterns.ts";
import { serviceTypes } from "./service-types.ts";

/**
 * The private names that a zone has whoever has an endpoint there: names that the provider runs for everybody, without a
 * placeholder. Only zones of one type count: in one that others share nobody needs them.
 */
export function fixedNames(zone: DomainName): readonly DomainName[] {
  return FIXED.get(zone.key) ?? [];
}

const FIXED: ReadonlyMap<string, readonly DomainName[]> = collect();

function collect(): Map<string, DomainName[]> {
  const users = new Map<string, Set<string>>();
  const found = new Map<string, Map<string, DomainName>>();
  for (const { id, groups } of serviceTypes()) {
    for (const { name: group, doors } of groups) {
      for (const { zone, suffix } of [...doors.values()].flat()) {
        if (zone.includes("{")) continue;
        const { key } = knownName(zone);
        users.set(key, (users.get(key) ?? new Set()).add(id));
        for (const { head, door } of memberPatterns(id, group).flatMap(({ names }) => names)) {
          if (head === "" || head.includes("{") || door === undefined || !suffix.startsWith(door)) continue;
          const name = knownName(`${head}.${zone}`);
          found.set(key, (found.get(key) ?? new Map()).set(name.key, name));
        }
      }
    }
  }
  return new Map(
    Array.from(found, ([key, names]) => [key, users.get(key)?.size === 1 ? [...names.values()] : []] as const),
  );
}
