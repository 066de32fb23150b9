import { runBeside } from "../../app/beside.ts";
import { labName, placeNamespace } from "../../lab/lab-name.ts";
import { findLab, takeDownLab } from "../../lab/take-down.ts";
import { topologyPath } from "../../project/topology-path.ts";
import { type Arguments, CONFIG_OPTION, type Command, NO_COLOR_OPTION, valueOf } from "../command.ts";
import { didYouMean } from "../did-you-mean.ts";
import { type ExitCode, ExitCodes } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { counted, type Lab } from "../lab.ts";
import { openLabWorld, trueFile, whyNoLab } from "../lab-world.ts";
import { couldNotRun, misuse } from "../misuse.ts";

const ACTIONS = ["up", "exec", "down"] as const;
type Action = (typeof ACTIONS)[number];

export const labCommand: Command = {
  name: "lab",
  usage: "privlink lab up|down [-c FILE] | privlink lab exec NETWORK [-c FILE] -- COMMAND…",
  describe: "the networks of a topology as network namespaces, with its resolvers at their own addresses",
  details: `up makes a namespace for each network, for each of its hosts, and for the internet, and serves the topology between
them: at 168.63.129.16 and wherever else its resolvers are asked. resolv.conf of each is what its network's dns says.
exec runs a command there: NETWORK is a network, HOST@NETWORK or internet. The exit code is the command's.
down ends what runs in the lab and takes everything away, also after a crash.
Each network reaches the resolvers that the model says it reaches; what is sent anywhere else is lost. Nothing leaves the
namespaces. Needs Linux, root and the command ip.`,
  options: [CONFIG_OPTION, NO_COLOR_OPTION],
  words: ACTIONS,
  maxWords: 2,
  takesProgram: true,
  async run(args, io) {
    const problem = misused(args);
    if (problem !== undefined) return misuse(io, labCommand, problem);
    const whyNot = await whyNoLab();
    if (whyNot !== undefined) return couldNotRun(io, whyNot);
    const lab = openLab(args, io);
    switch (actionOf(args)) {
      case "up":
        return (await import("../lab-up.ts")).raise(lab, args, io);
      case "exec":
        return execute(lab, args, io);
      case "down":
        return down(lab, io);
      case undefined:
        throw new Error("a lab command without an action was let through");
    }
  },
};

function openLab(args: Arguments, io: Io): Lab {
  const config = valueOf(args, CONFIG_OPTION.name);
  const topology = trueFile(topologyPath(config, io.cwd, io.exampleFolder).path);
  return {
    name: labName(topology),
    world: openLabWorld(topology, io.env),
    flag: config === undefined ? "" : ` -c ${config}`,
    file: config ?? topology,
  };
}

function actionOf({ words }: Arguments): Action | undefined {
  return ACTIONS.find((action) => action === words[0]);
}

/** What is wrong with what was typed. */
function misused(args: Arguments): string | undefined {
  const { words, program } = args;
  const [word, who] = words;
  const action = actionOf(args);
  if (word === undefined) return "say what to do with the lab: up, exec or down";
  if (action === undefined)
    return `nothing is called ${word}${didYouMean(word, ACTIONS) || ": there are up, exec and down"}`;
  if (action !== "exec") {
    if (program !== undefined) return `${action} runs no command: lab exec NETWORK -- COMMAND does`;
    return who === undefined ? undefined : `${action} is for the whole lab: remove ${who}`;
  }
  if (who === undefined) return "a NETWORK is missing: privlink list networks tells them";
  if (program === undefined || program.length === 0) return "a command is missing: write it behind --";
  return undefined;
}

async function execute(lab: Lab, args: Arguments, io: Io): Promise<ExitCode> {
  const [, who = ""] = args.words;
  const namespaces = await findLab(lab.name, lab.world);
  if (namespaces.length === 0)
    return couldNotRun(io, `there is no lab of ${lab.file}: privlink lab up${lab.flag} makes it`);
  const namespace = placeNamespace(lab.name, who);
  if (!namespaces.includes(namespace)) return (await import("../lab-up.ts")).tellWhoIsMissing(lab, who, args, io);
  const [program = "", ...rest] = args.program ?? [];
  const beside = runBeside("ip", ["netns", "exec", namespace, program, ...rest], (text) =>
    io.stderr(`privlink: ${text}\n`),
  );
  // Ctrl-C at the terminal reaches the command as well; what is sent to this process alone is passed on.
  const closers = [io.onSignal("SIGINT", () => undefined), io.onSignal("SIGTERM", () => beside.stop("SIGTERM"))];
  const code = await beside.ended;
  for (const close of closers) close();
  return code;
}

async function down(lab: Lab, io: Io): Promise<ExitCode> {
  const { namespaces, processes, problems } = await takeDownLab(lab.name, lab.world);
  for (const problem of problems) io.stderr(`privlink: ${problem}\n`);
  if (problems.length > 0) return ExitCodes.COULD_NOT_RUN;
  io.stderr(
    namespaces === 0
      ? `there was no lab of ${lab.file}\n`
      : `the lab of ${lab.file} is gone: ${counted(namespaces, "namespace")}, ${counted(processes, "process", "es")}\n`,
  );
  return ExitCodes.CLEAN;
}
