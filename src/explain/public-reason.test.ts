import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { knownName } from "../name/name-text.ts";
import { RecordTypes } from "../record/record-type.ts";
import { type Addressee, resolveOffline } from "../resolve/resolve.ts";
import { formatLine } from "../source/source-file.ts";
import { publicReason } from "./public-reason.ts";

/** A registry with an endpoint in `hub`, which `changes` break in one way. */
function estate(changes: {
  links?: string;
  endpoint?: string;
  zone?: string;
  spokeDns?: string;
  rules?: string;
  service?: string;
}): string {
  const {
    links = "hub",
    endpoint = "",
    zone = "privatelink.azurecr.io",
    spokeDns = "fwd",
    rules = '{ ".": platform }',
    service = "",
  } = changes;
  return `
defaults: { network: { kind: azure } }
networks:
  hub: { prefixes: 10.0.0.0/16, subnets: { pe: 10.0.0.0/24 } }
  spoke:
    prefixes: 10.1.0.0/16
    dns: ${spokeDns}
zones:
  ${zone}: { links: ${links} }
services:
  reg: { type: azure/container-registry, location: westeurope, publicAlias: always${service} }
endpoints:
  pe: { network: hub, service: reg${endpoint} }
resolvers:
  fwd: { network: hub, address: 10.0.0.4, forward: ${rules} }
`;
}

function reasonFor(topology: string, addressee: Addressee, name = "reg.azurecr.io") {
  const { snapshot, diagnostics } = loadText(topology);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const question = { name: knownName(name), type: RecordTypes.A };
  const reason = publicReason(snapshot, resolveOffline(snapshot, addressee, question));
  return reason === undefined ? undefined : { ...reason, places: reason.places.map((place) => formatLine(place)) };
}

const HUB: Addressee = { kind: "servers-of", network: "hub" };
const SPOKE: Addressee = { kind: "servers-of", network: "spoke" };
const INTERNET: Addressee = { kind: "servers-of" };

describe("why an answer is public although an endpoint exists", () => {
  test.each([
    {
      because: "the zone is linked to another network",
      topology: estate({ links: "spoke" }),
      from: HUB,
      sentence: "zone privatelink.azurecr.io is not linked to network hub, whose platform resolver answered",
      change: "add hub to links of zone privatelink.azurecr.io",
      place: "privlink.yaml:9",
    },
    {
      because: "the forwarder stands in a network that the zone is not linked to",
      topology: estate({ links: "spoke" }),
      from: SPOKE,
      sentence: "zone privatelink.azurecr.io is not linked to network hub, whose platform resolver answered",
      change: "add hub to links of zone privatelink.azurecr.io",
      place: "privlink.yaml:9",
    },
    {
      because: "the link is not finished",
      topology: estate({ links: "{ network: hub, state: inProgress }" }),
      from: HUB,
      sentence: "the link of zone privatelink.azurecr.io to network hub is still in progress",
      change: "wait for the link, or set its state to completed",
      place: "privlink.yaml:9",
    },
    {
      because: "the zone has another name",
      topology: estate({ zone: "privatelink.azurecr.example", endpoint: ", privateDns: none" }),
      from: HUB,
      sentence: "no private zone is named privatelink.azurecr.io, where the records of endpoint pe belong",
      change: "declare zone privatelink.azurecr.io and link it to hub",
      place: "privlink.yaml:13",
    },
    {
      because: "the connection waits for approval",
      topology: estate({ endpoint: ", connection: pending", links: "spoke" }),
      from: HUB,
      sentence: "endpoint pe is pending, and only an approved endpoint has records",
      change: "approve the connection of pe",
      place: "privlink.yaml:13",
    },
    {
      because: "the machines ask a public resolver",
      topology: estate({ spokeDns: "8.8.8.8" }),
      from: SPOKE,
      sentence: "the client asks 8.8.8.8, which knows public data only",
      change: "let it ask a resolver in a network that zone privatelink.azurecr.io is linked to",
      place: "privlink.yaml:7",
    },
    {
      because: "the machines ask a public resolver, and their own network has the link",
      topology: estate({ spokeDns: "8.8.8.8", links: "[hub, spoke]" }),
      from: SPOKE,
      sentence: "the client asks 8.8.8.8, which knows public data only",
      change: "let it ask the platform resolver of network spoke, which sees zone privatelink.azurecr.io",
      place: "privlink.yaml:7",
    },
    {
      because: "the first target is silent and the second one knows public data only",
      topology: estate({ rules: '{ ".": [10.0.0.99, 8.8.8.8] }' }),
      from: SPOKE,
      sentence: "resolver fwd sends reg.azurecr.io to 8.8.8.8, which knows public data only",
      change: "send the domain to a resolver in a network that sees the zone of endpoint pe",
      place: "privlink.yaml:15",
    },
    {
      because: "the forwarder asks the internet for the private name, whoever it asks for what lies behind",
      topology: estate({ rules: '{ azurecr.io: internet, ".": platform }', links: "spoke" }),
      from: SPOKE,
      sentence: "resolver fwd has no rule for reg.azurecr.io that leads into network hub, and asks the internet itself",
      change:
        "add a rule for the public domain to resolver fwd, to a resolver that stands in a network linked to zone privatelink.azurecr.io",
      place: "privlink.yaml:15",
    },
    {
      because: "the public name has no alias, and no link would change that",
      topology: estate({ links: "spoke" }).replace("publicAlias: always", "publicAlias: never"),
      from: HUB,
      sentence:
        "the public name reg.azurecr.io has no alias into privatelink.azurecr.io, so the record there is never asked for",
      change: "look at publicAlias of service reg, or at what public data says of reg.azurecr.io",
      place: "privlink.yaml:13",
    },
    {
      because: "the forwarder's rule leads out",
      topology: estate({ rules: '{ ".": 8.8.8.8 }' }),
      from: SPOKE,
      sentence: "resolver fwd sends reg.azurecr.io to 8.8.8.8, which knows public data only",
      change: "send the domain to a resolver in a network that sees the zone of endpoint pe",
      place: "privlink.yaml:15",
    },
    {
      because: "the forwarder has no rule for the name",
      topology: estate({ rules: "{ corp.example: platform }" }),
      from: SPOKE,
      sentence: "resolver fwd has no rule for reg.azurecr.io that leads into network hub, and asks the internet itself",
      change:
        "add a rule for the public domain to resolver fwd, to a resolver that stands in a network linked to zone privatelink.azurecr.io",
      place: "privlink.yaml:15",
    },
    {
      because: "the link redirects what the zone lacks",
      topology: estate({ links: "{ network: hub, onMiss: internet }", endpoint: ", privateDns: none" }),
      from: HUB,
      sentence: "zone privatelink.azurecr.io has no reg.privatelink.azurecr.io, and its link says onMiss: internet",
      change: "add the record of pe to zone privatelink.azurecr.io, or let the endpoint write it with privateDns",
      place: "privlink.yaml:9",
    },
    {
      because: "the public name has no alias",
      topology: estate({}).replace("publicAlias: always", "publicAlias: never"),
      from: HUB,
      sentence:
        "the public name reg.azurecr.io has no alias into privatelink.azurecr.io, so the record there is never asked for",
      change: "look at publicAlias of service reg, or at what public data says of reg.azurecr.io",
      place: "privlink.yaml:13",
    },
  ])("$because", ({ topology, from, sentence, change, place }) => {
    const missingLink = / is not linked to network hub,/.test(sentence)
      ? { missingLink: { zone: "privatelink.azurecr.io", network: "hub" } }
      : {};
    expect(reasonFor(topology, from)).toEqual({ sentence, change, places: [place], ...missingLink });
  });

  test("what another resolver did on the way, and was dropped, is no reason", () => {
    const topology = `
defaults: { network: { kind: azure } }
networks:
  hub: { prefixes: 10.0.0.0/16, subnets: { pe: 10.0.0.0/24 } }
  spoke: { prefixes: 10.1.0.0/16, forward: { alias.example: held } }
zones:
  privatelink.azurecr.io: { links: hub }
  alias.example: { records: "www 60 CNAME reg.azurecr.io." }
services: { reg: { type: azure/container-registry, location: westeurope } }
endpoints: { pe: { network: hub, service: reg } }
resolvers: { held: { network: hub, zones: alias.example } }
`;
    expect(reasonFor(topology, SPOKE, "www.alias.example")).toMatchObject({
      sentence: "zone privatelink.azurecr.io is not linked to network spoke, whose platform resolver answered",
    });
  });

  test("the redirect of another name is no reason", () => {
    const topology = `
defaults: { network: { kind: azure } }
networks:
  hub: { prefixes: 10.0.0.0/16, subnets: { pe: 10.0.0.0/24 } }
  spoke: { prefixes: 10.1.0.0/16 }
zones:
  privatelink.azurecr.io: { links: hub }
  privatelink.vaultcore.azure.net: { links: { network: spoke, onMiss: internet } }
services: { reg: { type: azure/container-registry, location: westeurope } }
endpoints: { pe: { network: hub, service: reg } }
public: { records: "x.privatelink.vaultcore.azure.net. 60 CNAME reg.azurecr.io." }
`;
    expect(reasonFor(topology, SPOKE, "x.privatelink.vaultcore.azure.net")).toMatchObject({
      sentence: "zone privatelink.azurecr.io is not linked to network spoke, whose platform resolver answered",
    });
  });

  test.each([
    { because: "the answer is private", topology: estate({}), from: HUB },
    { because: "the internet's own client asked", topology: estate({}), from: INTERNET },
    {
      because: "the name does not exist in the linked zone",
      topology: estate({ endpoint: ", privateDns: none" }),
      from: HUB,
    },
  ])("there is no reason to give where $because", ({ topology, from }) => {
    expect(reasonFor(topology, from)).toBeUndefined();
  });
});
