import { type DomainName, foldLabel, isAtOrBelow, sameName } from "../name/domain-name.ts";
import { knownName } from "../name/name-text.ts";
import { hasLocation, locationsOf, providerServices, publishedIn } from "./provider-services.ts";

/**
 * Names of providers' services at or below a domain, wildcards left out. Services that are everywhere count where something
 * of the model is.
 */
export function knownNamesBelow(domain: DomainName, locations: Iterable<string>): readonly DomainName[] {
  if (!TOPS.has(topOf(domain))) return [];
  const given = [...locations];
  const names = new Map<string, DomainName>();
  for (const service of providerServices()) {
    if (!service.published.some(({ name }) => couldBeBelow(name, domain))) continue;
    const places = locationsOf(service) ?? given.filter((location) => hasLocation(service, location));
    for (const { name } of places.flatMap((location) => publishedIn(service, location))) {
      if (name.labels[0] !== "*" && isAtOrBelow(name, domain)) names.set(name.key, name);
    }
  }
  return [...names.values()];
}

/** A first look that makes no names: the last labels of a template are never placeholders. */
function couldBeBelow(template: string, domain: DomainName): boolean {
  const last = template.split(".").slice(-domain.labels.length);
  return last.length === domain.labels.length && domain.labels.every((label, i) => fits(last[i] ?? "", label));
}

function fits(template: string, label: string): boolean {
  return template.includes("{") || template === foldLabel(label);
}

/** The service of which everybody has hosts of their own right below a domain; `undefined`: there is none. */
export function hostsBelow(domain: DomainName): string | undefined {
  if (!TOPS.has(topOf(domain))) return undefined;
  return providerServices().find(({ published, endpoint }) => {
    const wild = [...published.map(({ name }) => name), ...endpoint.publishes.map(({ name }) => name)];
    return wild.some((name) => {
      const [head = "", ...rest] = name.split(".");
      return (head === "*" || head.includes("{")) && isNamed(domain, rest);
    });
  })?.title;
}

function isNamed(domain: DomainName, template: readonly string[]): boolean {
  if (template.some((label) => label.includes("{")))
    return (
      template.length === domain.labels.length && template.every((label, i) => fits(label, domain.labels[i] ?? ""))
    );
  return sameName(domain, knownName(template.join(".")));
}

/** Most zones are below none of them: the last label says so at once. */
const TOPS: ReadonlySet<string> = new Set(
  providerServices().flatMap(({ published, endpoint }) =>
    [...published, ...endpoint.publishes].map(({ name }) => name.slice(name.lastIndexOf(".") + 1)),
  ),
);

function topOf({ labels }: DomainName): string {
  return foldLabel(labels.at(-1) ?? "");
}
