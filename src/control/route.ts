/** A JSON Schema, as OpenAPI 3.1 takes it: of draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A field of the query of a request: `?name=…`. What is not in the table of its route is refused. */
export interface Parameter {
  readonly name: string;
  /** What it says, for the document: a sentence without a full stop. */
  readonly describe: string;
  readonly required?: boolean;
  /** Whether it may stand more than once. */
  readonly repeatable?: boolean;
  /** A `count` is a whole number of at most nine digits. */
  readonly form?: "text" | "count";
}

/** What a route is asked: only fields that it knows, and all that it needs. */
export interface ControlRequest {
  readonly query: URLSearchParams;
}

/** What it answers: JSON. */
export interface ControlReply {
  readonly status: number;
  readonly body: unknown;
}

/** What it goes on answering, a line of JSON each. */
export interface ControlStream {
  readonly first: object;
  /** Starts to give lines, and is asked once to stop. `push` never waits, and never throws. */
  readonly follow: (push: (line: object) => void) => () => void;
}

/** One thing that can be asked, and all that the document says of it. GET changes nothing, every other method does. */
export interface Route {
  readonly method: "GET" | "DELETE" | "POST" | "PUT";
  readonly path: string;
  /** What it is for: a sentence without a full stop. */
  readonly describe: string;
  readonly parameters: readonly Parameter[];
  /** What it answers with 200: the name of its schema in the document, and the schema, of one line where it streams. */
  readonly reply: { readonly name: string; readonly schema: JsonSchema; readonly streams?: boolean };
  /** Statuses beside 200 with a reply of that schema. */
  readonly alsoWith?: Readonly<Record<number, string>>;
  readonly answer: (request: ControlRequest) => ControlReply | ControlStream | Promise<ControlReply | ControlStream>;
}

/** A refusal: a sentence without a full stop that says what to do. */
export function refused(status: number, error: string): ControlReply {
  return { status, body: { error } };
}
