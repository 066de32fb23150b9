import { publicNames } from "../../catalogue/expand.ts";
import { findServiceType } from "../../catalogue/service-types.ts";
import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { notApproved } from "../../explain/public-reason.ts";
import { containsAddress } from "../../net/cidr.ts";
import type { EndpointPlan } from "../../platform/allocate.ts";
import { spanAt } from "../../topology/model.ts";
import { effectOf } from "../effect.ts";
import type { Estate } from "../estate.ts";
import { mainName } from "../linked.ts";
import type { LintRule } from "../rule.ts";

/** Endpoints that lead nowhere: not let in, alone where clients need a second one, or where none can be. */
export const endpointsRule: LintRule = {
  codes: ["endpoint/not-approved", "endpoint/group-alone", "endpoint/address-inside-subnet"],
  check(estate, diagnostics) {
    for (const plan of estate.plans.values()) {
      if (plan.endpoint.connection !== "approved") reportNotApproved(estate, plan, diagnostics);
      reportGroupAlone(estate, plan, diagnostics);
      reportInsideSubnet(plan, diagnostics);
    }
  },
};

function reportNotApproved(
  estate: Estate,
  { endpoint, service, members }: EndpointPlan,
  diagnostics: Diagnostics,
): void {
  const { sentence, change } = notApproved(endpoint);
  const name = mainName(members.flatMap(({ names }) => names));
  const answer = name === undefined ? undefined : estate.ask({ kind: "servers-of", network: endpoint.network }, name);
  diagnostics.report("endpoint/not-approved", sentence, spanAt(endpoint, "connection"), {
    related: [{ message: `service ${service.key} is here`, span: service.span }],
    hint: change,
    ...(answer === undefined ? {} : { effect: effectOf(answer, endpoint.network) }),
  });
}

/** Groups whose clients use another one as well, and the one that they use: with it alone half of the calls go out in public. */
const NEEDS: ReadonlyMap<string, string> = new Map([
  ["azure/storage dfs", "blob"],
  ["azure/storage dfs_secondary", "blob_secondary"],
]);

function reportGroupAlone(estate: Estate, plan: EndpointPlan, diagnostics: Diagnostics): void {
  const { endpoint, service, group } = plan;
  const other = NEEDS.get(`${service.type} ${group?.name.toLowerCase() ?? ""}`);
  if (group === undefined || other === undefined || endpoint.connection !== "approved") return;
  const siblings = [...estate.plans.values()].filter((one) => one.service.key === service.key);
  if (siblings.some((one) => one.group?.name.toLowerCase() === other)) return;
  const message = `service ${service.key} has endpoint ${endpoint.key} for ${group.name}, and none for ${other}, which clients of ${group.name} call as well`;
  diagnostics.report("endpoint/group-alone", message, spanAt(endpoint, "group"), {
    related: [{ message: `service ${service.key} is here`, span: service.span }],
    hint: `add an endpoint of ${service.key} with group: ${other}, and the zone of its names`,
    ...effectOfGroup(estate, plan, other),
  });
}

/** What a client beside the endpoint gets for the name of the other group. */
function effectOfGroup(estate: Estate, { endpoint, service }: EndpointPlan, other: string): { effect?: string } {
  const type = findServiceType(service.type);
  const names = type === undefined ? [] : publicNames(type, service).names;
  const name = names.find(({ group }) => group.name.toLowerCase() === other)?.publicName;
  if (name === undefined) return {};
  return { effect: effectOf(estate.ask({ kind: "servers-of", network: endpoint.network }, name), endpoint.network) };
}

/** An endpoint for the provider's own interfaces has an address of its own, outside every subnet. */
function reportInsideSubnet({ endpoint, network, group }: EndpointPlan, diagnostics: Diagnostics): void {
  if (network.kind !== "gcp" || group !== undefined || endpoint.address.kind === "allocated") return;
  const declared =
    endpoint.address.kind === "each" ? endpoint.address.addresses : [...endpoint.address.members.values()].flat();
  for (const [name, subnet] of network.subnets) {
    const inside = declared.find((address) => containsAddress(subnet, address));
    if (inside === undefined) continue;
    const message = `endpoint ${endpoint.key} has ${inside.text} inside subnet ${name} of network ${network.key}, and Google Cloud wants it outside all subnets`;
    diagnostics.report("endpoint/address-inside-subnet", message, spanAt(endpoint, "address"), {
      related: [{ message: `subnet ${name} is here`, span: spanAt(network, `subnets.${name}`) }],
      hint: "give it an address that no subnet of the network has",
    });
    return;
  }
}
