import { createHash, timingSafeEqual } from "node:crypto";
import { type AddressPort, isLoopback, parseAddress } from "../net/address.ts";
import { type ControlReply, refused } from "./route.ts";

/** Where a server can be asked and told: by its user over a socket, or by whoever reaches an address. */
export type ControlPlace =
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "address"; readonly at: AddressPort; readonly token?: string };

/** What of a request says who asks. */
export interface Caller {
  readonly method: string;
  readonly host: string | undefined;
  readonly authorization: string | undefined;
}

/** Characters of a token: 128 bits in hexadecimal digits. */
const MIN_TOKEN = 32;
/** Of a header field, which servers and their proxies take. */
const MAX_TOKEN = 4096;

/** What is wrong with a token, behind its name: nothing that could be guessed, and what a header can carry. */
export function tokenProblem(token: string): string | undefined {
  if (token === "") return "holds no token: write one there, such as what openssl rand -hex 32 prints";
  if (!/^[\w.~+/-]+=*$/.test(token)) return "holds more than a token: letters, digits and -._~+/ in one line"; // RFC 6750 §2.1
  if (token.length < MIN_TOKEN)
    return `holds a token of ${token.length} characters, at least ${MIN_TOKEN} are needed: openssl rand -hex 32 prints one`;
  return token.length > MAX_TOKEN ? `holds a token of over ${MAX_TOKEN} characters` : undefined;
}

/** Whether somebody who only reads must show the token, too: always where others than this machine's users may come. */
export function readsNeedToken(place: ControlPlace): boolean {
  return place.kind === "address" && !isLoopback(place.at.address);
}

/**
 * Why a request is refused before anything of it is done. The permissions of a socket are its check. At an address, changes need
 * the token. A browser that was led to loopback by a name of the page's (DNS rebinding) says that name as host.
 */
export function refusalOf(place: ControlPlace, { method, host, authorization }: Caller): ControlReply | undefined {
  if (place.kind === "socket") return undefined;
  const readsAreOpen = !readsNeedToken(place);
  if (readsAreOpen && !isLocalHost(host))
    return refused(421, `${host ?? "no host"} is not who answers here: ask by address, or as localhost`);
  if (readsAreOpen && (method === "GET" || method === "HEAD")) return undefined;
  if (place.token === undefined)
    return refused(
      403,
      "nothing can be changed here: start the server with --control-token-file FILE, or ask over its socket",
    );
  const [, shown] = /^bearer +(\S+)$/i.exec(authorization ?? "") ?? [];
  if (shown === undefined) return refused(401, "a token is needed: Authorization: Bearer TOKEN");
  return isSame(shown, place.token) ? undefined : refused(401, "that is not the token of --control-token-file");
}

function isLocalHost(host: string | undefined): boolean {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([^:]+))(?::\d+)?$/.exec(host ?? "") ?? [];
  const name = bracketed ?? plain ?? "";
  return name.toLowerCase() === "localhost" || parseAddress(name) !== undefined;
}

/** Takes the same time wherever they differ, and however long they are. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
