import { publicNames, type ServiceInputs } from "../../catalogue/expand.ts";
import { findGroup, findServiceType, type ServiceType, serviceTypes } from "../../catalogue/service-types.ts";
import { foldLabel } from "../../name/domain-name.ts";
import { parseCidr } from "../../net/cidr.ts";
import type { DraftService } from "../draft.ts";
import { type AzureResource, foldId, readId, scopeOf } from "./azure-resource.ts";
import type { Estate } from "./estate.ts";
import { fieldOf, itemsOf, textOf, unknownIn } from "./value.ts";

/** A service that an endpoint leads to, or why it leads to none. */
export type ReferredService =
  | { readonly kind: "service"; readonly service: DraftService; readonly type: ServiceType }
  | { readonly kind: "problem"; readonly reason: string };

/** The services of the catalogue among the resources, and those that endpoints name. */
export class Services {
  private readonly estate: Estate;
  private readonly byId = new Map<string, DraftService>();

  constructor(estate: Estate) {
    this.estate = estate;
  }

  /**
   * The service of a connection, with the type that has the group; one that is not among the resources is made of its id.
   * `regions` are those that its endpoint has addresses for.
   */
  refer(id: string, group: string | undefined, by: AzureResource, regions: readonly string[]): ReferredService {
    const known = this.byId.get(foldId(id));
    const type = typeOf(readId(id)?.type ?? "", group);
    if (type === undefined)
      return { kind: "problem", reason: `the catalogue has no type for ${readId(id)?.type ?? id}` };
    const found = known?.type === type.id ? known : this.draftOf(id, type, by);
    if (typeof found === "string") return { kind: "problem", reason: found };
    const further = regions.map(plainRegion).filter((region) => region !== undefined && region !== found.location);
    const replicas = new Set([...(found.replicas ?? []), ...further.filter((region) => region !== undefined)]);
    const service = { ...found, replicas: [...replicas].sort() };
    this.byId.set(foldId(id), service);
    return { kind: "service", service, type };
  }

  /** All of them: services that no endpoint leads to have public names all the same. */
  drafts(): DraftService[] {
    for (const resource of this.estate.all()) {
      const type = findServiceType(resource.type);
      if (type === undefined || this.byId.has(foldId(resource.id)) || !type.resourceType.includes("/")) continue;
      const service = this.draftOf(resource.id, type, resource);
      if (typeof service === "string") this.estate.leaveOut(resource, service);
      else this.byId.set(foldId(resource.id), service);
    }
    return [...this.byId.values()];
  }

  /** The sentence why it cannot be one where no public name can be made for it. */
  private draftOf(id: string, type: ServiceType, by: AzureResource): DraftService | string {
    const resource = this.estate.get(id);
    const names = resource?.names ?? readId(id)?.names ?? [];
    const name = names.at(-1) ?? "";
    const location = plainRegion(resource?.location ?? (resource === undefined ? by.location : undefined));
    const replicas = resource === undefined ? [] : this.replicasOf(resource, location);
    const inputs: ServiceInputs = {
      name,
      replicas,
      parameters: new Map(),
      names: new Map(),
      ...(location === undefined ? {} : { location }),
    };
    const made = publicNames(type, inputs);
    const [problem] = made.problems;
    if (made.names.length === 0) return `its public names cannot be made: ${problem?.problem ?? `${type.id} has none`}`;
    if (resource !== undefined) this.estate.claim(resource);
    const note = "it is only named here, and not among what was imported: its location is the endpoint's";
    return {
      id: foldId(id),
      name,
      scope: scopeOf(id),
      origin: (resource ?? by).origin,
      notes: resource === undefined ? [note] : [],
      type: type.id,
      replicas,
      platformId: id,
      ...(location === undefined ? {} : { location }),
      ...(resource === undefined ? {} : this.doorOf(resource)),
    };
  }

  private replicasOf(registry: AzureResource, home: string | undefined): string[] {
    const own = this.estate
      .ofType(`${registry.type}/replications`)
      .filter((one) => foldId(one.id).startsWith(`${foldId(registry.id)}/`));
    for (const one of own) this.estate.claim(one);
    const inline = itemsOf(fieldOf(registry.body, "georeplications"));
    const regions = [
      ...own.map((one) => plainRegion(one.location ?? one.names.at(-1))),
      ...inline.map((one) => plainRegion(textOf(fieldOf(one, "location")))),
    ].filter((region) => region !== undefined && region !== home);
    return [...new Set(regions.filter((region) => region !== undefined))].sort();
  }

  /** Whether its public door is open, and to whom. */
  private doorOf(resource: AzureResource): Pick<DraftService, "publicNetworkAccess" | "allow"> {
    const access = fieldOf(resource.body, "publicNetworkAccess");
    if (access?.kind === "unknown")
      this.estate.partial(resource, `whether its public access is open is not known: ${access.reason}`);
    if (foldLabel(textOf(access) ?? "") === "disabled") return { publicNetworkAccess: "disabled" };
    const rules = fieldOf(resource.body, "networkAcls") ?? fieldOf(resource.body, "networkRuleSet");
    if (foldLabel(textOf(fieldOf(rules, "defaultAction")) ?? "") !== "deny") return {};
    const unknown = unknownIn(rules);
    if (unknown !== undefined) this.estate.partial(resource, `its network rules are not all known: ${unknown.reason}`);
    const allow = itemsOf(fieldOf(rules, "ipRules")).flatMap((rule) => {
      const parsed = parseCidr(
        textOf(fieldOf(rule, "value")) ?? textOf(fieldOf(rule, "ipAddressOrRange")) ?? textOf(rule) ?? "",
      );
      return parsed.kind === "cidr" ? [parsed.cidr.text] : [];
    });
    return allow.length === 0 ? { publicNetworkAccess: "disabled" } : { allow };
  }
}

/** The type of the catalogue: of those with the platform's name the one that has the group. */
function typeOf(resourceType: string, group: string | undefined): ServiceType | undefined {
  const folded = foldLabel(resourceType);
  const same = serviceTypes().filter((type) => foldLabel(type.resourceType) === folded);
  return same.find((type) => group !== undefined && findGroup(type, group) !== undefined) ?? same[0];
}

/** `West Europe` as `westeurope`. */
export function plainRegion(location: string | undefined): string | undefined {
  return location === undefined ? undefined : location.replace(/\s+/g, "").toLowerCase();
}
