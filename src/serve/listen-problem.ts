import { type AddressPort, formatAddressPort, isLoopback } from "../net/address.ts";

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

/** The problem of an address that could not be opened, from what the system threw; what to do depends on the platform. */
export function listenProblem(
  transport: "udp" | "tcp",
  at: AddressPort,
  error: unknown,
  platform: string = process.platform,
): ListenProblem {
  const code = systemCode(error);
  return {
    kind: "problem",
    transport,
    at,
    code,
    text: `${transport} ${formatAddressPort(at)}: ${sentence(at, code, error, platform)}`,
  };
}

/** The problem of an address whose socket was inherited, and closed by an earlier reload. */
export function letGoProblem(transport: "udp" | "tcp", at: AddressPort): ListenProblem {
  return {
    kind: "problem",
    transport,
    at,
    code: "EADDRINUSE",
    text: `${transport} ${formatAddressPort(at)}: its socket came from the service manager and was closed when no listener was there: restart the service to get it again`,
  };
}

/** Ports below this one are for privileged programs, unless the system was told otherwise. */
const FIRST_OPEN_PORT = 1024;

function sentence(at: AddressPort, code: string, error: unknown, platform: string): string {
  switch (code) {
    case "EADDRINUSE":
      return `port ${at.port} is taken by another program: stop it (\`${holderCommand(at.port, platform)}\` names it) or choose another port or address`;
    case "EACCES":
    case "EPERM":
      return forbidden(at.port, platform);
    case "EADDRNOTAVAIL":
      return `no interface of this machine has the address: ${howToAdd(at, platform)}`;
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

/** What tells who has a port. */
function holderCommand(port: number, platform: string): string {
  if (platform === "win32") return "netstat -abno";
  return platform === "linux" ? "ss -lntup" : `lsof -nP -i :${port}`;
}

function forbidden(port: number, platform: string): string {
  if (platform === "win32")
    return "Windows does not allow to listen there: another program has the port for itself, or it is reserved (`netsh int ipv4 show excludedportrange udp`)";
  if (port >= FIRST_OPEN_PORT)
    return "the system does not allow to listen there: look for a security policy that forbids it";
  return platform === "linux"
    ? `ports below ${FIRST_OPEN_PORT} need root or the capability CAP_NET_BIND_SERVICE: choose a higher port, or lower net.ipv4.ip_unprivileged_port_start`
    : `ports below ${FIRST_OPEN_PORT} need root here: choose a higher port`;
}

/** Linux answers on all of 127.0.0.0/8 and Windows too; elsewhere only what an interface has is there. */
function howToAdd({ address }: AddressPort, platform: string): string {
  return platform !== "linux" && platform !== "win32" && address.family === 4 && isLoopback(address)
    ? `add it (\`ifconfig lo0 alias ${address.text}\`), or listen on 127.0.0.1`
    : "add it, or name one that it has";
}

/** The code of a system error; `UNKNOWN` for anything else. */
export function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "UNKNOWN";
}
