// Sound packets, and rare ones, that others are made of.
import { clientSubnetOption } from "../../dist/message/client-subnet.js";
import { encodeReply, STREAM_LIMIT } from "../../dist/message/encode.js";
import { encodeQuery } from "../../dist/message/query.js";
import { cookieOption, rotateSecrets } from "../../dist/message/server-cookie.js";
import { knownName } from "../../dist/name/name-text.js";
import { parseAddress } from "../../dist/net/address.js";
import { CLASSES, OPTIONS, TYPES } from "./make-packets.mjs";
import { recordsOfText } from "./zones.mjs";

const NAMES = [
  ".",
  "io",
  "myregistry.azurecr.io",
  "myregistry.privatelink.azurecr.io",
  "myregistry.westeurope.data.azurecr.io",
  "MyRegistry.AzureCR.io",
  "nobody.example",
  "localhost",
  "7.0.0.10.in-addr.arpa",
  "version.bind",
  "azurecr.io",
  "_dns.resolver.arpa",
  "*.azurecr.io",
  `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(61)}`,
];

/** Cookies of the fuzzed server: its secrets, and the time that it always is. */
export const SECRETS = rotateSecrets({ current: new Uint8Array(16).fill(8) }, new Uint8Array(16).fill(9));
export const SECONDS = 1_800_000_000;

/** All of them; `recordText` are zone-file lines whose records replies are made of. */
export function packetSeeds(recordText) {
  return [
    ...seedQueries(),
    ...cookieQueries(),
    ...subnetQueries(),
    ...SIGNED_QUERIES,
    pointerChain(),
    ...seedReplies(recordText),
  ];
}

/** A question for every name and type of the lists, with some class and some option. */
export function seedQueries() {
  const queries = [];
  for (const [i, name] of NAMES.entries()) {
    for (const [j, type] of TYPES.entries()) {
      const options = OPTIONS[(i + j) % OPTIONS.length];
      const edns = {
        version: 0,
        udpSize: j % 2 === 0 ? 1232 : 512,
        dnssecOk: j % 3 === 0,
        options: [{ code: options[0], octets: Uint8Array.from(options[1]) }],
      };
      const query = {
        id: i * 100 + j,
        name: knownName(name),
        type,
        class: CLASSES[(i + j) % CLASSES.length],
        rd: j % 5 !== 0,
      };
      queries.push(encodeQuery(j % 4 === 0 ? query : { ...query, edns }));
    }
  }
  return queries;
}

/** Queries with a cookie of every age, of both secrets and of none. */
function cookieQueries() {
  const client = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const query = { id: 9, name: knownName(NAMES[2]), type: 1, rd: true };
  return [SECRETS.current, SECRETS.previous, new Uint8Array(16)].flatMap((current) =>
    [0, 1000, 1900, 3500, 3700, -200, -400].flatMap((age) =>
      ["127.0.0.1", "127.10.0.4", "::1"].map((address) => {
        const maker = { secrets: { current }, address: parseAddress(address).octets, seconds: SECONDS - age };
        const edns = { version: 0, udpSize: 1232, dnssecOk: false, options: [cookieOption(client, maker)] };
        return encodeQuery({ ...query, edns });
      }),
    ),
  );
}

/** Queries on behalf of clients, with every kind of prefix. */
function subnetQueries() {
  const query = { id: 10, name: knownName(NAMES[2]), type: 1, class: 1, rd: true };
  return ["10.0.0.0", "192.168.0.0", "2001:db8::", "0.0.0.0"].flatMap((address) =>
    [0, 7, 8, 24, 32].map((length) => {
      const option = clientSubnetOption({ address: parseAddress(address), length });
      return encodeQuery({ ...query, edns: { version: 0, udpSize: 4096, dnssecOk: true, options: [option] } });
    }),
  );
}

/** An owner by more pointers than any name needs, each of which leads to the one before it; they lie in another record's rdata. */
function pointerChain() {
  const links = 200;
  const first = 12 + 5 + 1 + 10; // Behind the header, a question of the root, and a record's owner and head.
  const chain = [
    0,
    ...Array.from({ length: links }, (_, i) => pointerTo(i === 0 ? first : first + 1 + 2 * (i - 1))),
  ].flat();
  const head = [0, 1, 0x80, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 1, 0, 1];
  const holder = [0, 0xff, 0, 0, 1, 0, 0, 0, 0, chain.length >> 8, chain.length & 255, ...chain];
  const last = [...pointerTo(first + 1 + 2 * (links - 1)), 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 10, 0, 0, 1];
  return Uint8Array.from([...head, ...holder, ...last]);
}

function pointerTo(offset) {
  return [0xc0 | (offset >> 8), offset & 255];
}

/** Signed by a key that nobody knows here (RFC 8945): sound, with other data, and of another class. */
const SIGNED_QUERIES = [
  [255, 0, ""],
  [255, 0, "000000000000"],
  [1, 0, ""],
  [255, 60, ""],
].map(([recordClass, ttl, other]) => {
  const question = "00010100000100000000000107636f6e746f736f076578616d706c650000010001";
  const time = "0000686b2a00012c";
  const length = (other.length / 2).toString(16).padStart(4, "0");
  const rdata = `0b686d61632d736861323536 00${time}000401020304 00010000${length}${other}`.replaceAll(" ", "");
  const [kind, seconds] = [recordClass.toString(16).padStart(4, "0"), ttl.toString(16).padStart(8, "0")];
  const size = (rdata.length / 2).toString(16).padStart(4, "0");
  return Buffer.from(`${question}036b65790000fa${kind}${seconds}${size}${rdata}`, "hex");
});

/** Replies with a record of every kind, a few in each. */
function seedReplies(recordText) {
  const sets = recordsOfText(recordText).map(({ owner, type, ttl, rdata }) => ({ owner, type, ttl, rdatas: [rdata] }));
  const flags = { aa: true, rd: true, ra: true, ad: false, cd: false };
  const replies = [];
  for (let i = 0; i < sets.length; i += 3) {
    const question = { name: sets[i].owner, type: sets[i].type, class: 1 };
    const edns = { udpSize: 1232, dnssecOk: false, options: [], extendedError: { code: 0, text: "because" } };
    const parts = {
      id: i,
      opcode: 0,
      rcode: 0,
      flags,
      question,
      edns,
      answers: sets.slice(i, i + 2),
      authorities: sets.slice(i + 2, i + 3),
      glue: [],
      additionals: sets.slice(0, 1),
    };
    replies.push(encodeReply(parts, STREAM_LIMIT));
  }
  return replies;
}
