import { Diagnostics, type TextEdit } from "../diagnostics/diagnostic.ts";
import { type EndpointPlan, planEndpoints } from "../platform/allocate.ts";
import type { Topology } from "../topology/model.ts";
import { addItems, scalar } from "../topology/yaml-edits.ts";

/** What writes allocated addresses down. */
export interface Pins {
  readonly edits: readonly TextEdit[];
  /** Keys of the endpoints that have them now. */
  readonly pinned: readonly string[];
  /** Keys of those whose text is not plain enough to add to: behind an anchor, or out of a template. */
  readonly left: readonly string[];
}

/**
 * Writes the addresses that endpoints were allocated into the topology, so that they stay when endpoints come and go. What
 * anybody is answered does not change.
 */
export function pinAddresses(topology: Topology): Pins {
  const plans = planEndpoints(topology, new Diagnostics()); // Loading has told what is wrong.
  const edits: TextEdit[] = [];
  const pinned: string[] = [];
  const left: string[] = [];
  for (const endpoint of topology.endpoints.values()) {
    const text = addressText(plans.get(endpoint.key));
    if (endpoint.address.kind !== "allocated" || text === undefined) continue;
    const edit = addItems(endpoint, "address", [text]);
    if (edit === undefined) left.push(endpoint.key);
    else {
      edits.push(...edit);
      pinned.push(endpoint.key);
    }
  }
  return { edits, pinned, left };
}

/** The addresses as a topology has them: one alone, several as a list, those of several members by member. */
function addressText(plan: EndpointPlan | undefined): string | undefined {
  const members = (plan?.members ?? []).filter(({ addresses }) => addresses.length > 0);
  const [only] = members;
  if (only === undefined) return undefined;
  if (members.length === 1) return listText(only.addresses);
  return `{ ${members.map(({ member, addresses }) => `${scalar(member)}: ${listText(addresses)}`).join(", ")} }`;
}

function listText(addresses: readonly { readonly text: string }[]): string {
  const texts = addresses.map(({ text }) => (text.includes(":") ? JSON.stringify(text) : text));
  return texts.length === 1 ? (texts[0] ?? "") : `[${texts.join(", ")}]`;
}
