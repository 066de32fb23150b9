import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ask } from "../../src/client/ask.ts";
import type { Message } from "../../src/message/message.ts";
import { knownName } from "../../src/name/name-text.ts";
import { type AddressPort, formatAddressPort } from "../../src/net/address.ts";
import { typeNumber } from "../../src/record/type-names.ts";
import { type Make, NAMED, type RealServer, type ServedZone, startServer as startMake } from "../agreement/servers.ts";
import { run } from "../loopback.ts";
import { messageLines } from "../support/reply-text.ts";
import { type ServerProcess, startServer } from "../support/server.ts";
import { needs } from "../support/tools.ts";

/**
 * Chains of real servers: privlink processes behind one another, in front of named, behind Unbound and dnsmasq. Whatever is
 * asked at the end of a chain has named's answer.
 */
const LONG = Array.from({ length: 40 }, (_, i) => `long 300 TXT "${"x".repeat(60)} ${i}"`).join("\n");
const CORP: ServedZone = {
  origin: "corp.example.",
  text: `$ORIGIN corp.example.
@ 300 SOA ns h 1 3600 300 2419200 60
@ 300 NS ns
ns 300 A 192.0.2.53
www 300 A 192.0.2.1
www 300 AAAA 2001:db8::1
alias 300 CNAME www
out 300 CNAME reg.privatelink.azurecr.io.
*.wild 300 A 192.0.2.9
old 300 DNAME new
a.new 300 A 192.0.2.7
mail 300 MX 10 www
svc 300 HTTPS 1 . alpn=h2
${LONG}
`,
};
/** What is public of a private endpoint: the view of a forwarder that has a zone of its own hides it. */
const PUBLIC: ServedZone = {
  origin: "privatelink.azurecr.io.",
  text: "$ORIGIN privatelink.azurecr.io.\n@ 300 SOA ns h 1 3600 300 2419200 60\n@ 300 NS ns\nns 300 A 192.0.2.53\nreg 300 A 203.0.113.7\n",
};
const QUESTIONS = [
  "www.corp.example A",
  "www.corp.example AAAA",
  "alias.corp.example A",
  "x.wild.corp.example A",
  "a.old.corp.example A",
  "mail.corp.example MX",
  "svc.corp.example HTTPS",
  "long.corp.example TXT",
  "www.corp.example MX",
  "nobody.corp.example A",
  "wild.corp.example A",
] as const;

/** What a server says, less what counts down, what only an authority sends, and the order of a set. */
async function said(at: AddressPort, question: string, dnssecOk = false): Promise<string[]> {
  const message = await asked(at, question, dnssecOk);
  const isDenial = message.answers.every(({ type }) => type === 5 || type === 39);
  const lines = messageLines({ ...message, additionals: [], authorities: isDenial ? message.authorities : [] });
  const plain = lines.map((line) => line.replace(/ EDE .*/, "").replace(/ \d+ (?=[A-Z]+ )/, " "));
  return plain.every((line) => !line.includes(" CNAME ")) ? plain.toSorted() : plain; // named turns sets.
}

async function asked(at: AddressPort, question: string, dnssecOk = false): Promise<Message> {
  const [name = "", type = ""] = question.split(" ");
  const edns = { version: 0, udpSize: 1232, dnssecOk, options: [] };
  const reply = await ask(
    {
      server: at,
      name: knownName(name),
      type: typeNumber(type) ?? 0,
      rd: true,
      ad: true,
      edns,
      timeoutMs: 1500,
      tries: 4,
      transport: { kind: "udp-then-tcp" },
    },
    (below) => Math.floor(Math.random() * below),
  );
  if (reply.kind === "failed") throw new Error(`${formatAddressPort(at)} ${reply.text}`);
  return reply.message;
}

/** Unbound that asks one server for everything; with an anchor it validates what lies below. */
const unboundBefore = (server: AddressPort, anchor = ""): Make => ({
  name: "unbound",
  configure: (_zones, { folder, port }) => `server:
  interface: 127.0.0.1@${port}
  do-daemonize: no
  use-syslog: no
  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: ""
  module-config: "${anchor === "" ? "iterator" : "validator iterator"}"
  ${anchor === "" ? "" : `trust-anchor: "${anchor}"`}
  access-control: 127.0.0.0/8 allow
  do-not-query-localhost: no
  local-zone: "example." nodefault
remote-control:
  control-enable: no
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@${server.port}`,
  arguments: (configuration) => ["-d", "-c", configuration],
});

const dnsmasqBefore = (server: AddressPort): Make => ({
  name: "dnsmasq",
  configure: (_zones, { port }) =>
    `port=${port}\nlisten-address=127.0.0.1\nbind-interfaces\nno-resolv\nno-hosts\nserver=127.0.0.1#${server.port}\nuser=\npid-file=`,
  arguments: (configuration) => ["-k", "-C", configuration],
});

/** named as a resolver of its own zones: it follows aliases from one into the other. */
const NAMED_RESOLVER: Make = {
  ...NAMED,
  configure: (zones, place) => NAMED.configure(zones, place).replace("recursion no;", "recursion yes;"),
};

const running: { stop(): Promise<unknown> }[] = [];

async function named(zones: readonly ServedZone[]): Promise<RealServer> {
  const server = await startMake(NAMED_RESOLVER, zones);
  if (server === undefined) throw new Error("named is not installed");
  running.push(server);
  return server;
}

async function before(make: Make): Promise<RealServer> {
  const server = await startMake(make, []);
  if (server === undefined) throw new Error(`${make.name} is not installed`);
  running.push(server);
  await vi.waitFor(() => asked(server.at, "www.corp.example A"), 10_000);
  return server;
}

async function forwarder(server: AddressPort, cwd?: string): Promise<ServerProcess> {
  const args = cwd === undefined ? ["--forward", `.=${formatAddressPort(server)}`] : ["-c", join(cwd, "privlink.yaml")];
  const started = await startServer({ args, ...(cwd === undefined ? {} : { cwd, listen: [] }) });
  running.push(started);
  return started;
}

function first({ at: [at] }: ServerProcess): AddressPort {
  if (at === undefined) throw new Error("it listens nowhere");
  return at;
}

describe("chains of servers", () => {
  const folder = mkdtempSync(join(tmpdir(), "privlink-chains-"));
  let end: RealServer | undefined;
  let near: ServerProcess | undefined;
  let far: ServerProcess | undefined;
  beforeEach(needs("named"));
  beforeAll(async () => {
    end = await named([CORP, PUBLIC]).catch(() => undefined);
    if (end === undefined) return;
    near = await forwarder(end.at);
    far = await forwarder(first(near));
  }, 30_000);
  afterAll(async () => {
    await Promise.all(running.splice(0).map((server) => server.stop()));
    rmSync(folder, { recursive: true });
  });

  async function agrees(at: AddressPort): Promise<void> {
    for (const question of QUESTIONS) {
      const expected = end === undefined ? [] : await said(end.at, question);
      expect([question, ...(await said(at, question))]).toEqual([question, ...expected]);
    }
  }

  test("one privlink in front of named, fetched and remembered", async () => {
    if (near === undefined) return;
    await agrees(first(near));
    await agrees(first(near));
  }, 20_000);

  test("privlink in front of privlink in front of named", async () => {
    if (far !== undefined) await agrees(first(far));
  }, 20_000);

  test("Unbound in front of both", async (context) => {
    await needs("unbound")(context);
    if (far !== undefined) await agrees((await before(unboundBefore(first(far)))).at);
  }, 20_000);

  test("dnsmasq in front of both", async (context) => {
    await needs("dnsmasq")(context);
    if (far !== undefined) await agrees((await before(dnsmasqBefore(first(far)))).at);
  }, 20_000);

  test("a private zone of a resolver on the way cuts the chain that a real server sent", async () => {
    if (end === undefined) return;
    writeFileSync(
      join(folder, "privlink.yaml"),
      `networks: { hub: { kind: azure, prefixes: 10.0.0.0/8 } }
zones: { privatelink.azurecr.io: { links: hub, records: "reg 10 A 10.0.0.7" } }
public: { upstream: "${formatAddressPort(end.at)}" }
listen: { address: "127.0.0.1:0", network: hub }
`,
    );
    const hub = await forwarder(end.at, folder);
    expect(await said(end.at, "out.corp.example A")).toEqual([
      "NOERROR",
      "answer out.corp.example. CNAME reg.privatelink.azurecr.io.",
      "answer reg.privatelink.azurecr.io. A 203.0.113.7",
    ]);
    expect(await said(first(hub), "out.corp.example A")).toEqual([
      "NOERROR",
      "answer out.corp.example. CNAME reg.privatelink.azurecr.io.",
      "answer reg.privatelink.azurecr.io. A 10.0.0.7",
    ]);
  }, 20_000);
});

describe("a validating resolver behind privlink", () => {
  const folder = mkdtempSync(join(tmpdir(), "privlink-signed-"));
  beforeEach(needs("named", "unbound", "dnssec-keygen", "dnssec-signzone", "dnssec-dsfromkey"));
  afterAll(async () => {
    await Promise.all(running.splice(0).map((server) => server.stop()));
    rmSync(folder, { recursive: true });
  });

  test("believes its answers and its denials, remembered ones too, and nothing that was changed", async () => {
    const file = join(folder, "zone");
    writeFileSync(file, CORP.text);
    const keygen = ["-q", "-a", "ECDSAP256SHA256", "-K", folder];
    const ksk = (await run("dnssec-keygen", ...keygen, "-f", "KSK", "corp.example")).trim();
    await run("dnssec-keygen", ...keygen, "corp.example");
    await run("dnssec-signzone", "-S", "-K", folder, "-d", folder, "-o", "corp.example", "-f", `${file}.signed`, file);
    const anchor = (await run("dnssec-dsfromkey", "-2", join(folder, `${ksk}.key`))).trim();
    const end = await named([{ origin: "corp.example.", text: readFileSync(`${file}.signed`, "latin1") }]);
    const middle = await forwarder((await forwarder(end.at)).at[0] ?? end.at);
    for (let round = 0; round < 2; round++) {
      const validator = await before(unboundBefore(first(middle), anchor));
      for (const question of QUESTIONS) {
        const { rcode, flags } = await asked(validator.at, question);
        const expected = await asked(end.at, question);
        expect([question, rcode, flags.ad]).toEqual([question, expected.rcode, true]);
      }
    }
    const unsigned = await named([CORP]);
    const liar = await before(unboundBefore(first(await forwarder(unsigned.at)), anchor));
    await expect.poll(async () => (await asked(liar.at, "www.corp.example A")).rcode, { timeout: 8000 }).toBe(2);
  }, 40_000);
});
