import { createServer as createTcpServer } from "node:net";
import { createSecureContext, createServer, TLSSocket } from "node:tls";
import { beforeEach, describe, expect, test } from "vitest";
import { certificateOfDnsExample } from "../../test/certificate.ts";
import { forwarderOf, realServer, said, wantedOf } from "../../test/forwarding.ts";
import { closeAfterEach, constantReply, here, listenHere, until } from "../../test/loopback.ts";
import { needs } from "../../test/support/tools.ts";
import { knownName } from "../name/name-text.ts";
import { type AddressPort, knownAddress } from "../net/address.ts";
import { readProxyHeader } from "../transport/proxy-header.ts";
import { Deframer, frame } from "../transport/stream-framing.ts";

const closeLater = closeAfterEach();

describe("real servers over TLS", () => {
  let certificate = "";
  let key = "";
  beforeEach(needs("openssl"));
  beforeEach(async () => {
    ({ key, certificate } = await certificateOfDnsExample());
  });

  async function serveTls(): Promise<{ readonly at: AddressPort; readonly sockets: TLSSocket[] }> {
    const sockets: TLSSocket[] = [];
    const server = createServer({ key, cert: certificate, ALPNProtocols: ["dot"] }, (socket) => {
      sockets.push(socket);
      const deframer = new Deframer();
      socket.on("error", () => {});
      socket.on("data", (chunk: Uint8Array) => {
        for (const query of deframer.push(chunk)) socket.write(frame(constantReply(query)));
      });
    });
    server.on("tlsClientError", () => {});
    closeLater(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return { at: await listenHere(server), sockets };
  }

  test("are asked over one connection, and where that ended over one that resumes it", async () => {
    const { at, sockets } = await serveTls();
    const own = forwarderOf({ authorities: certificate });
    closeLater(() => own.close());
    const ask = async (name: string): Promise<string> =>
      said(await own.ask(wantedOf([realServer(at, "dns.example")], name)));
    expect(await Promise.all([ask("a.example"), ask("b.example"), ask("c.example")])).toEqual(
      Array(3).fill("192.0.2.1"),
    );
    expect(await ask("d.example")).toBe("192.0.2.1");
    expect(sockets.length).toBe(1);
    sockets[0]?.end();
    await until(() => sockets[0]?.destroyed === true, "the connection has ended");
    expect(sockets[0]?.isSessionReused()).not.toBe(true);
    expect(await ask("e.example")).toBe("192.0.2.1");
    expect(sockets.at(-1)?.isSessionReused()).toBe(true);
  });

  test("are told of the client in the open, before TLS begins", async () => {
    const heads: Uint8Array[] = [];
    const server = createTcpServer((socket) => {
      socket.once("readable", () => {
        const head: unknown = socket.read(28);
        if (head instanceof Uint8Array) heads.push(head);
        const secure = new TLSSocket(socket, {
          isServer: true,
          secureContext: createSecureContext({ key, cert: certificate }),
        });
        const deframer = new Deframer();
        secure.on("error", () => {});
        secure.on("data", (chunk: Uint8Array) => {
          for (const query of deframer.push(chunk)) secure.write(frame(constantReply(query)));
        });
      });
    });
    closeLater(() => void server.close());
    const at = await listenHere(server);
    const own = forwarderOf({ authorities: certificate });
    closeLater(() => own.close());
    const client = { address: knownAddress("10.1.0.4"), port: 4000, local: here("10.0.0.4", 53) };
    const wanted = wantedOf([realServer(at, "dns.example")], "www.example", { client });
    const told = { ...wanted, servers: { ...wanted.servers, told: { proxy: true } as const } };
    expect(said(await own.ask(told))).toBe("192.0.2.1");
    expect(heads.map((head) => readProxyHeader(head))).toMatchObject([{ client: { source: { port: 4000 } } }]);
    server.close();
    const refused = await own.ask({ ...told, question: { ...told.question, name: knownName("other.example") } });
    expect(said(refused)).toContain("nothing listens there");
  });

  test.each([
    { what: "has another name", name: "other.example", isTrusted: true, why: /does not match certificate's altnames/ },
    {
      what: "nobody vouches for",
      name: "dns.example",
      isTrusted: false,
      why: /failed to prove who it is: self-signed/,
    },
  ])("are not believed where the server $what", async ({ name, isTrusted, why }) => {
    const { at } = await serveTls();
    const told: string[] = [];
    const onChange = ({ change }: { readonly change: string }): void => void told.push(change);
    const own = forwarderOf(isTrusted ? { authorities: certificate, onChange } : { onChange });
    closeLater(() => own.close());
    const reply = await own.ask(wantedOf([realServer(at, name)], "www.example"));
    expect(reply).toMatchObject({ kind: "failed", targets: [{ isNetworkError: true }] });
    expect(said(reply)).toMatch(why);
    expect(told).toEqual(["untrusted"]);
  });
});
