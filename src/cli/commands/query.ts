import { type Address, parseAddress } from "../../net/address.ts";
import { type Cidr, cidrOf, parseCidr } from "../../net/cidr.ts";
import type { Snapshot } from "../../snapshot/snapshot.ts";
import type { Answered } from "../answered.ts";
import { askFiles } from "../ask-files.ts";
import { askServer } from "../ask-server.ts";
import { type Arguments, type Command, choiceOf, type Option, valueOf, valuesOf } from "../command.ts";
import { type DigFlags, type DigWords, readDigWords, withAnyCookie, withSubnet } from "../dig-words.ts";
import { type ExitCode, ExitCodes } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { couldNotRun, misuse } from "../misuse.ts";
import { openSnapshot, PROJECT_OPTIONS } from "../project.ts";
import { digText } from "../query-dig.ts";
import { jsonText, questionText, shortText, tableText, yamlText } from "../query-forms.ts";
import { atAddress, everybody, findWho, standsIn, type Who } from "../who.ts";

const FORMS = ["dig", "short", "table", "json", "yaml"] as const;
type Form = (typeof FORMS)[number];

/** A flag that is a part of one question: a word that cannot be mistaken. */
function digFlag(short: string, name: string, value: string, describe: string): Option {
  return { name, short, value, describe, environment: "none" };
}

export const queryCommand: Command = {
  name: "query",
  usage: "privlink query NAME [TYPE] [@ADDR[:PORT]] [--from WHO]… [--ask RESOLVER] [-o FORM]",
  describe: "asks the files, or a running server, as dig does",
  details: `Without @ it resolves from the files, for each asker, and sends nothing. With @ it asks that server.
Words may stand in any order, as dig takes them, and so may +short +tcp +norecurse +dnssec +subnet=ADDR/LENGTH +bufsize=N
+time=SECONDS +tries=N +cdflag +noedns +nsid +cookie[=HEX] +keepalive +noall +answer and their opposites.
WHO is a network, HOST@NETWORK, an address or a prefix, a pattern (spoke-*), all (every network), internet. With @ it becomes
the client subnet of the question. Nobody named: every network and the internet.
RESOLVER is a resolver's key, platform, NETWORK/platform, internet or an address, as whoever asks would reach it; or that
of an authoritative listener.`,
  options: [
    { name: "from", value: "WHO", repeatable: true, describe: "who asks" },
    { name: "ask", value: "RESOLVER", describe: "who is asked (default: the DNS servers of whoever asks)" },
    {
      name: "output",
      short: "o",
      value: "FORM",
      choices: FORMS,
      describe: "the form (default: dig for one asker, table for several)",
    },
    digFlag("t", "type", "TYPE", "the type, as a flag"),
    digFlag("q", "name", "NAME", "the name, as a flag"),
    digFlag("x", "reverse", "ADDR", "the name of an address: PTR"),
    digFlag("p", "port", "PORT", "the port of @ADDR"),
    digFlag("b", "source", "ADDR", "the address to ask from; without @, who asks"),
    ...PROJECT_OPTIONS,
  ],
  async run(args, io) {
    const words = readDigWords(args.words, flagsOf(args));
    if (words.kind === "problem") return misuse(io, queryCommand, words.message);
    const source = readSource(args);
    if (typeof source === "string") return misuse(io, queryCommand, source);
    return words.server === undefined
      ? queryFiles(words, source, args, io)
      : queryServer(words, words.server, source, args, io);
  },
};

function flagsOf(args: Arguments): DigFlags {
  const [name, type, reverse, port] = ["name", "type", "reverse", "port"].map((flag) => valueOf(args, flag));
  return {
    ...(name === undefined ? {} : { name }),
    ...(type === undefined ? {} : { type }),
    ...(reverse === undefined ? {} : { reverse }),
    ...(port === undefined ? {} : { port }),
  };
}

/** `-b ADDR`, and `-b ADDR#PORT` as dig has it: the port is the system's to choose. */
function readSource(args: Arguments): Address | undefined | string {
  const text = valueOf(args, "source");
  if (text === undefined) return undefined;
  return parseAddress(text.replace(/#\d*$/, "")) ?? `-b: ${text} is no address`;
}

function queryFiles(words: DigWords, source: Address | undefined, args: Arguments, io: Io): ExitCode {
  const snapshot = openSnapshot(args, io);
  if (snapshot === undefined) return ExitCodes.COULD_NOT_RUN;
  const ask = valueOf(args, "ask");
  const who = whoAsks(snapshot, words, source, args);
  if (typeof who === "string") return couldNotRun(io, who);
  const answers: Answered[] = [];
  for (const one of who) {
    const answered = askFiles(snapshot, one, ask, words.question, io.version);
    if (answered.kind === "problem") return couldNotRun(io, `--ask: ${answered.message}`);
    answers.push(answered.answered);
  }
  return print(answers, words, args, io);
}

/** Who asks the files: `--from`, `-b`, `+subnet`, else the network of `--ask`, else everybody. */
function whoAsks(
  snapshot: Snapshot,
  { switches }: DigWords,
  source: Address | undefined,
  args: Arguments,
): readonly Who[] | string {
  const ask = valueOf(args, "ask");
  const texts =
    args.fromEnvironment.has("from") && (source !== undefined || switches.subnet !== undefined)
      ? []
      : valuesOf(args, "from");
  const ways = [
    texts.length > 0 ? "--from" : "",
    source === undefined ? "" : "-b",
    switches.subnet === undefined ? "" : "+subnet",
  ];
  const said = ways.filter((way) => way !== "");
  if (said.length > 1) return `${said.join(" and ")} both say who asks: say it once`;
  if (source !== undefined) return [atAddress(snapshot, source)];
  const named = switches.subnet === undefined ? texts : [switches.subnet.text];
  if (named.length > 0) {
    const found = findWho(snapshot, named);
    return found.kind === "problem" ? `--from: ${found.message}` : found.who;
  }
  const there = ask === undefined ? undefined : standsIn(snapshot, ask);
  return there === undefined ? everybody(snapshot) : [there];
}

async function queryServer(
  words: DigWords,
  server: NonNullable<DigWords["server"]>,
  source: Address | undefined,
  args: Arguments,
  io: Io,
): Promise<ExitCode> {
  if (valueOf(args, "ask") !== undefined && !args.fromEnvironment.has("ask"))
    return misuse(io, queryCommand, "--ask stands beside @: the server is who is asked");
  const subnets = clientSubnets(words, args, io);
  if (subnets === undefined) return ExitCodes.COULD_NOT_RUN;
  const answers: Answered[] = [];
  for (const { from, subnet } of subnets) {
    const plain = subnet === undefined ? words.question : withSubnet(words.question, subnet);
    const hasAnyCookie = plain.edns !== undefined && words.switches.cookie === "any";
    const question = hasAnyCookie ? withAnyCookie(plain, io.random) : plain;
    answers.push(await askServer(server, from, question, source, io.random));
  }
  return print(answers, words, args, io);
}

interface Standing {
  readonly from: string;
  readonly subnet?: Cidr;
}

/** What `--from` means to a real server: the client subnet of whoever is named. `undefined` when that was told to be wrong. */
function clientSubnets({ switches }: DigWords, args: Arguments, io: Io): readonly Standing[] | undefined {
  const texts = args.fromEnvironment.has("from") && switches.subnet !== undefined ? [] : valuesOf(args, "from");
  if (texts.length === 0) return [{ from: switches.subnet?.text ?? "here" }];
  if (switches.subnet !== undefined) {
    misuse(io, queryCommand, "--from and +subnet both say who asks: say it once");
    return undefined;
  }
  const plain = texts.map(readPrefix);
  if (plain.every((one) => one !== undefined)) return plain.map((subnet) => ({ from: subnet.text, subnet }));
  const snapshot = openSnapshot(args, io);
  if (snapshot === undefined) return undefined;
  const found = findWho(snapshot, texts);
  if (found.kind === "problem") {
    couldNotRun(io, `--from: ${found.message}`);
    return undefined;
  }
  const standings: Standing[] = [];
  for (const { text, client } of found.who) {
    const subnet =
      readPrefix(text) ?? (client.kind === "network" ? prefixOf(snapshot, client.network, client.host) : undefined);
    if (subnet === undefined && client.kind === "network") {
      couldNotRun(io, `--from: ${text} has neither prefixes nor clients, so no client subnet says that it asks`);
      return undefined;
    }
    standings.push({ from: text, ...(subnet === undefined ? {} : { subnet }) });
  }
  return standings;
}

function readPrefix(text: string): Cidr | undefined {
  const address = parseAddress(text);
  if (address !== undefined) return cidrOf(address, address.octets.length * 8);
  const parsed = parseCidr(text);
  return parsed.kind === "cidr" ? parsed.cidr : undefined;
}

/** A prefix by which a server of these files knows the network, or the host in it. */
function prefixOf({ topology }: Snapshot, network: string, host: string | undefined): Cidr | undefined {
  const declared = topology.networks.get(network);
  if (host === undefined) return declared?.prefixes[0] ?? declared?.clients[0];
  const machine = declared?.hosts.get(host);
  return machine?.addresses[0] ?? machine?.clients[0];
}

function print(answers: readonly Answered[], words: DigWords, args: Arguments, io: Io): ExitCode {
  io.stdout(written(formOf(answers, words, args), answers, words, io));
  const silent = answers.every(({ reply }) => reply.kind === "none");
  if (!silent) return ExitCodes.CLEAN;
  for (const { from, facts, reply } of answers) {
    if (reply.kind === "none")
      io.stderr(`privlink: no reply${facts === undefined ? "" : ` to ${from}`}: ${reply.why}\n`);
  }
  return ExitCodes.NO_REPLY;
}

function formOf(answers: readonly Answered[], { switches }: DigWords, args: Arguments): Form {
  if (switches.short && (valueOf(args, "output") === undefined || args.fromEnvironment.has("output"))) return "short";
  return choiceOf(args, "output", answers.length === 1 ? FORMS : ["table", ...FORMS]);
}

function written(form: Form, answers: readonly Answered[], { question, switches }: DigWords, io: Io): string {
  switch (form) {
    case "dig":
      return answers.map((answered) => digText(answered, frameOf(answered))).join("");
    case "short":
      return shortText(answers);
    case "table":
      return tableText(answers);
    case "json":
      return jsonText(question, answers);
    case "yaml":
      return yamlText(question, answers);
  }
  function frameOf({ from, server, facts }: Answered): Parameters<typeof digText>[1] {
    const who = facts === undefined ? ` @${server}` : "";
    const asker = from === "here" ? "" : ` --from ${from}`;
    return {
      asked: `${questionText(question)}${who}${asker}`,
      version: io.version,
      at: io.now(),
      shows: switches.shows,
    };
  }
}
