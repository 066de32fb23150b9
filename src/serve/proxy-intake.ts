import { type ProxyHeader, readProxyHeader } from "../transport/proxy-header.ts";

/** What came of the octets so far. */
export type Introduced =
  | { readonly kind: "waiting" }
  /** They are no header. */
  | { readonly kind: "refused" }
  /** The header, and the octets behind it. */
  | {
      readonly kind: "introduced";
      readonly client: Extract<ProxyHeader, { kind: "header" }>["client"];
      readonly rest: Uint8Array;
    };

/** Collects the PROXY header that a connection begins with. A header has an end, and so has what is kept. */
export class ProxyIntake {
  private octets = new Uint8Array();

  push(chunk: Uint8Array): Introduced {
    const joined = new Uint8Array(this.octets.length + chunk.length);
    joined.set(this.octets);
    joined.set(chunk, this.octets.length);
    const header = readProxyHeader(joined);
    switch (header.kind) {
      case "none":
        return { kind: "refused" };
      case "incomplete":
        this.octets = joined;
        return { kind: "waiting" };
      case "header":
        this.octets = new Uint8Array();
        return { kind: "introduced", client: header.client, rest: joined.subarray(header.length) };
    }
  }
}
