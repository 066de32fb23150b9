import { expect, test } from "vitest";
import { unexpected } from "../../test/loopback.ts";
import { loadText } from "../../test/support/memory-files.ts";
import { rcodeIn } from "../message/header.ts";
import { encodeQuery } from "../message/query.ts";
import { Rcodes } from "../message/rcodes.ts";
import { knownName } from "../name/name-text.ts";
import { knownAddress } from "../net/address.ts";
import { LOOPBACK_PREFIXES } from "../net/cidr.ts";
import { RecordTypes } from "../record/record-type.ts";
import { holdSnapshot } from "../snapshot/holder.ts";
import { createAnswer } from "./answer.ts";
import type { QueryEvent } from "./query-event.ts";
import { ReadyStore } from "./ready-store.ts";

const { snapshot } = loadText(`
networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16, clients: 127.10.0.0/16 }
  lost: { kind: azure, prefixes: 10.1.0.0/16, clients: 127.11.0.0/16, dns: 10.1.0.77 }
  blind: { kind: azure, prefixes: 10.2.0.0/16, clients: 127.12.0.0/16, dns: fwd }
  office: { kind: on-premises, prefixes: 192.168.0.0/16, clients: 127.13.0.0/16, dns: internet }
resolvers: { fwd: { network: blind, address: 10.2.0.4, forward: { ".": 10.2.0.77 } } }
`);

/** What clients get, asked one after the other of listeners that share their ready replies: a rcode, or nothing. */
function asked(unreachable: "servfail" | "drop" | undefined, clients: readonly string[], store = new ReadyStore()) {
  const events: QueryEvent[] = [];
  const respond = createAnswer({
    snapshots: holdSnapshot(snapshot),
    listener: () => ({ trust: LOOPBACK_PREFIXES, ...(unreachable === undefined ? {} : { unreachable }) }),
    identity: { version: "v", id: "i" },
    onFault: unexpected,
    onEvent: (event) => events.push(event),
    ready: store,
  });
  const replies = clients.map((client) => {
    const [source = "", local = "127.0.0.1"] = client.split(" at ");
    const octets = encodeQuery({ id: 7, name: knownName("a.example"), type: RecordTypes.A, rd: true });
    const from = { transport: "udp", address: knownAddress(source), port: 4000 } as const;
    const reply = respond(octets, { ...from, local: { address: knownAddress(local), port: 53 } });
    return reply instanceof Uint8Array ? rcodeIn(reply) : reply;
  });
  return { replies, sizes: events.map(({ replySize }) => replySize > 0) };
}

const { NXDOMAIN, SERVFAIL } = Rcodes;

test.each([
  {
    client: "127.11.0.4",
    because: "nobody stands at the address of its DNS server",
    said: SERVFAIL,
    dropped: undefined,
  },
  {
    client: "127.13.0.4 at 168.63.129.16",
    because: "a platform address, asked from outside",
    said: SERVFAIL,
    dropped: undefined,
  },
  { client: "127.12.0.4", because: "a forwarder is there, whose target is silent", said: SERVFAIL, dropped: SERVFAIL },
  { client: "127.10.0.4", because: "its resolver answers", said: NXDOMAIN, dropped: NXDOMAIN },
])("$client: $because", ({ client, said, dropped }) => {
  expect(asked(undefined, [client]).replies).toEqual([said]);
  expect(asked("servfail", [client]).replies).toEqual([said]);
  expect(asked("drop", [client]).replies).toEqual([dropped]);
});

test("a reply that one listener has ready is none of a listener that stays silent", () => {
  const store = new ReadyStore();
  expect(asked("servfail", ["127.11.0.4", "127.11.0.4"], store).replies).toEqual([SERVFAIL, SERVFAIL]);
  expect(asked("drop", ["127.11.0.4", "127.11.0.4"], store)).toEqual({
    replies: [undefined, undefined],
    sizes: [false, false],
  });
});
