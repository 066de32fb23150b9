import type { MachineFacts, PortHolder, Probe, ResolvConf } from "./facts.ts";

/** Something that was looked at: what is so, and what to do where that is in the way. */
export interface Finding {
  readonly topic: "port 53" | "resolver" | "reach";
  readonly verdict: "fine" | "note" | "problem";
  /** A sentence without a full stop. */
  readonly sentence: string;
  /** Orders, a line each; commands as somebody types them. */
  readonly advice: readonly string[];
}

/** The stub of systemd-resolved, and Docker's embedded resolver. */
const RESOLVED_STUB = "127.0.0.53";
const DOCKER_RESOLVER = "127.0.0.11";
/** glibc asks three servers and no more (resolv.conf(5), MAXNS). */
const MOST_NAMESERVERS = 3;

/** What is to be said of a machine, in the order in which somebody looks for a fault: port, configuration, questions. */
export function diagnose(facts: MachineFacts): readonly Finding[] {
  return [portFinding(facts), ...resolverFindings(facts), ...facts.probes.map((probe) => probeFinding(probe, facts))];
}

function portFinding({ holders, platform }: MachineFacts): Finding {
  const topic = "port 53";
  if (holders === undefined) {
    const how = platform === "windows" ? "netstat -ano | findstr :53" : "sudo lsof -nP -i :53";
    return {
      topic,
      verdict: "note",
      sentence: "who has port 53 could not be found out",
      advice: [`look yourself: ${how}`],
    };
  }
  if (holders.length === 0) return { topic, verdict: "fine", sentence: "nobody has port 53", advice: [] };
  const names = [...new Set(holders.map(holderText))].join(", ");
  const isOurs = holders.every(({ owner }) => owner !== undefined && /privlink/.test(owner.name));
  if (isOurs) return { topic, verdict: "fine", sentence: `port 53 is privlink's: ${names}`, advice: [] };
  return { topic, verdict: "note", sentence: `port 53 is taken: ${names}`, advice: adviceFor(holders, platform) };
}

function holderText({ protocol, address, owner }: PortHolder): string {
  const who = owner === undefined ? "a process of another user" : `${owner.name} (${owner.id})`;
  return `${who} at ${address} over ${protocol.toUpperCase()}`;
}

function adviceFor(holders: readonly PortHolder[], platform: MachineFacts["platform"]): string[] {
  const elsewhere = "privlink can answer at another port: privlink serve --listen 127.0.0.1:5300";
  const isEverywhere = holders.some(({ address }) => address === "0.0.0.0" || address === "::");
  const beside = "or beside it, at another loopback address: privlink serve --listen 127.0.0.2:53";
  const has = (name: RegExp): boolean => holders.some(({ owner }) => owner !== undefined && name.test(owner.name));
  const advice = isEverywhere ? [elsewhere] : [elsewhere, beside];
  if (has(/systemd-resolve/) || holders.some(({ address }) => address.startsWith("127.0.0.5")))
    advice.push(
      "to free it: DNSStubListener=no in /etc/systemd/resolved.conf, then sudo systemctl restart systemd-resolved",
    );
  if (has(/dnsmasq/))
    advice.push("dnsmasq is often libvirt's or NetworkManager's own: give it bind-dynamic, or an interface");
  if (platform === "windows")
    advice.push("Internet Connection Sharing holds it for WSL and Hyper-V: Get-Service SharedAccess");
  if (platform === "macos" && has(/mDNSResponder/)) advice.push("mDNSResponder holds it while Internet Sharing is on");
  return advice;
}

function resolverFindings(facts: MachineFacts): Finding[] {
  const { resolvConf, hostSources, domainServers, inside, platform } = facts;
  const findings: Finding[] = [];
  const add = (verdict: Finding["verdict"], sentence: string, advice: readonly string[] = []): void => {
    findings.push({ topic: "resolver", verdict, sentence, advice });
  };
  if (resolvConf !== undefined) addResolvConf(resolvConf, facts, add);
  if (platform === "macos") {
    add("note", "macOS asks the servers of its network services; /etc/resolv.conf is for dig and nslookup alone", [
      "scutil --dns shows them; a domain of its own: printf 'nameserver 127.0.0.1\\nport 5300\\n' | sudo tee /etc/resolver/azurecr.io",
    ]);
    for (const { domain, nameservers } of domainServers)
      add("fine", `/etc/resolver sends ${domain} to ${nameservers.join(", ")}`);
  }
  if (platform === "windows")
    add("note", "Windows asks the servers of its network adapters", [
      "Get-DnsClientServerAddress shows them; a domain of its own: Add-DnsClientNrptRule -Namespace .azurecr.io -NameServers 127.0.0.1 (port 53 alone)",
    ]);
  if (hostSources.length > 0 && !hostSources.includes("dns") && !hostSources.includes("resolve"))
    add("problem", `programs do not ask DNS for host names: nsswitch.conf has hosts: ${hostSources.join(" ")}`, [
      "add dns to the line hosts: of /etc/nsswitch.conf",
    ]);
  if (hostSources.includes("resolve"))
    add("note", "programs ask systemd-resolved past resolv.conf (nsswitch.conf has hosts: … resolve …)", [
      "to send it domains: resolvectl dns LINK 127.0.0.1:5300; resolvectl domain LINK '~azurecr.io'",
    ]);
  if (inside.includes("kubernetes"))
    add(
      "note",
      "this is a pod: dnsPolicy and dnsConfig decide what it asks, and its resolv.conf is written anew at each start",
      ["beside the application: dnsPolicy: None with nameservers: [127.0.0.1] and the searches of the cluster"],
    );
  return findings;
}

function addResolvConf(
  { realPath, nameservers, search, options }: ResolvConf,
  { inside }: MachineFacts,
  add: (verdict: Finding["verdict"], sentence: string, advice?: readonly string[]) => void,
): void {
  if (nameservers.length === 0) add("note", `${realPath} names no server: 127.0.0.1 is asked then`);
  else add("fine", `${realPath} asks ${nameservers.join(", then ")}`);
  if (nameservers.length > MOST_NAMESERVERS)
    add("problem", `of ${nameservers.length} servers only the first ${MOST_NAMESERVERS} are ever asked`, [
      "leave out the others",
    ]);
  if (nameservers.includes(RESOLVED_STUB))
    add("note", `${RESOLVED_STUB} is systemd-resolved, which has servers for each link`, [
      "resolvectl status shows them; one domain for privlink: resolvectl dns lo 127.0.0.1:5300; resolvectl domain lo '~azurecr.io'",
    ]);
  if (nameservers.includes(DOCKER_RESOLVER))
    add(
      "note",
      `${DOCKER_RESOLVER} is Docker's own resolver: it answers for containers, and asks what dns: says for the rest`,
      ["in compose: dns: [ADDRESS OF PRIVLINK], an address and port 53, not a name"],
    );
  if (inside.includes("wsl") && !nameservers.some((server) => server.startsWith("127.")))
    add("note", "WSL writes resolv.conf anew at each start", [
      "to keep yours: generateResolvConf=false below [network] in /etc/wsl.conf, then wsl --shutdown",
    ]);
  const isPrivate = (server: string): boolean =>
    /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|f[cd]|::1$)/i.test(server);
  const asked = nameservers.slice(0, MOST_NAMESERVERS);
  if (asked.some(isPrivate) && !asked.every(isPrivate))
    add(
      "problem",
      `private and public servers are mixed: ${asked.join(", ")}; whichever answers, answers for all names`,
      ["leave only servers that know the private names"],
    );
  const ndots = Number(options.find((option) => option.startsWith("ndots:"))?.slice("ndots:".length) ?? "1");
  if (ndots > 1 && search.length > 0)
    add("note", `names with fewer than ${ndots} dots are tried below ${search.join(", ")} first`, [
      "ask with a dot at the end to see what one question gives",
    ]);
}

function probeFinding({ server, why, result }: Probe, { inside }: MachineFacts): Finding {
  const topic = "reach";
  switch (result.kind) {
    case "privlink":
      return {
        topic,
        verdict: "fine",
        sentence: `${server} is privlink, and takes this machine as ${result.asker}`,
        advice: adviceOnAsker(result.asker),
      };
    case "other":
      return why === "system"
        ? {
            topic,
            verdict: "note",
            sentence: `${server} is another DNS server (${result.rcode}): what it forwards to privlink arrives as its own question`,
            advice: [],
          }
        : {
            topic,
            verdict: "problem",
            sentence: `${server} is another DNS server (${result.rcode}), not privlink`,
            advice: [`find out who has the port, or start privlink elsewhere`],
          };
    case "not-asked":
      return {
        topic,
        verdict: "note",
        sentence: `${server} is outside this machine, and was not asked who it is`,
        advice: ["to ask it: privlink doctor --live"],
      };
    case "none": {
      const advice =
        why === "privlink" ? ["start it: privlink serve; or name its address: privlink doctor ADDRESS:PORT"] : [];
      if (inside.includes("container"))
        advice.push(
          "a container reaches privlink on its host by the host's address in their network, not by 127.0.0.1",
        );
      return { topic, verdict: why === "system" ? "problem" : "note", sentence: `${server} ${result.text}`, advice };
    }
  }
}

function adviceOnAsker(asker: string): string[] {
  if (asker === "the internet")
    return [
      "to be taken as a network: its clients or prefixes must hold this address; or listen with --listen ADDR:PORT=NETWORK",
    ];
  return asker.startsWith("networks ") ? ["give one of them clients that hold this address"] : [];
}
