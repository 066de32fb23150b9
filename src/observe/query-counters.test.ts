import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { knownName } from "../name/name-text.ts";
import { knownAddress } from "../net/address.ts";
import { RecordTypes } from "../record/record-type.ts";
import { resolveOffline } from "../resolve/resolve.ts";
import type { QueryEvent } from "../serve/query-event.ts";
import { QueryCounters } from "./query-counters.ts";

const { snapshot } = loadText('public: { records: "www.example. 60 A 192.0.2.1" }\n');
const name = knownName("www.example");
/** One resolution, as a ready reply brings it each time. */
const resolution = resolveOffline(snapshot, { kind: "servers-of" }, { name, type: RecordTypes.A });

const USUAL: QueryEvent = {
  durationMs: 0.01,
  transport: "udp",
  client: knownAddress("10.0.0.4"),
  port: 4000,
  network: "hub",
  name,
  type: RecordTypes.A,
  rcode: 0,
  querySize: 30,
  replySize: 46,
  resolution,
};

test.each([
  {
    what: "another transport",
    other: { transport: "tcp" as const },
    in: 'privlink_dns_requests_total{network="hub",proto="tcp"',
  },
  { what: "another family", other: { client: knownAddress("2001:db8::4") }, in: 'family="2"' },
  { what: "another network", other: { network: "spoke" }, in: 'privlink_answers_total{network="spoke"' },
  { what: "another type", other: { type: RecordTypes.AAAA }, in: 'type="AAAA"' },
  { what: "another rcode", other: { rcode: 3 }, in: 'rcode="NXDOMAIN"' },
  { what: "silence", other: { replySize: 0 }, in: 'rcode="dropped"' },
])("questions of one resolution are counted apart where one has $what", async ({ other, in: labels }) => {
  const registry = new Registry();
  const counters = new QueryCounters(registry);
  for (const event of [USUAL, USUAL, { ...USUAL, ...other }, USUAL]) counters.record(event);
  const text = await registry.metrics();
  const lines = text.split("\n").filter((line) => line.includes(labels));
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line).toMatch(/ 1$/);
  expect(text).toContain('privlink_dns_requests_total{network="hub",proto="udp",family="1",type="A"}');
});
