import { createServer } from "node:tls";
import { describe, expect, test } from "vitest";
import { certificateOfDnsExample } from "../../test/certificate.ts";
import { realServer, said, wantedOf } from "../../test/forwarding.ts";
import { closeAfterEach, here, listenHere } from "../../test/loopback.ts";
import { loadText } from "../../test/support/memory-files.ts";
import { needs } from "../../test/support/tools.ts";
import type { Log } from "../observe/log.ts";
import { createLog } from "../observe/log.ts";
import { holdSnapshot } from "../snapshot/holder.ts";
import { asksItself, followGeneration, openForwarder } from "./real-servers.ts";

const closeLater = closeAfterEach();

describe("asksItself", () => {
  const { snapshot } = loadText(`networks: { hub: }
resolvers: { corp-dns: { network: hub, address: 10.0.0.4, external: true } }
public: { upstream: "tls://dns.example@192.0.2.53" }
`);
  test.each([
    { open: ["10.0.0.4:53"], who: "corp-dns (10.0.0.4)" },
    { open: ["127.0.0.1:53", "192.0.2.53:853"], who: "tls://dns.example@192.0.2.53" },
    { open: ["10.0.0.4:5300", "10.0.0.5:53"], who: undefined },
  ])("listening at $open: $who", ({ open, who }) => {
    const at = open.map((text) => here(text.split(":")[0], Number(text.split(":")[1])));
    const sentence = asksItself(snapshot, at);
    if (who === undefined) expect(sentence).toBeUndefined();
    else
      expect(sentence).toBe(
        `${who} is privlink itself, which listens there: give the server's own address, or listen elsewhere`,
      );
  });
});

describe("the log", () => {
  test("has one line for a server that cannot prove its name, however often it is asked", async (context) => {
    await needs("openssl")(context);
    const { key, certificate } = await certificateOfDnsExample();
    const server = createServer({ key, cert: certificate, ALPNProtocols: ["dot"] }, (socket) =>
      socket.on("error", () => {}),
    );
    server.on("tlsClientError", () => {});
    closeLater(() => void server.close());
    const at = await listenHere(server);
    const lines: unknown[] = [];
    const log: Log = Object.assign(createLog("json", "silent"), { error: (line: unknown) => void lines.push(line) });
    const { snapshot } = loadText("networks: { hub: }\n");
    const forwarder = openForwarder(holdSnapshot(snapshot), log);
    closeLater(() => forwarder.close());
    for (const name of ["a.example", "b.example"])
      expect(said(await forwarder.ask(wantedOf([realServer(at, "dns.example")], name)))).toContain("self-signed");
    expect(lines).toEqual([
      expect.stringMatching(
        /^tls:\/\/dns\.example@127\.0\.0\.1:\d+ failed to prove who it is: .*: nothing it says is believed$/,
      ),
    ]);
  });
});

describe("the memory for answers", () => {
  test.each([
    { says: "nothing", typed: undefined, octets: 32 * 1024 ** 2 },
    { says: "public: { cache: { size: 1MiB } }", typed: undefined, octets: 1024 ** 2 },
    { says: "public: { cache: { size: 1MiB } }", typed: 65_536, octets: 65_536 },
    { says: "nothing", typed: 65_536, octets: 65_536 },
  ])(
    "where the topology says $says and somebody typed $typed: $octets, also after a reload",
    ({ says, typed, octets }) => {
      const { snapshot } = loadText(`networks: { hub: }\n${says === "nothing" ? "" : says}\n`);
      const forwarder = openForwarder(holdSnapshot(snapshot), createLog("json", "silent"), typed);
      closeLater(() => forwarder.close());
      expect(forwarder.cache.maxOctets).toBe(octets);
      followGeneration(forwarder, loadText("networks: { hub: }\npublic: { cache: { size: 2MiB } }\n").snapshot, typed);
      expect(forwarder.cache.maxOctets).toBe(typed ?? 2 * 1024 ** 2);
    },
  );
});
