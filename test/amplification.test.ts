import { describe, expect, test } from "vitest";
import { publicNames } from "../src/catalogue/expand.ts";
import { findServiceType } from "../src/catalogue/service-types.ts";
import { UNEXPANDED } from "../src/catalogue/unexpanded.ts";
import { ZONE_ROWS } from "../src/catalogue/zone-rows.ts";
import { encodeQuery } from "../src/message/query.ts";
import { type DomainName, ROOT } from "../src/name/domain-name.ts";
import { displayName } from "../src/name/name-text.ts";
import { knownAddress } from "../src/net/address.ts";
import { LOOPBACK_PREFIXES } from "../src/net/cidr.ts";
import { RecordTypes } from "../src/record/record-type.ts";
import { typeName } from "../src/record/type-names.ts";
import { createAnswer } from "../src/serve/answer.ts";
import { holdSnapshot } from "../src/snapshot/holder.ts";
import { loadText } from "./support/memory-files.ts";

/**
 * What a stranger gets for each octet of a question over UDP, whatever it asks: who asks in another's name aims so much at that
 * other. A question has 17 octets at least, a denial an SOA of some 60, an alias chain its names.
 */
const WORST_OF_CATALOGUE = 6;

const REGIONS = { commercial: "westeurope", usgov: "usgovvirginia", china: "chinaeast2" } as const;
const OPTIONAL = new Set(["regionName", "regionCode", "workspaceShard", "subzone", "partitionId", "cloud"]);
const TYPES = [RecordTypes.A, RecordTypes.AAAA, RecordTypes.ANY];
const STRANGER = { transport: "udp", address: knownAddress("203.0.113.7"), port: 53 } as const;
const local = { address: knownAddress("192.0.2.53"), port: 53 };

/** A service and its endpoint for each published row. */
const SERVICES = ZONE_ROWS.flatMap((row) => {
  const type = findServiceType(row.type);
  const isUnexpanded = UNEXPANDED.some(({ cloud, type: other }) => cloud === row.cloud && other === row.type);
  if (type === undefined || isUnexpanded) return [];
  const parameters = Object.fromEntries(
    type.parameters.filter(({ name }) => !OPTIONAL.has(name)).map(({ name }) => [name, `${name.toLowerCase()}1`]),
  );
  return [{ type, service: { type: row.type, location: REGIONS[row.cloud], parameters } }];
});

const project = loadText(
  JSON.stringify({
    networks: { hub: { kind: "azure", prefixes: "10.0.0.0/8" } },
    services: Object.fromEntries(SERVICES.map(({ service }, i) => [`thing${i}`, { name: "thing", ...service }])),
    public: { records: ["many.example. 60 A 192.0.2.1"] },
  }),
);

const answer = createAnswer({
  snapshots: holdSnapshot(project.snapshot),
  listener: () => ({ trust: LOOPBACK_PREFIXES }),
  identity: { version: "v", id: "i" },
  onFault: (error) => expect.fail(String(error)),
});

/** The most octets for one of the question, over types, with OPT and without. */
function worstOf(name: DomainName): { factor: number; text: string } {
  let worst = { factor: 0, text: "" };
  for (const type of TYPES) {
    for (const edns of [undefined, { version: 0, udpSize: 65_535, dnssecOk: true, options: [] }]) {
      const query = encodeQuery({ name, type, rd: true, ...(edns === undefined ? {} : { edns }) });
      const reply = answer(query, { ...STRANGER, local });
      if (!(reply instanceof Uint8Array)) throw new Error(`${displayName(name)} is not answered at once`);
      if (reply.length > (edns === undefined ? 512 : 1232))
        throw new Error(`${displayName(name)} has ${reply.length} octets`);
      const factor = reply.length / query.length;
      if (factor > worst.factor) worst = { factor, text: `${displayName(name)} ${typeName(type)}` };
    }
  }
  return worst;
}

describe("what a stranger gets for an octet over UDP", () => {
  test(`is at most ${WORST_OF_CATALOGUE} over every name that the catalogue publishes, and over the root`, ({
    annotate,
  }) => {
    const services = [...project.snapshot.topology.services.values()];
    const names = SERVICES.flatMap(({ type }, i) => {
      const service = services[i];
      if (service === undefined) return [];
      return publicNames(type, service).names.map(({ publicName }) => publicName);
    });
    expect(names.length).toBeGreaterThan(100);
    const worst = [ROOT, ...names].map((name) => worstOf(name)).toSorted((a, b) => b.factor - a.factor)[0];
    void annotate(`the worst: ${worst?.factor.toFixed(2)} octets for one, ${worst?.text}`);
    expect(worst?.factor).toBeLessThanOrEqual(WORST_OF_CATALOGUE);
    expect(worst?.factor).toBeGreaterThan(1);
  }, 60_000);
});
