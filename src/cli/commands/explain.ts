import { explain, explanationJson, explanationText } from "../../explain/explain.ts";
import { RecordTypes } from "../../record/record-type.ts";
import { typeNumber } from "../../record/type-names.ts";
import { visibleText } from "../../report/visible-text.ts";
import type { Question } from "../../resolve/resolution.ts";
import { type Arguments, type Command, choiceOf, valueOf, valuesOf } from "../command.ts";
import { didYouMean } from "../did-you-mean.ts";
import { readDomainName } from "../dig-words.ts";
import { ExitCodes } from "../exit-codes.ts";
import { resolutionFor } from "../explained.ts";
import { couldNotRun, misuse } from "../misuse.ts";
import { openSnapshot, PROJECT_OPTIONS } from "../project.ts";
import { everybody, findWho } from "../who.ts";

const FORMS = ["text", "json"] as const;

export const explainCommand: Command = {
  name: "explain",
  usage: "privlink explain NAME [TYPE] --from WHO [--ask RESOLVER] [-o FORM]",
  describe: "why a name resolves as it does, decision by decision",
  details: `Each decision stands with the file and line it rests on. When the answer is public although an endpoint exists, the reason
and what to change follow. WHO is a network, HOST@NETWORK, an address, a pattern, all, internet: one explanation for each,
with -o json one document for each. RESOLVER is a resolver's key, platform, NETWORK/platform, internet or an address,
that of an authoritative listener too.`,
  options: [
    { name: "from", value: "WHO", repeatable: true, describe: "who asks" },
    { name: "ask", value: "RESOLVER", describe: "who is asked (default: the DNS servers of whoever asks)" },
    { name: "output", short: "o", value: "FORM", choices: FORMS, describe: "the form (default: text)" },
    ...PROJECT_OPTIONS,
  ],
  maxWords: 2,
  async run(args, io) {
    const question = readQuestion(args);
    if (typeof question === "string") return misuse(io, explainCommand, question);
    const texts = valuesOf(args, "from");
    const snapshot = openSnapshot(args, io);
    if (snapshot === undefined) return ExitCodes.COULD_NOT_RUN;
    if (texts.length === 0) {
      const names = everybody(snapshot).map(({ text }) => text);
      return misuse(io, explainCommand, `--from WHO is missing: there are ${names.join(", ")}`);
    }
    const found = findWho(snapshot, texts);
    if (found.kind === "problem") return couldNotRun(io, `--from: ${found.message}`);
    const parts: string[] = [];
    for (const who of found.who) {
      const resolution = resolutionFor(snapshot, who, valueOf(args, "ask"), question);
      if (typeof resolution === "string") return couldNotRun(io, `--ask: ${resolution}`);
      const explanation = explain(snapshot, who.text, resolution, who.client);
      switch (choiceOf(args, "output", FORMS)) {
        case "text":
          parts.push(explanationText(explanation).split("\n").map(visibleText).join("\n"));
          break;
        case "json":
          parts.push(`${JSON.stringify(explanationJson(explanation), null, 2)}\n`);
          break;
      }
    }
    io.stdout(parts.join(choiceOf(args, "output", FORMS) === "text" ? "\n" : ""));
    return ExitCodes.CLEAN;
  },
};

/** The name and the type, in either order, as dig takes them. */
function readQuestion({ words }: Arguments): Question | string {
  const [first, second] = words;
  if (first === undefined) return "a NAME is missing";
  if (second === undefined) return withName(first, RecordTypes.A);
  const type = typeNumber(second);
  if (type !== undefined) return withName(first, type);
  const swapped = typeNumber(first);
  return swapped === undefined
    ? `${second} is no record type${didYouMean(second, Object.keys(RecordTypes))}`
    : withName(second, swapped);
}

function withName(text: string, type: number): Question | string {
  const name = readDomainName(text);
  return typeof name === "string" ? name : { name, type };
}
