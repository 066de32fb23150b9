import type { DomainName } from "../../name/domain-name.ts";
import { formatName } from "../../name/name-text.ts";
import type { SourceSpan } from "../../source/source-file.ts";
import {
  type Draft,
  type DraftNetwork,
  type DraftRecords,
  type DraftResolver,
  type DraftRule,
  type DraftTarget,
  type DraftZone,
  EMPTY_DRAFT,
  type Origin,
  type Unmapped,
} from "../draft.ts";
import { claimsOfViews, type ViewClients } from "./_view-claims.ts";

/** A view of a server: who sees it, its zones and its rules. */
export interface FoundView {
  readonly name: string;
  readonly origin: Origin;
  readonly clients: ViewClients;
  readonly zones: readonly FoundZone[];
  readonly rules: readonly FoundRule[];
}

export interface FoundZone {
  readonly apex: DomainName;
  /** What tells whether two views see one zone: its file. */
  readonly source: string;
  readonly origin: Origin;
  readonly notes?: readonly string[];
  readonly records: readonly DraftRecords[];
}

export interface FoundRule {
  readonly domain: DomainName;
  readonly servers: readonly FoundServer[];
  readonly origin: Origin;
}

/** A real server: `10.0.0.4` or `10.0.0.4:5353`, perhaps asked over TLS by the name of its certificate. */
export interface FoundServer {
  readonly address: string;
  readonly tls?: string;
}

/**
 * What a server's views are in a model: a network for each, by address, zones linked to those that see them, and a ruleset
 * for each that has rules, looked at together with the zones: the longest of both answers, as in these servers.
 */
export function draftOfViews(views: readonly FoundView[], unmapped: readonly Unmapped[]): Draft {
  const networks = networksOf(views);
  const ids = networks.drafts.map(({ id }) => id);
  const zones = new Map<string, DraftZone>();
  const resolvers = new Map<string, DraftResolver>();
  for (const [i, { name, zones: own, rules }] of views.entries()) {
    const network = ids[i] ?? name;
    for (const zone of own) {
      const id = `${formatName(zone.apex).toLowerCase()} ${zone.source}`;
      const before = zones.get(id);
      const links = [...(before?.links ?? []), { network }];
      const { apex, origin, records, notes = [] } = zone;
      zones.set(
        id,
        before === undefined
          ? { id, name: zoneName(apex), scope: [name], apex, origin, records, links, notes }
          : { ...before, links },
      );
    }
    for (const { servers, origin } of rules) {
      for (const { address, tls } of servers) {
        const id = serverId({ address, ...(tls === undefined ? {} : { tls }) });
        if (!resolvers.has(id))
          resolvers.set(id, {
            id,
            name: `dns-${address.replace(/[^\w.-]/g, "-")}`,
            network,
            address: [address],
            external: true,
            origin,
            ...(tls === undefined ? {} : { tls }),
          });
      }
    }
  }
  const rulesets = views.flatMap(({ name, origin, rules }, i) =>
    rules.length === 0
      ? []
      : [
          {
            id: name,
            name: `${name}-forwarding`,
            origin,
            links: [ids[i] ?? name],
            order: "with-zones" as const,
            forward: rules.map(draftRule),
          },
        ],
  );
  return {
    ...EMPTY_DRAFT,
    networks: networks.drafts,
    zones: [...zones.values()],
    resolvers: [...resolvers.values()],
    rulesets,
    unmapped: [...unmapped, ...networks.unmapped],
  };
}

function zoneName(apex: DomainName): string {
  return apex.labels.length === 0 ? "." : formatName(apex).slice(0, -1);
}

function draftRule({ domain, servers, origin }: FoundRule): DraftRule {
  const to = servers.map((server): DraftTarget => ({ kind: "resolver", id: serverId(server) }));
  return { domain, to, origin };
}

function serverId({ address, tls = "" }: FoundServer): string {
  return `${tls}@${address}`;
}

function networksOf(views: readonly FoundView[]): { drafts: readonly DraftNetwork[]; unmapped: readonly Unmapped[] } {
  const claims = claimsOfViews(views.map(({ clients }) => clients));
  const drafts = views.map(({ name, origin }, i): DraftNetwork => {
    const prefixes = claims.filter(({ view }) => view === i).map(({ cidr }) => cidr.text);
    return { id: name, name: isReserved(name) ? `${name}-clients` : name, origin, kind: "generic", prefixes };
  });
  const refused = claims.filter(({ view }) => view === undefined).map(({ cidr }) => cidr.text);
  const [first] = views;
  if (refused.length === 0 || first === undefined) return { drafts, unmapped: [] };
  const reason = `nobody is answered in ${refused.join(", ")}, which lies in prefixes of a view: here that view answers`;
  return { drafts, unmapped: [{ kind: "partial", what: "match-clients", origin: first.origin, reason }] };
}

/** Words of a topology that are no network's. */
function isReserved(name: string): boolean {
  return ["internet", "platform", "all", "network"].includes(name.toLowerCase());
}

/** Something of a configuration that the model does not have. */
export function leftOut(what: string, text: string, place: SourceSpan, reason: string): Unmapped {
  return { kind: "left-out", what, origin: { text, place }, reason };
}

/** Something that the model has only part of. */
export function partly(what: string, text: string, place: SourceSpan, reason: string): Unmapped {
  return { kind: "partial", what, origin: { text, place }, reason };
}
