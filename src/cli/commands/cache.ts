import { resolve } from "node:path";
import { askControl, type ControlQuestion } from "../../control/ask-control.ts";
import { parseAddressPort } from "../../net/address.ts";
import { formatColumns } from "../columns.ts";
import { type Arguments, type Command, choiceOf, valueOf } from "../command.ts";
import { ExitCodes } from "../exit-codes.ts";
import { misuse } from "../misuse.ts";

const FORMS = ["text", "json"] as const;

export const cacheCommand: Command = {
  name: "cache",
  usage: "privlink cache list|flush [NAME] --control SOCKET [-o FORM]",
  describe: "the answers of real servers that a running server keeps: lists or forgets them",
  details: `"list" shows what is kept: all of it, or the answers for NAME and the names below it.
"flush NAME" forgets those answers, and all others that lead through such a name; "flush ." forgets everything.
SOCKET is what the server was started with: privlink serve --control SOCKET.`,
  options: [
    { name: "control", value: "SOCKET", describe: "the control socket of the server" },
    { name: "limit", value: "COUNT", describe: "list: how many answers at most (default: 1000)" },
    { name: "output", short: "o", value: "FORM", choices: FORMS, describe: "the form" },
  ],
  words: ["list", "flush"],
  maxWords: 2,
  async run(args, io) {
    const question = questionOf(args);
    if (typeof question === "string") return misuse(io, cacheCommand, question);
    const socket = valueOf(args, "control");
    if (socket === undefined)
      return misuse(io, cacheCommand, "--control is missing: which server? the SOCKET of its own --control");
    if (parseAddressPort(socket, 0) !== undefined)
      return misuse(
        io,
        cacheCommand,
        `--control: ${socket} is an address: name a socket, or ask http://${socket}/v1/cache`,
      );
    const answer = await askControl(resolve(io.cwd, socket), question);
    if (answer.kind === "failed") {
      io.stderr(`privlink: ${answer.text}\n`);
      return ExitCodes.COULD_NOT_RUN;
    }
    const form = choiceOf(args, "output", FORMS);
    io.stdout(form === "json" ? `${JSON.stringify(answer.body, undefined, 2)}\n` : textOf(answer.body));
    return ExitCodes.CLEAN;
  },
};

/** What was asked for; the sentence of what is wrong with it. */
function questionOf(args: Arguments): ControlQuestion | string {
  const [verb, name] = args.words;
  const limit = valueOf(args, "limit");
  if (limit !== undefined && !/^\d{1,9}$/.test(limit)) return `--limit: ${limit} is no number`;
  switch (verb) {
    case "list": {
      const query = { ...(name === undefined ? {} : { name }), ...(limit === undefined ? {} : { limit }) };
      return { method: "GET", path: "/v1/cache", query };
    }
    case "flush":
      if (name === undefined) return "flush what? a NAME, with all names below it; . forgets everything";
      return { method: "DELETE", path: "/v1/cache", query: { name } };
    case undefined:
      return "list or flush?";
    default:
      return `${verb} is neither list nor flush`;
  }
}

function textOf(body: unknown): string {
  const flushed = field(body, "flushed");
  if (flushed !== "") return `${flushed} ${flushed === "1" ? "answer" : "answers"} forgotten\n`;
  const answers = typeof body === "object" && body !== null && "answers" in body ? body.answers : [];
  const rows = (Array.isArray(answers) ? answers : []).map((answer: unknown) => [
    field(answer, "name"),
    field(answer, "type"),
    field(answer, "secondsLeft"),
    field(answer, "outcome"),
    field(answer, "resolver"),
    field(answer, "servers").replaceAll(", ", ","),
    field(answer, "client").replace(/^;/, ""),
  ]);
  const table = formatColumns(["NAME", "TYPE", "SECONDS", "OUTCOME", "RESOLVER", "SERVERS", "CLIENT"], rows);
  const more = field(body, "more");
  return more === "" || more === "0" ? table : `${table}and ${more} more: name a domain, or raise --limit\n`;
}

function field(body: unknown, key: string): string {
  if (typeof body !== "object" || body === null) return "";
  const value = new Map<string, unknown>(Object.entries(body)).get(key);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
