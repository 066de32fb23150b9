import * as fc from "fast-check";
import { expect, test } from "vitest";
import { anyName } from "../../test/arbitraries.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import { countDown } from "./count-down.ts";
import { decodeMessage } from "./decode.ts";
import { encodeReply } from "./encode.ts";
import { HEADER_OCTETS } from "./header.ts";
import type { ReplyParts } from "./reply-parts.ts";

const set: fc.Arbitrary<RRset> = fc
  .record({
    owner: anyName,
    ttl: fc.nat(0x7fff_ffff),
    data: fc.array(fc.uint8Array({ maxLength: 20 }), { minLength: 1, maxLength: 3 }),
  })
  .map(({ owner, ttl, data }) => ({ owner, type: 65_280, ttl, rdatas: data }));

test("TTLs of answers and authorities are lower by the seconds, none below 0, and nothing else changes", () => {
  const sets = fc.array(set, { maxLength: 4 });
  fc.assert(
    fc.property(anyName, sets, sets, sets, fc.nat(400_000_000), (name, answers, authorities, additionals, seconds) => {
      const parts: ReplyParts = {
        id: 7,
        opcode: 0,
        rcode: 0,
        flags: { aa: false, rd: true, ra: true, ad: false, cd: false },
        question: { name, type: RecordTypes.A, class: 1 },
        answers,
        authorities,
        glue: [],
        additionals,
        edns: { udpSize: 1232, dnssecOk: true, options: [] },
      };
      const octets = encodeReply(parts, 65_535);
      const before = decodeMessage(octets.slice());
      countDown(octets, HEADER_OCTETS + name.key.length + 4, seconds);
      const lower = (records: typeof before.answers): typeof before.answers =>
        records.map((record) => ({ ...record, ttl: Math.max(0, record.ttl - seconds) }));
      expect(decodeMessage(octets)).toEqual({
        ...before,
        answers: lower(before.answers),
        authorities: lower(before.authorities),
      });
    }),
  );
});
