import { rmSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect } from "node:net";

/** What a route is asked. */
export interface ControlRequest {
  readonly query: URLSearchParams;
}

/** What it answers: JSON. */
export interface ControlReply {
  readonly status: number;
  readonly body: unknown;
}

/** One thing that can be asked. */
export interface Route {
  readonly method: "GET" | "DELETE" | "POST" | "PUT";
  readonly path: string;
  readonly answer: (request: ControlRequest) => ControlReply | Promise<ControlReply>;
}

/** An open control socket. */
export interface Control {
  readonly kind: "open";
  /** Ends requests that are under way, and removes the socket. */
  close(): Promise<void>;
}

/** Why a socket could not be opened, in a sentence that says what to do. */
export interface ControlProblem {
  readonly kind: "problem";
  readonly text: string;
}

/** Connections at a time: people and their scripts. */
const MAX_CONNECTIONS = 32;
const REQUEST_MS = 10_000;
/** Only its owner may use the socket. */
const OWNER_ONLY = 0o177;

/** Opens the control socket of a server. Never rejects. */
export async function openControl(
  path: string,
  routes: readonly Route[],
  onFault: (error: unknown) => void,
): Promise<Control | ControlProblem> {
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }, (request, response) => {
    void answer(routes, request, response, onFault);
  });
  server.maxConnections = MAX_CONNECTIONS;
  let problem = await listen(server, path);
  if (problem?.code === "EADDRINUSE") {
    const taken = await takeOver(path);
    if (taken !== undefined) return { kind: "problem", text: `--control: ${path} ${taken}` };
    problem = await listen(server, path);
  }
  if (problem !== undefined)
    return { kind: "problem", text: `--control: ${path} cannot be opened: ${problem.message}` };
  return {
    kind: "open",
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve()); // Removes the socket, too.
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, path: string): Promise<NodeJS.ErrnoException | undefined> {
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
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
  onFault: (error: unknown) => void,
): Promise<void> {
  request.resume(); // No route reads a body yet.
  const reply = await replyTo(routes, request, onFault);
  const text = `${JSON.stringify(reply.body, undefined, 2)}\n`;
  response.writeHead(reply.status, { "content-type": "application/json", connection: "close" });
  response.end(text);
}

async function replyTo(
  routes: readonly Route[],
  { url = "/", method = "" }: IncomingMessage,
  onFault: (error: unknown) => void,
): Promise<ControlReply> {
  const { pathname, searchParams } = new URL(url, "http://control");
  const there = routes.filter(({ path }) => path === pathname);
  const route = there.find((one) => one.method === method);
  if (there.length === 0) {
    const known = [...new Set(routes.map(({ path }) => path))].join(", ");
    return { status: 404, body: { error: `there is no ${pathname}: there are ${known}` } };
  }
  if (route === undefined)
    return { status: 405, body: { error: `${pathname} takes ${there.map((one) => one.method).join(", ")}` } };
  try {
    return await route.answer({ query: searchParams });
  } catch (error) {
    onFault(error);
    return { status: 500, body: { error: "a bug in privlink; please report it" } };
  }
}
