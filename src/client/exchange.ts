import type { Address, AddressPort } from "../net/address.ts";

/** Why no reply came. */
export type AskFailureKind =
  /** Nothing that answers the question came in time. */
  | "timeout"
  /** Nobody listens there, and the system there says so. */
  | "refused-connection"
  /** No way leads there, or it is forbidden. */
  | "unreachable"
  /** The server ended the connection before it answered. */
  | "closed-connection"
  /** A reply to the question came, and it is no DNS message. */
  | "malformed-reply"
  /** The server could not prove its name, or speaks no TLS. */
  | "tls"
  /** The address to ask from is not ours, or of the other family. */
  | "local-address"
  /** This machine could not ask: out of files or memory. */
  | "system";

export interface AskFailure {
  readonly kind: "failed";
  readonly why: AskFailureKind;
  /** A sentence without a full stop that goes after the server's address: `gave no reply in 2000 ms`. */
  readonly text: string;
}

/** One query on its way to one server, by one transport, once. */
export interface Attempt {
  readonly server: AddressPort;
  /** The address to leave from; the system chooses when absent. */
  readonly from?: Address;
  readonly timeoutMs: number;
  readonly query: Uint8Array;
  /** Whether the octets answer the query: others are thrown away and the wait goes on. */
  readonly isReply: (octets: Uint8Array) => boolean;
}

export type Exchange = { readonly kind: "octets"; readonly octets: Uint8Array } | AskFailure;

export function timedOut(timeoutMs: number): AskFailure {
  return { kind: "failed", why: "timeout", text: `gave no reply in ${timeoutMs} ms` };
}

export function closedEarly(): AskFailure {
  return { kind: "failed", why: "closed-connection", text: "closed the connection without a reply" };
}

/** What a system error means to whoever asked. */
export function failureOf(error: unknown, from: Address | undefined): AskFailure {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  switch (code) {
    case "ECONNREFUSED":
      return { kind: "failed", why: "refused-connection", text: "refused the connection: nothing listens there" };
    case "ECONNRESET":
    case "EPIPE":
      return closedEarly();
    case "ETIMEDOUT":
      return { kind: "failed", why: "timeout", text: "gave no reply" };
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ENETDOWN":
    case "EHOSTDOWN":
    case "EACCES":
    case "EPERM":
    case "EINVAL":
      return from !== undefined && code === "EINVAL"
        ? { kind: "failed", why: "local-address", text: `cannot be asked from ${from.text}` }
        : { kind: "failed", why: "unreachable", text: `cannot be reached from here (${code})` };
    case "EADDRNOTAVAIL":
      return from === undefined
        ? { kind: "failed", why: "unreachable", text: `cannot be reached from here (${code})` }
        : {
            kind: "failed",
            why: "local-address",
            text: `cannot be asked from ${from.text}: this machine does not have it`,
          };
    default:
      return {
        kind: "failed",
        why: "system",
        text: `could not be asked: ${error instanceof Error ? error.message : String(error)}`,
      };
  }
}
