import { displayName } from "../name/name-text.ts";
import type { Resolution, Step } from "../resolve/resolution.ts";
import type { EndpointName } from "../snapshot/endpoint-names.ts";
import type { SimulatedResolver, Snapshot } from "../snapshot/snapshot.ts";
import type { SourceSpan } from "../source/source-file.ts";
import { type Endpoint, spanAt } from "../topology/model.ts";
import { originOf } from "./verdict.ts";

/** Why an answer is public although an endpoint exists, in one sentence, and what to change. */
export interface PublicReason {
  /** Without a full stop. */
  readonly sentence: string;
  /** An order: `add spoke to links of zone …`. */
  readonly change: string;
  readonly places: readonly SourceSpan[];
}

/**
 * Finds the reason; `undefined` when the answer is private, when no endpoint of the model has the name, or when it was
 * the internet's own client that asked: for that one the public answer is the right one.
 */
export function publicReason(snapshot: Snapshot, resolution: Resolution): PublicReason | undefined {
  if (originOf(resolution) !== "public") return undefined;
  const names = endpointNamesOf(snapshot, resolution);
  const [name] = names;
  const { resolver: asked } = resolution;
  if (name === undefined || asked === undefined) return undefined;
  const endpoints = names
    .map((one) => snapshot.topology.endpoints.get(one.endpoint))
    .filter((one) => one !== undefined);
  const usable = endpoints.find((endpoint) => endpoint.connection === "approved");
  const [first] = endpoints;
  if (usable === undefined) return first === undefined ? undefined : notApproved(first);
  return reasonAt(snapshot, resolution, name, usable);
}

/** The endpoint names that the question or an alias on the way is. */
function endpointNamesOf(snapshot: Snapshot, { question, aliases }: Resolution): readonly EndpointName[] {
  for (const name of [question.name, ...aliases.map(({ owner }) => owner)]) {
    const found = snapshot.endpointNames.get(name.key);
    if (found !== undefined) return found;
  }
  return [];
}

function notApproved(endpoint: Endpoint): PublicReason {
  return {
    sentence: `endpoint ${endpoint.key} is ${endpoint.connection}, and only an approved endpoint has records`,
    change:
      endpoint.connection === "pending"
        ? `approve the connection of ${endpoint.key}`
        : `remove ${endpoint.key} and make it anew: a ${endpoint.connection} connection cannot be approved`,
    places: [spanAt(endpoint, "connection")],
  };
}

/** What kept the resolver that went to the internet from seeing the private record. */
function reasonAt(
  snapshot: Snapshot,
  { trace, question }: Resolution,
  name: EndpointName,
  endpoint: Endpoint,
): PublicReason | undefined {
  const resolvers = trace
    .filter((step): step is Extract<Step, { kind: "resolver" }> => step.kind === "resolver")
    .map(({ resolver }) => resolver);
  const decider = resolvers.at(-1);
  if (decider === undefined) return undefined;
  const redirect = trace.find((step) => step.kind === "redirect");
  if (redirect !== undefined) {
    return {
      sentence: `zone ${redirect.source.key} has no ${displayName(redirect.name)}, and its link says onMiss: internet`,
      change: `add the record of ${endpoint.key} to zone ${redirect.source.key}, or let the endpoint write it with privateDns`,
      places: [redirect.source.link?.span ?? redirect.source.span],
    };
  }
  switch (decider.kind) {
    case "platform":
    case "inbound":
      return notVisible(snapshot, decider, name, endpoint);
    case "forwarder":
      return notForwarded(snapshot, decider, name, endpoint);
    case "internet":
      return askedInternet(resolvers.at(-2), trace, displayName(question.name), endpoint);
  }
}

/** A platform resolver that has no zone for the private name. */
function notVisible(
  snapshot: Snapshot,
  decider: SimulatedResolver,
  name: EndpointName,
  endpoint: Endpoint,
): PublicReason | undefined {
  const network = decider.network ?? "";
  const zoneName = displayName(name.zone);
  const declared = [...snapshot.topology.zones.values()].filter((zone) => zone.name.key === name.zone.key);
  const linked = [...decider.view.zones.values()].some(({ zone }) => zone.origin.key === name.zone.key);
  if (linked) {
    return {
      sentence: `the public name ${displayName(name.publicName)} has no alias into ${zoneName}, so the record there is never asked for`,
      change: `look at publicAlias of service ${endpoint.service}, or at what public data says of ${displayName(name.publicName)}`,
      places: [endpoint.span],
    };
  }
  const [zone] = declared;
  if (zone === undefined) {
    return {
      sentence: `no private zone is named ${zoneName}, where the records of endpoint ${endpoint.key} belong`,
      change: `declare zone ${zoneName} and link it to ${network}`,
      places: [endpoint.span],
    };
  }
  const unfinished = zone.links.find((link) => link.network === network && link.state === "inProgress");
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
  sender: SimulatedResolver | undefined,
  trace: readonly Step[],
  name: string,
  endpoint: Endpoint,
): PublicReason | undefined {
  const rule = trace.findLast((step) => step.kind === "rule");
  if (sender !== undefined && rule !== undefined) {
    return {
      sentence: `resolver ${sender.key} sends ${name} to ${rule.rule.targets.map(({ text }) => text).join(", ")}, which knows public data only`,
      change: `send the domain to a resolver in a network that sees the zone of endpoint ${endpoint.key}`,
      places: [rule.rule.span],
    };
  }
  const server = trace.findLast((step) => step.kind === "target" && step.result === "answered");
  if (server?.kind !== "target") return undefined;
  return {
    sentence: `the client asks ${server.target.text}, which knows public data only`,
    change: `let it ask the platform resolver of its network, or a resolver in network ${endpoint.network}`,
    places: [server.target.span],
  };
}
