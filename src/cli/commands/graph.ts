import { explain } from "../../explain/explain.ts";
import { dotOf } from "../../graph/dot.ts";
import { estatePicture } from "../../graph/estate-picture.ts";
import { mermaidOf } from "../../graph/mermaid.ts";
import { pathPicture } from "../../graph/path-picture.ts";
import type { Picture } from "../../graph/picture.ts";
import { RecordTypes } from "../../record/record-type.ts";
import { typeNumber } from "../../record/type-names.ts";
import { stubOf } from "../../resolve/addressee.ts";
import { resolveOffline } from "../../resolve/resolve.ts";
import type { Snapshot } from "../../snapshot/snapshot.ts";
import { type Arguments, type Command, choiceOf, valueOf, valuesOf } from "../command.ts";
import { didYouMean } from "../did-you-mean.ts";
import { readDomainName } from "../dig-words.ts";
import { ExitCodes } from "../exit-codes.ts";
import { couldNotRun, misuse } from "../misuse.ts";
import { openSnapshot, PROJECT_OPTIONS } from "../project.ts";
import { everybody, findWho } from "../who.ts";

const FORMS = ["mermaid", "dot", "svg"] as const;

export const graphCommand: Command = {
  name: "graph",
  usage: "privlink graph [--name NAME [--type TYPE] [--from WHO]…] [-o FORM]",
  describe: "a picture: networks, zones, who asks whom; the ways of a name",
  details: `Networks with their resolvers and endpoints, zones, links and rules. What is broken is red: links that are missing, not
finished or seen by nobody, servers that do not answer where they are asked.
With --name: the way of that name from each network, or from each WHO, to its answer.`,
  options: [
    { name: "name", value: "NAME", describe: "draw the ways of this name", environment: "none" },
    { name: "type", value: "TYPE", describe: "the record type asked (default: A)", environment: "none" },
    { name: "from", value: "WHO", repeatable: true, describe: "who asks (default: every network, and the internet)" },
    { name: "output", short: "o", value: "FORM", choices: FORMS, describe: "the form (default: mermaid)" },
    ...PROJECT_OPTIONS,
  ],
  maxWords: 0,
  async run(args, io) {
    const name = valueOf(args, "name");
    const lost = ["type", "from"].find((flag) => name === undefined && args.values.has(flag));
    if (lost !== undefined && !args.fromEnvironment.has(lost))
      return misuse(io, graphCommand, `--${lost} needs a --name: the whole model has no asker`);
    const snapshot = openSnapshot(args, io);
    if (snapshot === undefined) return ExitCodes.COULD_NOT_RUN;
    const picture = name === undefined ? estatePicture(snapshot) : pathOf(snapshot, name, args);
    if (typeof picture === "string") return couldNotRun(io, picture);
    io.stdout(await drawn(picture, choiceOf(args, "output", FORMS)));
    return ExitCodes.CLEAN;
  },
};

/** The ways of a name; the sentence of what cannot be asked. */
function pathOf(snapshot: Snapshot, text: string, args: Arguments): Picture | string {
  const name = readDomainName(text);
  if (typeof name === "string") return `--name: ${name}`;
  const word = valueOf(args, "type");
  const type = word === undefined ? RecordTypes.A : typeNumber(word);
  if (type === undefined) return `--type: ${word} is no record type${didYouMean(word ?? "", Object.keys(RecordTypes))}`;
  const from = valuesOf(args, "from");
  const found = from.length === 0 ? { kind: "found" as const, who: everybody(snapshot) } : findWho(snapshot, from);
  if (found.kind === "problem") return `--from: ${found.message}`;
  return pathPicture(
    found.who.map(({ text: asker, client }) =>
      explain(snapshot, asker, resolveOffline(snapshot, stubOf(client), { name, type }), client),
    ),
  );
}

async function drawn(picture: Picture, form: (typeof FORMS)[number]): Promise<string> {
  switch (form) {
    case "mermaid":
      return mermaidOf(picture);
    case "dot":
      return dotOf(picture);
    case "svg":
      return (await import("../../graph/svg.ts")).svgOf(picture);
  }
}
