import type { DomainName } from "../name/domain-name.ts";
import { displayName } from "../name/name-text.ts";
import type { SourceSpan } from "../source/source-file.ts";
import type { Network } from "../topology/model.ts";
import type { Easel } from "./picture.ts";

/** The machines of a network that have its DNS servers. */
export function clientsNode(easel: Easel, { key, span }: Network): string {
  return easel.node("clients", key, [`clients of ${key}`], { group: easel.groupOf(key), span });
}

/** A private zone, by its key; its name stands first, for that is what people look for. */
export function zoneNode(easel: Easel, key: string, name: DomainName, span: SourceSpan): string {
  const shown = displayName(name);
  return easel.node("zone", key, key === shown ? [shown] : [shown, key], { span });
}

/** Public data and whatever real servers know: what is not in the model's private zones. */
export function internetNode(easel: Easel): string {
  return easel.node("public", "internet", ["the internet", "public data"]);
}

/** The names that a rule is for. */
export function domainWords(domain: DomainName): string {
  return domain.labels.length === 0 ? "every other name" : displayName(domain);
}
