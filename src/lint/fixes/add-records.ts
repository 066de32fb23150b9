import type { TextEdit } from "../../diagnostics/diagnostic.ts";
import { type DomainName, sameName } from "../../name/domain-name.ts";
import { displayName, formatName } from "../../name/name-text.ts";
import type { EndpointPlan } from "../../platform/allocate.ts";
import { profileOf } from "../../platform/profiles.ts";
import type { PrivateZone } from "../../topology/model.ts";
import { addItems, appendLines } from "../../topology/yaml-edits.ts";

/** Writes the records of an endpoint's names into its zone, where the zone is declared: as the platform would have them. */
export function addRecords(
  zone: PrivateZone,
  plan: EndpointPlan,
  names: readonly DomainName[],
): readonly TextEdit[] | undefined {
  if (zone.folder !== undefined) return undefined;
  const ttl = plan.endpoint.ttl ?? profileOf(plan.network.kind).endpointTtl;
  const lines = names.flatMap((owner) =>
    addressesAt(plan, owner).map(
      ({ family, text }) => `${relative(owner, zone.name)} ${ttl} ${family === 4 ? "A" : "AAAA"} ${text}`,
    ),
  );
  if (lines.length === 0) return undefined;
  return (
    appendLines(zone, "records", lines) ??
    addItems(
      zone,
      "records",
      lines.map((line) => JSON.stringify(line)),
    )
  );
}

function addressesAt({ members }: EndpointPlan, owner: DomainName): EndpointPlan["members"][number]["addresses"] {
  return members
    .filter((member) => member.names.some(({ privateName }) => sameName(privateName, owner)))
    .flatMap(({ addresses }) => addresses);
}

/** As one writes it in the zone: without the zone's own name. */
function relative(owner: DomainName, origin: DomainName): string {
  const whole = displayName(owner);
  const end = `.${displayName(origin)}`;
  return whole.endsWith(end) ? whole.slice(0, -end.length) : formatName(owner);
}
