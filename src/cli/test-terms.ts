import type { Choice } from "../expect/choose.ts";
import { type Address, type AddressPort, parseAddress, parseAddressPort } from "../net/address.ts";
import { parseNumber } from "../record/text/number-text.ts";
import { TESTS_FORMATS, type TestsFormat } from "../report/tests-report.ts";
import { type Arguments, choiceOf, valueOf, valuesOf } from "./command.ts";
import { type ReportFile, readReportFiles } from "./report-files.ts";

/** What was asked of `privlink test`. */
export interface TestTerms {
  /** Run, write expectations of today's answers, or change those that fail. */
  readonly mode: "run" | "init" | "update";
  /** Files of expectations, instead of those of the topology. */
  readonly files: readonly string[];
  readonly choice: Choice;
  readonly format: TestsFormat;
  readonly reports: readonly ReportFile<TestsFormat>[];
  readonly strict: boolean;
  readonly live: boolean;
  readonly server?: ServerTerms;
  /** With `init`: a file to write to. */
  readonly out?: string;
  readonly tellsCoverage: boolean;
  readonly isWatching: boolean;
  readonly verbose: boolean;
  readonly quiet: boolean;
}

/** How a real server is asked. */
export interface ServerTerms {
  readonly at: AddressPort;
  readonly source?: Address;
  readonly as?: string;
  readonly timeoutMs: number;
  readonly tries: number;
}

const DNS_PORT = 53;
const MAX_TIMEOUT_SECONDS = 60;
const MAX_TRIES = 10;

/** Reads what was typed; the sentence of what is wrong with it. */
export function readTestTerms(args: Arguments): TestTerms | string {
  const is = (name: string): boolean => args.switches.has(name);
  const clash = clashOf(args);
  if (clash !== undefined) return clash;
  const reports = readReportFiles(valuesOf(args, "report"), TESTS_FORMATS);
  if (typeof reports === "string") return reports;
  const server = readServer(args);
  if (typeof server === "string") return server;
  const out = valueOf(args, "out");
  return {
    mode: is("init") ? "init" : is("update") ? "update" : "run",
    files: args.words,
    choice: { only: valuesOf(args, "only"), except: valuesOf(args, "except") },
    format: choiceOf(args, "format", TESTS_FORMATS),
    reports,
    strict: is("strict"),
    live: is("live"),
    tellsCoverage: is("coverage"),
    isWatching: is("watch"),
    verbose: is("verbose"),
    quiet: is("quiet"),
    ...(server === undefined ? {} : { server }),
    ...(out === undefined ? {} : { out }),
  };
}

/** Flags that mean nothing without another, by that other one. */
const NEEDS: Readonly<Record<string, string>> = {
  as: "server",
  source: "server",
  timeout: "server",
  tries: "server",
  out: "init",
};

/** Pairs that say two different things. */
const EXCLUDES: readonly (readonly [string, string])[] = [
  ["init", "update"],
  ["init", "server"],
  ["init", "live"],
  ["init", "coverage"],
  ["init", "watch"],
  ["update", "server"],
  ["update", "live"],
  ["update", "watch"],
  ["update", "coverage"],
  ["server", "live"],
  ["server", "coverage"],
];

function clashOf(args: Arguments): string | undefined {
  const isTyped = (name: string): boolean =>
    (args.switches.has(name) || args.values.has(name)) && !args.fromEnvironment.has(name);
  for (const [flag, other] of Object.entries(NEEDS))
    if (isTyped(flag) && !args.switches.has(other) && !args.values.has(other)) return `--${flag} goes with --${other}`;
  const pair = EXCLUDES.find(([one, other]) => isTyped(one) && isTyped(other));
  if (pair !== undefined) return `--${pair[0]} stands beside --${pair[1]}: run one of the two`;
  const [file] = args.words;
  return args.switches.has("init") && file !== undefined
    ? `${file} stands beside --init, which reads no expectations: name the file to write with --out`
    : undefined;
}

function readServer(args: Arguments): ServerTerms | undefined | string {
  const text = valueOf(args, "server");
  if (text === undefined) return undefined;
  const at = parseAddressPort(text, DNS_PORT);
  if (at === undefined || at.port === 0) return `--server: ${text} is no address, expected ADDR or ADDR:PORT`;
  const sourceText = valueOf(args, "source");
  const source = sourceText === undefined ? undefined : parseAddress(sourceText);
  if (sourceText !== undefined && source === undefined) return `--source: ${sourceText} is no address`;
  const seconds = readCount(args, "timeout", 2, MAX_TIMEOUT_SECONDS);
  if (typeof seconds === "string") return seconds;
  const tries = readCount(args, "tries", 3, MAX_TRIES);
  if (typeof tries === "string") return tries;
  const as = valueOf(args, "as");
  return {
    at,
    timeoutMs: seconds * 1000,
    tries,
    ...(source === undefined ? {} : { source }),
    ...(as === undefined ? {} : { as }),
  };
}

function readCount(args: Arguments, flag: string, otherwise: number, most: number): number | string {
  const text = valueOf(args, flag);
  const count = text === undefined ? otherwise : parseNumber(text, most);
  return count === undefined || count === 0 ? `--${flag}: ${text} is not 1 to ${most}` : count;
}
