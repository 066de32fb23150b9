import { pinAddresses } from "../../exchange/pin-addresses.ts";
import type { Command } from "../command.ts";
import { ExitCodes } from "../exit-codes.ts";
import { changesOf, changesText, writeChanges } from "../file-change.ts";
import { couldNotRun } from "../misuse.ts";
import { openSnapshot, PROJECT_OPTIONS } from "../project.ts";

export const pinCommand: Command = {
  name: "pin",
  usage: "privlink pin [-c FILE] [--write]",
  describe: "allocated addresses of endpoints written into the topology",
  details: `An endpoint without an address gets one, and another when endpoints before it come or go. This shows how the topology would
say it, and writes it with --write. What anybody is answered does not change.`,
  options: [
    { name: "write", environment: "none", describe: "change the files, instead of showing how" },
    ...PROJECT_OPTIONS,
  ],
  maxWords: 0,
  async run(args, io) {
    const snapshot = openSnapshot(args, io);
    if (snapshot === undefined) return ExitCodes.COULD_NOT_RUN;
    const { edits, pinned, left } = pinAddresses(snapshot.topology);
    const changes = changesOf(edits, io.cwd);
    if (args.switches.has("write")) {
      const problem = writeChanges(changes);
      if (problem !== undefined) return couldNotRun(io, problem);
    } else io.stdout(changesText(changes));
    io.stderr(`privlink: ${summaryOf(pinned, left, args.switches.has("write"))}\n`);
    return ExitCodes.CLEAN;
  },
};

function summaryOf(pinned: readonly string[], left: readonly string[], isWritten: boolean): string {
  const many = pinned.length === 1 ? "1 endpoint" : `${pinned.length} endpoints`;
  const what =
    pinned.length === 0
      ? "no endpoint lacks an address"
      : `${many} ${isWritten ? "pinned" : "to pin; --write does it"}`;
  return left.length === 0 ? what : `${what}; to be written by hand: ${left.join(", ")}`;
}
