import { get } from "node:http";
import { type AddressPort, formatAddressPort, parseAddressPort } from "../../net/address.ts";
import { type Command, valueOf } from "../command.ts";
import { ExitCodes } from "../exit-codes.ts";
import { misuse } from "../misuse.ts";

/** Where `serve --ready` answers unless it is told. */
const DEFAULT_AT = "127.0.0.1:8181";
const PATIENCE_MS = 2000;

export const healthcheckCommand: Command = {
  name: "healthcheck",
  usage: "privlink healthcheck [--ready ADDR:PORT]",
  describe: "whether the server on this machine is ready: for containers and scripts",
  details: `Asks GET /ready where serve --ready answers; the twin of the flag is the same for both. Says nothing when all is well.`,
  options: [
    { name: "ready", value: "ADDR:PORT", bare: DEFAULT_AT, describe: `where it is asked (default: ${DEFAULT_AT})` },
  ],
  maxWords: 0,
  async run(args, io) {
    const text = valueOf(args, "ready") ?? DEFAULT_AT;
    const at = parseAddressPort(text, -1);
    if (at === undefined || at.port === -1) return misuse(io, healthcheckCommand, `--ready: ${text} is no ADDR:PORT`);
    const problem = await askReady(at);
    if (problem === undefined) return ExitCodes.CLEAN;
    io.stderr(`privlink: ${problem}\n`);
    return ExitCodes.COULD_NOT_RUN;
  },
};

/** Why it is not ready, in a sentence; `undefined` when it is. */
function askReady(at: AddressPort): Promise<string | undefined> {
  const place = formatAddressPort(at);
  return new Promise((resolve) => {
    const request = get(
      { host: local(at.address.text), port: at.port, path: "/ready", timeout: PATIENCE_MS },
      (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (part: string) => {
          body += part;
        });
        response.on("end", () => {
          resolve(
            response.statusCode === 200 ? undefined : `${place} is not ready: ${body.trim().replaceAll("\n", "; ")}`,
          );
        });
      },
    );
    request.on("timeout", () => request.destroy(new Error(`no reply within ${PATIENCE_MS} ms`)));
    request.on("error", (error) => resolve(`${place} does not say whether it is ready: ${error.message}`));
  });
}

/** Who listens at every address is asked at its own. */
function local(address: string): string {
  return address === "0.0.0.0" ? "127.0.0.1" : address === "::" ? "::1" : address;
}
