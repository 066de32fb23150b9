import type { Log } from "../observe/log.ts";
import type { LoadThread } from "../project/load-thread.ts";

/** Logs which answers the last reloads changed, and for whom, where they are few. Never rejects. */
export async function tellChanges(thread: Pick<LoadThread, "compare">, log: Log): Promise<void> {
  try {
    const brief = await thread.compare();
    if (brief === undefined) return;
    if (brief.kind === "many")
      return log.info("more answers may have changed than a log holds: privlink diff tells which");
    if (brief.changes.length === 0) log.info("no answer changed");
    for (const { text, isBreaking } of brief.changes) {
      if (isBreaking) log.warn(`answer changed: ${text}`);
      else log.info(`answer changed: ${text}`);
    }
  } catch (error) {
    log.error({ err: error }, "a bug in privlink kept the log from telling which answers changed; please report it");
  }
}
