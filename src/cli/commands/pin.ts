import { resolve } from "node:path";
import { applyEdits } from "../../diagnostics/apply-edits.ts";
import type { TextEdit } from "../../diagnostics/diagnostic.ts";
import { pinAddresses } from "../../exchange/pin-addresses.ts";
import type { Command } from "../command.ts";
import { ExitCodes } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { changesText, type FileChange, writeChange } from "../mend.ts";
import { couldNotRun } from "../misuse.ts";
import { openSnapshot, PROJECT_OPTIONS } from "../project.ts";

export const pinCommand: Command = {
  name: "pin",
  usage: "privlink pin [-c FILE] [--write]",
  describe: "allocated addresses of endpoints written into the topology",
  details: `An endpoint without an address gets one, and another when endpoints before it come or go. This shows how the topology would
say it, and writes it with --write. What anybody is answered does not change.`,
  options: [{ name: "write", describe: "change the files, instead of showing how" }, ...PROJECT_OPTIONS],
  maxWords: 0,
  async run(args, io) {
    const snapshot = openSnapshot(args, io);
    if (snapshot === undefined) return ExitCodes.COULD_NOT_RUN;
    const { edits, pinned, left } = pinAddresses(snapshot.topology);
    const changes = changesOf(edits, io);
    if (args.switches.has("write")) {
      for (const change of changes) {
        const problem = writeChange(change);
        if (problem !== undefined) return couldNotRun(io, `${change.path} ${problem}`);
      }
    } else io.stdout(changesText(changes));
    io.stderr(`privlink: ${summaryOf(pinned, left, args.switches.has("write"))}\n`);
    return ExitCodes.CLEAN;
  },
};

function changesOf(edits: readonly TextEdit[], { cwd }: Pick<Io, "cwd">): FileChange[] {
  const files = new Set(edits.map(({ span }) => span.file));
  return [...files].flatMap(({ path, encoding, text: before = "" }) => {
    const after = applyEdits(
      before,
      edits.filter(({ span }) => span.file.path === path),
    );
    return after === undefined ? [] : [{ path, absolute: resolve(cwd, path), encoding, before, after }];
  });
}

function summaryOf(pinned: readonly string[], left: readonly string[], isWritten: boolean): string {
  const many = pinned.length === 1 ? "1 endpoint" : `${pinned.length} endpoints`;
  const what =
    pinned.length === 0
      ? "no endpoint lacks an address"
      : `${many} ${isWritten ? "pinned" : "to pin; --write does it"}`;
  return left.length === 0 ? what : `${what}; to be written by hand: ${left.join(", ")}`;
}
