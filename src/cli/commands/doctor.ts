import { ask } from "../../client/ask.ts";
import { diagnose, type Finding } from "../../doctor/diagnose.ts";
import type { Probe } from "../../doctor/facts.ts";
import { rcodeName } from "../../message/rcodes.ts";
import { knownName } from "../../name/name-text.ts";
import { type AddressPort, formatAddressPort, isLoopback, parseAddressPort } from "../../net/address.ts";
import { formatRdata } from "../../record/rdata-text.ts";
import { RecordClasses, RecordTypes } from "../../record/record-type.ts";
import { visibleText } from "../../report/visible-text.ts";
import { type Command, choiceOf } from "../command.ts";
import { ExitCodes } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { machineFacts } from "../machine-facts.ts";
import { misuse } from "../misuse.ts";

const FORMS = ["text", "json"] as const;
const DEFAULT_AT = "127.0.0.1:5300";
const DNS_PORT = 53;
const PATIENCE_MS = 1500;

export const doctorCommand: Command = {
  name: "doctor",
  usage: "privlink doctor [ADDR[:PORT]]… [--live] [-o FORM]",
  describe: "who has port 53, how this machine resolves, whether privlink is reached, and as whom",
  details: `Looks, and changes nothing. Asks privlink at ADDR (${DEFAULT_AT}) and those servers of this machine that are at its own
loopback addresses; with --live the others, too: one question each, for whoami.privlink.`,
  options: [
    { name: "live", describe: "ask servers outside this machine, too" },
    { name: "output", short: "o", value: "FORM", choices: FORMS, describe: "the form (default: text)" },
  ],
  async run(args, io) {
    const words = args.words.length === 0 ? [DEFAULT_AT] : args.words;
    const wanted = words.map((word) => parseAddressPort(word, DNS_PORT));
    const wrong = words.find((_, i) => wanted[i] === undefined);
    if (wrong !== undefined) return misuse(io, doctorCommand, `${wrong} is no ADDR or ADDR:PORT`);
    const [platform = ""] = io.runtime.split(" ").slice(2);
    const facts = machineFacts(platform, io.env);
    const system = (facts.resolvConf?.nameservers ?? []).flatMap((text) => parseAddressPort(text, DNS_PORT) ?? []);
    const mayAsk = ({ address }: AddressPort): boolean => args.switches.has("live") || isLoopback(address);
    const probes = await Promise.all([
      ...system.map((server) => (mayAsk(server) ? probe(server, "system", io) : notAsked(server))),
      ...wanted.flatMap((server) => (server === undefined ? [] : [probe(server, "privlink", io)])),
    ]);
    const findings = diagnose({ ...facts, probes });
    switch (choiceOf(args, "output", FORMS)) {
      case "text":
        io.stdout(findings.map(findingText).join(""));
        break;
      case "json":
        io.stdout(`${JSON.stringify({ schema: "privlink/doctor/v1", findings }, null, 2)}\n`);
        break;
    }
    return findings.some(({ verdict }) => verdict === "problem") ? ExitCodes.FINDINGS : ExitCodes.CLEAN;
  },
};

function notAsked(server: AddressPort): Probe {
  return { server: formatAddressPort(server), why: "system", result: { kind: "not-asked" } };
}

/** Asks a server who it is, and as whom it takes us. */
async function probe(server: AddressPort, why: Probe["why"], io: Io): Promise<Probe> {
  const question = { name: knownName("whoami.privlink"), type: RecordTypes.TXT, class: RecordClasses.CH };
  const result = await ask(
    { ...question, server, rd: false, timeoutMs: PATIENCE_MS, tries: 1, transport: { kind: "udp-then-tcp" } },
    io.random,
  );
  const text = formatAddressPort(server);
  if (result.kind === "failed") return { server: text, why, result: { kind: "none", text: result.text } };
  const { rcode, answers } = result.message;
  const [answer] = answers;
  if (answer === undefined) return { server: text, why, result: { kind: "other", rcode: rcodeName(rcode) } };
  const asker = formatRdata(RecordTypes.TXT, answer.rdata).replaceAll(/^"|"$/g, "");
  return { server: text, why, result: { kind: "privlink", asker } };
}

const MARKS: Readonly<Record<Finding["verdict"], string>> = { fine: "ok  ", note: "note", problem: "BAD " };

function findingText({ topic, verdict, sentence, advice }: Finding): string {
  const lines = [
    `${MARKS[verdict]} ${topic.padEnd(8)}  ${sentence}`,
    ...advice.map((text) => `${" ".repeat(15)}${text}`),
  ];
  return `${lines.map(visibleText).join("\n")}\n`;
}
