import { type AddressPort, formatAddressPort } from "../net/address.ts";

/** Why an address cannot be listened on: a value, shown at start-up. */
export interface ListenProblem {
  readonly kind: "problem";
  readonly transport: "udp" | "tcp";
  readonly at: AddressPort;
  /** The system's code: `EADDRINUSE`, `EACCES` … */
  readonly code: string;
  /** A sentence without a full stop: the address, what is wrong, what to do. */
  readonly text: string;
}

/** The problem of an address that could not be opened, from what the system threw. */
export function listenProblem(transport: "udp" | "tcp", at: AddressPort, error: unknown): ListenProblem {
  const code = systemCode(error);
  return {
    kind: "problem",
    transport,
    at,
    code,
    text: `${transport} ${formatAddressPort(at)}: ${sentence(at, code, error)}`,
  };
}

/** Ports below this one are for privileged programs, unless the system was told otherwise. */
const FIRST_OPEN_PORT = 1024;

function sentence(at: AddressPort, code: string, error: unknown): string {
  switch (code) {
    case "EADDRINUSE":
      return `port ${at.port} is taken by another program: stop it (\`ss -lntup\` names it) or choose another port or address`;
    case "EACCES":
    case "EPERM":
      return at.port < FIRST_OPEN_PORT
        ? `ports below ${FIRST_OPEN_PORT} need root or the capability CAP_NET_BIND_SERVICE: choose a higher port, or lower net.ipv4.ip_unprivileged_port_start`
        : "the system does not allow to listen there: look for a security policy that forbids it";
    case "EADDRNOTAVAIL":
      return "no interface of this machine has the address: add it, or name one that it has";
    case "EAFNOSUPPORT":
      return `this machine has no IPv${at.address.family}: leave the address out`;
    case "EINVAL":
      return at.address.family === 6
        ? "the system does not take the address: a link-local one is listened on by asking for [::]"
        : "the system does not take the address";
    case "EMFILE":
    case "ENFILE":
      return "no more files can be opened: raise the limit (`ulimit -n`) or listen on fewer addresses";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

/** The code of a system error; `UNKNOWN` for anything else. */
export function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "UNKNOWN";
}
