import { afterAll, describe, expect, test, vi } from "vitest";
import { makeFolder, memoryIo, run } from "../../../test/support/memory-io.ts";
import { runCli } from "../run-cli.ts";

const folder = makeFolder({
  "corp.zone": "$ORIGIN corp.example.\n@ 60 SOA ns me 1 2 3 4 5\nwww 60 A 192.0.2.1\n",
  "privlink.yaml": `
networks:
  hub: { prefixes: 10.0.0.0/16 }
zones:
  corp.example: { links: hub, records: "www 60 A 10.0.0.1\\nout 60 CNAME www.example.net.\\nsub 60 NS ns.sub\\nns.sub 60 A 10.0.0.9" }
public: { zones: corp.zone }
listen:
  - 127.0.0.1:5300
  - { address: 127.0.0.1:5301, authoritative: true, network: hub }
`,
});
afterAll(() => folder.remove());

describe("serve --listen as an authoritative server", () => {
  test.each([
    { who: "authoritative", banner: "authoritative for the public zones", address: "192.0.2.1" },
    { who: "HUB/authoritative", banner: "authoritative for the zones of network hub", address: "10.0.0.1" },
  ])("$who is $banner", async ({ who, banner, address }) => {
    const memory = memoryIo(folder.path);
    const ended = runCli(`serve --listen 127.0.0.1:0=${who} --log-level silent`.split(" "), memory.io);
    await vi.waitFor(() => expect(memory.stderr()).toMatch(/\nReady\.\n$/), 10_000);
    const [, port = ""] = / dns +udp\+tcp 127\.0\.0\.1:(\d+) {2}(.*)\n/.exec(memory.stderr()) ?? [];
    expect(memory.stderr()).toContain(`  ${banner}\n`);
    expect(memory.stderr()).toContain(` try     dig @127.0.0.1 -p ${port} corp.example SOA\n`);
    const { stdout } = await run(`query www.corp.example @127.0.0.1:${port} +norecurse`, folder.path);
    expect(stdout).toContain(";; flags: qr aa; QUERY: 1, ANSWER: 1,");
    expect(stdout).toContain(address);
    memory.send("SIGTERM");
    expect(await ended).toBe(0);
  });

  test("of a network that is not there cannot run", async () => {
    const { code, stderr } = await run("serve --listen 127.0.0.1:0=spoke/authoritative", folder.path);
    expect(code).toBe(1);
    expect(stderr).toBe(
      "privlink: --listen: spoke/authoritative is neither a network nor a resolver: there are hub, hub/platform, internet, platform, authoritative\n",
    );
  });
});

describe("--ask the address of an authoritative listener", () => {
  test.each([
    { name: "www.corp.example", flags: "qr aa rd", status: "NOERROR" },
    { name: "nobody.corp.example", flags: "qr aa rd", status: "NXDOMAIN" },
    { name: "www.sub.corp.example", flags: "qr rd", status: "NOERROR" },
    { name: "www.example.net", flags: "qr rd", status: "REFUSED" },
  ])("query: $name is $status with $flags", async ({ name, flags, status }) => {
    const { stdout } = await run(`query ${name} --from hub --ask 127.0.0.1:5301`, folder.path);
    expect(stdout).toContain(`status: ${status},`);
    expect(stdout).toContain(`;; flags: ${flags};`);
    expect(stdout).toContain("the zones of network hub");
  });

  test.each([
    {
      name: "out.corp.example",
      lines: [
        "an authoritative server of the zones of network hub is asked for out.corp.example A",
        "out.corp.example. 60 IN CNAME www.example.net.",
        "→ the aliases, and no more: www.example.net is not in the zone that the alias is in (private)",
      ],
    },
    {
      name: "www.sub.corp.example",
      lines: ["sub.corp.example is delegated", "→ referral: sub.corp.example. 60 IN NS ns.sub.corp.example. (private)"],
    },
    {
      name: "www.example.net",
      lines: ["→ REFUSED: no zone of this authoritative server holds www.example.net"],
    },
  ])("explain: $name", async ({ name, lines }) => {
    const { stdout } = await run(`explain ${name} --from hub --ask 127.0.0.1:5301`, folder.path);
    for (const line of lines) expect(stdout).toContain(line);
  });
});
