import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask } from "../../src/client/ask.ts";
import { publicReason } from "../../src/explain/public-reason.ts";
import { clientSubnetOption } from "../../src/message/client-subnet.ts";
import { DEFAULT_UDP_SIZE } from "../../src/message/edns.ts";
import type { DomainName } from "../../src/name/domain-name.ts";
import { formatName, knownName } from "../../src/name/name-text.ts";
import { type AddressPort, formatAddressPort, parseAddress } from "../../src/net/address.ts";
import { knownCidr } from "../../src/net/cidr.ts";
import { loadProject } from "../../src/project/load-project.ts";
import { ProjectFiles } from "../../src/project/project-files.ts";
import { RecordClasses } from "../../src/record/record-type.ts";
import { typeName, typeNumber } from "../../src/record/type-names.ts";
import { replyTo } from "../../src/reply/reply-to.ts";
import { type Addressee, resolveOffline } from "../../src/resolve/resolve.ts";
import type { Snapshot } from "../../src/snapshot/snapshot.ts";
import { sourceFile } from "../../src/source/source-file.ts";
import { zoneRecords } from "../../src/zone/zone-records.ts";
import { messageLines, replyLines } from "../support/reply-text.ts";
import { EXAMPLE, knownAddressPort, type Serving, serveExample } from "../support/serving.ts";

const TYPES = "A AAAA CNAME TXT NS SOA MX HTTPS DS ANY".split(" ").map((text) => typeNumber(text) ?? 0);

/** Names that nobody has, names that only a resolver knows by itself, and names above and below what there is. */
const OTHER_NAMES = [
  ".",
  "io",
  "azure.com",
  "nobody.example",
  "nobody.azurecr.io",
  "nobody.privatelink.azurecr.io",
  "a.b.myregistry.privatelink.azurecr.io",
  "westeurope.data.privatelink.azurecr.io",
  "data.azurecr.io",
  "localhost",
  "www.localhost",
  "nobody.invalid",
  "_dns.resolver.arpa",
  "ipv4only.arpa",
  "7.0.0.10.in-addr.arpa",
  "1.0.0.127.in-addr.arpa",
  "10.in-addr.arpa",
];

/** Who asks: from which stand-in or about which subnet, and who the model says is asked then. */
interface Asking {
  readonly who: string;
  readonly from: string;
  readonly subnet: string;
  readonly addressee: Addressee;
}

const ASKERS: readonly Asking[] = [
  { who: "hub", from: "127.10.0.4", subnet: "10.0.0.0/24", addressee: { kind: "servers-of", network: "hub" } },
  { who: "spoke", from: "127.11.0.4", subnet: "10.1.0.0/16", addressee: { kind: "servers-of", network: "spoke" } },
  {
    who: "legacy@spoke",
    from: "127.11.0.9",
    subnet: "10.1.0.9/32",
    addressee: { kind: "servers-of", network: "spoke", host: "legacy" },
  },
  {
    who: "onprem",
    from: "127.12.0.4",
    subnet: "192.168.7.0/24",
    addressee: { kind: "servers-of", network: "onprem" },
  },
  { who: "internet", from: "127.0.0.1", subnet: "203.0.113.0/24", addressee: { kind: "servers-of" } },
];

const snapshot: Snapshot = loadProject(
  sourceFile("privlink.yaml", readFileSync(join(EXAMPLE, "privlink.yaml"), "utf8")),
  new ProjectFiles(EXAMPLE, EXAMPLE),
).snapshot;
const NAMES = namesOf(snapshot);

/** Every owner of every zone, private ones with what endpoints wrote into them, and every public name of a service. */
function namesOf({ resolvers, internet, endpointNames }: Snapshot): DomainName[] {
  const names = new Map<string, DomainName>();
  const add = (name: DomainName): void => void names.set(name.key, name);
  const zones = [...resolvers.values()].flatMap(({ view }) => [...view.zones.values()].map(({ zone }) => zone));
  for (const { zone } of internet.zones.values()) zones.push(zone);
  for (const { tree } of [...zones, internet.exact]) for (const { owner } of zoneRecords(tree)) add(owner);
  for (const { publicName, privateName } of [...endpointNames.values()].flat()) {
    add(publicName);
    add(privateName);
  }
  for (const text of OTHER_NAMES) add(knownName(text));
  return [...names.values()];
}

type Way = "from its stand-in, over UDP" | "from its stand-in, over TCP" | "by client subnet, over UDP";

/** What the wire says, as lines. */
async function wireAnswer(server: AddressPort, asker: Asking, way: Way, name: DomainName, type: number) {
  const from = parseAddress(asker.from);
  const bySubnet = way === "by client subnet, over UDP";
  const reply = await ask(
    {
      server,
      name,
      type,
      rd: true,
      timeoutMs: 3000,
      tries: 1,
      transport: { kind: way === "from its stand-in, over TCP" ? "tcp" : "udp-then-tcp" },
      edns: {
        version: 0,
        udpSize: DEFAULT_UDP_SIZE,
        dnssecOk: false,
        options: bySubnet ? [clientSubnetOption(knownCidr(asker.subnet))] : [],
      },
      ...(bySubnet || from === undefined ? {} : { from }),
    },
    (below) => randomInt(below),
  );
  return reply.kind === "reply" ? messageLines(reply.message) : [`${formatAddressPort(server)} ${reply.text}`];
}

/** What the model says, as the lines that a reply made of it would have. */
function modelAnswer({ addressee }: Asking, way: Way, name: DomainName, type: number): string[] {
  const resolution = resolveOffline(snapshot, addressee, { name, type });
  const question = { name, type, class: RecordClasses.IN, start: 0, end: 0 };
  const edns = { version: 0, udpSize: DEFAULT_UDP_SIZE, dnssecOk: false, options: [] };
  const warning = publicReason(snapshot, resolution)?.sentence;
  const query = { id: 0, rd: true, cd: false, ad: false, question, edns, trailingOctets: 0 };
  const transport = way === "from its stand-in, over TCP" ? "tcp" : "udp";
  return replyLines(replyTo(query, resolution, { transport, ...(warning === undefined ? {} : { warning }) }));
}

const server: { running?: Serving } = {};
beforeAll(async () => {
  server.running = await serveExample([{ at: knownAddressPort("127.0.0.1:0") }]);
});
afterAll(async () => {
  expect(await server.running?.stop()).toBe(0);
});

describe("what the wire says is what the model says", () => {
  const ways: readonly Way[] = [
    "from its stand-in, over UDP",
    "from its stand-in, over TCP",
    "by client subnet, over UDP",
  ];
  test.each(ASKERS.flatMap((asker) => ways.map((way) => ({ ...asker, asker, way }))))(
    "for every name and type, when $who asks $way",
    async ({ asker, way }) => {
      const at = server.running?.at[0] ?? knownAddressPort("127.0.0.1:1");
      const questions = NAMES.flatMap((name) => TYPES.map((type) => ({ name, type })));
      const different: unknown[] = [];
      const rcodes = new Set<string>();
      await inParallel(questions, async ({ name, type }) => {
        const wire = await wireAnswer(at, asker, way, name, type);
        const model = modelAnswer(asker, way, name, type);
        rcodes.add((wire[0] ?? "").split(" ")[0] ?? "");
        if (wire.join("\n") !== model.join("\n"))
          different.push({ ask: `${formatName(name)} ${typeName(type)}`, wire, model });
      });
      expect(different).toEqual([]);
      expect([...rcodes]).toEqual(expect.arrayContaining(["NOERROR", "NXDOMAIN"]));
    },
  );

  test("and there is something to compare: the same name differs from one asker to the next", async () => {
    const at = server.running?.at[0] ?? knownAddressPort("127.0.0.1:1");
    const name = knownName("myregistry.azurecr.io");
    const last: Record<string, string | undefined> = {};
    for (const asker of ASKERS)
      last[asker.who] = (await wireAnswer(at, asker, "from its stand-in, over UDP", name, 1)).at(-1);
    const inside = "answer myregistry.privatelink.azurecr.io. 10 A 10.0.0.7";
    const outside = "answer xxxx.westeurope.cloudapp.azure.com. 10 A 20.45.122.144";
    expect(last).toEqual({ hub: inside, spoke: inside, "legacy@spoke": outside, onprem: inside, internet: outside });
    expect(NAMES.length).toBeGreaterThan(25);
  });
});

/** A few at a time: more would only fill the sockets' buffers. */
async function inParallel<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const item of queue) await run(item);
    }),
  );
}
