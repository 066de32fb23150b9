import { dump } from "../rdata-line.ts";
import { COOKIE, option, query, WWW } from "./raw-messages.ts";

/** One question that trips some servers, and what the RFCs have a server reply. */
export interface EdnsProbe {
  /** The name that ISC's EDNS compliance tester gives it, or one in its manner. */
  readonly probe: string;
  /** What dig is told to send just that; a test holds its octets against `sends`. */
  readonly dig: string;
  /** The section that the reply follows. */
  readonly rfc: string;
  readonly sends: Uint8Array;
  /** The reply as `told` says it, by both transports unless `overTcp` differs. */
  readonly gets: string;
  readonly overTcp?: string;
}

const [APEX, MANY, LOTS] = ["", "046d616e79", "046c6f7473"].map((label) => `${label} 04636f7270 076578616d706c65 00`);
const SOA = `${APEX} 0006 0001`;
const ALL_OPTIONS = [option(3, ""), option(8, "00010000"), option(10, COOKIE), option(9, "")].join(" ");
/** A plain answer with OPT, and a reply to another version, which says ours. */
const [GOOD, BADVERS] = ["NOERROR rd, 1/1/0, OPT 1232", "BADVERS rd, 1/0/0, OPT 1232"];

/** ISC's probes by the names that it gives them, each asked for what a test's estate has (`raw-messages.ts`). */
export const EDNS_PROBES: readonly EdnsProbe[] = [
  {
    probe: "dns",
    dig: "+noedns +noad +norec corp.example SOA",
    rfc: "RFC 6891 §6.1.1: OPT comes only to those who sent one",
    sends: query(SOA, undefined, "0000"),
    gets: "NOERROR, 1/1/0",
  },
  {
    probe: "aa",
    dig: "+noedns +noad +norec +aaflag corp.example SOA",
    rfc: "RFC 1035 §4.1.1: AA means something in responses",
    sends: query(SOA, undefined, "0400"),
    gets: "NOERROR, 1/1/0",
  },
  {
    probe: "ad",
    dig: "+noedns +norec +ad corp.example SOA",
    rfc: "RFC 6840 §5.7: AD in a query asks for AD, which what was not validated does not get",
    sends: query(SOA, undefined, "0020"),
    gets: "NOERROR, 1/1/0",
  },
  {
    probe: "cd",
    dig: "+noedns +noad +norec +cd corp.example SOA",
    rfc: "RFC 4035 §3.2.2: CD is copied",
    sends: query(SOA, undefined, "0010"),
    gets: "NOERROR cd, 1/1/0",
  },
  {
    probe: "ra",
    dig: "+noedns +noad +norec +raflag corp.example SOA",
    rfc: "RFC 1035 §4.1.1: RA is set or cleared in responses",
    sends: query(SOA, undefined, "0080"),
    gets: "NOERROR, 1/1/0",
  },
  {
    probe: "rd",
    dig: "+noedns +noad +rec corp.example SOA",
    rfc: "RFC 1035 §4.1.1: RD is copied",
    sends: query(SOA, undefined, "0100"),
    gets: "NOERROR rd, 1/1/0",
  },
  {
    probe: "tc",
    dig: "+noedns +noad +norec +tcflag corp.example SOA",
    rfc: "RFC 1035 §4.1.1: TC says that this message is cut short, and this one is not",
    sends: query(SOA, undefined, "0200"),
    gets: "NOERROR, 1/1/0",
  },
  {
    probe: "zflag",
    dig: "+noedns +noad +norec +zflag corp.example SOA",
    rfc: "RFC 1035 §4.1.1: Z is zero in every response",
    sends: query(SOA, undefined, "0040"),
    gets: "NOERROR, 1/1/0",
  },
  {
    probe: "opcode",
    dig: "+noedns +noad +norec +opcode=15 +header-only",
    rfc: "RFC 1035 §4.1.1: rcode 4, this kind of query is not supported",
    sends: dump("1234 7800 0000 0000 0000 0000"),
    gets: "OPCODE15, NOTIMP, 0/0/0",
  },
  {
    probe: "opcodeflg",
    dig: "+noedns +opcode=15 +tcflag +rec +raflag +cd +ad +aaflag +zflag +header-only",
    rfc: "RFC 1035 §4.1.1: rcode 4, whatever the flags",
    sends: dump("1234 7ff0 0000 0000 0000 0000"),
    gets: "OPCODE15, NOTIMP rd cd, 0/0/0",
  },
  {
    probe: "type666",
    dig: "+noedns +noad +norec corp.example TYPE666",
    rfc: "RFC 3597 §3: a type that nobody knows is a type",
    sends: query(`${APEX} 029a 0001`, undefined, "0000"),
    gets: "NOERROR, 1/0/1",
  },
  {
    probe: "edns",
    dig: "+noad +edns=0 +nocookie corp.example SOA",
    rfc: "RFC 6891 §6.1.1: who sends OPT gets one",
    sends: query(SOA, {}),
    gets: GOOD,
  },
  {
    probe: "edns1",
    dig: "+noad +edns=1 +noednsneg +nocookie corp.example SOA",
    rfc: "RFC 6891 §6.1.3: BADVERS, with the version that is there",
    sends: query(SOA, { ttl: "00010000" }),
    gets: BADVERS,
  },
  {
    probe: "edns@512",
    dig: "+noad +ignore +nocookie +bufsize=512 many.corp.example A",
    rfc: "RFC 6891 §6.2.3: the client's size is a limit",
    sends: query(`${MANY} 0001 0001`, { size: "0200" }),
    gets: "NOERROR rd, 1/29/0, OPT 1232",
  },
  {
    probe: "edns@512 and edns512tcp",
    dig: "+noad +ignore +nocookie +bufsize=512 lots.corp.example A",
    rfc: "RFC 6891 §6.2.3, RFC 2181 §9: what is longer is cut short, over TCP it is not",
    sends: query(`${LOTS} 0001 0001`, { size: "0200" }),
    gets: "NOERROR tc rd, 1/0/0, OPT 1232",
    overTcp: "NOERROR rd, 1/150/0, OPT 1232",
  },
  {
    probe: "dns@512",
    dig: "+noedns +noad +ignore lots.corp.example A",
    rfc: "RFC 1035 §4.2.1: 512 octets without OPT",
    sends: query(`${LOTS} 0001 0001`),
    gets: "NOERROR tc rd, 1/0/0",
    overTcp: "NOERROR rd, 1/150/0",
  },
  {
    probe: "ednsopt",
    dig: "+noad +nocookie +ednsopt=100 corp.example SOA",
    rfc: "RFC 6891 §6.1.2: options that are not understood are ignored",
    sends: query(SOA, { options: option(100, "") }),
    gets: GOOD,
  },
  {
    probe: "ednsopt with octets, twice",
    dig: "+noad +nocookie +ednsopt=65534:616263 +ednsopt=65534 corp.example SOA",
    rfc: "RFC 6891 §6.1.2",
    sends: query(SOA, { options: `${option(65534, "616263")} ${option(65534, "")}` }),
    gets: GOOD,
  },
  {
    probe: "edns1opt",
    dig: "+noad +edns=1 +noednsneg +nocookie +ednsopt=100 corp.example SOA",
    rfc: "RFC 6891 §6.1.3",
    sends: query(SOA, { ttl: "00010000", options: option(100, "") }),
    gets: BADVERS,
  },
  {
    probe: "do",
    dig: "+noad +nocookie +dnssec corp.example SOA",
    rfc: "RFC 3225 §3: DO is copied, also where nothing is signed",
    sends: query(SOA, { ttl: "00008000" }),
    gets: `${GOOD} do`,
  },
  {
    probe: "docookie",
    dig: `+noad +dnssec +cookie=${COOKIE} corp.example SOA`,
    rfc: "RFC 7873 §5.2.3, RFC 3225 §3",
    sends: query(SOA, { ttl: "00008000", options: option(10, COOKIE) }),
    gets: `${GOOD} do, COOKIE ${COOKIE} ours`,
  },
  {
    probe: "docd",
    dig: "+noad +norec +nocookie +dnssec +cd corp.example SOA",
    rfc: "RFC 4035 §3.2.2, RFC 3225 §3",
    sends: query(SOA, { ttl: "00008000" }, "0010"),
    gets: "NOERROR cd, 1/1/0, OPT 1232 do",
  },
  {
    probe: "edns1do",
    dig: "+noad +edns=1 +noednsneg +nocookie +dnssec corp.example SOA",
    rfc: "RFC 6891 §6.1.3, RFC 3225 §3",
    sends: query(SOA, { ttl: "00018000" }),
    gets: `${BADVERS} do`,
  },
  {
    probe: "ednsflags",
    dig: "+noad +nocookie +ednsflags=0x0080 corp.example SOA",
    rfc: "RFC 6891 §6.1.4: flags that mean nothing are ignored, and zero in the reply",
    sends: query(SOA, { ttl: "00000080" }),
    gets: GOOD,
  },
  {
    probe: "ednsflags and DO",
    dig: "+noad +nocookie +dnssec +ednsflags=0xbfff corp.example SOA",
    rfc: "RFC 6891 §6.1.4, RFC 3225 §3",
    sends: query(SOA, { ttl: "0000bfff" }),
    gets: `${GOOD} do`,
  },
  {
    probe: "edns1flags",
    dig: "+noad +edns=1 +noednsneg +nocookie +ednsflags=0x0080 corp.example SOA",
    rfc: "RFC 6891 §6.1.3",
    sends: query(SOA, { ttl: "00010080" }),
    gets: BADVERS,
  },
  {
    probe: "ednsnsid",
    dig: "+noad +nocookie +nsid corp.example SOA",
    rfc: "RFC 5001 §2.2",
    sends: query(SOA, { options: option(3, "") }),
    gets: `${GOOD}, NSID here`,
  },
  {
    probe: "ednscookie",
    dig: `+noad +cookie=${COOKIE} corp.example SOA`,
    rfc: "RFC 7873 §5.2.3",
    sends: query(SOA, { options: option(10, COOKIE) }),
    gets: `${GOOD}, COOKIE ${COOKIE} ours`,
  },
  {
    probe: "ednsexpire",
    dig: "+noad +nocookie +expire corp.example SOA",
    rfc: "RFC 7314 §3: who is not authoritative for the zone adds none",
    sends: query(SOA, { options: option(9, "") }),
    gets: GOOD,
  },
  {
    probe: "ednssubnet",
    dig: "+noad +nocookie +subnet=0.0.0.0/0 corp.example SOA",
    rfc: "RFC 7871 §7.1.2, §7.2.1: no network is told, and the scope is zero",
    sends: query(SOA, { options: option(8, "00010000") }),
    gets: `${GOOD}, 8:00010000`,
  },
  {
    probe: "ednslist",
    dig: `+noad +nsid +subnet=0.0.0.0/0 +expire +cookie=${COOKIE} corp.example SOA`,
    rfc: "RFC 6891 §6.1.2: options in any order",
    sends: query(SOA, { options: ALL_OPTIONS }),
    gets: `${GOOD}, 8:00010000, COOKIE ${COOKIE} ours, NSID here`,
  },
  {
    probe: "edns1list",
    dig: `+noad +edns=1 +noednsneg +nsid +subnet=0.0.0.0/0 +expire +cookie=${COOKIE} corp.example SOA`,
    rfc: "RFC 6891 §6.1.3: what options of another version mean nobody knows",
    sends: query(SOA, { ttl: "00010000", options: ALL_OPTIONS }),
    gets: BADVERS,
  },
  {
    probe: "signed",
    dig: "+noad +nocookie +dnssec www.corp.example A",
    rfc: "RFC 4035 §3.1: what is not signed is answered as it is",
    sends: query(WWW, { ttl: "00008000" }),
    gets: `${GOOD} do`,
  },
];
