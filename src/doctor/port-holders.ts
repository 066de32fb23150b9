import type { PortHolder } from "./facts.ts";

/** A socket that takes questions, with the number that tells whose it is. */
export interface BoundSocket extends Omit<PortHolder, "owner"> {
  readonly port: number;
  readonly inode: string;
}

const DNS_PORT = 53;
/** The states in which a socket takes questions: bound for UDP, listening for TCP. */
const STATES = { udp: "07", tcp: "0A" } as const;

/** The sockets that take questions at port 53, out of a table of `/proc/net`. */
export function socketsAt53(table: string, protocol: "udp" | "tcp"): BoundSocket[] {
  return boundSockets(table, protocol).filter(({ port }) => port === DNS_PORT);
}

/** The sockets that take questions, out of a table of `/proc/net`: `udp`, `udp6`, `tcp`, `tcp6` (proc(5)). */
export function boundSockets(table: string, protocol: "udp" | "tcp"): BoundSocket[] {
  return table
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
      const [address = "", port = ""] = local.split(":");
      if (state !== STATES[protocol]) return [];
      return [{ protocol, address: addressOf(address), port: Number.parseInt(port, 16), inode }];
    });
}

/** An address as the kernel prints it: words of four octets, each in the order of the machine. */
function addressOf(hex: string): string {
  const words = Array.from(hex.matchAll(/.{8}/g), ([word]) =>
    Array.from(word.matchAll(/../g), ([pair]) => pair).toReversed(),
  );
  const octets = words.flat();
  if (octets.length === 4) return octets.map((pair) => Number.parseInt(pair, 16)).join(".");
  const groups = Array.from({ length: 8 }, (_, i) => `${octets[i * 2] ?? "00"}${octets[i * 2 + 1] ?? "00"}`);
  return groups.every((group) => /^0+$/.test(group))
    ? "::"
    : groups.map((group) => group.toLowerCase().replace(/^0{1,3}/, "")).join(":");
}

/** The sockets at port 53 in the output of `lsof -nP -F pcPn -i :53`: a record of lines, each with a letter in front. */
export function readLsof(text: string): PortHolder[] {
  const holders: PortHolder[] = [];
  let id = 0;
  let name = "";
  let protocol: PortHolder["protocol"] = "udp";
  for (const line of text.split("\n")) {
    const value = line.slice(1);
    if (line.startsWith("p")) id = Number(value);
    else if (line.startsWith("c")) name = value;
    else if (line.startsWith("P")) protocol = value === "TCP" ? "tcp" : "udp";
    else if (line.startsWith("n") && value.endsWith(":53") && !value.includes("->")) {
      const address = value
        .slice(0, -3)
        .replace(/^\[(.*)\]$/, "$1")
        .replace("*", "0.0.0.0");
      holders.push({ protocol, address, owner: { id, name } });
    }
  }
  return holders;
}

/** The sockets at port 53 in the output of `netstat -ano` of Windows. */
export function readNetstat(text: string): PortHolder[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const words = line.trim().split(/\s+/);
    const [kind = "", local = ""] = words;
    const id = Number(words.at(-1));
    const isListening = kind === "UDP" || (kind === "TCP" && words[3] === "LISTENING");
    if (!isListening || !local.endsWith(":53") || !Number.isInteger(id)) return [];
    const protocol = kind === "TCP" ? ("tcp" as const) : ("udp" as const);
    return [
      { protocol, address: local.slice(0, -3).replace(/^\[(.*)\]$/, "$1"), owner: { id, name: `process ${id}` } },
    ];
  });
}
