import { connect, type Socket } from "node:net";
import { checkServerIdentity, connect as connectTls, type TLSSocket } from "node:tls";
import type { Address, AddressPort } from "../net/address.ts";
import { type AskFailure, failureOf } from "./exchange.ts";

/** Where a connection leads, and where it leaves from. */
export interface StreamPlace {
  readonly server: AddressPort;
  /** The system chooses when absent. */
  readonly from?: Address;
  /** What is sent in the open before anything else: a PROXY header. */
  readonly preface?: Uint8Array;
}

/** How a server proves who it is (RFC 7858, RFC 8310 §8.1). */
export interface TlsIdentity {
  /** The name, or address, that its certificate must hold. */
  readonly serverName: string;
  /** PEM certificates to trust instead of the system's. */
  readonly authorities?: string;
}

/** Begins a connection; it is ready at `connect`. */
export function openTcp(place: StreamPlace): Socket {
  const socket = connect(placeOptions(place));
  if (place.preface !== undefined) socket.write(place.preface);
  return socket;
}

/**
 * Begins a connection over TLS; it is ready at `secureConnect`, and only when the server has proven its name. `session` is
 * one of the same server, to be resumed.
 */
export function openTls(place: StreamPlace, { serverName, authorities }: TlsIdentity, session?: Buffer): TLSSocket {
  const isAddress = /^[0-9.]+$|:/.test(serverName);
  const below = place.preface === undefined ? undefined : openTcp(place);
  const socket = connectTls({
    ...(below === undefined ? placeOptions(place) : { socket: below }),
    ...(isAddress ? {} : { servername: serverName }), // RFC 6066 §3: no addresses.
    ...(authorities === undefined ? {} : { ca: authorities }),
    ...(session === undefined ? {} : { session }),
    ALPNProtocols: ["dot"],
    checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
  });
  below?.on("error", (error) => socket.destroy(error));
  return socket;
}

/** What an error of a connection means to whoever asked over it. */
export function streamFailure(error: unknown, from: Address | undefined, isTls: boolean): AskFailure {
  const failure = failureOf(error, from);
  if (!isTls || failure.why !== "system") return failure;
  const text = error instanceof Error ? error.message : String(error);
  return { kind: "failed", why: "tls", text: `failed to prove who it is: ${text}` };
}

function placeOptions({ server, from }: StreamPlace): { host: string; port: number; localAddress?: string } {
  const { address, port } = server;
  return { host: address.text, port, ...(from === undefined ? {} : { localAddress: from.text }) };
}
