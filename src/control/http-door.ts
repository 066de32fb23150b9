import { createServer, type Server } from "node:http";
import { type AddressPort, formatAddressPort } from "../net/address.ts";

/** A page that a door shows: text, made anew for each request. */
export interface Page {
  readonly path: string;
  readonly show: () => Shown | Promise<Shown>;
}

export interface Shown {
  readonly status: number;
  readonly text: string;
  readonly contentType?: string;
}

/** An open door for probes and collectors: it only ever tells, and takes nothing. */
export interface HttpDoor {
  readonly kind: "open";
  /** With the port it got. */
  readonly at: AddressPort;
  close(): Promise<void>;
}

/** Why a door could not be opened, in a sentence that says what to do. */
export interface HttpDoorProblem {
  readonly kind: "problem";
  readonly text: string;
}

/** Probes and collectors are few, and quick. */
const MAX_CONNECTIONS = 64;
const REQUEST_MS = 5000;

/** Opens a door with pages, each at its path. Never rejects. */
export function openHttpDoor(
  at: AddressPort,
  pages: readonly Page[],
  onFault: (error: unknown) => void,
): Promise<HttpDoor | HttpDoorProblem> {
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }, (request, response) => {
    request.resume();
    void shown(pages, request.method ?? "", request.url ?? "/", onFault).then(({ status, text, contentType }) => {
      response.writeHead(status, { "content-type": contentType ?? "text/plain; charset=utf-8" });
      response.end(request.method === "HEAD" ? undefined : text);
    });
  });
  server.maxConnections = MAX_CONNECTIONS;
  return new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why =
        error.code === "EADDRINUSE" ? "is taken: name another address or port" : `cannot be opened: ${error.message}`;
      resolve({ kind: "problem", text: `${formatAddressPort(at)} ${why}` });
    });
    server.listen(at.port, at.address.text, () => {
      server.removeAllListeners("error");
      server.on("error", onFault);
      resolve({
        kind: "open",
        at: { address: at.address, port: portOf(server, at.port) },
        close: () => closed(server),
      });
    });
  });
}

function portOf(server: Server, asked: number): number {
  const address = server.address();
  return address === null || typeof address === "string" ? asked : address.port;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function shown(
  pages: readonly Page[],
  method: string,
  url: string,
  onFault: (error: unknown) => void,
): Promise<Shown> {
  const path = url.replace(/[?#].*$/s, "");
  const page = pages.find((one) => one.path === path);
  if (page === undefined)
    return { status: 404, text: `there is no ${path}: there is ${pages.map((one) => one.path).join(", ")}\n` };
  if (method !== "GET" && method !== "HEAD") return { status: 405, text: "GET and nothing else\n" };
  try {
    return await page.show();
  } catch (error) {
    onFault(error);
    return { status: 500, text: "a bug in privlink; please report it\n" };
  }
}
