import { findProviderService, type ProviderService, providerServices } from "../catalogue/provider-services.ts";
import { findServiceType } from "../catalogue/service-types.ts";
import { nearest } from "../name/nearest.ts";
import type { Reading } from "./_reading.ts";
import { someOf } from "./_some-of.ts";
import type { Written } from "./_value.ts";
import type { Service } from "./model.ts";

/** The service that `TYPE@LOCATION` means, with no more than its type and location; what is none is reported. */
export function providerRun({ text, span }: Written, reading: Reading): Service | undefined {
  const at = text.indexOf("@");
  const type = typeOf({ text: text.slice(0, at), span }, reading);
  const location = text.slice(at + 1).toLowerCase();
  if (type === undefined) return undefined;
  return {
    key: `${type.id}@${location}`,
    span,
    spans: new Map(),
    name: type.id,
    type: type.id,
    location,
    replicas: [],
    parameters: new Map(),
    names: new Map(),
    chain: [],
    addresses: [],
    publicNetworkAccess: "enabled",
    allow: [],
    publicAlias: "never",
  };
}

function typeOf({ text, span }: Written, { diagnostics }: Reading): ProviderService | undefined {
  const type = findProviderService(text);
  if (type !== undefined) return type;
  if (findServiceType(text) !== undefined) {
    const message = `${text} is no service that its provider runs for everybody`;
    diagnostics.report("service/unknown", message, span, { hint: "declare one under services, and name it here" });
    return undefined;
  }
  const ids = providerServices().map(({ id }) => id);
  const near = nearest(text, ids);
  const hint = near === undefined ? `there are ${someOf(ids, ids.length)}` : `did you mean ${near}?`;
  diagnostics.report("service/unknown-type", `${text} is no type of service in the catalogue`, span, { hint });
  return undefined;
}
