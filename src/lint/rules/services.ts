import { publicNames } from "../../catalogue/expand.ts";
import { findServiceType } from "../../catalogue/service-types.ts";
import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { originOf } from "../../explain/verdict.ts";
import type { EndpointPlan } from "../../platform/allocate.ts";
import { type Service, spanAt } from "../../topology/model.ts";
import { effectOf } from "../effect.ts";
import type { Estate } from "../estate.ts";
import { mainName } from "../linked.ts";
import type { LintRule } from "../rule.ts";

/** The public door of a service: shut with nobody inside, or open beside the private one. */
export const servicesRule: LintRule = {
  codes: ["service/no-way-in", "service/open-in-public"],
  check(estate, diagnostics) {
    const plans = new Map<string, EndpointPlan>();
    for (const plan of estate.plans.values())
      if (plan.endpoint.connection === "approved" && !plans.has(plan.service.key)) plans.set(plan.service.key, plan);
    const withEndpoints = new Set([...estate.topology.endpoints.values()].map(({ service }) => service));
    for (const service of estate.topology.services.values()) {
      const plan = plans.get(service.key);
      if (plan !== undefined) reportOpen(service, plan, diagnostics);
      else if (!withEndpoints.has(service.key)) reportNoWayIn(estate, service, diagnostics);
    }
  },
};

/** Endpoints that are not approved are told by themselves. */
function reportNoWayIn(estate: Estate, service: Service, diagnostics: Diagnostics): void {
  const type = findServiceType(service.type); // What a provider runs for everybody has private names without an endpoint.
  if (type === undefined || service.publicNetworkAccess !== "disabled" || service.publicAlias === "always") return;
  const name = mainName(publicNames(type, service).names);
  const isUsed = estate.askers.some(
    ({ first }) => name !== undefined && originOf(estate.ask(servers(first), name)) === "private",
  );
  if (isUsed) return; // By a record that somebody keeps.
  const [asker] = estate.askers;
  const from = asker?.first ?? "internet";
  const addressee = asker === undefined ? ({ kind: "resolver", key: "internet" } as const) : servers(from);
  const message = `service ${service.key} has publicNetworkAccess disabled, and no endpoint leads to it: nobody can use it`;
  diagnostics.report("service/no-way-in", message, spanAt(service, "publicNetworkAccess"), {
    hint: `add an endpoint of ${service.key} where its clients are, or let publicNetworkAccess be enabled`,
    ...(name === undefined
      ? {}
      : { effect: `${effectOf(estate.ask(addressee, name), from)}, which refuses connections` }),
  });
}

function servers(network: string) {
  return { kind: "servers-of", network } as const;
}

/** Told only where somebody wrote that it is open, and to everybody: a model that does not say it may not know it. */
function reportOpen(service: Service, { endpoint }: EndpointPlan, diagnostics: Diagnostics): void {
  const isSaid = service.spans.has("publicNetworkAccess");
  if (service.publicNetworkAccess !== "enabled" || !isSaid || service.allow.length > 0) return;
  const message = `service ${service.key} has an endpoint, and its public door is open to everybody all the same`;
  diagnostics.report("service/open-in-public", message, spanAt(service, "publicNetworkAccess"), {
    related: [{ message: `endpoint ${endpoint.key} is here`, span: endpoint.span }],
    hint: "let publicNetworkAccess be disabled, or list who may come in under allow",
  });
}
