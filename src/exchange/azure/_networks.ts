import { parseAddress } from "../../net/address.ts";
import { containsCidr, parseCidr } from "../../net/cidr.ts";
import type { DraftHost, DraftNetwork, DraftTarget } from "../draft.ts";
import { type AzureResource, foldId, parentId, readId, scopeOf } from "./azure-resource.ts";
import type { Estate } from "./estate.ts";
import { booleanOf, fieldOf, itemsOf, ownField, textOf, textsOf, unknownIn, type Value } from "./value.ts";

interface Growing {
  readonly id: string;
  readonly name: string;
  readonly source: AzureResource | undefined;
  readonly notes: string[];
  readonly subnets: Map<string, string>;
  readonly peers: Set<string>;
  readonly hosts: DraftHost[];
  /** Addresses and prefixes in it, of a network that is not among the resources. */
  readonly known: string[];
  readonly origin: DraftNetwork["origin"];
  prefixes: string[];
  dns: DraftTarget[];
}

/** Virtual networks with their subnets, peerings, DNS servers and machines. Grows: others may name further networks. */
export class Networks {
  private readonly estate: Estate;
  private readonly byId = new Map<string, Growing>();

  constructor(estate: Estate) {
    this.estate = estate;
    for (const resource of estate.ofType("Microsoft.Network/virtualNetworks")) this.addNetwork(resource);
    for (const subnet of estate.ofType("Microsoft.Network/virtualNetworks/subnets")) {
      estate.claim(subnet);
      this.addSubnet(this.named(parentId(subnet.id), subnet), subnet.names.at(-1) ?? "", subnet.body, subnet);
    }
    for (const peering of estate.ofType("Microsoft.Network/virtualNetworks/virtualNetworkPeerings")) {
      estate.claim(peering);
      this.addPeering(this.named(parentId(peering.id), peering), peering.body, peering);
    }
    for (const servers of estate.ofType("Microsoft.Network/virtualNetworks/dnsServers")) {
      estate.claim(servers);
      const network = this.named(parentId(servers.id), servers);
      network.dns = this.serversOf(fieldOf(servers.body, "dnsServers"), servers);
    }
  }

  /**
   * The id of a network that something refers to. One that is not among the resources is made, and says so: what is linked
   * to it can be asked from it, once its prefixes are written.
   */
  refer(id: string, by: AzureResource): string {
    return this.named(id, by).id;
  }

  /**
   * Takes note of addresses in a network. One that was made has no prefixes but what is known to be in it: so what stands
   * there is in it.
   */
  settle(id: string, addresses: readonly string[]): void {
    const network = this.byId.get(foldId(id));
    if (network?.source === undefined) network?.known.push(...addresses);
  }

  hasSubnet(id: string, subnet: string): boolean {
    return this.byId.get(foldId(id))?.subnets.has(subnet) === true;
  }

  hostNames(): ReadonlySet<string> {
    return new Set([...this.byId.values()].flatMap(({ hosts }) => hosts.map(({ name }) => name.toLowerCase())));
  }

  drafts(): DraftNetwork[] {
    return [...this.byId.values()].map(
      ({ id, name, source, notes, subnets, peers, hosts, known, origin, prefixes, dns }) => ({
        id,
        name,
        scope: scopeOf(source?.id ?? id),
        origin,
        notes,
        kind: "azure",
        prefixes: source === undefined ? narrowest([...subnets.values(), ...known]) : prefixes,
        subnets: [...subnets].map(([subnet, prefix]) => ({ name: subnet, prefix })),
        dns,
        peers: [...peers],
        hosts,
        ...(source?.location === undefined ? {} : { location: source.location }),
        ...(source === undefined ? {} : { platformId: source.id }),
      }),
    );
  }

  private addNetwork(resource: AzureResource): void {
    const { estate } = this;
    estate.claim(resource);
    const { body } = resource;
    const network = this.grow(resource.id, resource.names.at(-1) ?? "network", resource, resource);
    network.prefixes = this.prefixesOf(fieldOf(body, "addressSpace", "addressPrefixes"), "address space", resource);
    network.dns = this.serversOf(fieldOf(body, "dhcpOptions", "dnsServers"), resource);
    for (const subnet of itemsOf(fieldOf(body, "subnets"))) {
      this.addSubnet(network, textOf(ownField(subnet, "name")) ?? "", subnet, resource);
    }
    for (const peering of itemsOf(fieldOf(body, "virtualNetworkPeerings"))) this.addPeering(network, peering, resource);
  }

  private named(id: string, by: AzureResource): Growing {
    const found = this.byId.get(foldId(id));
    if (found !== undefined) return found;
    const read = readId(id);
    const made = this.grow(id, read?.names[0] ?? (id || "network"), undefined, by);
    made.notes.push(
      "it is only named here, and not among what was imported: write its prefixes; what is known to be in it stands for them",
    );
    this.estate.partial(
      by,
      `the network ${id} is not among what was imported: what is known to be in it stands for its prefixes`,
    );
    return made;
  }

  private grow(id: string, name: string, source: AzureResource | undefined, by: AzureResource): Growing {
    const made: Growing = {
      id: foldId(id),
      name,
      source,
      notes: [],
      subnets: new Map(),
      peers: new Set(),
      hosts: [],
      known: [],
      origin: by.origin,
      prefixes: [],
      dns: [],
    };
    this.byId.set(made.id, made);
    return made;
  }

  private prefixesOf(value: Value | undefined, what: string, by: AzureResource): string[] {
    const unknown = unknownIn(value);
    if (unknown !== undefined) this.estate.partial(by, `its ${what} is not known: ${unknown.reason}`);
    return textsOf(value).flatMap((text) => {
      const parsed = parseCidr(text);
      if (parsed.kind === "cidr") return [parsed.cidr.text];
      this.estate.partial(by, `${text} of its ${what} ${parsed.problem}`);
      return [];
    });
  }

  private addSubnet(network: Growing, name: string, body: Value, by: AzureResource): void {
    const one = fieldOf(body, "addressPrefix");
    const several = fieldOf(body, "addressPrefixes");
    const prefixes = this.prefixesOf(one ?? several, `subnet ${name}`, by);
    const [first, ...more] = prefixes;
    if (name === "" || first === undefined) return;
    network.subnets.set(name, first);
    if (more.length > 0) this.estate.partial(by, `subnet ${name} has further prefixes: ${more.join(", ")}`);
  }

  private addPeering(network: Growing, body: Value, by: AzureResource): void {
    const remote = textOf(fieldOf(body, "remoteVirtualNetwork", "id"));
    const state = textOf(fieldOf(body, "peeringState"));
    if (remote === undefined) {
      const unknown = unknownIn(fieldOf(body, "remoteVirtualNetwork"));
      this.estate.partial(
        by,
        `a peering leads to a network that is not known${unknown === undefined ? "" : `: ${unknown.reason}`}`,
      );
    } else if (state !== undefined && state !== "Connected") {
      this.estate.partial(by, `its peering with ${remote} is ${state}, which connects nothing`);
    } else if (booleanOf(fieldOf(body, "allowVirtualNetworkAccess")) === false) {
      this.estate.partial(by, `its peering with ${remote} does not let machines reach one another`);
    } else network.peers.add(this.refer(remote, by));
  }

  private serversOf(value: Value | undefined, by: AzureResource): DraftTarget[] {
    const unknown = unknownIn(value);
    if (unknown !== undefined) this.estate.partial(by, `its DNS servers are not all known: ${unknown.reason}`);
    return textsOf(value).flatMap((text) => {
      const address = parseAddress(text);
      if (address !== undefined) return [{ kind: "text" as const, text: address.text }];
      this.estate.partial(by, `its DNS server ${text} is no address`);
      return [];
    });
  }

  /** Interfaces that machines have become hosts; those of endpoints are claimed by then. */
  addHosts(): void {
    for (const nic of this.estate.ofType("Microsoft.Network/networkInterfaces")) {
      if (!this.estate.isClaimed(nic)) this.addHost(nic);
    }
  }

  private addHost(nic: AzureResource): void {
    const machine = this.machineOf(nic);
    const subnet = itemsOf(fieldOf(nic.body, "ipConfigurations"))
      .map((one) => textOf(fieldOf(one, "subnet", "id")))
      .find((id) => id !== undefined);
    const addresses = itemsOf(fieldOf(nic.body, "ipConfigurations"))
      .map((one) => parseAddress(textOf(fieldOf(one, "privateIPAddress")) ?? "")?.text)
      .filter((address) => address !== undefined);
    if (subnet === undefined) return this.estate.leaveOut(nic, "the subnet it stands in is not known");
    if (addresses.length === 0) return this.estate.leaveOut(nic, "its address is only known once it is deployed");
    const network = this.named(parentId(subnet), nic);
    const name = machine?.names.at(-1) ?? nic.names.at(-1) ?? "host";
    if (machine !== undefined) this.estate.claim(machine);
    this.estate.claim(nic);
    if (network.hosts.some((host) => host.name.toLowerCase() === name.toLowerCase()))
      return this.estate.partial(nic, `${name} has another interface, which is the host`);
    const dns = this.serversOf(fieldOf(nic.body, "dnsSettings", "dnsServers"), nic);
    this.settle(network.id, addresses);
    network.hosts.push({ name, address: addresses, ...(dns.length === 0 ? {} : { dns }) });
  }

  private machineOf(nic: AzureResource): AzureResource | undefined {
    const named = textOf(fieldOf(nic.body, "virtualMachine", "id"));
    const id = foldId(nic.id);
    return this.estate
      .ofType("Microsoft.Compute/virtualMachines")
      .find((machine) =>
        named === undefined
          ? itemsOf(fieldOf(machine.body, "networkProfile", "networkInterfaces")).some(
              (one) => foldId(textOf(ownField(one, "id")) ?? "") === id,
            )
          : foldId(machine.id) === foldId(named),
      );
  }
}

/** Prefixes without those that lie in another of them, each once. */
function narrowest(texts: readonly string[]): string[] {
  const cidrs = [...new Set(texts)].flatMap((text) => {
    const parsed = parseCidr(text);
    return parsed.kind === "cidr" ? [parsed.cidr] : [];
  });
  return cidrs
    .filter((one) => !cidrs.some((other) => other !== one && other.text !== one.text && containsCidr(other, one)))
    .map(({ text }) => text);
}
