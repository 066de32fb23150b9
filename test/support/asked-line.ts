import type { Addressee } from "../../src/resolve/resolve.ts";

/**
 * Whom the subject of a line asks: `spoke`, `vm1@spoke`, `internet`, `resolver hub-forwarder`,
 * `authority of the public zones`.
 */
export function addresseeNamed(who: string): Addressee {
  if (who.startsWith("authority of ")) return { kind: "authority", key: who.slice(13) };
  if (who.startsWith("resolver ")) return { kind: "resolver", key: who.slice(9) };
  const [network = "", second] = who.split("@");
  if (who === "internet") return { kind: "servers-of" };
  return second === undefined
    ? { kind: "servers-of", network }
    : { kind: "servers-of", network: second, host: network };
}
