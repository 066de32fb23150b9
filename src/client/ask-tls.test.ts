import { createServer as createTlsServer } from "node:tls";
import { beforeEach, describe, expect, test } from "vitest";
import { askFor } from "../../test/asking.ts";
import { certificateOfDnsExample } from "../../test/certificate.ts";
import { serversOfTest } from "../../test/listening-servers.ts";
import { closeAfterEach, constantReply, listenHere, queryOctets } from "../../test/loopback.ts";
import { needs } from "../../test/support/tools.ts";
import type { AddressPort } from "../net/address.ts";
import { Deframer, frame } from "../transport/stream-framing.ts";

const closeLater = closeAfterEach();

const { serveConnections } = serversOfTest();

describe("DNS over TLS", () => {
  let certificate = "";
  let key = "";
  beforeEach(needs("openssl"));
  beforeEach(async () => {
    ({ key, certificate } = await certificateOfDnsExample());
  });

  async function serveTls(): Promise<AddressPort> {
    const server = createTlsServer({ key, cert: certificate, ALPNProtocols: ["dot"] }, (socket) => {
      const deframer = new Deframer();
      socket.on("error", () => {});
      socket.on("data", (chunk: Uint8Array) => {
        for (const query of deframer.push(chunk)) socket.write(frame(constantReply(query)));
      });
    });
    server.on("tlsClientError", () => {});
    closeLater(() => {
      server.close();
    });
    return listenHere(server);
  }

  test.each([{ serverName: "dns.example" }, { serverName: "192.0.2.53" }])(
    "a server that proves to be $serverName is heard",
    async ({ serverName }) => {
      const transport = { kind: "tls", serverName, authorities: certificate } as const;
      const result = await askFor(await serveTls(), { transport, timeoutMs: 2000 });
      expect(result).toMatchObject({ kind: "reply", transport: "tls", message: { answers: [{ ttl: 10 }] } });
    },
  );

  test.each([
    { what: "another name", serverName: "other.example", trusted: true },
    { what: "another address", serverName: "192.0.2.54", trusted: true },
    { what: "a certificate of nobody we trust", serverName: "dns.example", trusted: false },
  ])("a server with $what is not", async ({ serverName, trusted }) => {
    const transport = { kind: "tls", serverName, ...(trusted ? { authorities: certificate } : {}) } as const;
    const result = await askFor(await serveTls(), { transport, timeoutMs: 2000 });
    expect(result).toMatchObject({ kind: "failed", why: "tls" });
  });

  test("a server that speaks plain DNS is not", async () => {
    const server = await serveConnections((socket) => {
      socket.once("data", () => socket.write(frame(queryOctets(1))));
    });
    const transport = { kind: "tls", serverName: "dns.example" } as const;
    expect(await askFor(server, { transport, timeoutMs: 2000 })).toMatchObject({ kind: "failed", why: "tls" });
  });
});
