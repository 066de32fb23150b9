import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import type { Message } from "../message/message.ts";
import { Rcodes } from "../message/rcodes.ts";
import { knownName } from "../name/name-text.ts";
import { formatRdata } from "../record/rdata-text.ts";
import { RecordClasses, RecordTypes } from "../record/record-type.ts";
import type { ResourceRecord } from "../record/rrset.ts";
import { zoneRecords } from "../zone/zone-records.ts";
import { readReply } from "./read-reply.ts";

/** Zone-file lines as the records of a message. */
function records(lines: string): ResourceRecord[] {
  const { input } = loadText(
    `public:\n  records: |\n${lines
      .split("\n")
      .map((line) => `    ${line}`)
      .join("\n")}\n`,
  );
  return [...zoneRecords(input.publicRecords)].flatMap(({ owner, type, ttl, rdatas }) =>
    rdatas.map((rdata) => ({ owner, type, ttl, rdata, class: RecordClasses.IN })),
  );
}

function message(parts: { rcode?: number; answers?: string; authorities?: string }): Message {
  const { rcode = Rcodes.NOERROR, answers, authorities } = parts;
  const flags = { qr: true, aa: false, tc: false, rd: true, ra: true, ad: false, cd: false };
  return {
    id: 1,
    opcode: 0,
    rcode,
    flags,
    questions: [],
    answers: answers === undefined ? [] : records(answers),
    authorities: authorities === undefined ? [] : records(authorities),
    additionals: [],
  };
}

const SOA = "example. 60 SOA ns.example. h.example. 1 2 3 4 5";

function say(name: string, reply: Message): string {
  const read = readReply({ name: knownName(name), type: RecordTypes.A }, reply);
  if (read.kind === "unusable") return `unusable: ${read.why}`;
  const { aliases, outcome } = read;
  const chain = aliases.map(
    ({ type, rdatas }) =>
      `${type === RecordTypes.DNAME ? "DNAME" : "CNAME"} ${rdatas.map((rdata) => formatRdata(type, rdata)).join()}`,
  );
  const end =
    outcome.kind === "answer"
      ? outcome.rrsets
          .map(({ rdatas, ttl }) => `${ttl} A ${rdatas.map((rdata) => formatRdata(RecordTypes.A, rdata)).join()}`)
          .join()
      : `${outcome.kind}${"soa" in outcome && outcome.soa !== undefined ? " with SOA" : ""}`;
  return [...chain, end].join(" / ");
}

describe("what counts of a real server's reply", () => {
  test.each([
    { because: "the data of the name", answers: "www.example. 60 A 192.0.2.1", is: "60 A 192.0.2.1" },
    {
      because: "a set has its lowest TTL and all its records",
      answers: "www.example. 60 A 192.0.2.1\nwww.example. 60 A 192.0.2.2",
      is: "60 A 192.0.2.1,192.0.2.2",
    },
    {
      because: "the chain, in order",
      answers: "a.example. 60 A 192.0.2.1\nwww.example. 60 CNAME b.example.\nb.example. 60 CNAME a.example.",
      is: "CNAME b.example. / CNAME a.example. / 60 A 192.0.2.1",
    },
    {
      because: "a DNAME before its CNAME",
      name: "x.old.example",
      answers: "old.example. 60 DNAME new.example.\nx.new.example. 60 A 192.0.2.1",
      extra: "x.old.example. 60 CNAME x.new.example.",
      is: "DNAME new.example. / CNAME x.new.example. / 60 A 192.0.2.1",
    },
    {
      because: "what a DNAME makes has the letters of the name asked, whatever the server was sent",
      name: "x.old.example",
      answers: "old.example. 60 DNAME new.example.\nx.new.example. 60 A 192.0.2.1",
      extra: "X.oLd.example. 60 CNAME X.new.example.",
      is: "DNAME new.example. / CNAME x.new.example. / 60 A 192.0.2.1",
    },
    {
      because: "not records of other names",
      answers: "www.example. 60 A 192.0.2.1\nevil.example. 60 A 192.0.2.66",
      is: "60 A 192.0.2.1",
    },
    { because: "a denial with its SOA", rcode: Rcodes.NXDOMAIN, authorities: SOA, is: "nxdomain with SOA" },
    {
      because: "a denial after aliases",
      rcode: Rcodes.NXDOMAIN,
      answers: "www.example. 60 CNAME no.example.",
      authorities: SOA,
      is: "CNAME no.example. / nxdomain with SOA",
    },
    {
      because: "a SOA of elsewhere is dropped",
      rcode: Rcodes.NXDOMAIN,
      authorities: "other. 60 SOA a. b. 1 2 3 4 5",
      is: "nxdomain",
    },
    { because: "no data, with the SOA", authorities: SOA, is: "nodata with SOA" },
    { because: "no data, and nothing else either", is: "nodata" },
    { because: "a referral is no answer", authorities: "example. 60 NS ns.example.", is: "unusable: a referral" },
    {
      because: "aliases that lead nowhere",
      answers: "www.example. 60 CNAME a.example.",
      is: "unusable: a chain of aliases without an end",
    },
    {
      because: "aliases in a circle",
      answers: "www.example. 60 CNAME a.example.\na.example. 60 CNAME www.example.",
      is: "unusable: a chain of aliases without an end",
    },
    { because: "a failure", rcode: Rcodes.SERVFAIL, is: "unusable: SERVFAIL" },
    { because: "a refusal", rcode: Rcodes.REFUSED, is: "unusable: REFUSED" },
  ])("$because: $is", ({ name = "www.example", extra, is, ...parts }) => {
    const reply = message(parts);
    expect(say(name, extra === undefined ? reply : { ...reply, answers: [...reply.answers, ...records(extra)] })).toBe(
      is,
    );
  });
});
