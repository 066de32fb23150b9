import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { DeclaredResolver, Listener, Network } from "./model.ts";

/**
 * Says who answers at listeners that do not, where a topology has resolvers and no networks: the one resolver that asks for
 * others. With several of them a listener must name its own (SEMANTICS 24).
 */
export function withLoneResolver(
  listeners: readonly Listener[],
  networks: ReadonlyMap<string, Network>,
  resolvers: ReadonlyMap<string, DeclaredResolver>,
  diagnostics: Diagnostics,
): readonly Listener[] {
  const own = [...resolvers.values()].filter(({ external }) => !external);
  const [lone, second] = own;
  if (networks.size > 0 || lone === undefined) return listeners;
  return listeners.map((listener) => {
    const { network, resolver, serves, span } = listener;
    if (network !== undefined || resolver !== undefined || serves !== undefined) return listener;
    if (second === undefined) return { ...listener, resolver: lone.key };
    const names = own.map(({ key }) => key).join(", ");
    diagnostics.report("listener/needs-resolver", `there are no networks, and several resolvers: ${names}`, span, {
      hint: "name the one that answers here: { address: …, resolver: … }",
    });
    return listener;
  });
}
