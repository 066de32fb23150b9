import { createSocket } from "node:dgram";
import { createServer, type Socket } from "node:net";
import { decodeQuery, type Query } from "../src/message/query.ts";
import type { AddressPort } from "../src/net/address.ts";
import { type ProxiedClient, type ProxyHeader, readProxyHeader } from "../src/transport/proxy-header.ts";
import { Deframer, frame } from "../src/transport/stream-framing.ts";
import { freePort, here } from "./loopback.ts";

type Header = Extract<ProxyHeader, { kind: "header" }>;

function headerOf(octets: Uint8Array): Header | undefined {
  const header = readProxyHeader(octets);
  return header.kind === "header" ? header : undefined;
}

/** One query that a fake upstream got. */
export interface GotQuery {
  readonly transport: "udp" | "tcp";
  readonly octets: Uint8Array;
  readonly query: Query;
  /** The port that it came from. */
  readonly port: number;
  /** What stood in front of it, where that was a PROXY header: nobody, or for whom it speaks. */
  readonly proxied?: ProxiedClient | "nobody";
}

/** What a fake upstream does with a query: octets are sent back where it came from. */
export interface FakeScript {
  readonly udp?: (got: GotQuery, send: (octets: Uint8Array) => void) => void;
  readonly tcp?: (got: GotQuery, send: (octets: Uint8Array) => void, socket: Socket) => void;
}

/** A DNS server over UDP and TCP that misbehaves as a test wants. */
export interface FakeUpstream {
  readonly at: AddressPort;
  /** Every query that came, in order. */
  readonly got: readonly GotQuery[];
  /** Connections that were opened to it. */
  readonly connections: () => number;
  close(): Promise<void>;
}

/** Opens one; without a script for a transport, queries by it get no reply, and without one for TCP nobody listens there. */
export async function openFakeUpstream(script: FakeScript, port?: number): Promise<FakeUpstream> {
  const at = here("127.0.0.1", port ?? (await freePort()));
  const got: GotQuery[] = [];
  let connections = 0;
  const read = (transport: "udp" | "tcp", octets: Uint8Array, from: number, header?: Header): GotQuery | undefined => {
    const decoded = decodeQuery(octets, transport);
    if (decoded.kind !== "query") return undefined;
    const proxied = header === undefined ? {} : { proxied: header.client ?? ("nobody" as const) };
    const one: GotQuery = { transport, octets: Uint8Array.from(octets), query: decoded.query, port: from, ...proxied };
    got.push(one);
    return one;
  };
  const datagrams = createSocket("udp4");
  datagrams.on("message", (octets, from) => {
    const header = headerOf(octets);
    const one = read("udp", octets.subarray(header?.length ?? 0), from.port, header);
    if (one !== undefined) script.udp?.(one, (reply) => datagrams.send(reply, from.port, from.address));
  });
  await new Promise<void>((resolve) => {
    datagrams.bind(at.port, at.address.text, resolve);
  });
  const sockets = new Set<Socket>();
  const { tcp } = script;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    const deframer = new Deframer();
    let header: Header | undefined;
    let isFirst = true;
    socket.on("error", () => {});
    socket.on("data", (chunk: Uint8Array) => {
      if (isFirst) header = headerOf(chunk);
      const rest = isFirst ? chunk.subarray(header?.length ?? 0) : chunk;
      isFirst = false;
      for (const octets of deframer.push(rest)) {
        const one = read("tcp", octets, socket.remotePort ?? 0, header);
        if (one !== undefined) tcp?.(one, (reply) => socket.write(frame(reply)), socket);
      }
    });
  });
  if (tcp !== undefined) {
    await new Promise<void>((resolve) => {
      server.listen(at.port, at.address.text, resolve);
    });
  }
  return {
    at,
    got,
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy();
      if (tcp !== undefined) server.close();
      await new Promise<void>((resolve) => {
        datagrams.close(resolve);
      });
    },
  };
}
