import type { DomainName } from "../../name/domain-name.ts";
import { ROOT } from "../../name/domain-name.ts";
import { parseName } from "../../name/name-text.ts";
import type { DraftEndpoint, DraftLink, DraftPublicZone, DraftRecords, DraftZone } from "../draft.ts";
import type { Networks } from "./_networks.ts";
import { RECORD_TYPES, readRecordSet } from "./_record-sets.ts";
import { type AzureResource, foldId, parentId, readId, scopeOf } from "./azure-resource.ts";
import type { Estate } from "./estate.ts";
import { booleanOf, fieldOf, ownField, textOf } from "./value.ts";

const ZONE = "Microsoft.Network/privateDnsZones";

interface Growing {
  readonly apex: DomainName;
  readonly name: string;
  readonly source: AzureResource | undefined;
  readonly origin: DraftZone["origin"];
  readonly notes: string[];
  readonly links: DraftLink[];
}

/** Private zones with their links and records. Grows: endpoints may name further zones. */
export class Zones {
  private readonly estate: Estate;
  private readonly networks: Networks;
  private readonly byId = new Map<string, Growing>();

  constructor(estate: Estate, networks: Networks) {
    this.estate = estate;
    this.networks = networks;
    for (const resource of estate.ofType(ZONE)) {
      const apex = zoneName(resource.names.at(-1));
      if (apex === undefined) estate.leaveOut(resource, `${resource.names.at(-1)} is no name of a zone`);
      else {
        estate.claim(resource);
        this.grow(resource.id, apex, resource.names.at(-1) ?? "", resource, resource);
      }
    }
    for (const link of estate.ofType(`${ZONE}/virtualNetworkLinks`)) this.addLink(link);
  }

  /** The id of a zone that something refers to; one that is not among the resources is made of its identifier. */
  refer(id: string, by: AzureResource): string | undefined {
    return this.named(id, by) === undefined ? undefined : foldId(id);
  }

  /**
   * Reads the records. What an endpoint wrote is the endpoint's to write again, and so are machines: they are in the model
   * by what made them.
   */
  drafts(endpoints: readonly DraftEndpoint[]): DraftZone[] {
    const written = new Map<string, DraftRecords[]>();
    for (const type of RECORD_TYPES) {
      for (const resource of this.estate.ofType(`${ZONE}/${type}`)) {
        const zone = this.named(parentId(resource.id), resource);
        if (zone === undefined) {
          this.estate.leaveOut(resource, "its zone has no name");
          continue;
        }
        const maker = this.makerOf(resource, endpoints);
        if (maker !== undefined) {
          this.estate.claim(resource);
          zone.notes.push(`${resource.names.at(-1)} ${type} is written by ${maker}`);
          continue;
        }
        const records = recordsOf(this.estate, resource, zone.apex);
        if (records !== undefined) {
          const id = parentId(resource.id);
          written.set(id, [...(written.get(id) ?? []), records]);
        }
      }
    }
    return [...this.byId].map(([id, { apex, name, source, origin, notes, links }]) => ({
      id,
      name,
      scope: scopeOf(source?.id ?? id),
      origin,
      notes: notes.sort(),
      apex,
      records: written.get(id) ?? [],
      links,
      ...(source === undefined ? {} : { platformId: source.id }),
    }));
  }

  private makerOf(resource: AzureResource, endpoints: readonly DraftEndpoint[]): string | undefined {
    const creator = textOf(ownField(fieldOf(resource.body, "metadata"), "creator"));
    const endpoint = /^created by private endpoint (\S+)/.exec(creator ?? "")?.[1];
    const isWritten = endpoints.some(
      ({ name, privateDns = [] }) => name === endpoint && privateDns.includes(parentId(resource.id)),
    );
    if (isWritten) return `the endpoint ${endpoint}`;
    if (booleanOf(fieldOf(resource.body, "isAutoRegistered")) !== true) return undefined;
    const name = resource.names.at(-1) ?? "";
    return this.networks.hostNames().has(name.toLowerCase()) ? "registration" : undefined;
  }

  private addLink(link: AzureResource): void {
    const { estate } = this;
    const zone = this.named(parentId(link.id), link);
    const target = fieldOf(link.body, "virtualNetwork", "id");
    const network = textOf(target);
    if (zone === undefined) return estate.leaveOut(link, "its zone has no name");
    if (network === undefined) {
      const why = target?.kind === "unknown" ? `: ${target.reason}` : "";
      return estate.leaveOut(link, `the network that it links is not known${why}`);
    }
    estate.claim(link);
    const id = this.networks.refer(network, link);
    if (zone.links.some((one) => one.network === id))
      return estate.partial(link, "the zone is linked to this network already");
    const registration = fieldOf(link.body, "registrationEnabled");
    if (registration?.kind === "unknown") estate.partial(link, `registration is not known: ${registration.reason}`);
    const state = textOf(fieldOf(link.body, "virtualNetworkLinkState"));
    zone.links.push({
      network: id,
      origin: link.origin,
      name: link.names.at(-1) ?? "",
      registration: booleanOf(registration) === true,
      ...(textOf(fieldOf(link.body, "resolutionPolicy")) === "NxDomainRedirect" ? { onMiss: "internet" as const } : {}),
      ...(state === "InProgress" ? { state: "inProgress" as const } : {}),
    });
  }

  private named(id: string, by: AzureResource): Growing | undefined {
    const found = this.byId.get(foldId(id));
    if (found !== undefined) return found;
    const name = readId(id)?.names[0];
    const apex = zoneName(name);
    if (apex === undefined) return undefined;
    const made = this.grow(id, apex, name ?? "", undefined, by);
    made.notes.push(
      "it is only named here, and not among what was imported: its links and other records are not known",
    );
    this.estate.partial(by, `the zone ${id} is not among what was imported: its links are not known`);
    return made;
  }

  private grow(
    id: string,
    apex: DomainName,
    name: string,
    source: AzureResource | undefined,
    by: AzureResource,
  ): Growing {
    const made: Growing = { apex, name, source, origin: by.origin, notes: [], links: [] };
    this.byId.set(foldId(id), made);
    return made;
  }
}

/** Public zones of the estate: what the internet says of its own domains. */
export function mapPublicZones(estate: Estate): DraftPublicZone[] {
  const zones = new Map<
    string,
    { apex: DomainName; records: DraftRecords[]; origin: DraftPublicZone["origin"]; notes: string[] }
  >();
  const add = (id: string, name: string | undefined, by: AzureResource, notes: string[]) => {
    const apex = zoneName(name);
    if (apex !== undefined && !zones.has(foldId(id)))
      zones.set(foldId(id), { apex, records: [], origin: by.origin, notes });
    return zones.get(foldId(id));
  };
  for (const resource of estate.ofType("Microsoft.Network/dnsZones")) {
    const zone = add(resource.id, resource.names.at(-1), resource, []);
    if (zone === undefined) estate.leaveOut(resource, `${resource.names.at(-1)} is no name of a zone`);
    else estate.claim(resource);
  }
  for (const type of RECORD_TYPES) {
    for (const resource of estate.ofType(`Microsoft.Network/dnsZones/${type}`)) {
      const note = "the zone itself is not among what was imported";
      const zone = add(parentId(resource.id), resource.names[0], resource, [note]);
      if (zone === undefined) estate.leaveOut(resource, "its zone has no name");
      const records = zone === undefined ? undefined : recordsOf(estate, resource, zone.apex);
      if (records !== undefined) zone?.records.push(records);
    }
  }
  return [...zones.values()];
}

function recordsOf(estate: Estate, resource: AzureResource, apex: DomainName): DraftRecords | undefined {
  const read = readRecordSet(resource, apex);
  if (read.kind === "problem") {
    estate.leaveOut(resource, read.reason);
    return undefined;
  }
  estate.claim(resource);
  for (const wrong of read.wrong) estate.partial(resource, wrong);
  return read.records;
}

function zoneName(text: string | undefined): DomainName | undefined {
  const parsed = parseName(text ?? "", ROOT, "unicode");
  return parsed.kind === "name" && parsed.name.labels.length > 0 ? parsed.name : undefined;
}
