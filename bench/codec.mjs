// Our codec beside those of dns2 and dns-packet: a query read as a server reads it, a reply of an alias and an address
// written, that reply read as a client reads it. In turn, so that noise is everybody's.
import dnsPacket from "dns-packet";
import { Packet } from "dns2";
import { decodeMessage } from "../dist/message/decode.js";
import { encodeReply } from "../dist/message/encode.js";
import { decodeQuery, encodeQuery } from "../dist/message/query.js";
import { knownName } from "../dist/name/name-text.js";
import { RecordTypes } from "../dist/record/record-type.js";
import { table } from "./results.mjs";
import { median } from "./serve/measure.mjs";

const NAME = "myregistry.azurecr.io";
const TARGET = "myregistry.privatelink.azurecr.io";
const ADDRESS = "10.0.0.7";

const query = Buffer.from(encodeQuery({ id: 7, name: knownName(NAME), type: RecordTypes.A, rd: true }));
const { question } = decodeQuery(query).query;
const target = knownName(TARGET);
const targetOctets = Buffer.from(target.labels.flatMap((label) => [label.length, ...Buffer.from(label)]).concat(0));
const parts = {
  id: 7,
  opcode: 0,
  rcode: 0,
  flags: { aa: false, rd: true, ra: true, ad: false, cd: false },
  question,
  answers: [
    { owner: question.name, type: RecordTypes.CNAME, ttl: 300, rdatas: [targetOctets] },
    { owner: target, type: RecordTypes.A, ttl: 10, rdatas: [Uint8Array.of(10, 0, 0, 7)] },
  ],
  authorities: [],
  glue: [],
  additionals: [],
};
const reply = Buffer.from(encodeReply(parts, 1232));
const packetReply = {
  type: "response",
  id: 7,
  flags: dnsPacket.RECURSION_DESIRED | dnsPacket.RECURSION_AVAILABLE,
  questions: [{ type: "A", class: "IN", name: NAME }],
  answers: [
    { type: "CNAME", class: "IN", name: NAME, ttl: 300, data: TARGET },
    { type: "A", class: "IN", name: TARGET, ttl: 10, data: ADDRESS },
  ],
};

function dns2Reply() {
  const packet = new Packet();
  packet.header.id = 7;
  packet.header.qr = 1;
  packet.questions.push(new Packet.Question(NAME, Packet.TYPE.A, Packet.CLASS.IN));
  packet.answers.push({ name: NAME, type: Packet.TYPE.CNAME, class: Packet.CLASS.IN, ttl: 300, domain: TARGET });
  packet.answers.push({ name: TARGET, type: Packet.TYPE.A, class: Packet.CLASS.IN, ttl: 10, address: ADDRESS });
  return packet.toBuffer();
}

const WORK = {
  "read a query": {
    privlink: () => decodeQuery(query),
    "dns-packet": () => dnsPacket.decode(query),
    dns2: () => Packet.parse(query),
  },
  "write a reply": {
    privlink: () => encodeReply(parts, 1232),
    "dns-packet": () => dnsPacket.encode(packetReply),
    dns2: dns2Reply,
  },
  "read a reply": {
    privlink: () => decodeMessage(reply),
    "dns-packet": () => dnsPacket.decode(reply),
    dns2: () => Packet.parse(reply),
  },
};

export async function measureCodec(quick) {
  const rows = [];
  for (const [work, doers] of Object.entries(WORK)) {
    const times = Object.fromEntries(Object.keys(doers).map((who) => [who, []]));
    for (let round = 0; round < (quick ? 2 : 9); round++) {
      for (const [who, once] of Object.entries(doers)) times[who].push(microsecondsFor(once, quick ? 2_000 : 50_000));
    }
    const [ours, ...others] = Object.values(times).map((all) => median(all));
    rows.push([work, ours.toFixed(2), ...others.map((us) => `${us.toFixed(2)} (${(ours / us).toFixed(2)})`)]);
  }
  return [
    "us of processor time, medians; in brackets our share of it. Ours compresses names, checks every octet and keeps octets as",
    "they are; the others do not.",
    "",
    ...table(["work", "privlink", "dns-packet 5.6.1", `dns2 3.1.1`], rows),
  ];
}

function microsecondsFor(once, times) {
  const { user, system } = process.cpuUsage();
  for (let i = 0; i < times; i++) once();
  const used = process.cpuUsage();
  return (used.user + used.system - user - system) / times;
}
