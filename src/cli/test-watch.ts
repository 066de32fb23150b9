import { resolve } from "node:path";
import { watchFolders } from "../project/watch-folders.ts";
import { type Arguments, valueOf } from "./command.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { testOnce } from "./test-run.ts";
import type { TestTerms } from "./test-terms.ts";

/** What ends the wait for it. */
type Occasion = "change" | "stop";

/** Runs the expectations now and whenever a file of theirs changes; the last run's exit code, once interrupted. */
export async function watchTests(terms: TestTerms, args: Arguments, io: Io): Promise<ExitCode> {
  const occasions = new Occasions();
  const watcher = watchFolders(
    () => occasions.tell("change"),
    (folder) => io.stderr(`privlink: ${folder} cannot be watched: changes there are not noticed\n`),
  );
  const forget = [
    io.onSignal("SIGINT", () => occasions.tell("stop")),
    io.onSignal("SIGTERM", () => occasions.tell("stop")),
  ];
  // What cannot be loaded for the moment does not say which files it is made of: those of earlier runs are watched on.
  const touched = new Set([resolve(io.cwd, valueOf(args, "config") ?? "privlink.yaml")]);
  const alive = setInterval(() => undefined, STAY_ALIVE_MS);
  let code: ExitCode;
  try {
    do {
      watcher.follow([...touched]);
      const outcome = await testOnce(terms, args, io);
      code = outcome.code;
      for (const path of outcome.touched) touched.add(path);
      watcher.follow([...touched]);
      io.stderr("privlink: waiting for a change\n");
    } while ((await occasions.next()) === "change");
  } finally {
    clearInterval(alive);
    watcher.close();
    for (const one of forget) one();
  }
  return code;
}

/** A watcher keeps no process alive; this does. */
const STAY_ALIVE_MS = 60_000;

/** One waiter and what it waits for: what happens while nobody waits is kept, a stop before a change. */
class Occasions {
  private pending: Occasion | undefined;
  private settle: ((occasion: Occasion) => void) | undefined;

  tell(occasion: Occasion): void {
    const { settle } = this;
    this.settle = undefined;
    if (settle !== undefined) settle(occasion);
    else if (this.pending !== "stop") this.pending = occasion;
  }

  next(): Promise<Occasion> {
    return new Promise((settle) => {
      const { pending } = this;
      this.pending = undefined;
      if (pending === undefined) this.settle = settle;
      else settle(pending);
    });
  }
}
