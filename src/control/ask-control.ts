import { request } from "node:http";

/** One request to a running server. */
export interface ControlQuestion {
  readonly method: "GET" | "DELETE" | "POST" | "PUT";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
}

export type ControlAnswer =
  | { readonly kind: "reply"; readonly body: unknown }
  /** A sentence without a full stop that says what to do. */
  | { readonly kind: "failed"; readonly text: string };

const PATIENCE_MS = 30_000;

/** Asks the server at a control socket. Never rejects; what the server says is wrong is a failure, too. */
export function askControl(socketPath: string, { method, path, query = {} }: ControlQuestion): Promise<ControlAnswer> {
  const search = new URLSearchParams(query).toString();
  return new Promise((resolve) => {
    const fail = (text: string): void => resolve({ kind: "failed", text });
    const asked = request(
      { socketPath, method, path: search === "" ? path : `${path}?${search}`, timeout: PATIENCE_MS, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", (error) => fail(`${socketPath}: ${error.message}`));
        response.on("end", () => resolve(readAnswer(response.statusCode ?? 0, Buffer.concat(chunks).toString("utf8"))));
      },
    );
    asked.on("timeout", () => asked.destroy(new Error(`no reply in ${PATIENCE_MS / 1000} s`)));
    asked.on("error", (error) => fail(sentenceOf(socketPath, error)));
    asked.end();
  });
}

function readAnswer(status: number, text: string): ControlAnswer {
  const body = parse(text);
  if (status === 200) return { kind: "reply", body };
  const said = typeof body === "object" && body !== null && "error" in body ? String(body.error) : text.trim();
  return { kind: "failed", text: said };
}

function parse(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed;
  } catch {
    return undefined;
  }
}

function sentenceOf(socketPath: string, error: Error): string {
  switch ("code" in error ? error.code : "") {
    case "ENOENT":
      return `${socketPath} does not exist: start the server with --control ${socketPath}`;
    case "ECONNREFUSED":
      return `no server answers at ${socketPath}: start it with --control ${socketPath}`;
    case "EACCES":
      return `${socketPath} is another user's`;
    default:
      return `${socketPath}: ${error.message}`;
  }
}
