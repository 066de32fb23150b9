import { findProviderService } from "../catalogue/provider-services.ts";
import { findServiceType } from "../catalogue/service-types.ts";
import { suggestServiceTypes } from "../catalogue/suggest.ts";
import { choiceOf, ObjectReader } from "./_object-reader.ts";
import { type Declaration, nameInKey, type Reading } from "./_reading.ts";
import { readAddress, readCidr, readDomain, readTtl, readWord } from "./_scalars.ts";
import type { Written } from "./_value.ts";
import type { PublicAlias, Service } from "./model.ts";

/** A reader of when a public alias exists. */
export const readPublicAlias = choiceOf("always", "whenApproved", "whenAny", "never");

/** Reads a service; `undefined` when it has no type that the catalogue knows. */
export function readService(declaration: Declaration, assumed: PublicAlias, reading: Reading): Service | undefined {
  const { key, span } = declaration;
  const reader = new ObjectReader("service", { ...declaration, what: `service ${key}` }, reading.diagnostics);
  const type = reader.one("type", (text) => readType(text, reading));
  const location = reader.one("location", readWord);
  const ttl = reader.one("ttl", readTtl);
  const id = reader.one("id", readWord);
  const read: Omit<Service, "type"> = {
    key,
    span,
    name: reader.one("name", readWord) ?? nameInKey(key),
    replicas: reader.many("replicas", readWord),
    parameters: reader.record("parameters", readWord),
    names: reader.record("names", readDomain),
    chain: reader.many("chain", readDomain),
    addresses: reader.many("address", readAddress),
    publicNetworkAccess: reader.one("publicNetworkAccess", choiceOf("enabled", "disabled")) ?? "enabled",
    allow: reader.many("allow", readCidr),
    publicAlias: reader.one("publicAlias", readPublicAlias) ?? assumed,
    spans: reader.spans,
    ...(location === undefined ? {} : { location }),
    ...(ttl === undefined ? {} : { ttl }),
    ...(id === undefined ? {} : { id }),
  };
  return type === undefined ? undefined : { ...read, type };
}

function readType({ text, span }: Written, { diagnostics }: Reading): string | undefined {
  const type = findServiceType(text) ?? findProviderService(text);
  if (type !== undefined) return type.id;
  const near = suggestServiceTypes(text);
  const hint = near.length === 0 ? {} : { hint: `did you mean ${near.join(" or ")}?` };
  diagnostics.report("service/unknown-type", `${text} is no type of service in the catalogue`, span, hint);
  return undefined;
}
