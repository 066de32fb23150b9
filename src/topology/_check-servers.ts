import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { type AddressPort, formatAddressPort, isLoopback } from "../net/address.ts";
import type { SourceSpan } from "../source/source-file.ts";
import { type DeclaredResolver, type Listener, type PublicData, spanAt } from "./model.ts";

/** Reports real servers that are privlink itself: every question to them would come back. */
export function checkServers(
  resolvers: ReadonlyMap<string, DeclaredResolver>,
  { upstream }: PublicData,
  listeners: readonly Listener[],
  diagnostics: Diagnostics,
): void {
  const check = (what: string, at: AddressPort, span: SourceSpan): void => {
    const listener = listeners.find((one) => isListening(one.at, at));
    if (listener === undefined) return;
    const message = `${what} is asked at ${formatAddressPort(at)}, where privlink itself listens: it would ask itself`;
    diagnostics.report("resolver/is-itself", message, span, {
      related: [{ message: "it listens here", span: listener.span }],
      hint: "give the server's own address, or listen elsewhere",
    });
  };
  for (const resolver of resolvers.values()) {
    if (!resolver.external) continue;
    for (const [i, at] of resolver.addresses.entries())
      check(`resolver ${resolver.key}`, at, spanAt(resolver, `address[${i}]`));
  }
  for (const target of upstream) if (target.kind === "address") check("an upstream", target.at, target.span);
}

/** Whether a listener is surely at an address: of a wildcard only loopback is known to be. */
function isListening(listener: AddressPort, { address, port }: AddressPort): boolean {
  if (listener.port !== port) return false;
  if (listener.address.text === address.text) return true;
  const isWildcard = listener.address.octets.every((octet) => octet === 0);
  return isWildcard && listener.address.family === address.family && isLoopback(address);
}
