import { type DomainName, sameName } from "../name/domain-name.ts";
import { displayName } from "../name/name-text.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { Resolution, Step } from "../resolve/resolution.ts";
import { platformKey } from "../snapshot/compile.ts";
import { type EndpointName, endpointNamesAt } from "../snapshot/endpoint-names.ts";
import { type SimulatedResolver, type Snapshot, targetsOf } from "../snapshot/snapshot.ts";
import type { SourceSpan } from "../source/source-file.ts";
import { type Endpoint, spanAt, type Target } from "../topology/model.ts";
import { originOf } from "./verdict.ts";

/** Why an answer is not the private one although an endpoint exists, in one sentence, and what to change. */
export interface PublicReason {
  /** Without a full stop. */
  readonly sentence: string;
  /** An order: `add spoke to links of zone …`. */
  readonly change: string;
  readonly places: readonly SourceSpan[];
  /** Set where a link is all that is missing: the key of the zone, and the network to link it to. */
  readonly missingLink?: { readonly zone: string; readonly network: string };
}

/**
 * Finds the reason; `undefined` when the answer is private, when no endpoint of the model has the name, or when it was
 * the internet's own client that asked: for that one the public answer is the right one.
 */
export function publicReason(snapshot: Snapshot, resolution: Resolution): PublicReason | undefined {
  const { type } = resolution.question;
  if (type === RecordTypes.CNAME || type === RecordTypes.ANY) return undefined; // The alias itself was wanted.
  if (originOf(resolution) !== "public") return undefined;
  const names = endpointNamesOf(snapshot, resolution);
  const [name] = names;
  const { resolver: asked } = resolution;
  if (name === undefined || asked === undefined) return undefined;
  const endpoints = endpointsOf(snapshot, resolution);
  const usable = endpoints.find((endpoint) => endpoint.connection === "approved");
  const [first] = endpoints;
  if (usable === undefined) return first === undefined ? undefined : notApproved(first);
  return reasonAt(snapshot, resolution, name, usable);
}

/** The endpoints that the name asked, or an alias on the way, is there for. */
export function endpointsOf(snapshot: Snapshot, resolution: Resolution): Endpoint[] {
  return endpointNamesOf(snapshot, resolution)
    .map(({ endpoint }) => snapshot.topology.endpoints.get(endpoint))
    .filter((endpoint) => endpoint !== undefined);
}

/** The endpoint names that the question or an alias on the way is. */
function endpointNamesOf(snapshot: Snapshot, { question, aliases }: Resolution): readonly EndpointName[] {
  for (const name of [question.name, ...aliases.map(({ owner }) => owner)]) {
    const found = endpointNamesAt(snapshot.endpointNames, name);
    if (found.length > 0) return found;
  }
  return [];
}

/** No endpoint of the name is approved. */
export function notApproved(endpoint: Endpoint): PublicReason {
  return {
    sentence: `endpoint ${endpoint.key} is ${endpoint.connection}, and only an approved endpoint has records`,
    change:
      endpoint.connection === "pending"
        ? `approve the connection of ${endpoint.key}`
        : `remove ${endpoint.key} and make it anew: a ${endpoint.connection} connection cannot be approved`,
    places: [spanAt(endpoint, "connection")],
  };
}

/** What kept the resolver that took the private name from the internet from seeing the private record. */
function reasonAt(
  snapshot: Snapshot,
  resolution: Resolution,
  name: EndpointName,
  endpoint: Endpoint,
): PublicReason | undefined {
  const { trace, question, aliases } = resolution;
  const isPublished = name.publishedIn !== undefined;
  if (
    !isPublished &&
    ![question.name, ...aliases.map(({ owner }) => owner)].some((one) => sameName(one, name.privateName))
  )
    return noAlias(name, endpoint);
  const redirect = trace.find((step) => step.kind === "redirect" && sameName(step.name, name.privateName));
  if (redirect?.kind === "redirect") {
    return {
      sentence: `zone ${redirect.source.key} has no ${displayName(redirect.name)}, and its link says onMiss: internet`,
      change: `add the record of ${endpoint.key} to zone ${redirect.source.key}, or let the endpoint write it with privateDns`,
      places: [redirect.source.link?.span ?? redirect.source.span],
    };
  }
  const at = decisionAt(trace, isPublished ? question.name : name.privateName);
  const waiting = waitingAt(trace, at);
  const decider = waiting.at(-1);
  switch (decider?.kind) {
    case undefined:
      return undefined;
    case "platform":
    case "inbound":
      return notVisible(snapshot, decider, name, endpoint);
    case "forwarder":
      return notForwarded(snapshot, decider, name, endpoint);
    case "external":
      return undefined; // What a real server says is its own affair.
    case "public":
    case "internet": {
      const answered = trace.slice(at).find((step) => step.kind === "target" && step.result === "answered");
      const target = answered?.kind === "target" ? answered.target : undefined;
      return target === undefined
        ? undefined
        : askedInternet(snapshot, target, waiting.at(-2), resolution, name, endpoint);
    }
  }
}

/** Who took a name from public data, last; before it, in order, those that had asked it and waited. */
export function publicDeciders({ trace }: Resolution, name: DomainName): readonly SimulatedResolver[] {
  return waitingAt(trace, decisionAt(trace, name));
}

/** The last step that took a name from public data, earlier ones may be dropped; any where a real server sent it along. */
function decisionAt(trace: readonly Step[], name: DomainName): number {
  const isPublic = ({ kind }: Step): boolean => kind === "public" || kind === "offline" || kind === "upstream";
  const own = trace.findLastIndex((step) => isPublic(step) && "name" in step && sameName(step.name, name));
  return own === -1 ? trace.findLastIndex(isPublic) : own;
}

/** The resolvers that wait for an answer when a step is taken; the last one takes it. */
function waitingAt(trace: readonly Step[], at: number): SimulatedResolver[] {
  const waiting: SimulatedResolver[] = [];
  for (const step of trace.slice(0, at)) {
    if (step.kind === "resolver") waiting.push(step.resolver);
    // What stands for the servers of a network has an answer when one of them has: that one was taken away already.
    else if (step.kind === "target" && step.result !== "no-reply" && step.target.kind !== "network") waiting.pop();
  }
  return waiting;
}

function noAlias(name: EndpointName, endpoint: Endpoint): PublicReason {
  const publicName = displayName(name.publicName);
  return {
    sentence: `the public name ${publicName} has no alias into ${displayName(name.zone)}, so the record there is never asked for`,
    change: `look at publicAlias of service ${endpoint.service}, or at what public data says of ${publicName}`,
    places: [endpoint.span],
  };
}

/** A platform resolver that has no zone for the private name. */
function notVisible(
  snapshot: Snapshot,
  decider: SimulatedResolver,
  name: EndpointName,
  endpoint: Endpoint,
): PublicReason | undefined {
  const network = decider.network ?? "";
  if (decider.view.blind !== undefined) {
    return {
      sentence: `network ${network} sees no private zones: ${decider.view.blind}`,
      change: "set it to true",
      places: decider.span === undefined ? [] : [decider.span],
    };
  }
  if (name.publishedIn !== undefined) return notPublished(name, network, endpoint);
  const zoneName = displayName(name.zone);
  const declared = [...snapshot.topology.zones.values()].filter((zone) => zone.name.key === name.zone.key);
  if (decider.view.zones.has(name.zone.key)) return undefined; // It was asked, and what it said is the answer.
  const [zone] = declared;
  if (zone === undefined) {
    return {
      sentence: `no private zone is named ${zoneName}, where the records of endpoint ${endpoint.key} belong`,
      change: `declare zone ${zoneName} and link it to ${network}`,
      places: [endpoint.span],
    };
  }
  const links = declared.flatMap((one) => one.links);
  const unfinished = links.find((link) => link.network === network && link.state === "inProgress");
  if (unfinished !== undefined) {
    return {
      sentence: `the link of zone ${zone.key} to network ${network} is still in progress`,
      change: "wait for the link, or set its state to completed",
      places: [unfinished.span],
    };
  }
  return {
    sentence: `zone ${zone.key} is not linked to network ${network}, whose platform resolver answered`,
    change: `add ${network} to links of zone ${zone.key}`,
    places: [spanAt(zone, "links")],
    missingLink: { zone: zone.key, network },
  };
}

/** An endpoint that publishes its names by itself does so in its own network, if it is let. */
function notPublished({ publishedIn, zone }: EndpointName, network: string, endpoint: Endpoint): PublicReason {
  const isAuto = endpoint.privateDns.some(({ kind }) => kind === "auto");
  if (network === publishedIn && !isAuto) {
    return {
      sentence: `endpoint ${endpoint.key} makes no zone ${displayName(zone)} in network ${network}: its privateDns does not say auto`,
      change: `write privateDns: auto at ${endpoint.key}, or link a zone ${displayName(zone)} that it writes to`,
      places: [spanAt(endpoint, "privateDns")],
    };
  }
  return {
    sentence: `endpoint ${endpoint.key} publishes its names in network ${publishedIn} alone, and the platform resolver of network ${network} answered`,
    change: `let network ${network} ask a resolver in network ${publishedIn}, or give ${endpoint.key} a zone to write to that is linked to ${network}`,
    places: [endpoint.span],
  };
}

/** A forwarder that iterates itself instead of sending the name to who knows. */
function notForwarded(
  snapshot: Snapshot,
  decider: SimulatedResolver,
  name: EndpointName,
  endpoint: Endpoint,
): PublicReason {
  const declared = snapshot.topology.resolvers.get(decider.key);
  const hub = endpoint.network;
  return {
    sentence: `resolver ${decider.key} has no rule for ${displayName(name.publicName)} that leads into network ${hub}, and asks the internet itself`,
    change: `add a rule for the public domain to resolver ${decider.key}, to a resolver that stands in a network linked to zone ${displayName(name.zone)}`,
    places: declared === undefined ? [endpoint.span] : [spanAt(declared, "forward")],
  };
}

/** Somebody in the model asked the internet: a client with a public DNS server, or a rule that leads out. */
function askedInternet(
  snapshot: Snapshot,
  target: Target,
  sender: SimulatedResolver | undefined,
  { trace }: Resolution,
  { zone }: EndpointName,
  endpoint: Endpoint,
): PublicReason {
  const rule = trace.findLast((step) => step.kind === "rule" && targetsOf(step.rule).includes(target));
  if (sender !== undefined && rule?.kind === "rule") {
    return {
      sentence: `resolver ${sender.key} sends ${displayName(rule.name)} to ${target.text}, which knows public data only`,
      change: `send the domain to a resolver in a network that sees the zone of endpoint ${endpoint.key}`,
      places: [rule.rule.span],
    };
  }
  const own = networkOfClient(snapshot, target);
  const platform = own === undefined ? undefined : snapshot.resolvers.get(platformKey(own));
  return {
    sentence: `the client asks ${target.text}, which knows public data only`,
    change:
      platform?.view.zones.has(zone.key) === true
        ? `let it ask the platform resolver of network ${own}, which sees zone ${displayName(zone)}`
        : `let it ask a resolver in a network that zone ${displayName(zone)} is linked to`,
    places: [target.span],
  };
}

/** The network whose clients, or one of whose hosts, are given a server. */
function networkOfClient({ topology }: Snapshot, server: Target): string | undefined {
  for (const { key, dns, hosts } of topology.networks.values()) {
    if (dns.includes(server) || [...hosts.values()].some((host) => host.dns.includes(server))) return key;
  }
  return undefined;
}
