import { displayName, formatName } from "../name/name-text.ts";
import { byCodeUnits, fileName, isList, mapTree, membersOf, section, tail, textsTree } from "./_draft-trees.ts";
import { type GivenKeys, giveKeys } from "./_keys-given.ts";
import { type Branch, formatYaml, type List, objectTree, type Tree } from "./_yaml-tree.ts";
import type {
  Draft,
  DraftEndpoint,
  Drafted,
  DraftHost,
  DraftListener,
  DraftNetwork,
  DraftPublicZone,
  DraftResolver,
  DraftRule,
  DraftRuleset,
  DraftService,
  DraftTarget,
  DraftZone,
  Origin,
  Unmapped,
} from "./draft.ts";
import { originText } from "./origin-text.ts";
import { formatZoneText } from "./zone-text.ts";

/** What a draft is as files, and what could not be written. */
export interface WrittenDraft {
  /** Texts by path, relative to the folder they belong in; the topology first. */
  readonly files: ReadonlyMap<string, string>;
  /** What the draft did not map, and references that lead out of it. */
  readonly unmapped: readonly Unmapped[];
  /** Parts whose key is not their name, each a sentence without a full stop. */
  readonly renamed: readonly { readonly origin: Origin; readonly sentence: string }[];
}

/** Where the topology is written. */
export const TOPOLOGY_PATH = "privlink.yaml";
const PUBLIC_FOLDER = "zones/public";

/**
 * Writes a draft as `privlink.yaml` and zone files. The same draft gives the same texts, and the order of its parts does
 * not matter: keys are sorted, and stand in the order of the table of keys. Above each part stands where it came from.
 * `head` opens the topology, as comments; its first line opens each zone file.
 */
export function writeDraft(draft: Draft, head: readonly string[]): WrittenDraft {
  return new DraftWriter(draft, head).write();
}

/** A cursor over the parts of one draft: it knows their keys, and collects references to what is not there. */
class DraftWriter {
  private readonly draft: Draft;
  private readonly head: readonly string[];
  private readonly given: Readonly<
    Record<"networks" | "zones" | "rulesets" | "resolvers" | "services" | "endpoints", GivenKeys>
  >;
  private readonly files = new Map<string, string>();
  private readonly lost: Unmapped[] = [];

  constructor(whole: Draft, head: readonly string[]) {
    this.head = head;
    const draft = this.grounded(whole);
    this.draft = draft;
    this.given = {
      networks: giveKeys("networks", draft.networks),
      zones: giveKeys("zones", draft.zones),
      rulesets: giveKeys("rulesets", draft.rulesets),
      resolvers: giveKeys("resolvers", draft.resolvers),
      services: giveKeys("services", draft.services),
      endpoints: giveKeys("endpoints", draft.endpoints),
    };
  }

  write(): WrittenDraft {
    const { draft, given, head } = this;
    this.files.set(TOPOLOGY_PATH, ""); // Keeps its place in front of the zone files.
    const root = objectTree("topology", {
      networks: section(draft.networks, given.networks.keys, (part) => this.network(part)),
      zones: section(draft.zones, given.zones.keys, (part, key) => this.zone(part, key)),
      rulesets: section(draft.rulesets, given.rulesets.keys, (part) => this.ruleset(part)),
      resolvers: section(draft.resolvers, given.resolvers.keys, (part) => this.resolver(part)),
      services: section(draft.services, given.services.keys, (part, key) => this.service(part, key)),
      endpoints: section(draft.endpoints, given.endpoints.keys, (part) => this.endpoint(part)),
      public: this.publicTree(),
      listen: this.listen(),
    });
    this.files.set(TOPOLOGY_PATH, formatYaml(root, head));
    const renamed = Object.values(given).flatMap((one) =>
      one.renamed.map(({ part, key, why }) => ({ origin: part.origin, sentence: `its key is ${key}: ${why}` })),
    );
    return { files: this.files, unmapped: [...draft.unmapped, ...this.lost], renamed };
  }

  /** The draft without parts that could not stand anywhere: an endpoint of nothing in no network is none. */
  private grounded(draft: Draft): Draft {
    const networks = new Set(draft.networks.map(({ id }) => id));
    const services = new Set(draft.services.map(({ id }) => id));
    const keep = (what: string, part: Drafted, network: string | undefined, service?: string): boolean => {
      const missing =
        network !== undefined && !networks.has(network)
          ? `its network ${network}`
          : service !== undefined && !services.has(service)
            ? `its service ${service}`
            : undefined;
      if (missing === undefined) return true;
      const reason = `${missing} is not among what was imported`;
      this.lost.push({ kind: "left-out", what, origin: part.origin, reason });
      return false;
    };
    return {
      ...draft,
      resolvers: draft.resolvers.filter((part) => keep("resolver", part, part.network)),
      endpoints: draft.endpoints.filter((part) => keep("endpoint", part, part.network, part.service)),
    };
  }

  private network(part: DraftNetwork): Branch {
    const own = this.given.networks.keys.get(part.id);
    const peers = this.references(part, "networks", part.peers ?? [], "a peer").filter((key) => key !== own);
    return objectTree("network", {
      kind: part.kind,
      location: part.location,
      prefixes: part.prefixes,
      clients: part.clients,
      subnets: mapTree((part.subnets ?? []).map(({ name, prefix }) => ({ key: name, value: prefix }))),
      dns: this.targets(part, part.dns ?? []),
      forward: this.rules(part, part.forward ?? []),
      peers: peers.sort(byCodeUnits),
      transit: part.transit === true ? true : undefined,
      egress: part.egress === false ? false : undefined,
      hosts: mapTree((part.hosts ?? []).map((host) => ({ key: host.name, value: this.host(part, host) }))),
      id: part.platformId,
    });
  }

  private host(part: DraftNetwork, { address, dns = [], clients = [], registered }: DraftHost): Tree {
    const [only] = address;
    const isBare = dns.length === 0 && clients.length === 0 && registered !== false && address.length === 1;
    if (isBare && only !== undefined) return only;
    return objectTree("host", {
      address,
      dns: this.targets(part, dns),
      clients,
      registered: registered === false ? false : undefined,
    });
  }

  private zone(part: DraftZone, key: string): Branch {
    const name = displayName(part.apex);
    const path = part.records.length === 0 ? undefined : this.zoneFile(`zones/${fileName(key)}`, part);
    const links = part.links.flatMap((link) => {
      const [network] = this.references(part, "networks", [link.network], "a link");
      if (network === undefined) return [];
      const { onMiss, state, registration } = link;
      const isBare = onMiss === undefined && registration !== true && state !== "inProgress" && link.name === undefined;
      const value: Tree = isBare
        ? network
        : objectTree("link", {
            network,
            onMiss,
            registration: registration === true ? true : undefined,
            state: state === "inProgress" ? state : undefined,
            name: link.name,
          });
      return [{ sort: network, value, comments: link.origin === undefined ? [] : [originText(link.origin)] }];
    });
    links.sort((a, b) => byCodeUnits(a.sort, b.sort));
    return objectTree("zone", {
      name: tail(key).toLowerCase() === name.toLowerCase() ? undefined : name,
      file: path,
      links: links.length === 0 ? undefined : { kind: "list", items: links },
      onMiss: part.onMiss === "internet" ? "internet" : undefined,
      id: part.platformId,
    });
  }

  /** Writes the records; gives the path, one that no other zone has: file systems may fold case. */
  private zoneFile(wanted: string, { apex, records, origin, notes = [] }: DraftZone | DraftPublicZone): string {
    const taken = new Set([...this.files.keys()].map((path) => path.toLowerCase()));
    let path = `${wanted}.zone`;
    for (let number = 2; taken.has(path.toLowerCase()); number++) path = `${wanted}-${number}.zone`;
    this.files.set(path, formatZoneText(apex, records, [...this.head.slice(0, 1), originText(origin), ...notes]));
    return path;
  }

  private ruleset(part: DraftRuleset): Branch {
    const forward = this.rules(part, part.forward);
    return objectTree("ruleset", {
      links: this.references(part, "networks", part.links, "a link").sort(byCodeUnits),
      network: this.references(part, "networks", part.network === undefined ? [] : [part.network], "its network"),
      forward: forward ?? mapTree([], "empty"),
      order: part.order,
      id: part.platformId,
    });
  }

  private resolver(part: DraftResolver): Branch {
    return objectTree("resolver", {
      network: this.references(part, "networks", part.network === undefined ? [] : [part.network], "its network"),
      address: part.address,
      forward: this.rules(part, part.forward ?? []),
      zones: this.references(part, "zones", part.zones ?? [], "a zone").sort(byCodeUnits),
      external: part.external === true ? true : undefined,
      aliases: part.aliases,
      failover: part.failover,
      tls: part.tls,
      order: part.order,
      cache: part.cache === false ? false : undefined,
      id: part.platformId,
    });
  }

  private service(part: DraftService, key: string): Branch {
    return objectTree("service", {
      name: tail(key) === part.name ? undefined : part.name,
      type: part.type,
      location: part.location,
      replicas: part.replicas,
      parameters: textsTree(part.parameters),
      names: textsTree(part.names),
      address: part.address,
      publicNetworkAccess: part.publicNetworkAccess === "disabled" ? "disabled" : undefined,
      allow: part.allow,
      publicAlias: part.publicAlias,
      id: part.platformId,
    });
  }

  private endpoint(part: DraftEndpoint): Branch {
    const { address, privateDns, connection } = part;
    const zones = this.references(part, "zones", privateDns ?? [], "a zone of its zone group").sort(byCodeUnits);
    return objectTree("endpoint", {
      network: this.references(part, "networks", [part.network], "its network"),
      service: this.references(part, "services", [part.service], "its service"),
      group: part.group,
      subnet: part.subnet,
      address: isList(address) ? address : mapTree(membersOf(address)),
      static: part.static === true ? true : undefined,
      connection: connection === "approved" ? undefined : connection,
      privateDns: privateDns?.length === 0 ? "none" : zones,
      ttl: part.ttl,
      id: part.platformId,
    });
  }

  private publicTree(): Branch | undefined {
    const { publicZones, upstream } = this.draft;
    const zones = [...publicZones].sort((a, b) => byCodeUnits(formatName(a.apex), formatName(b.apex)));
    // Named one by one: what else lies in the folder, as from an import before this one, is not read.
    const paths = zones.map((zone) => this.zoneFile(`${PUBLIC_FOLDER}/${fileName(displayName(zone.apex))}`, zone));
    if (paths.length === 0 && upstream.length === 0) return undefined;
    return objectTree("public", { zones: paths, upstream });
  }

  private listen(): List | undefined {
    const items = this.draft.listen.map((listener) => ({
      value: this.listener(listener),
      comments: listener.origin === undefined ? [] : [originText(listener.origin)],
    }));
    return items.length === 0 ? undefined : { kind: "list", items };
  }

  private listener({ address, network, resolver }: DraftListener): Tree {
    if (network === undefined && resolver === undefined) return address;
    const { networks, resolvers } = this.given;
    return objectTree("listen", {
      address,
      network: network === undefined ? undefined : networks.keys.get(network),
      resolver: resolver === undefined ? undefined : resolvers.keys.get(resolver),
    });
  }

  private rules(part: Drafted, rules: readonly DraftRule[]): Branch | undefined {
    const sorted = [...rules].sort((a, b) => byCodeUnits(displayName(a.domain), displayName(b.domain)));
    return mapTree(
      sorted.map((rule) => {
        const to = this.targets(part, rule.to);
        const isBare = rule.answer === undefined && rule.enabled !== false;
        const [only, ...more] = to;
        return {
          key: displayName(rule.domain),
          value:
            isBare && only !== undefined
              ? more.length === 0
                ? only
                : { kind: "list" as const, items: to.map((value) => ({ value })) }
              : objectTree("rule", {
                  to,
                  answer: rule.answer === undefined ? undefined : { kind: "lines", text: rule.answer },
                  enabled: rule.enabled === false ? false : undefined,
                }),
          comments: [...(rule.origin === undefined ? [] : [originText(rule.origin)]), ...(rule.notes ?? [])],
        };
      }),
    );
  }

  private targets(part: Drafted, targets: readonly DraftTarget[]): string[] {
    return targets.flatMap((target) =>
      target.kind === "text" ? [target.text] : this.references(part, "resolvers", [target.id], "a server"),
    );
  }

  /** The keys of what is referred to; what is not in the draft is told, and left out. */
  private references(
    part: Drafted,
    kind: "networks" | "zones" | "resolvers" | "services",
    ids: readonly string[],
    role: string,
  ): string[] {
    const { keys } = this.given[kind];
    const found: string[] = [];
    for (const id of new Set(ids)) {
      const key = keys.get(id);
      if (key !== undefined) found.push(key);
      else {
        const reason = `${role} is left out: ${id} is not among what was imported`;
        this.lost.push({ kind: "partial", what: kind.slice(0, -1), origin: part.origin, reason });
      }
    }
    return found;
  }
}
