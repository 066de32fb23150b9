import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type ControlPlace, tokenProblem } from "../control/access.ts";
import { parseAddressPort } from "../net/address.ts";
import { type Arguments, valueOf } from "./command.ts";

/** A token file is a line; whatever is this long is another file. */
const MAX_FILE_OCTETS = 64 * 1024;

/** What Node listens at on Windows in place of a path. */
const PIPE = /^[\\/]{2}[.?][\\/]pipe[\\/]/i;

/** Where a server is to be asked and told; the sentence of what is wrong with it. */
export function readControlPlace(args: Arguments, cwd: string, platform: string): ControlPlace | undefined | string {
  const text = valueOf(args, "control");
  const tokenFile = valueOf(args, "control-token-file");
  if (text === undefined)
    return tokenFile === undefined
      ? undefined
      : "--control-token-file: --control ADDR:PORT is missing, which asks for it";
  const at = parseAddressPort(text, -1);
  if (at === undefined && /^[^/]*:\d+$/.test(text))
    return `--control: ${text} is neither a path nor an ADDR:PORT: write 127.0.0.1${/:\d+$/.exec(text)?.[0]}`;
  if (at === undefined && platform === "win32" && !PIPE.test(text))
    return `--control: Windows has named pipes and no sockets in folders: write \\\\.\\pipe\\privlink, or ADDR:PORT`;
  if (at === undefined)
    return tokenFile === undefined
      ? { kind: "socket", path: resolve(cwd, text) }
      : "--control-token-file: a socket needs no token, only its owner may use it";
  if (at.port === -1) return `--control: ${text} has no port: write ADDR:PORT`;
  if (tokenFile === undefined) return { kind: "address", at };
  const token = readToken(resolve(cwd, tokenFile));
  if (token.kind === "problem") return `--control-token-file: ${tokenFile} ${token.text}`;
  return { kind: "address", at, token: token.token };
}

function readToken(
  path: string,
): { readonly kind: "token"; readonly token: string } | { readonly kind: "problem"; readonly text: string } {
  let octets: Buffer;
  try {
    octets = readFileSync(path);
  } catch (error) {
    return { kind: "problem", text: `cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (octets.length > MAX_FILE_OCTETS) return { kind: "problem", text: "is too long to hold a token" };
  const token = octets.toString("utf8").trim();
  const problem = tokenProblem(token);
  return problem === undefined ? { kind: "token", token } : { kind: "problem", text: problem };
}
