import { expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { knownName } from "../name/name-text.ts";
import { RecordTypes } from "../record/record-type.ts";
import { stubOf } from "../resolve/addressee.ts";
import { resolveOffline } from "../resolve/resolve.ts";
import type { Client } from "../snapshot/clients.ts";
import { explain } from "./explain.ts";

const { snapshot } = loadText(`
networks:
  vpc: { kind: ibm, prefixes: 10.240.0.0/16, peers: [office, routed] }
  classic: { kind: ibm-classic, prefixes: 10.184.0.0/16 }
  novrf: { kind: ibm-classic, prefixes: 10.185.0.0/16, ibm: { vrf: false } }
  noendpoints: { kind: ibm-classic, prefixes: 10.186.0.0/16, ibm: { serviceEndpoints: false } }
  office: { kind: on-premises, prefixes: 192.168.0.0/16 }
  routed: { kind: on-premises, prefixes: 192.169.0.0/16, routes: 166.8.0.0/14 }
  prod: { kind: gcp, prefixes: 10.10.0.0/16 }
  shut: { kind: azure, prefixes: 10.20.0.0/16, egress: false }
services:
  apis: { type: gcp/google-apis, location: global }
  registry: { type: ibm/container-registry, location: us-south }
endpoints:
  outside: { network: prod, service: apis, address: 10.255.0.1 }
public:
  records: |
    vm.example. 60 A 10.240.0.9
    psc.example. 60 A 10.255.0.1
    www.example. 60 A 192.0.2.1
    www.example. 60 AAAA 2001:db8::1
    nobodys.example. 60 A 10.99.0.1
    www.example. 60 TXT "text"
`);

const CSE = "private.us.icr.io";
const INSIDE = "166.8.0.0/14 is routed inside the provider's network alone";

test.each([
  { from: "vpc", name: CSE, meets: undefined },
  { from: "classic", name: CSE, meets: undefined },
  { from: "novrf", name: CSE, meets: "network novrf has no way to 166.9.250.214: its ibm.vrf is false" },
  {
    from: "noendpoints",
    name: CSE,
    meets: "network noendpoints has no way to 166.9.250.214: its ibm.serviceEndpoints is false",
  },
  { from: "office", name: CSE, meets: `network office has no way to 166.9.250.214: ${INSIDE}` },
  { from: "routed", name: CSE, meets: undefined },
  { from: undefined, name: CSE, meets: `the internet has no way to 166.9.250.214: ${INSIDE}` },
  { from: "prod", name: "restricted.googleapis.com", meets: undefined },
  {
    from: "vpc",
    name: "restricted.googleapis.com",
    meets: "network vpc has no way to 199.36.153.4: 199.36.153.4/30 is routed inside the provider's network alone",
  },
  { from: "vpc", name: "vm.example", meets: undefined },
  { from: "office", name: "vm.example", meets: undefined },
  {
    from: "classic",
    name: "vm.example",
    meets: "network classic has no way to 10.240.0.9: it is inside network vpc, which is no peer",
  },
  {
    from: undefined,
    name: "vm.example",
    meets: "the internet has no way to 10.240.0.9: it is inside network vpc, which is no peer",
  },
  // An endpoint may lie outside the prefixes of its network.
  { from: "prod", name: "psc.example", meets: undefined },
  {
    from: "vpc",
    name: "psc.example",
    meets: "network vpc has no way to 10.255.0.1: it is inside network prod, which is no peer",
  },
  { from: "vpc", name: "www.example", meets: undefined },
  { from: "shut", name: "www.example", meets: "network shut has no way to 192.0.2.1: its egress is false" },
  {
    from: "shut",
    name: "www.example",
    type: "AAAA",
    meets: "network shut has no way to 2001:db8::1: its egress is false",
  },
  { from: "shut", name: "www.example", type: "TXT", meets: undefined },
  { from: "vpc", name: "nobodys.example", meets: undefined },
  { from: "shut", name: "missing.example", meets: undefined },
] as const)("a connection from $from to $name meets $meets", ({ from, name, meets, ...rest }) => {
  const client: Client = from === undefined ? { kind: "internet" } : { kind: "network", network: from };
  const type = RecordTypes["type" in rest ? rest.type : "A"];
  const resolution = resolveOffline(snapshot, stubOf(client), { name: knownName(name), type });
  expect(explain(snapshot, "somebody", resolution, client).connection).toBe(meets);
});
