import { rmSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { type AddressPort, formatAddressPort } from "../net/address.ts";
import { type ControlPlace, refusalOf } from "./access.ts";
import { streamLines } from "./line-stream.ts";
import { readQuery } from "./read-query.ts";
import { type ControlReply, type ControlStream, type Route, refused } from "./route.ts";

/** An open control socket, or address. */
export interface Control {
  readonly kind: "open";
  /** With the port it got; absent for a socket. */
  readonly at?: AddressPort;
  /** Ends requests that are under way, and removes a socket. */
  close(): Promise<void>;
}

/** Why it could not be opened, in a sentence that says what to do. */
export interface ControlProblem {
  readonly kind: "problem";
  readonly text: string;
}

/** Connections at a time: people and their scripts. */
const MAX_CONNECTIONS = 32;
const REQUEST_MS = 10_000;
/** Only its owner may use the socket. */
const OWNER_ONLY = 0o177;

/** Opens what a server is asked and told by. Never rejects. */
export async function openControl(
  place: ControlPlace,
  routes: readonly Route[],
  onFault: (error: unknown) => void,
): Promise<Control | ControlProblem> {
  const limits = { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS };
  const server = createServer(limits, (request, response) => {
    void answer(place, routes, request, response, onFault);
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on("clientError", refuseMalformed);
  const problem = place.kind === "socket" ? await openSocket(server, place.path) : await openAddress(server, place.at);
  if (problem !== undefined) return { kind: "problem", text: `--control: ${problem}` };
  server.on("error", onFault);
  return {
    kind: "open",
    ...(place.kind === "socket" ? {} : { at: { address: place.at.address, port: portOf(server, place.at.port) } }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve()); // Removes the socket, too.
        server.closeAllConnections();
      }),
  };
}

/** Listens at a path; says why it cannot. */
async function openSocket(server: Server, path: string): Promise<string | undefined> {
  let problem = await listenAt(server, path);
  if (problem?.code === "EADDRINUSE") {
    const taken = await takeOver(path);
    if (taken !== undefined) return `${path} ${taken}`;
    problem = await listenAt(server, path);
  }
  return problem === undefined ? undefined : `${path} cannot be opened: ${problem.message}`;
}

/** Listens at an address; says why it cannot. */
function openAddress(server: Server, at: AddressPort): Promise<string | undefined> {
  return new Promise((resolve) => {
    const fail = ({ code, message }: NodeJS.ErrnoException): void => {
      const why = code === "EADDRINUSE" ? "is taken: name another address or port" : `cannot be opened: ${message}`;
      resolve(`${formatAddressPort(at)} ${why}`);
    };
    server.once("error", fail);
    server.listen(at.port, at.address.text, () => {
      server.off("error", fail);
      resolve(undefined);
    });
  });
}

function portOf(server: Server, asked: number): number {
  const address = server.address();
  return address === null || typeof address === "string" ? asked : address.port;
}

function listenAt(server: Server, path: string): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const before = process.umask(OWNER_ONLY); // The socket is made within the call.
    const fail = (error: Error): void => resolve(error);
    server.once("error", fail);
    server.listen(path, () => {
      server.off("error", fail);
      resolve(undefined);
    });
    process.umask(before);
  });
}

/** Removes a socket that nobody answers at any more; says why it cannot. */
async function takeOver(path: string): Promise<string | undefined> {
  try {
    if (!statSync(path).isSocket()) return "is no socket: name another path";
    if (await isAnswered(path)) return "is in use: another server answers there";
    rmSync(path);
    return undefined;
  } catch (error) {
    return `cannot be taken over: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.on("connect", () => end(true));
    socket.on("error", () => end(false));
  });
}

async function answer(
  place: ControlPlace,
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
  onFault: (error: unknown) => void,
): Promise<void> {
  request.resume(); // Whatever body there is: it is refused.
  const reply = await replyTo(place, routes, request, onFault);
  response.setHeader("connection", "close");
  response.setHeader("cache-control", "no-store");
  response.setHeader("x-content-type-options", "nosniff");
  if ("follow" in reply) {
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    if (request.method === "HEAD") response.end();
    else streamLines(response, reply);
    return;
  }
  if (reply.status === 401) response.setHeader("www-authenticate", "Bearer");
  if (reply.status === 405) response.setHeader("allow", methodsAt(routes, pathOf(request)).join(", "));
  response.writeHead(reply.status, { "content-type": "application/json" });
  response.end(`${JSON.stringify(reply.body, undefined, 2)}\n`); // HEAD: Node leaves it out.
}

async function replyTo(
  place: ControlPlace,
  routes: readonly Route[],
  request: IncomingMessage,
  onFault: (error: unknown) => void,
): Promise<ControlReply | ControlStream> {
  const { url = "/", method = "", headers } = request;
  const refusal = refusalOf(place, { method, host: headers.host, authorization: headers.authorization });
  if (refusal !== undefined) return refusal;
  const path = pathOf(request);
  const methods = methodsAt(routes, path);
  if (methods.length === 0) {
    const known = [...new Set(routes.map((route) => route.path))].join(", ");
    return refused(404, `there is no ${path}: there are ${known}`);
  }
  const route = routes.find((one) => one.path === path && one.method === (method === "HEAD" ? "GET" : method));
  if (route === undefined) return refused(405, `${path} takes ${methods.join(", ")}`);
  if (hasBody(headers)) return refused(413, `${path} takes no body: what it is told stands in the query`);
  const question = url.indexOf("?");
  const query = readQuery(question === -1 ? "" : url.slice(question + 1), route.parameters);
  if (typeof query === "string") return refused(400, query);
  try {
    return await route.answer({ query });
  } catch (error) {
    onFault(error);
    return refused(500, "a bug in privlink; please report it");
  }
}

function pathOf({ url = "/" }: IncomingMessage): string {
  return url.replace(/[?#].*$/s, "");
}

function methodsAt(routes: readonly Route[], path: string): string[] {
  return routes.filter((route) => route.path === path).map(({ method }) => method);
}

function hasBody(headers: IncomingMessage["headers"]): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** Answers what is no HTTP, or too much of it, in the same form. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const [status, why] =
    error.code === "HPE_HEADER_OVERFLOW"
      ? ["431 Request Header Fields Too Large", "the path and the headers are too long"]
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? ["408 Request Timeout", "the request did not end in time"]
        : ["400 Bad Request", "that is no request of HTTP/1.1"];
  const body = `${JSON.stringify({ error: why }, undefined, 2)}\n`;
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  socket.end(`${head}\r\nconnection: close\r\n\r\n${body}`);
}
