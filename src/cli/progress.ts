import type { Io } from "./io.ts";

/** How long a run is silent, and how often it then says something new. */
const SILENT_MS = 1000;
const EVERY_MS = 100;
/** What fits on most terminals in one line. */
const MAX_CHARACTERS = 78;

/**
 * A line on a terminal that says what a long run is at, and goes away at its end. Nobody who reads standard error later
 * finds it: where it is no terminal nothing is written. The work itself calls `note`; no timer runs while a thread is busy.
 */
export class Progress {
  private readonly io: Io;
  private readonly startMs: number;
  private lastMs = 0;
  private isShown = false;

  constructor(io: Io) {
    this.io = io;
    this.startMs = io.now().getTime();
  }

  /** `what` is being done now: `reading zones/corp.zone`. */
  note(what: string): void {
    if (!this.io.isTerminal.stderr || this.io.env["TERM"] === "dumb") return;
    const nowMs = this.io.now().getTime();
    if (nowMs - this.startMs < SILENT_MS || nowMs - this.lastMs < EVERY_MS) return;
    this.lastMs = nowMs;
    this.isShown = true;
    this.io.stderr(`\r\u001B[K${Array.from(what).slice(0, MAX_CHARACTERS).join("")}`);
  }

  /** Clears the line, if there is one. */
  end(): void {
    if (this.isShown) this.io.stderr("\r\u001B[K");
    this.isShown = false;
  }
}
