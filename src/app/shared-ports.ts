/**
 * Whether each process may have a socket of its own at an address, so that the system gives each client to one of them: Node sets
 * SO_REUSEPORT from 22.12 on (and 23.1, in that line), and Linux alone shares clients out evenly. Else all take from one socket.
 */
export function canSharePorts(version: string, platform: string): boolean {
  if (platform !== "linux") return false;
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  return major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12);
}
