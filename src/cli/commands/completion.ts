import { type Command } from "../command.ts";
import { COMMANDS } from "../command-list.ts";
import { bashCompletion } from "../completion/bash.ts";
import { completedCommands } from "../completion/completed.ts";
import { fishCompletion } from "../completion/fish.ts";
import { zshCompletion } from "../completion/zsh.ts";
import { didYouMean } from "../did-you-mean.ts";
import { ExitCodes } from "../exit-codes.ts";
import { misuse } from "../misuse.ts";

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

export const completionCommand: Command = {
  name: "completion",
  usage: "privlink completion bash|zsh|fish",
  describe: "commands, flags and their values completed by your shell",
  details: `bash:  source <(privlink completion bash), in ~/.bashrc
zsh:   source <(privlink completion zsh), in ~/.zshrc behind compinit
fish:  privlink completion fish > ~/.config/fish/completions/privlink.fish`,
  options: [],
  words: Object.keys(SHELLS),
  maxWords: 1,
  async run(args, io) {
    const [shell = ""] = args.words;
    const script = Object.entries(SHELLS).find(([name]) => name === shell)?.[1];
    if (script === undefined) {
      const what = shell === "" ? "a shell is missing" : `no completion for ${shell}`;
      return misuse(io, completionCommand, `${what}: bash, zsh or fish${didYouMean(shell, Object.keys(SHELLS))}`);
    }
    const commands = await Promise.all(COMMANDS.map((listed) => listed.load()));
    io.stdout(script(completedCommands(commands)));
    return ExitCodes.CLEAN;
  },
};
