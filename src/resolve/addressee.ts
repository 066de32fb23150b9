import type { Client } from "../snapshot/clients.ts";
import { INTERNET } from "../snapshot/compile.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Target } from "../topology/model.ts";
import type { Outcome } from "./resolution.ts";
import type { Addressee } from "./resolve.ts";
import { findTarget } from "./targets.ts";

/** Whom somebody asks, or how it ends where nobody can be asked. */
export type AddresseeOf =
  | { readonly kind: "addressee"; readonly addressee: Addressee }
  | { readonly kind: "ended"; readonly outcome: Outcome };

/** Whatever the client is configured to ask. */
export function stubOf(client: Client): Addressee {
  if (client.kind !== "network") return { kind: "servers-of" };
  return { kind: "servers-of", network: client.network, ...(client.host === undefined ? {} : { host: client.host }) };
}

/** Whom a client asks: its own servers, or one that it names, looked up from where it stands as a rule's target would be. */
export function addresseeOf(snapshot: Snapshot, client: Client, named: Target | undefined): AddresseeOf {
  if (client.kind === "ambiguous") {
    const reason = { kind: "ambiguous-client", networks: client.networks } as const;
    return { kind: "ended", outcome: { kind: "refused", reason } };
  }
  if (named === undefined) return { kind: "addressee", addressee: stubOf(client) };
  const found = findTarget(snapshot, named, client.kind === "network" ? client.network : undefined);
  switch (found.kind) {
    case "resolver":
      return { kind: "addressee", addressee: { kind: "resolver", key: found.resolver.key } };
    case "internet":
      return { kind: "addressee", addressee: { kind: "resolver", key: INTERNET } };
    case "servers":
      return { kind: "addressee", addressee: stubOf(client) };
    case "nobody":
      return { kind: "ended", outcome: { kind: "no-reply", reason: found.silence } };
  }
}
