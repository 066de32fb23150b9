import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ask } from "../../src/client/ask.ts";
import { clientSubnetOption } from "../../src/message/client-subnet.ts";
import type { EdnsOption } from "../../src/message/edns.ts";
import { rcodeName } from "../../src/message/rcodes.ts";
import { knownName } from "../../src/name/name-text.ts";
import { type AddressPort, formatAddressPort, knownAddress } from "../../src/net/address.ts";
import { knownCidr } from "../../src/net/cidr.ts";
import { formatRdata } from "../../src/record/rdata-text.ts";
import { RecordTypes } from "../../src/record/record-type.ts";
import { type Make, type RealServer, startServer as startMake } from "../agreement/servers.ts";
import { closeAfterEach } from "../loopback.ts";
import { projectFolder } from "../support/project-folder.ts";
import { startServer } from "../support/server.ts";
import { needs } from "../support/tools.ts";

/**
 * What real servers are told of clients, as those servers understand it: views of Unbound behind PROXY headers, subnets of
 * Knot by EDNS client subnet, networks of another privlink by both.
 */
const later = closeAfterEach();

/** Asks for www.corp.example from a loopback address: the address, or the rcode, and the scope where there is one. */
async function said(
  at: AddressPort,
  from: string,
  subnet?: string,
  transport: "udp-then-tcp" | "tcp" = "udp-then-tcp",
): Promise<string> {
  const options: readonly EdnsOption[] = subnet === undefined ? [] : [clientSubnetOption(knownCidr(subnet))];
  const result = await ask(
    {
      server: at,
      from: knownAddress(from),
      name: knownName("www.corp.example"),
      type: RecordTypes.A,
      rd: true,
      edns: { version: 0, udpSize: 1232, dnssecOk: false, options },
      timeoutMs: 2000,
      tries: 3,
      transport: { kind: transport },
    },
    (below) => Math.floor(Math.random() * below),
  );
  if (result.kind === "failed") return result.text;
  const { answers, rcode, edns } = result.message;
  const scope = edns?.options.find(({ code }) => code === 8)?.octets[3];
  const text = answers.map(({ type, rdata }) => formatRdata(type, rdata)).join(" ");
  return `${text === "" ? rcodeName(rcode) : text}${scope === undefined ? "" : ` /${scope}`}`;
}

async function started(make: Make): Promise<RealServer> {
  const server = await startMake(make, []);
  if (server === undefined) throw new Error(`${make.name} is not installed`);
  later(() => server.stop());
  return server;
}

async function privlink(topology: string): Promise<AddressPort> {
  const folder = projectFolder({ "privlink.yaml": topology });
  later(() => folder.close());
  const server = await startServer({ cwd: folder.path, listen: [], args: ["-c", "privlink.yaml"] });
  later(async () => void (await server.stop()));
  const [at] = server.at;
  if (at === undefined) throw new Error("it listens nowhere");
  return at;
}

/** A forwarder that tells a server of its clients. */
const forwarderTo = (server: AddressPort, told: string): Promise<AddressPort> =>
  privlink(`resolvers:
  fwd: { forward: { ".": up } }
  up: { address: "${formatAddressPort(server)}", external: true, ${told} }
listen: { address: "127.0.0.1:0", resolver: fwd }
`);

const UNBOUND: Make = {
  name: "unbound",
  configure: (_zones, { folder, port }) => `server:
  interface: 127.0.0.1@${port}
  proxy-protocol-port: ${port}
  do-daemonize: no
  use-syslog: no
  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: ""
  module-config: "iterator"
  access-control: 127.0.0.0/8 allow
  access-control-view: 127.10.0.0/16 one
  access-control-view: 127.11.0.0/16 two
remote-control:
  control-enable: no
view:
  name: one
  local-zone: corp.example static
  local-data: "www.corp.example. 300 A 192.0.2.1"
view:
  name: two
  local-zone: corp.example static
  local-data: "www.corp.example. 300 A 192.0.2.2"`,
  arguments: (configuration) => ["-d", "-c", configuration],
};

const KNOT: Make = {
  name: "knotd",
  configure: (_zones, { folder, port }) => {
    const soa = "@ 300 SOA ns h 1 3600 300 2419200 60\n@ 300 NS ns\nns 300 A 192.0.2.53\nwww 300 A 192.0.2.9\n";
    writeFileSync(join(folder, "corp.zone"), soa);
    writeFileSync(
      join(folder, "geo.conf"),
      "www.corp.example:\n  - net: 127.10.0.0/16\n    A: 192.0.2.1\n  - net: 127.11.0.0/16\n    A: 192.0.2.2\n",
    );
    return `server:
  rundir: "${folder}"
  listen: 127.0.0.1@${port}
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
  edns-client-subnet: on
log:
  - target: stderr
    any: error
database:
  storage: "${folder}"
mod-geoip:
  - id: geo
    config-file: "${join(folder, "geo.conf")}"
    ttl: 300
    mode: subnet
zone:
  - domain: corp.example
    storage: "${folder}"
    file: corp.zone
    zonefile-sync: -1
    journal-content: none
    module: mod-geoip/geo`;
  },
  arguments: (configuration) => ["-c", configuration],
};

describe("clients are told apart by", () => {
  test("views of Unbound, which is sent PROXY headers over UDP and TCP", async (context) => {
    await needs("unbound")(context);
    const at = await forwarderTo((await started(UNBOUND)).at, "proxy: send");
    await expect.poll(() => said(at, "127.10.0.4"), { timeout: 8000, interval: 200 }).toBe("192.0.2.1");
    for (let round = 0; round < 2; round++) {
      expect(await said(at, "127.10.0.4")).toBe("192.0.2.1");
      expect(await said(at, "127.11.0.4", undefined, "tcp")).toBe("192.0.2.2");
      expect(await said(at, "127.11.0.4")).toBe("192.0.2.2");
    }
  }, 30_000);

  test("subnets of Knot, which is sent client subnets and says for whom each answer is", async (context) => {
    await needs("knotd")(context);
    const at = await forwarderTo((await started(KNOT)).at, "clientSubnet: true");
    await expect.poll(() => said(at, "127.10.0.4"), { timeout: 8000, interval: 200 }).toBe("192.0.2.1");
    for (let round = 0; round < 2; round++) {
      expect(await said(at, "127.10.0.4")).toBe("192.0.2.1");
      expect(await said(at, "127.11.0.4")).toBe("192.0.2.2");
      expect(await said(at, "127.0.0.1", "127.10.7.0/24")).toBe("192.0.2.1 /16");
      expect(await said(at, "127.0.0.1", "0.0.0.0/0")).toBe("192.0.2.9 /0");
    }
  }, 30_000);

  test.each([
    { by: "PROXY headers", told: "proxy: send", listener: "proxy: required, trust: 127.0.0.0/8" },
    { by: "client subnets", told: "clientSubnet: { ipv4: 32 }", listener: "trust: 127.0.0.1/32" },
  ])(
    "networks of another privlink, which is sent $by",
    async ({ told, listener }) => {
      const far = await privlink(`networks:
  one: { prefixes: 10.1.0.0/16, clients: 127.10.0.0/16 }
  two: { prefixes: 10.2.0.0/16, clients: 127.11.0.0/16 }
zones:
  one/corp.example: { links: one, records: "www 300 A 192.0.2.1" }
  two/corp.example: { links: two, records: "www 300 A 192.0.2.2" }
listen: { address: "127.0.0.1:0", ${listener} }
`);
      const at = await forwarderTo(far, told);
      for (let round = 0; round < 2; round++) {
        expect(await said(at, "127.10.0.4")).toBe("192.0.2.1");
        expect(await said(at, "127.11.0.4")).toBe("192.0.2.2");
        expect(await said(at, "127.11.0.4", undefined, "tcp")).toBe("192.0.2.2");
        expect(await said(at, "127.0.0.1")).toBe("NXDOMAIN");
      }
    },
    30_000,
  );
});
