import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { createSocket, type Socket as DatagramSocket, type RemoteInfo } from "node:dgram";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach } from "vitest";
import { type AddressPort, parseAddress } from "../src/net/address.ts";
import type { Responder } from "../src/serve/responder.ts";
import { Deframer, frame } from "../src/transport/stream-framing.ts";

const HEADER_OCTETS = 12;

/** An address of this machine, any free port unless one is given. */
export function here(text = "127.0.0.1", port = 0): AddressPort {
  const address = parseAddress(text);
  if (address === undefined) throw new RangeError(`${text} is no address`);
  return { address, port };
}

/** A query for A, written by hand so that nothing of ours is needed to make one. */
export function queryOctets(id: number, name = "a.example"): Uint8Array {
  const labels = name.split(".").map((label) => `${String.fromCharCode(label.length)}${label}`);
  const head = [id >> 8, id & 0xff, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0];
  return Buffer.concat([Buffer.from(head), Buffer.from(`${labels.join("")}\0\0\u0001\0\u0001`, "latin1")]);
}

/** The id of a message. */
export function idOf(message: Uint8Array): number {
  return ((message[0] ?? 0) << 8) | (message[1] ?? 0);
}

/** The first label of the question of a message. */
export function firstLabelOf(message: Uint8Array): string {
  const length = message[HEADER_OCTETS] ?? 0;
  return Buffer.from(message.subarray(HEADER_OCTETS + 1, HEADER_OCTETS + 1 + length)).toString("latin1");
}

/** Answers every question with one A record, 192.0.2.1, and drops what stands behind the question. */
export const answerOne: Responder = (octets) => {
  if (octets.length < HEADER_OCTETS || ((octets[2] ?? 0) & 0x80) !== 0) return undefined;
  let end = HEADER_OCTETS;
  while ((octets[end] ?? 0) !== 0) end += 1 + (octets[end] ?? 0);
  end += 5;
  const record = [0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 10, 0, 4, 192, 0, 2, 1];
  const reply = Buffer.concat([octets.subarray(0, end), Buffer.from(record)]);
  reply[2] = 0x80 | (reply[2] ?? 0);
  reply.set([0, 1, 0, 1, 0, 0, 0, 0], 4);
  return reply;
};

/** The reply of `answerOne` to a query over UDP. */
export function constantReply(query: Uint8Array): Uint8Array {
  const reply = answerOne(query, { ...here(), transport: "udp", local: here() });
  if (!(reply instanceof Uint8Array)) throw new Error("no query");
  return reply;
}

/** That reply with some octets changed. */
export function changedReply(query: Uint8Array, change: (reply: Uint8Array) => void): Uint8Array {
  const reply = constantReply(query);
  change(reply);
  return reply;
}

/** Keeps what is to be closed after the test that runs, also when it fails. */
export function closeAfterEach(): ((close: () => void | Promise<void>) => void) & { now(): Promise<void> } {
  const closers: (() => void | Promise<void>)[] = [];
  const now = async (): Promise<void> => {
    await Promise.all(closers.splice(0).map(async (close) => close()));
  };
  afterEach(now);
  const later = (close: () => void | Promise<void>): void => {
    closers.push(close);
  };
  return Object.assign(later, { now });
}

/** As `answerOne`, to a query whose name starts with a number after so many milliseconds. */
export const answerInTime: Responder = async (octets, from) => {
  const copy = octets.slice();
  await pause(Number.parseInt(firstLabelOf(copy), 10));
  return answerOne(copy, from);
};

/** Throws what it is told: for parameters that must not be called. */
export function unexpected(what: unknown): void {
  throw what instanceof Error ? what : new Error(String(what));
}

/** Runs a program without a shell; its exit code does not matter. */
export function run(command: string, ...args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: 10_000 }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
}

/** Waits until something holds, looking every few milliseconds, for at most two seconds. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (const end = performance.now() + 2000; !holds(); ) {
    if (performance.now() > end) throw new Error(`waited in vain until ${what}`);
    await pause(2);
  }
}

const COUNTED = ["Timeout", "UDPWrap", "TCPSocketWrap", "TCPServerWrap"];

/**
 * Tells what keeps the process alive, by kind. The function that comes back waits until no kind has more than it had, for
 * at most two seconds, and gives what there is too much of.
 */
export function countResources(): () => Promise<string[]> {
  const count = (): number[] => {
    const active = process.getActiveResourcesInfo();
    return COUNTED.map((kind) => active.filter((own) => own === kind).length);
  };
  const before = count();
  return async () => {
    let tooMany: string[] = COUNTED;
    for (const end = performance.now() + 2000; tooMany.length > 0 && performance.now() < end; ) {
      await nextTurn(); // No timer: timers are counted.
      const now = count();
      tooMany = COUNTED.filter((_, i) => (now[i] ?? 0) > (before[i] ?? 0));
    }
    return tooMany;
  };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** A TCP connection to a server, with the replies that it got. */
export interface StreamClient {
  readonly socket: Socket;
  readonly replies: Uint8Array[];
  /** `end` = the server ended, `closed` = nothing is left, `reset` = the server reset it. */
  readonly state: { end: boolean; closed: boolean; reset: boolean };
  ask(...queries: Uint8Array[]): void;
}

export function connectTo(at: AddressPort): Promise<StreamClient> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: at.address.text, port: at.port, allowHalfOpen: true });
    const deframer = new Deframer();
    const replies: Uint8Array[] = [];
    const state = { end: false, closed: false, reset: false };
    socket.on("data", (chunk: Uint8Array) => replies.push(...deframer.push(chunk)));
    socket.on("end", () => (state.end = true));
    socket.on("close", () => (state.closed = true));
    socket.on("error", (error) => {
      state.reset = true;
      reject(error);
    });
    const ask = (...queries: Uint8Array[]): void => {
      socket.write(Buffer.concat(queries.map((query) => frame(query))));
    };
    socket.on("connect", () => resolve({ socket, replies, state, ask }));
  });
}

/** A UDP socket, with what it got. */
export interface DatagramClient {
  readonly socket: DatagramSocket;
  readonly replies: { readonly octets: Uint8Array; readonly from: RemoteInfo }[];
  send(octets: Uint8Array, to: AddressPort): void;
  close(): Promise<void>;
}

export async function datagramClient(at = here()): Promise<DatagramClient> {
  const socket = createSocket(at.address.family === 6 ? "udp6" : "udp4");
  const replies: { octets: Uint8Array; from: RemoteInfo }[] = [];
  socket.on("message", (octets, from) => replies.push({ octets, from }));
  await new Promise<void>((resolve) => {
    socket.bind(at.port, at.address.text, resolve);
  });
  return {
    socket,
    replies,
    send: (octets, to) => socket.send(octets, to.port, to.address.text),
    close: () =>
      new Promise((resolve) => {
        socket.close(resolve);
      }),
  };
}

/** A TCP server that does what it likes with a connection. */
export async function connectionServer(
  onConnection: (socket: Socket) => void,
): Promise<{ readonly at: AddressPort; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    onConnection(socket);
  });
  const at = await listenHere(server);
  return {
    at,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Starts a server on any free port of a loopback address. */
export async function listenHere(server: Server, text = "127.0.0.1"): Promise<AddressPort> {
  await new Promise<void>((resolve) => {
    server.listen(0, text, resolve);
  });
  const bound = server.address();
  return here(text, typeof bound === "object" && bound !== null ? bound.port : 0);
}

/** A UDP server that may send what it likes, as often as it likes. */
export async function datagramServer(
  replies: (query: Uint8Array) => readonly Uint8Array[],
): Promise<{ readonly at: AddressPort; close(): Promise<void> }> {
  const client = await datagramClient();
  const { socket } = client;
  socket.on("message", (query, { port, address }) => {
    for (const reply of replies(query)) socket.send(reply, port, address);
  });
  return { at: here("127.0.0.1", socket.address().port), close: () => client.close() };
}

/**
 * A port of 127.0.0.1 that nobody has, over UDP and TCP. It lies below those that systems give for port 0, so tests that
 * run at the same time do not get it by chance before it is used.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(12_000, 32_000);
    if ((await canBind(createSocket("udp4"), port)) && (await canListen(createServer(), port))) return port;
  }
}

function canBind(socket: DatagramSocket, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    socket.once("error", () => socket.close(() => resolve(false)));
    socket.bind(port, "127.0.0.1", () => socket.close(() => resolve(true)));
  });
}

function canListen(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
