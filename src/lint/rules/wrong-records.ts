import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { displayName } from "../../name/name-text.ts";
import type { SourceSpan } from "../../source/source-file.ts";
import { effectOf, listed } from "../effect.ts";
import { grouped } from "../grouped.ts";
import type { LintRule } from "../rule.ts";
import type { Stray } from "../survey.ts";

/**
 * Records by hand at an endpoint's name that are not its address: one that is nobody's of that name, or several of which one
 * may be right. What an endpoint writes itself is right by construction.
 */
export const wrongRecordsRule: LintRule = {
  codes: ["endpoint/wrong-address", "endpoint/several-addresses"],
  check({ survey }, diagnostics) {
    const placed = survey.strays.flatMap((stray) => {
      const place = placeOf(stray);
      return place === undefined ? [] : [{ stray, place }];
    });
    for (const [{ stray, place }] of grouped(placed, ({ place: { file, start } }) => `${file.path}:${start}`))
      report(stray, place, diagnostics);
  },
};

/** Of several records the last: it came to the first. */
function placeOf({ rrset }: Stray): SourceSpan | undefined {
  return rrset.places?.at(-1);
}

function report(stray: Stray, place: SourceSpan, diagnostics: Diagnostics): void {
  const { plan, rrset, addresses, unknown, resolution, first, name } = stray;
  const { endpoint } = plan;
  const own = plan.members
    .filter(({ names }) => names.some(({ privateName }) => privateName.key === name.privateName.key))
    .flatMap((member) => member.addresses.map(({ text }) => text));
  const owner = displayName(rrset.owner);
  const related = [{ message: `endpoint ${endpoint.key} is here, at ${listed(own)}`, span: endpoint.span }];
  const effect = effectOf(resolution, first);
  if (addresses.length === 1) {
    const message = `${owner} is ${addresses[0]}, and endpoint ${endpoint.key} is at ${listed(own)}`;
    const hint = "write the endpoint's address, or leave the record to the endpoint with privateDns";
    diagnostics.report("endpoint/wrong-address", message, place, { related, effect, hint });
    return;
  }
  const strange =
    unknown.length === 0 ? "which no one endpoint has" : `and no endpoint of that name has ${listed(unknown)}`;
  const message = `${owner} has the addresses ${listed(addresses)}, ${strange}`;
  const hint = `keep the one of the endpoint that these clients should use: ${endpoint.key} is at ${listed(own)}`;
  diagnostics.report("endpoint/several-addresses", message, place, { related, effect, hint });
}
