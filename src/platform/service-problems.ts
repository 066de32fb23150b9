import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { type Service, spanAt } from "../topology/model.ts";

/** Says why a service, or one member of it, has no public names; the same sentence whoever finds it first. */
export function reportNoNames(
  service: Service,
  { problem, member }: { readonly problem: string; readonly member?: string },
  diagnostics: Diagnostics,
): void {
  const span = member === undefined ? service.span : spanAt(service, `names.${member}`);
  diagnostics.report("service/no-names", `service ${service.key} cannot be named: ${problem}`, span);
}
