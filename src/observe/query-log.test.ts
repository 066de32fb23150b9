import { expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { Rcodes } from "../message/rcodes.ts";
import { knownName } from "../name/name-text.ts";
import { knownAddress } from "../net/address.ts";
import { RecordTypes } from "../record/record-type.ts";
import { type Addressee, resolveOffline } from "../resolve/resolve.ts";
import type { QueryEvent } from "../serve/query-event.ts";
import { textLine } from "./log.ts";
import { openQueryLog } from "./query-log.ts";

const { snapshot } = loadText(`
networks: { hub: { prefixes: 10.0.0.0/16 } }
zones:
  corp.example:
    links: hub
    records: |
      www 60 CNAME real
      real 60 A 10.0.0.1
listen: { address: 127.0.0.1:5300, authoritative: true, network: hub }
`);

function event(asked: Addressee = { kind: "servers-of", network: "hub" }): QueryEvent {
  const question = { name: knownName("www.corp.example"), type: RecordTypes.A };
  return {
    ...question,
    durationMs: 0.256,
    transport: "udp",
    client: knownAddress("10.0.0.9"),
    port: 4000,
    network: "hub",
    rcode: Rcodes.NOERROR,
    querySize: 34,
    replySize: 69,
    resolution: resolveOffline(snapshot, asked, question),
  };
}

function written(format: "text" | "json", asked?: Addressee): string {
  const lines: string[] = [];
  const log = openQueryLog(format, (text) => lines.push(text));
  log.write(event(asked));
  expect(lines).toEqual([]); // Lines wait for one another.
  log.close();
  return lines.join("");
}

test("a question is one line: who, what, how it ended, how long, by whom, from which zone, through what", () => {
  expect(written("text")).toBe(
    "10.0.0.9#4000 hub A www.corp.example udp NOERROR 0.26ms by hub/platform zone corp.example → real.corp.example\n",
  );
});

test("an authoritative listener is known by its zones", () => {
  expect(written("text", { kind: "authority", key: "the zones of network hub" })).toBe(
    "10.0.0.9#4000 hub A www.corp.example udp NOERROR 0.26ms by the zones of network hub zone corp.example → real.corp.example\n",
  );
});

test("as JSON it has the same, as values", () => {
  expect(JSON.parse(written("json"))).toMatchObject({
    client: "10.0.0.9",
    network: "hub",
    name: "www.corp.example",
    type: "A",
    rcode: "NOERROR",
    resolver: "hub/platform",
    zone: "corp.example",
    chain: ["real.corp.example"],
    durationMs: 0.256,
    replySize: 69,
  });
});

test("the operator's log is a sentence behind the time, with what belongs to it", () => {
  const json = '{"level":"warn","time":"2026-11-20T10:11:12.000Z","why":"SIGHUP","count":2,"msg":"it went on"}';
  expect(textLine(json)).toBe("10:11:12 warn  it went on why=SIGHUP count=2\n");
  expect(textLine(json.replace('"count":2', '"err":{"stack":"Error: x\\n    at y"}'))).toBe(
    "10:11:12 warn  it went on why=SIGHUP\nError: x\n    at y\n",
  );
});
