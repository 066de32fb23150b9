import { describe, expect, test } from "vitest";
import { diagnose } from "./diagnose.ts";
import type { MachineFacts } from "./facts.ts";
import { readLsof, readNetstat, socketsAt53 } from "./port-holders.ts";
import { readHostSources, readResolvConf } from "./resolv-conf.ts";

const HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const QUIET: MachineFacts = {
  platform: "linux",
  inside: [],
  holders: [],
  hostSources: ["files", "dns"],
  domainServers: [],
  probes: [],
};

function resolvConf(text: string): Pick<MachineFacts, "resolvConf"> {
  return { resolvConf: readResolvConf(text, "/etc/resolv.conf") };
}

describe("who has port 53", () => {
  test.each([
    {
      line: "  5: 3500007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000 101 0 4711 2",
      finds: "127.0.0.53 4711",
      because: "loopback",
    },
    {
      line: "  5: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 12 2",
      finds: "0.0.0.0 12",
      because: "every address",
    },
    {
      line: "  5: 0100007F:0036 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 12 2",
      finds: "",
      because: "another port",
    },
    {
      line: "  5: 0100007F:0035 08080808:0035 01 00000000:00000000 00:00000000 00000000 0 0 12 2",
      finds: "",
      because: "a client's connected socket",
    },
  ])("in /proc/net/udp: $because", ({ line, finds }) => {
    expect(
      socketsAt53(`${HEAD}\n${line}\n`, "udp")
        .map(({ address, inode }) => `${address} ${inode}`)
        .join(),
    ).toBe(finds);
  });

  test("in /proc/net/tcp6 only who listens", () => {
    const zeros = "00000000000000000000000000000000";
    const one = "00000000000000000000000001000000";
    const rest = `${zeros}:0000 0A 00000000:00000000 00:00000000 00000000 0 0`;
    const table = `${HEAD}\n 0: ${zeros}:0035 ${rest} 7 1\n 1: ${one}:0035 ${rest} 8 1\n 2: ${one}:0035 ${rest.replace(" 0A ", " 06 ")} 9 1\n`;
    expect(socketsAt53(table, "tcp")).toEqual([
      { protocol: "tcp", address: "::", port: 53, inode: "7" },
      { protocol: "tcp", address: "0:0:0:0:0:0:0:1", port: 53, inode: "8" },
    ]);
  });

  test("as lsof tells", () => {
    const text = "p311\ncmDNSResponder\nf5\nPUDP\nn*:53\nf6\nPTCP\nn[::1]:53\nf7\nPTCP\nn10.0.0.2:51000->10.0.0.1:53\n";
    expect(readLsof(text)).toEqual([
      { protocol: "udp", address: "0.0.0.0", owner: { id: 311, name: "mDNSResponder" } },
      { protocol: "tcp", address: "::1", owner: { id: 311, name: "mDNSResponder" } },
    ]);
  });

  test("as netstat tells on Windows", () => {
    const text =
      "  Proto  Local Address          Foreign Address        State           PID\r\n" +
      "  TCP    172.20.0.1:53          0.0.0.0:0              LISTENING       4128\r\n" +
      "  TCP    10.0.0.2:51000         10.0.0.1:53            ESTABLISHED     99\r\n" +
      "  UDP    [::1]:53               *:*                                    4128\r\n";
    expect(readNetstat(text).map(({ protocol, address, owner }) => `${protocol} ${address} ${owner?.id}`)).toEqual([
      "tcp 172.20.0.1 4128",
      "udp ::1 4128",
    ]);
  });
});

describe("what the resolver is told", () => {
  test("resolv.conf is read as glibc does", () => {
    const text =
      "# mine\nnameserver 127.0.0.53\nsearch a.example\nsearch b.example c.example\noptions edns0 ndots:5\nnameserver ::1 junk\n";
    expect(readResolvConf(text, "/x")).toEqual({
      realPath: "/x",
      nameservers: ["127.0.0.53", "::1"],
      search: ["b.example", "c.example"],
      options: ["edns0", "ndots:5"],
    });
  });

  test.each([
    {
      text: "hosts: files mdns4_minimal [NOTFOUND=return] resolve [!UNAVAIL=return] dns # all",
      sources: "files mdns4_minimal resolve dns",
    },
    { text: "passwd: files\n", sources: "" },
  ])("$text", ({ text, sources }) => expect(readHostSources(text).join(" ")).toBe(sources));
});

describe("what is said", () => {
  test.each<{ because: string; facts: Partial<MachineFacts>; says: RegExp; verdict: string; advice?: RegExp }>([
    { because: "a free port", facts: {}, says: /^nobody has port 53$/, verdict: "fine" },
    {
      because: "systemd-resolved has the port",
      facts: { holders: [{ protocol: "udp", address: "127.0.0.53", owner: { id: 1, name: "systemd-resolve" } }] },
      says: /^port 53 is taken: systemd-resolve \(1\) at 127\.0\.0\.53 over UDP$/,
      verdict: "note",
      advice: /DNSStubListener=no/,
    },
    {
      because: "somebody else's process has every address",
      facts: { holders: [{ protocol: "udp", address: "0.0.0.0" }] },
      says: /a process of another user at 0\.0\.0\.0/,
      verdict: "note",
      advice: /--listen 127\.0\.0\.1:5300/,
    },
    {
      because: "nobody knows",
      facts: { holders: undefined, platform: "windows" },
      says: /could not be found out/,
      verdict: "note",
      advice: /netstat/,
    },
    {
      because: "Docker",
      facts: resolvConf("nameserver 127.0.0.11\n"),
      says: /^127\.0\.0\.11 is Docker's own resolver/,
      verdict: "note",
      advice: /compose/,
    },
    {
      because: "systemd-resolved",
      facts: resolvConf("nameserver 127.0.0.53\n"),
      says: /^127\.0\.0\.53 is systemd-resolved/,
      verdict: "note",
      advice: /resolvectl/,
    },
    {
      because: "WSL",
      facts: { inside: ["wsl"], ...resolvConf("nameserver 172.20.0.1\n") },
      says: /^WSL writes resolv\.conf anew/,
      verdict: "note",
      advice: /wsl\.conf/,
    },
    {
      because: "mixed servers",
      facts: resolvConf("nameserver 10.0.0.4\nnameserver 8.8.8.8\n"),
      says: /^private and public servers are mixed: 10\.0\.0\.4, 8\.8\.8\.8/,
      verdict: "problem",
    },
    {
      because: "four servers",
      facts: resolvConf("nameserver 10.0.0.1\nnameserver 10.0.0.2\nnameserver 10.0.0.3\nnameserver 10.0.0.4\n"),
      says: /^of 4 servers only the first 3/,
      verdict: "problem",
    },
    {
      because: "ndots of a cluster",
      facts: resolvConf("nameserver 10.96.0.10\nsearch svc.cluster.local\noptions ndots:5\n"),
      says: /fewer than 5 dots are tried below svc\.cluster\.local/,
      verdict: "note",
    },
    {
      because: "a pod",
      facts: { inside: ["container", "kubernetes"] },
      says: /^this is a pod/,
      verdict: "note",
      advice: /dnsPolicy: None/,
    },
    {
      because: "no DNS at all",
      facts: { hostSources: ["files"] },
      says: /^programs do not ask DNS/,
      verdict: "problem",
      advice: /nsswitch/,
    },
    {
      because: "macOS",
      facts: { platform: "macos", domainServers: [{ domain: "azurecr.io", nameservers: ["127.0.0.1"] }] },
      says: /^\/etc\/resolver sends azurecr\.io to 127\.0\.0\.1$/,
      verdict: "fine",
    },
    {
      because: "Windows",
      facts: { platform: "windows" },
      says: /^Windows asks the servers of its network adapters$/,
      verdict: "note",
      advice: /Add-DnsClientNrptRule/,
    },
    {
      because: "privlink that takes us for a stranger",
      facts: {
        probes: [{ server: "127.0.0.1:5300", why: "privlink", result: { kind: "privlink", asker: "the internet" } }],
      },
      says: /is privlink, and takes this machine as the internet$/,
      verdict: "fine",
      advice: /clients or prefixes/,
    },
    {
      because: "another server where privlink should be",
      facts: { probes: [{ server: "127.0.0.1:53", why: "privlink", result: { kind: "other", rcode: "REFUSED" } }] },
      says: /not privlink$/,
      verdict: "problem",
    },
    {
      because: "a dead server of the system",
      facts: { probes: [{ server: "127.0.0.53:53", why: "system", result: { kind: "none", text: "timed out" } }] },
      says: /^127\.0\.0\.53:53 timed out$/,
      verdict: "problem",
    },
    {
      because: "a server outside",
      facts: { probes: [{ server: "192.0.2.1:53", why: "system", result: { kind: "not-asked" } }] },
      says: /was not asked/,
      verdict: "note",
      advice: /--live/,
    },
  ])("of $because", ({ facts, says, verdict, advice }) => {
    const findings = diagnose({ ...QUIET, ...facts });
    const found = findings.find(({ sentence }) => says.test(sentence));
    expect(findings.map(({ sentence }) => sentence).join("\n")).toMatch(new RegExp(says, "m"));
    expect(found?.verdict).toBe(verdict);
    if (advice !== undefined) expect(found?.advice.join("\n")).toMatch(advice);
    for (const { sentence } of findings) expect(sentence).not.toMatch(/\.$/);
  });
});
