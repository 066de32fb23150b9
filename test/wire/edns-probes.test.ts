import { beforeEach, describe, expect, test } from "vitest";
import { serversOfTest } from "../listening-servers.ts";
import { EDNS_PROBES, type EdnsProbe } from "../support/edns-probes.ts";
import { answering, told } from "../support/raw-messages.ts";
import { runTool } from "../support/server.ts";
import { needs } from "../support/tools.ts";

const CLIENT = "127.10.0.4";
const servers = serversOfTest();
beforeEach(needs("dig", CLIENT));

/** What a probe came to: the octets that dig sent, what it got for them, and how dig reads that. */
interface Sight {
  readonly sends: string;
  readonly gets: string;
  readonly reads: string;
}

/** The probes of ISC's tester, sent by ISC's dig over sockets: it sends what our table says, and reads what we mean. */
describe.each(["udp", "tcp"] as const)("EDNS compliance over %s, asked by dig", (over) => {
  test("every probe is sent, answered and read as the table says", async () => {
    const seen = await Promise.all(EDNS_PROBES.map(async (one) => [one.probe, await sightOf(one, over)] as const));
    expect(Object.fromEntries(seen)).toEqual(
      Object.fromEntries(EDNS_PROBES.map((one) => [one.probe, expected(one, over)])),
    );
  });
});

async function sightOf({ dig }: EdnsProbe, over: "udp" | "tcp"): Promise<Sight> {
  const got: { sends?: string; gets?: string } = {};
  const respond = answering();
  const at = await servers.serve((octets, from) => {
    const reply = respond(octets, from);
    if (reply instanceof Promise) throw new Error("nothing here waits");
    Object.assign(got, { sends: withoutId(octets), gets: `${from.transport}: ${told(reply, CLIENT)}` });
    return reply;
  });
  const words = ["-b", CLIENT, "@127.0.0.1", "-p", String(at.port), "+nocmd", over === "tcp" ? "+tcp" : "+notcp"];
  const { stdout } = await runTool("dig", [...words, ...dig.split(" ")]);
  return { sends: got.sends ?? "nothing", gets: got.gets ?? "nothing", reads: reading(stdout) };
}

function expected({ sends, gets, overTcp = gets }: EdnsProbe, over: "udp" | "tcp"): Sight {
  const reply = over === "tcp" ? overTcp : gets;
  const rcode = /(?:^|, )([A-Z]+)[ ,]/.exec(reply)?.[1];
  const counts = /(\d+)\/(\d+)\/(\d+)/.exec(reply)?.slice(1).join("/");
  return {
    sends: withoutId(sends),
    gets: `${over}: ${reply}`,
    reads: `${rcode}, ${counts}, OPT ${reply.includes("OPT ") ? "0" : "none"}`,
  };
}

/** What dig makes of a reply: rcode, counts, the version of OPT; whatever it warns of follows. */
function reading(printed: string): string {
  const rcode = /status: (\w+)/.exec(printed)?.[1];
  const counts = /QUERY: (\d+), ANSWER: (\d+), AUTHORITY: (\d+)/.exec(printed)?.slice(1).join("/");
  const version = /EDNS: version: (\d+)/.exec(printed)?.[1] ?? "none";
  const warnings = printed.split("\n").filter((line) => /warning|malformed|mismatch|MBZ|extra bytes/i.test(line));
  return [`${rcode}, ${counts}, OPT ${version}`, ...warnings].join("; ");
}

function withoutId(octets: Uint8Array): string {
  return Buffer.from(octets.subarray(2)).toString("hex");
}
